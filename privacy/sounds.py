"""Recordings that people upload: known by their bytes, checked, written anew without metadata."""

from dataclasses import dataclass, field
from typing import Final

from privacy import ogg, webm
from privacy.opus import MAX_BYTES, SoundRefused, checked

KIND: Final = "audio/ogg"


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording as it is kept: an Ogg file with one Opus stream, and how long it plays."""

    content: bytes = field(repr=False)
    seconds: float


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
