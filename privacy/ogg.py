"""Ogg files with one Opus stream: read strictly, and written anew without any tags (RFC 3533)."""

import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import Final

from privacy.opus import Sound, SoundRefused, head_of, samples, written_head

MAGIC: Final = b"OggS"
_PAGE: Final = struct.Struct("<4sBBqIIIB")
_BEGINS, _ENDS, _GOES_ON = 2, 4, 1
_SERIAL: Final = 1
_TAGS: Final = b"OpusTags" + struct.pack("<I", 6) + b"Saphan" + struct.pack("<I", 0)
_A_PAGE: Final = 50  # packets, a second of sound
_SEGMENT: Final = 255
_BACKWARDS: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def read_ogg(content: bytes) -> Sound:
    """The sound of a file that holds nothing else. Raises SoundRefused."""
    packets = list(_packets(content))
    if len(packets) < 3 or not packets[1].startswith(b"OpusTags"):
        raise SoundRefused("broken")
    channels, skip = head_of(packets[0])
    return Sound(channels=channels, skip=skip, packets=tuple(packets[2:]))


def write_ogg(sound: Sound) -> bytes:
    """The same sound for the same packets, byte for byte; who recorded it stands nowhere."""
    pages = [_page((written_head(sound),), (_BEGINS, 0, 0)), _page((_TAGS,), (0, 0, 1))]
    played = 0
    for number, group in enumerate(_groups(sound.packets), start=2):
        played += sum(map(samples, group))
        pages.append(_page(group, (0, played, number)))
    last = next(iter(reversed(list(_groups(sound.packets)))), ())
    if last:
        pages[-1] = _page(last, (_ENDS, played, len(pages) - 1))
    return b"".join(pages)


def _groups(packets: Iterable[bytes]) -> Iterator[tuple[bytes, ...]]:
    """Packets that go into one page together, which has room for 255 segments."""
    group: list[bytes] = []
    segments = 0
    for packet in packets:
        needed = len(packet) // _SEGMENT + 1
        if group and (len(group) == _A_PAGE or segments + needed > _SEGMENT):
            yield tuple(group)
            group, segments = [], 0
        group.append(packet)
        segments += needed
    if group:
        yield tuple(group)


def _page(packets: Iterable[bytes], about: tuple[int, int, int]) -> bytes:
    flags, played, number = about
    packets = tuple(packets)
    lacing = b"".join(
        bytes([_SEGMENT]) * (len(one) // _SEGMENT) + bytes([len(one) % _SEGMENT])
        for one in packets
    )

    def made(checksum: int) -> bytes:
        told = (MAGIC, 0, flags, played, _SERIAL, number, checksum, len(lacing))
        return b"".join((_PAGE.pack(*told), lacing, *packets))

    return made(_checksum(made(0)))


def _packets(content: bytes) -> Iterator[bytes]:
    """Every packet of the one stream. Raises SoundRefused for anything beside it."""
    at = number = 0
    serial, part, is_open, ended = None, b"", False, False
    while at < len(content):
        head, lacing, body = _page_at(content, at)
        _, version, flags, _, stream, sequence, checksum, _ = head
        at += _PAGE.size + len(lacing) + len(body)
        page = bytearray(content[at - _PAGE.size - len(lacing) - len(body) : at])
        page[22:26] = bytes(4)
        serial = stream if serial is None else serial
        in_order = sequence == number and stream == serial and not ended
        fits = bool(flags & _GOES_ON) == is_open and bool(flags & _BEGINS) == (number == 0)
        if version or not in_order or not fits or _checksum(bytes(page)) != checksum:
            raise SoundRefused("broken")
        number, ended, begun = number + 1, bool(flags & _ENDS), 0
        for size in lacing:
            part += body[begun : begun + size]
            begun += size
            is_open = size == _SEGMENT
            if not is_open:
                yield part
                part = b""
    if is_open or number < 3:
        raise SoundRefused("broken")


def _page_at(content: bytes, at: int) -> tuple[tuple[int, ...], bytes, bytes]:
    """Head, lengths and body of a page. Raises SoundRefused where it is not whole."""
    if len(content) - at < _PAGE.size or content[at : at + 4] != MAGIC:
        raise SoundRefused("broken")
    head = _PAGE.unpack_from(content, at)
    begun = at + _PAGE.size
    lacing = content[begun : begun + head[7]]
    begun += len(lacing)
    body = content[begun : begun + sum(lacing)]
    if len(lacing) != head[7] or len(body) != sum(lacing):
        raise SoundRefused("broken")
    return head, lacing, body


def _checksum(page: bytes) -> int:
    """CRC-32 as Ogg has it: zlib's with every bit the other way round, and nothing inverted."""
    turned = zlib.crc32(page.translate(_BACKWARDS), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{turned:032b}"[::-1], 2)
