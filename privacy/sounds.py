"""Recordings that people upload: known by their bytes, checked, written anew without metadata."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from privacy import ogg, webm
from privacy.opus import MAX_BYTES, Sound, SoundRefused, checked

KIND: Final = "audio/ogg"
_SILENCE: Final = b"\xf8\xff\xfe"  # 20 ms of nothing: CELT, one frame, no energy (RFC 6716)
_BREATH: Final = (_SILENCE,) * 20


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording as it is kept: an Ogg file with one Opus stream, and how long it plays."""

    content: bytes = field(repr=False)
    seconds: float


def joined(contents: Sequence[bytes]) -> Clip:
    """Recordings of ours one after the other, with a breath between them. Raises SoundRefused."""
    sounds = [ogg.read_ogg(one) for one in contents]
    if len(sounds) == 1:
        return Clip(contents[0], round(sounds[0].seconds, 2))
    packets: list[bytes] = []
    for sound in sounds:
        packets += (*(_BREATH if packets else ()), *sound.packets)
    channels = max((sound.channels for sound in sounds), default=1)
    skip = sounds[0].skip if sounds else 0
    whole = Sound(channels=channels, skip=skip, packets=tuple(packets))
    return Clip(ogg.write_ogg(whole), round(whole.seconds, 2))


def clip_of(content: bytes) -> Clip:
    """The recording in an Ogg or WebM file. Raises SoundRefused.

    Nothing of the file is kept but its packets of sound, so that names, places and programs in
    its tags, and anything hidden beside the sound, are gone.
    """
    if len(content) > MAX_BYTES:
        raise SoundRefused("big")
    if content.startswith(ogg.MAGIC):
        sound = ogg.read_ogg(content)
    elif content.startswith(webm.MAGIC):
        sound = webm.read_webm(content)
    else:
        raise SoundRefused("kind")
    sound = checked(sound)
    return Clip(ogg.write_ogg(sound), round(sound.seconds, 2))
