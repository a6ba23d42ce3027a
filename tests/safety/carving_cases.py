"""Carves rows of referrals and consents out of raw pages; layouts as named in carving.py."""

import re
from collections.abc import Iterator

_NAME = rb"([0-9a-f]{32})"
_NUMBER = rb"[\x80-\xff]{0,2}[\x00-\x7f]"  # a varint of up to three bytes
_TIME, _VERSION = rb"[\x00-\x07]", rb"[\x01\x08\x09]"
_WIDTHS = (0, 1, 2, 3, 4, 6, 8, 8)  # bytes of a number by its type
_LEAST = 1 + 12 + 16
_PAGE = 4_096
_ENDS = 9  # bytes of the two numbers at the end of a row, at most
_MOST_LOCAL = _PAGE - 35  # of a record in one page of a table
_LEAST_LOCAL = (_PAGE - 12) * 32 // 255 - 23

# SQLite: id, sender, receiver, owner, state, due, document, parts, share, key, sealed, end.
_REFERRAL = re.compile(
    rb"M([\x0d-\x7f]{4})(" + _TIME + rb")(" + _NUMBER + rb")(" + _NUMBER + rb")MM"
    rb"(" + _NUMBER + rb")" + _TIME + _VERSION + rb"(?=" + _NAME + rb")",
    re.DOTALL,
)
_CONSENT = re.compile(
    rb"MMM(" + _NUMBER + rb")" + _TIME + _VERSION + _NAME + _NAME + _NAME, re.DOTALL
)
# PostgreSQL keeps long values apart, in pieces: which value, which piece, then its bytes.
_PIECE = re.compile(rb"(?=(.{4})([\x00-\x0f])\0\0\0(.{4}))", re.DOTALL)
_LONGEST_PIECE = 1_996
_LONGEST_ROW = 2_048  # bytes before a longer value is kept apart, about
_ID = re.compile(rb"C" + _NAME, re.DOTALL)  # "C" is the length byte of 32 characters

Found = tuple[str, str, bytes]  # whose it is, the name of its key, the sealed value


def sqlite_cases(content: bytes) -> Iterator[Found]:
    """Referrals and consents in pages of SQLite."""
    for match in _REFERRAL.finditer(content):
        widths = [(kind - 13) // 2 for kind in match[1]]
        before = sum(widths) + _WIDTHS[match[2][0]] + sum(map(_length, (match[3], match[4])))
        before += 32 + 32  # id, all of that, share
        length = _length(match[5])
        head = match.end() - match.start() + 1
        whole = head + before + 32 + length + _ENDS
        for record in _records(content, match.start() - 1, whole):
            key = record[head + before : head + before + 32]
            sealed = record[head + before + 32 : head + before + 32 + length]
            if length >= _LEAST and re.fullmatch(_NAME, key):
                yield match[6].decode(), key.decode(), sealed
    for match in _CONSENT.finditer(content):
        length = _length(match[1])
        if length >= _LEAST:
            yield match[2].decode(), match[4].decode(), content[match.end() : match.end() + length]


def postgres_cases(heap: bytes, apart: bytes) -> Iterator[Found]:
    """Referrals and consents in the files of the tables, and in those of their long values.

    What is kept apart has no name beside it, so every id is tried, and its key is not named
    either: whoever has keys tries them all.
    """
    values: dict[bytes, dict[int, bytes]] = {}
    for match in _PIECE.finditer(apart):
        length = int.from_bytes(match[3], "little")
        size = (length >> 2) - 4
        if length % 4 == 0 and _LEAST <= size <= _LONGEST_PIECE:
            start = match.end() + 12
            piece = apart[start : start + size]
            values.setdefault(match[1], {})[match[2][0]] = piece
    for match in _ID.finditer(heap):
        sealed = postgres_value(heap, match.end())
        if len(sealed) >= _LEAST and sealed[:1] == b"\x01":
            for one in _ID.findall(heap[max(0, match.start() - _LONGEST_ROW) : match.start()]):
                yield one.decode(), match[1].decode(), sealed
    ids = {one.decode() for one in _ID.findall(heap)}
    for pieces in values.values():
        whole = b"".join(pieces[number] for number in sorted(pieces))
        if whole[:1] == b"\x01":
            yield from ((one, "", whole) for one in ids)


def postgres_value(content: bytes, at: int) -> bytes:
    """The value that begins there or at the next of every four bytes; empty where none does."""
    head = content[at : at + 1]
    if head and head[0] & 1 and head[0] > 1:
        return content[at + 1 : at + (head[0] >> 1)]
    for start in range(at, at + 4):
        if any(content[at:start]):
            return b""
        length = int.from_bytes(content[start : start + 4], "little")
        if length % 4 == 0 and _LEAST + 4 <= length >> 2 < 8192:
            return content[start + 4 : start + (length >> 2)]
    return b""


def _records(content: bytes, start: int, length: int) -> Iterator[bytes]:
    """The record that begins there; what does not fit into its page goes on in another one.

    Sizes differ by a few bytes with the numbers at the end, so the nearest are tried.
    """
    if length <= _MOST_LOCAL:
        yield content[start : start + length]
    for whole in range(max(_MOST_LOCAL + 1, length - _ENDS), length + 1):
        local = _LEAST_LOCAL + (whole - _LEAST_LOCAL) % (_PAGE - 4)
        local = local if local <= _MOST_LOCAL else _LEAST_LOCAL
        page = int.from_bytes(content[start + local : start + local + 4])
        for more in _pages(content, page):
            yield content[start : start + local] + more


def _pages(content: bytes, number: int) -> Iterator[bytes]:
    """Every version of that page in a database file or a log, without its link to the next."""
    if content[:3] == b"\x37\x7f\x06":
        for frame in range(32, len(content), _PAGE + 24):
            if int.from_bytes(content[frame : frame + 4]) == number:
                yield content[frame + 28 : frame + 24 + _PAGE]
    elif 0 < number <= len(content) // _PAGE:
        yield content[(number - 1) * _PAGE + 4 : number * _PAGE]


def _length(varint: bytes) -> int:
    """The length that a type of text or bytes gives, 0 where it is none."""
    number = 0
    for byte in varint:
        number = number << 7 | byte & 0x7F
    return max(0, (number - 12) // 2 if number % 2 == 0 else (number - 13) // 2)
