"""Opus sound as packets: what a recording is made of, checked to the letter (RFC 6716, 7845)."""

import struct
from dataclasses import dataclass, field
from typing import Final

RATE: Final = 48_000  # samples a second, whatever the microphone gave
MAX_SECONDS: Final = 60
MAX_BYTES: Final = 2_000_000
_HEAD: Final = struct.Struct("<8sBBHIhB")
_MAX_FRAME: Final = 1_275  # bytes
_MAX_PACKET: Final = RATE * 120 // 1000  # samples
# Samples of a frame by the first five bits of a packet: SILK, hybrid, CELT (RFC 6716, table 2).
_FRAMES: Final = (*(480, 960, 1920, 2880) * 3, *(480, 960) * 2, *(120, 240, 480, 960) * 4)


class SoundRefused(Exception):
    """No sound that is taken. `reason`: kind, broken, long, big or short; repeats nothing."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """One stream: channels, samples to skip at its beginning, packets."""

    channels: int
    skip: int
    packets: tuple[bytes, ...] = field(repr=False)

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return max(0, sum(map(samples, self.packets)) - self.skip) / RATE


def head_of(content: bytes) -> tuple[int, int]:
    """(channels, samples to skip) of an OpusHead. Raises SoundRefused."""
    if len(content) != _HEAD.size:
        raise SoundRefused("broken")
    magic, version, channels, skip, _rate, _gain, family = _HEAD.unpack(content)
    if magic != b"OpusHead" or version != 1 or channels not in (1, 2) or family:
        raise SoundRefused("broken")
    return channels, skip


def written_head(sound: Sound) -> bytes:
    """The OpusHead of a sound, which says nothing of where it was recorded."""
    return _HEAD.pack(b"OpusHead", 1, sound.channels, sound.skip, RATE, 0, 0)


def samples(packet: bytes) -> int:
    """How many samples a packet plays. Raises SoundRefused where its form is not that of Opus."""
    if not packet:
        raise SoundRefused("broken")
    played = _FRAMES[packet[0] >> 3] * _frames(packet)
    if played > _MAX_PACKET:
        raise SoundRefused("broken")
    return played


def checked(sound: Sound) -> Sound:
    """The sound, when each packet is in order and all of it is not too long. SoundRefused."""
    seconds = sound.seconds
    if seconds > MAX_SECONDS:
        raise SoundRefused("long")
    if seconds < 0.2:
        raise SoundRefused("short")
    return sound


def _frames(packet: bytes) -> int:
    """The number of frames of a packet, whose lengths are looked at (RFC 6716 section 3.2)."""
    rest = len(packet) - 1
    match packet[0] & 3:
        case 0:
            sizes = [rest]
        case 1:
            sizes = [rest // 2] * 2 if rest % 2 == 0 else [-1]
        case 2:
            first, used = _length(packet, 1)
            sizes = [first, rest - used - first]
        case _:
            sizes = _many(packet)
    if any(not 0 <= size <= _MAX_FRAME for size in sizes):
        raise SoundRefused("broken")
    return len(sizes)


def _many(packet: bytes) -> list[int]:
    """Lengths of a packet that says how many frames it has, with padding of zeros at its end."""
    if len(packet) < 2:
        return [-1]
    number, at = packet[1] & 63, 2
    padding = 0
    while packet[1] & 64:
        if at >= len(packet):
            return [-1]
        more, at = packet[at], at + 1
        padding += 254 if more == 255 else more
        if more != 255:
            break
    end = len(packet) - padding
    if not number or end < at or any(packet[end:]):
        return [-1]
    if not packet[1] & 128:
        return [(end - at) // number] * number if (end - at) % number == 0 else [-1]
    sizes = []
    for _ in range(number - 1):
        size, used = _length(packet, at)
        sizes.append(size)
        at += used
    return [*sizes, end - at - sum(sizes)]


def _length(packet: bytes, at: int) -> tuple[int, int]:
    """(length of a frame, bytes that told it); -1 where the packet ends before."""
    if at >= len(packet):
        return -1, 0
    if packet[at] < 252:
        return packet[at], 1
    if at + 1 >= len(packet):
        return -1, 0
    return packet[at] + 4 * packet[at + 1], 2
