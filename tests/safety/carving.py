"""Carves sealed rows and wrapped keys out of raw pages of SQLite and PostgreSQL, deleted ones too.

The layouts are those of sqlite.org/fileformat2.html (record format) and of PostgreSQL's
documentation, "Database Page Layout" and "TOAST" (lengths of variable values).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.safety.carving_cases import postgres_value, sqlite_cases

_LEAST = 1 + 12 + 16  # bytes of a sealed value: version, nonce, tag
_NAME = rb"([0-9a-f]{32})"
_TABLES = ("conversations", "traces", "moves", "referrals", "consents")
_KINDS = ("show", "leave", "goodbye", "forget", "stray")

# SQLite: the types of a record's columns, then the columns themselves without gaps.
_LENGTH = rb"((?:[\x80-\xff]{0,2})[\x00-\x7f])"
_TIME = rb"([\x01-\x07])"
_VERSION = rb"[\x01\x08\x09]"
_ROW = re.compile(  # of conversations and traces, or of moves, which have a code between
    rb"M(?:\x81\x0d)?M" + _LENGTH + _TIME + _VERSION + _NAME + rb"(?:[0-9a-f]{64})?" + _NAME,
    re.DOTALL,
)
_LETTER = re.compile(
    rb"M([\x15-\x21])" + _TIME + rb"M" + _LENGTH + _TIME + _VERSION + _NAME, re.DOTALL
)
_WIDTHS = (0, 1, 2, 3, 4, 6, 8, 8)  # bytes of a number by its type

# PostgreSQL: a short value has its length in one odd byte, a long one in four, aligned.
_SHORT = rb"C" + _NAME  # "C" is the length byte of 32 characters
_TUPLE = re.compile(_SHORT, re.DOTALL)
# Looked for from every byte: what looks like a key within a key must not hide the next one.
_KEY = re.compile(
    rb"(?=([0-9a-f]{32}|pepper/[0-9]{1,6}|[a-z/-]{1,20})\x7d?(\x01.{60}))", re.DOTALL
)
_COUNT = re.compile(rb"20[0-9]{2}-W[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Carved:
    """One version of one personal row."""

    person: str
    key: str
    sealed: bytes = field(repr=False)

    @property
    def places(self) -> tuple[str, ...]:
        """Where it may have been sealed for."""
        letters = (f"mail/{self.person}/{kind}" for kind in _KINDS)
        return (*(f"{table}/{self.person}" for table in _TABLES), *letters)


def sealed_in(content: bytes) -> set[Carved]:
    """Every version of every personal row that stands in these bytes."""
    cases = sqlite_cases(content)
    return {
        *_sqlite_rows(content),
        *_sqlite_letters(content),
        *_postgres_rows(content),
        *(Carved(*one) for one in cases),
    }


def keys_in(content: bytes) -> set[tuple[str, bytes]]:
    """Name and wrapped bytes of every key that stands in these bytes."""
    found = set()
    for match in _KEY.finditer(content):
        name = match[1].decode()
        found |= {(name[start:], match[2]) for start in range(len(name))}
    return found


def plain_rows_in(content: bytes) -> bool:
    """Whether counts can be read."""
    return _COUNT.search(content) is not None


def _sqlite_rows(content: bytes) -> Iterator[Carved]:
    for match in _ROW.finditer(content):
        if length := _blob_length(match[1]):
            sealed = content[match.end() : match.end() + length]
            yield Carved(match[3].decode(), match[4].decode(), sealed)


def _sqlite_letters(content: bytes) -> Iterator[Carved]:
    for match in _LETTER.finditer(content):
        between = (match[1][0] - 13) // 2 + _WIDTHS[match[2][0]]
        person = match[5].decode()
        start = match.end() + between
        key, length = content[start : start + 32], _blob_length(match[3])
        if length and re.fullmatch(_NAME, key):
            yield Carved(person, key.decode(), content[start + 32 : start + 32 + length])


def _blob_length(varint: bytes) -> int:
    """The length that a record's type gives, 0 where it is none of a sealed value."""
    number = 0
    for byte in varint:
        number = number << 7 | byte & 0x7F
    length = (number - 12) // 2
    return length if number % 2 == 0 and length >= _LEAST else 0


def _postgres_rows(content: bytes) -> Iterator[Carved]:
    """A key's name with a value behind it, and the names of people shortly before it."""
    for match in _TUPLE.finditer(content):
        sealed = postgres_value(content, match.end())
        if len(sealed) >= _LEAST and sealed[:1] == b"\x01":
            before = content[max(0, match.start() - 112) : match.start()]
            for person in _TUPLE.findall(before):
                yield Carved(person.decode(), match[1].decode(), sealed)
