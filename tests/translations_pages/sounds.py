"""Recordings made by hand, and some hundred and fifty files that must be refused."""

import random
import struct
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO

from privacy.ogg import write_ogg
from privacy.opus import Sound, written_head

TOC = 19 << 3  # CELT, 20 ms, one frame
EBML, SEGMENT, CLUSTER, TRACKS = 0x1A45DFA3, 0x18538067, 0x1F43B675, 0x1654AE6B
UNKNOWN = b"\x01\xff\xff\xff\xff\xff\xff\xff"


def sound(seconds: float = 2.0, size: int = 60, channels: int = 1) -> Sound:
    """Noise in packets of 20 ms."""
    draw = random.Random(seconds)
    packets = tuple(bytes([TOC]) + draw.randbytes(size) for _ in range(round(seconds * 50)))
    return Sound(channels=channels, skip=312, packets=packets)


def ogg(seconds: float = 2.0, size: int = 60) -> bytes:
    """An Ogg file."""
    return write_ogg(sound(seconds, size))


def element(name: int, body: bytes, length: bytes | None = None) -> bytes:
    """An element of EBML; `length` where it says another one than it has."""
    told = name.to_bytes((name.bit_length() + 7) // 8)
    return told + (length or struct.pack(">Q", len(body) | 1 << 56)) + body


def head(doctype: bytes = b"webm") -> bytes:
    return element(EBML, element(0x4282, doctype))


def track(
    kind: int = 2, codec: bytes = b"A_OPUS", private: bytes | None = None, more: bytes = b""
) -> bytes:
    """The description of a track."""
    told = written_head(sound()) if private is None else private
    parts = (
        element(0xD7, b"\x01"),
        element(0x83, bytes([kind])),
        element(0x86, codec),
        element(0x63A2, told),
    )
    return element(0xAE, b"".join(parts) + more)


def block(packet: bytes, number: int = 1, flags: int = 0x80) -> bytes:
    return element(0xA3, bytes([0x80 | number]) + b"\0\0" + bytes([flags]) + packet)


def webm(
    tracks: bytes | None = None,
    blocks: bytes | None = None,
    more: bytes = b"",
    unknown: bool = True,
) -> bytes:
    """A file as a browser records it: lengths unknown, an app's name in its head."""
    told = element(0x1549A966, element(0x5741, b"Chrome") + element(0x4D80, b"of Somchai"))
    told += element(TRACKS, track() if tracks is None else tracks)
    packets = blocks if blocks is not None else b"".join(map(block, sound().packets))
    told += element(CLUSTER, element(0xE7, b"\0") + packets, UNKNOWN if unknown else None)
    return head() + element(SEGMENT, told + more, UNKNOWN if unknown else None)


def hostile() -> Iterator[tuple[str, bytes]]:
    """(what it is, the bytes)."""
    yield from _others()
    yield from _beside()
    yield from _too_much()
    yield from _ogg_faults()
    yield from _webm_faults()
    yield from _packet_faults()
    yield from _cut()


def _zip() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "a")
    return buffer.getvalue()


FOREIGN: dict[str, bytes] = {
    "zip": _zip(),
    "pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF",
    "html": b"<!doctype html><script>alert(1)</script>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "exe": b"MZ" + bytes(60),
    "elf": b"\x7fELF" + bytes(60),
    "png": b"\x89PNG\r\n\x1a\n" + bytes(40),
    "jpeg": b"\xff\xd8\xff\xe1\0\x10Exif\0\0" + bytes(40),
    "gif": b"GIF89a" + bytes(20),
    "mp3": b"ID3\x04" + bytes(30),
    "mp4": b"\0\0\0 ftypM4A " + bytes(30),
    "wav": b"RIFF\x24\0\0\0WAVEfmt " + bytes(30),
    "flac": b"fLaC" + bytes(40),
    "aac": b"\xff\xf1" + bytes(40),
    "midi": b"MThd\0\0\0\x06" + bytes(10),
    "gzip": b"\x1f\x8b\x08" + bytes(30),
    "rar": b"Rar!\x1a\x07" + bytes(30),
    "7z": b"7z\xbc\xaf\x27\x1c" + bytes(30),
    "sh": b"#!/bin/sh\nexit\n",
    "json": b'{"sound": true}',
    "empty": b"",
    "zeros": bytes(500),
}


def _others() -> Iterator[tuple[str, bytes]]:
    for name, content in FOREIGN.items():
        yield f"{name} by itself", content


def _beside() -> Iterator[tuple[str, bytes]]:
    """Two files in one: whatever reads from the end, or searches for its beginning."""
    for name, content in FOREIGN.items():
        if content and name != "zeros":
            yield f"{name} after an Ogg file", ogg() + content
            yield f"{name} before an Ogg file", content + ogg()
            yield f"{name} after a WebM file", webm(unknown=False) + content
            yield f"{name} in the void of a WebM file", webm(more=element(0xEC, content))
            yield f"{name} attached to a WebM file", webm(more=element(0x1941A469, content))


def _too_much() -> Iterator[tuple[str, bytes]]:
    yield "61 seconds of Ogg", ogg(61)
    yield "61 seconds of WebM", webm(blocks=b"".join(map(block, sound(61).packets)))
    yield "an hour in small packets", ogg(600, 1)
    yield "more than 2 MB", ogg(59, 1) + bytes(2_000_000)
    yield "2 MB of one page", b"OggS" + bytes(2_000_000)
    yield "2 MB of voids", webm(more=element(0xEC, bytes(1_500_000)))
    yield "2 MB of tags", webm(more=element(0x1254C367, bytes(1_500_000)))
    yield "no sound", write_ogg(sound(0))
    yield "less than a fifth of a second", ogg(0.1)


def _ogg_faults() -> Iterator[tuple[str, bytes]]:
    good = ogg()
    for at, what in ((4, "version"), (5, "kind of page"), (14, "stream"), (22, "checksum")):
        changed = bytearray(good)
        changed[at] ^= 1
        yield f"another {what}", bytes(changed)
    yield "two streams", good + good
    yield "pages in another order", good[:47] + good[-200:] + good[47:]
    vorbis = good.replace(b"OpusHead", b"\x01vorbis\0")
    yield "Vorbis", vorbis
    yield "OpusHead with a wrong checksum", good.replace(b"OpusHead", b"OpusHeat")
    for draw in range(12):
        changed = bytearray(good)
        changed[random.Random(draw).randrange(len(changed))] ^= 0x55
        yield f"one byte of Ogg changed ({draw})", bytes(changed)


def _webm_faults() -> Iterator[tuple[str, bytes]]:
    yield "Matroska", head(b"matroska") + webm()[len(head()) :]
    yield "a film", webm(tracks=track(kind=1, codec=b"V_VP8"))
    yield "Vorbis in WebM", webm(tracks=track(codec=b"A_VORBIS"))
    yield "two tracks", webm(tracks=track() + track())
    yield "no track", webm(tracks=b"")
    yield "a track with a picture", webm(tracks=track(more=element(0xE0, b"")))
    yield "packed contents", webm(tracks=track(more=element(0x6D80, b"")))
    yield "a track told twice", webm(tracks=track(more=element(0x86, b"A_OPUS")))
    yield "no head of Opus", webm(tracks=track(private=b""))
    yield "surround sound", webm(tracks=track(private=_family(1)))
    yield "a second description", webm(more=element(TRACKS, track()))
    yield "laced blocks", webm(blocks=block(sound().packets[0], flags=0x82) * 20)
    yield "blocks of another track", webm(blocks=block(sound().packets[0], number=2) * 20)
    yield "no blocks", webm(blocks=b"")
    yield "chapters", webm(more=element(0x1043A770, b""))
    yield "an unknown element", webm(more=element(0x4DBB, b""))
    yield "a length beyond the end", webm(blocks=element(0xA3, b"x", b"\x01" + b"\x7f" * 7))
    yield "an id of eight bytes", webm(more=b"\x01" + bytes(20))
    yield "a zero for an id", webm(more=bytes(20))


def _family(number: int) -> bytes:
    return written_head(sound())[:-1] + bytes([number])


def _packet_faults() -> Iterator[tuple[str, bytes]]:
    """Packets of no valid form, in both kinds of file."""
    for name, packet in {
        "two equal frames of odd length": bytes([TOC | 1]) + bytes(3),
        "a frame too long": bytes([TOC]) + bytes(1_300),
        "a frame beyond the end": bytes([TOC | 2, 200]) + bytes(10),
        "no length": bytes([TOC | 2]),
        "no count": bytes([TOC | 3]),
        "no frames": bytes([TOC | 3, 0]) + bytes(5),
        "63 frames": bytes([TOC | 3, 63]) + bytes(63),
        "padding that says something": bytes([TOC | 3, 65, 4]) + bytes(20) + b"hide",
        "padding beyond the end": bytes([TOC | 3, 65, 200]) + bytes(20),
    }.items():
        yield f"{name} (WebM)", webm(blocks=block(packet) * 30)
        yield f"{name} (Ogg)", _unchecked_ogg(packet)


def _unchecked_ogg(packet: bytes) -> bytes:
    """Pages whose checksums are right around packets that are not."""
    from privacy import ogg as pages

    made: Callable[..., bytes] = pages._page
    tags = b"OpusTags" + bytes(8)
    return b"".join(
        (
            made((written_head(sound()),), (2, 0, 0)),
            made((tags,), (0, 0, 1)),
            made((packet,) * 20, (4, 19_200, 2)),
        )
    )


def _cut() -> Iterator[tuple[str, bytes]]:
    good, chrome = ogg(), webm(unknown=False)
    for share in (0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999):
        yield f"{share:.1%} of an Ogg file", good[: int(len(good) * share)]
        yield f"{share:.1%} of a WebM file", chrome[: int(len(chrome) * share)]
