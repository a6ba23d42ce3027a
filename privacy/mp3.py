"""A recording as MP3, made from our Ogg by libsndfile, in a process of its own that knows nothing.

Viber, LINE and Messenger play no Ogg. The library that decodes runs beside no key, no database
and no address: the process is given the sound, an empty environment and little time.
"""

import io
import resource
import subprocess
import sys
from typing import Final

from privacy.opus import SoundRefused

KIND: Final = "audio/mpeg"
_SECONDS: Final = 30  # of a processor; three minutes of speech take about one
_BYTES: Final = 1 << 30  # of memory, the interpreter's own with it
_BLOCK: Final = 1 << 16  # samples read at once


def mp3_of(content: bytes) -> bytes:
    """The same sound as MP3, one stream without tags. Raises SoundRefused("form")."""
    try:
        made = subprocess.run(  # noqa: S603  a fixed command, and bytes on its standard input
            _command(),
            input=content,
            capture_output=True,
            env={},
            timeout=2 * _SECONDS,
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError):
        made = None
    if made is None or made.returncode or not made.stdout:
        raise SoundRefused("form")
    return made.stdout


def _command() -> tuple[str, ...]:
    return sys.executable, "-I", "-m", "privacy.mp3"


def _limited() -> None:
    for what, most in (
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_AS, _BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _converted(content: bytes) -> bytes:
    """Decode and encode block by block, so that memory does not grow with the length."""
    from soundfile import SoundFile  # only this process loads the library

    whole = io.BytesIO()
    with SoundFile(io.BytesIO(content)) as given:
        about = {"samplerate": given.samplerate, "channels": given.channels}
        with SoundFile(whole, "w", format="MP3", subtype="MPEG_LAYER_III", **about) as made:
            while block := bytes(given.buffer_read(_BLOCK, dtype="int16")):
                made.buffer_write(block, dtype="int16")
    return whole.getvalue()


if __name__ == "__main__":
    _limited()
    sys.stdout.buffer.write(_converted(sys.stdin.buffer.read()))
