"""Recordings that come with the program: taken in, counted, read from their files, and scripts."""

import json
import shutil
from pathlib import Path

import pytest

from app.recordings import (
    NothingToRead,
    as_text,
    for_paper,
    live_content,
    ready_counts,
    script_of,
    shipped_content,
    take_in,
)
from console.paper import script_pdf
from handlers import edition_files
from handlers.edition_content import AUDIO, PHRASES
from privacy.bundles import Statement, bundle, sha256, signed_statement
from privacy.opus import SoundRefused
from tests.translations_pages.sounds import ogg, webm
from translations.catalogues import FOLDER
from translations.recordings import INDEX, Recorded, shipped_index, shipped_sound, sound_path

SEED = b"s" * 32


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One language as it is, without any recording; others would only have to be read."""
    ours = tmp_path / "translations"
    leave = shutil.ignore_patterns("audio", "*.bin", "*.yaml", "desk.po")
    shutil.copytree(FOLDER / "km", ours / "km", ignore=leave)
    shutil.copy(FOLDER / PHRASES, ours)
    return ours


def test_a_recording_is_taken_in_and_counted(folder: Path) -> None:
    before = ready_counts(folder=folder)
    path = take_in(("km", "sh.safe"), webm(), ("S. K.", "B. L."), folder)
    digest = shipped_index("km", folder)["sh.safe"]["clip"]

    assert path == sound_path("km", "sh.safe", folder)
    assert shipped_sound(digest, folder) == path.read_bytes()
    assert (before["km"], ready_counts(folder=folder)) == (0, {**before, "km": 1})


def test_a_changed_text_or_nobodys_ear_makes_it_no_recording(folder: Path) -> None:
    take_in(("km", "sh.safe"), ogg(), ("S. K.", "B. L."), folder)
    index = folder / "km" / "audio" / INDEX
    good = json.loads(index.read_text("utf-8"))
    counts = []
    for change in ({"text": "0" * 16}, {"listened_by": ""}, {"clip": "../x"}):
        told = {"sh.safe": good["sh.safe"] | change}
        index.write_text(json.dumps(told), "utf-8")
        counts.append(ready_counts(folder=folder)["km"])

    assert counts == [0, 0, 0]
    assert Recorded.of({"clip": "a" * 64, "listened_by": "b", "seconds": "long"}) is not None


def test_a_file_that_was_exchanged_is_not_played(folder: Path) -> None:
    path = take_in(("km", "sh.safe"), ogg(), ("S. K.", "B. L."), folder)
    digest = shipped_index("km", folder)["sh.safe"]["clip"]
    path.write_bytes(ogg(3))
    exchanged = shipped_sound(digest, folder)
    path.unlink()

    assert (exchanged, shipped_sound(digest, folder)) == (None, None)


def test_what_is_no_recording_is_not_taken_in(folder: Path) -> None:
    with pytest.raises(SoundRefused):
        take_in(("km", "sh.safe"), b"%PDF-1.7", ("S. K.", "B. L."), folder)
    with pytest.raises(NothingToRead):
        take_in(("km", "sh.move.show"), ogg(), ("S. K.", "B. L."), folder)

    assert not (folder / "km" / "audio").exists()


def test_recordings_of_the_live_edition_count(folder: Path, tmp_path: Path) -> None:
    take_in(("km", "sh.safe"), ogg(), ("S. K.", "B. L."), folder)
    index = shipped_index("km", folder)
    shutil.rmtree(folder / "km" / "audio")
    shipped = shipped_content(folder)
    files = {**shipped.files, AUDIO: json.dumps({"km": index})}
    packed = bundle(SEED, 2, "two", {path: text.encode() for path, text in files.items()})
    statement = Statement(serial=1, live=2, editions={2: sha256(packed)}, until={})
    kept = tmp_path / "editions"
    edition_files.keep(kept, signed_statement(SEED, statement), {2: packed}, [2])

    assert ready_counts(folder=folder)["km"] == 0
    assert ready_counts(kept, folder)["km"] == 1
    assert live_content(shipped, tmp_path / "nothing") is None


def test_a_script_begins_with_the_safety_set_and_is_numbered(folder: Path) -> None:
    script = script_of("km", folder)
    trees = [line.place.partition(".")[0] for line in script.lines]
    text, paper = as_text(script), script_pdf(for_paper(script))

    assert [line.number for line in script.lines] == list(range(1, len(trees) + 1))
    assert trees.index("audio") < trees.index("sh") < trees.index("dn") < trees.index("sv")
    assert max(i for i, one in enumerate(trees) if one in ("sh", "dn", "sv")) < trees.index("ho")
    assert "✖" not in text
    assert all(words in text for line in script.lines for words in line.words)
    assert paper.startswith(b"%PDF")
