"""MP3s: the same sound, made by a process that gets nothing but the sound."""

import io
import os
from pathlib import Path

import pytest
from soundfile import SoundFile

from privacy import mp3
from privacy.opus import SoundRefused
from tests.translations_pages.sounds import ogg


@pytest.mark.parametrize("length", [0.3, 4.0])
def test_an_mp3_plays_as_long_as_what_it_was_made_of(length: float) -> None:
    made = mp3.mp3_of(ogg(length))

    with SoundFile(io.BytesIO(made)) as sound:
        assert (sound.format, sound.channels) == ("MP3", 1)
        assert len(sound) / sound.samplerate == pytest.approx(length, abs=0.1)
    assert b"ID3" not in made


@pytest.mark.parametrize(
    "content", [b"", b"OggS", ogg(1.0)[:60], b"RIFF" + bytes(60), os.urandom(2_000)]
)
def test_what_is_no_sound_is_refused(content: bytes) -> None:
    with pytest.raises(SoundRefused):
        mp3.mp3_of(content)


def test_the_maker_gets_no_word_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    monkeypatch.setenv("SAPHAN_TELEGRAM_TOKEN", "123456:secret")
    script = f"tr '\\0' '\\n' < /proc/self/environ > {seen}; cat"
    monkeypatch.setattr(mp3, "_command", lambda: ("/bin/sh", "-c", script))

    assert mp3.mp3_of(b"given back") == b"given back"
    assert "secret" not in seen.read_text()
