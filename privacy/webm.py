"""WebM files with one Opus stream, as browsers record them: only the sound is taken out."""

from collections.abc import Iterator
from typing import Final

from privacy.opus import Sound, SoundRefused, head_of

MAGIC: Final = b"\x1a\x45\xdf\xa3"
_EBML, _DOCTYPE = 0x1A45DFA3, 0x4282
_SEGMENT, _CLUSTER, _TRACKS, _TRACK, _GROUP = 0x18538067, 0x1F43B675, 0x1654AE6B, 0xAE, 0xA0
_BLOCK, _SIMPLE_BLOCK = 0xA1, 0xA3
_TRACK_TYPE, _CODEC, _PRIVATE, _AUDIO = 0x83, 0x86, 0x63A2, 2
_ENTERED: Final = frozenset({_SEGMENT, _CLUSTER, _GROUP})
# Seek head, void, info, tags, cues; time, position and length of clusters; length, reference,
# discarded padding of a group. Attachments and chapters are not among them.
_PASSED: Final = frozenset(
    {
        *(0x114D9B74, 0xEC, 0x1549A966, 0x1254C367, 0x1C53BB6B),
        *(0xE7, 0xA7, 0xAB, 0x9B, 0xFB, 0x75A2),
    }
)
_REFUSED_IN_TRACK: Final = frozenset({0x6D80, 0xE0})  # packed or encrypted contents, video
_VOID: Final = 0xEC
_MOST_PASSED: Final = 16_384  # bytes of one element that is passed over
_LACED: Final = 0x06


def read_webm(content: bytes) -> Sound:
    """The sound of a file that holds one track and nothing foreign. Raises SoundRefused.

    Every byte belongs to an element that is known; a browser that records does not know how long
    segment and clusters will be, so they end where the next one begins.
    """
    elements = _elements(content, _ENTERED)
    first = next(elements, None)
    if first is None or first[0] != _EBML or _told(first[1]).get(_DOCTYPE) != b"webm":
        raise SoundRefused("kind")
    track: dict[int, bytes] | None = None
    packets: list[bytes] = []
    for name, body in elements:
        if name == _TRACKS and track is None and not packets:
            track = _only_track(body)
        elif name in (_BLOCK, _SIMPLE_BLOCK) and track is not None:
            packets.append(_packet(body, track))
        elif name not in _PASSED or len(body) > _MOST_PASSED or (name == _VOID and any(body)):
            raise SoundRefused("broken")
    if track is None or not packets:
        raise SoundRefused("broken")
    channels, skip = head_of(track.get(_PRIVATE, b""))
    return Sound(channels=channels, skip=skip, packets=tuple(packets))


def _only_track(body: bytes) -> dict[int, bytes]:
    """What is told of the one track. Raises SoundRefused for another number or kind."""
    tracks = list(_elements(body, frozenset()))
    if len(tracks) != 1 or tracks[0][0] != _TRACK:
        raise SoundRefused("broken")
    track = _told(tracks[0][1])
    is_sound = int.from_bytes(track.get(_TRACK_TYPE, b"")) == _AUDIO
    is_opus = track.get(_CODEC, b"").rstrip(b"\0") == b"A_OPUS"
    if not is_sound or not is_opus or track.keys() & _REFUSED_IN_TRACK:
        raise SoundRefused("kind")
    return track


def _packet(block: bytes, track: dict[int, bytes]) -> bytes:
    """The packet of a block: the track's number, two bytes of time, flags, the packet."""
    number, at = _number(block, 0, keep=False)
    if len(block) < at + 4 or block[at + 2] & _LACED:
        raise SoundRefused("broken")
    if number != int.from_bytes(track.get(0xD7, b"")):
        raise SoundRefused("broken")
    return block[at + 3 :]


def _told(body: bytes) -> dict[int, bytes]:
    """The elements within another by their ids. Raises SoundRefused where one stands twice."""
    found: dict[int, bytes] = {}
    for name, content in _elements(body, frozenset()):
        if name in found and name != _VOID:
            raise SoundRefused("broken")
        found[name] = content
    return found


def _elements(content: bytes, entered: frozenset[int]) -> Iterator[tuple[int, bytes]]:
    """(id, body) of each element to the last byte; of `entered` ones those within instead."""
    at = 0
    while at < len(content):
        name, at = _number(content, at, keep=True)
        size, at = _number(content, at, keep=False)
        if name in entered:
            continue
        if size < 0 or at + size > len(content):
            raise SoundRefused("broken")
        yield name, content[at : at + size]
        at += size


def _number(content: bytes, at: int, *, keep: bool) -> tuple[int, int]:
    """(number, where it ends) of a number of one to eight bytes; -1 for an unknown length.

    `keep`: with the bit that tells its length, as ids are written, which have four at most.
    """
    if at >= len(content) or content[at] == 0:
        raise SoundRefused("broken")
    length = 9 - content[at].bit_length()
    if at + length > len(content) or (keep and length > 4):
        raise SoundRefused("broken")
    whole = int.from_bytes(content[at : at + length])
    if keep:
        return whole, at + length
    most = (1 << 7 * length) - 1
    value = whole & most
    return (-1 if value == most else value), at + length
