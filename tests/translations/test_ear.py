"""The ear: what it hears, that it is of the sentences beside it, and that they are no test."""

import hashlib
import json
import zlib
from pathlib import Path

import pytest
import yaml

from translations.catalogues import FOLDER
from translations.ear import CELLS, Ear, EarFaulty, packed
from translations.folding import fold
from translations.words import Words

LANGUAGES = ["km", "lo", "my", "th", "vi"]
CLASSES = ["danger", "harmless", "leave"]
LISTS = {"en": {"danger": ["he hits me"], "cover": ["he is here"]}}


def ear_file(folder: Path, pieces: dict[str, str], locale: str = "en") -> Path:
    """An ear that knows these pieces: piece -> class."""
    weights = [0] * (CELLS * len(CLASSES))
    for piece, name in pieces.items():
        cell = zlib.crc32(piece.encode()) % CELLS
        weights[cell * len(CLASSES) + CLASSES.index(name)] = 127
        if name != "harmless":
            weights[cell * len(CLASSES) + CLASSES.index("harmless")] = -127
    told = {
        "classes": CLASSES,
        "scale": 0.2,
        "bias": [0.0, 2.0, 0.0],
        "alone": 0.6,
        "beside": 0.05,
    }
    path = folder / locale / "ear.bin"
    path.parent.mkdir(parents=True)
    path.write_bytes(packed(told, weights))
    return path


def words_with(folder: Path, pieces: dict[str, str]) -> Words:
    return Words(LISTS, {"en": Ear.read(ear_file(folder, pieces))})


def test_it_hears_what_no_list_holds(tmp_path: Path) -> None:
    words = words_with(tmp_path, {"belt": "danger"})

    assert words.sign("again the belt", "en") == "danger"
    assert words.sign("again the rain", "en") is None


def test_it_silences_a_list_where_nothing_sounds_wrong(tmp_path: Path) -> None:
    words = words_with(tmp_path, {"film": "harmless"})

    assert words.sign("he hits me", "en") == "danger"
    assert words.sign("in the film he hits me", "en") is None


def test_somebody_at_the_screen_is_believed(tmp_path: Path) -> None:
    words = words_with(tmp_path, {"film": "harmless"})

    assert words.sign("film he is here", "en") == "cover"


def test_leaving_that_only_the_ear_hears_is_asked(tmp_path: Path) -> None:
    words = words_with(tmp_path, {"enoug": "leave"})

    assert words.command("enough", "en") is None
    assert words.sign("enough", "en") == "cover"


def test_a_long_message_is_heard_at_its_gravest_part(tmp_path: Path) -> None:
    words = words_with(tmp_path, {"belt": "danger"})

    assert words.sign("good morning " * 60 + "belt " + "good evening " * 60, "en") == "danger"


@pytest.mark.parametrize("nothing", ["", " ", "…", "\u200b"])
def test_nothing_is_nothing(nothing: str, tmp_path: Path) -> None:
    assert words_with(tmp_path, {"belt": "danger"}).sign(nothing, "en") is None


def test_a_cut_file_is_refused(tmp_path: Path) -> None:
    path = ear_file(tmp_path, {"belt": "danger"})
    header = path.read_bytes().partition(b"\n")[0]
    path.write_bytes(packed({**json.loads(header)}, [0] * 10))

    with pytest.raises(EarFaulty, match=r"en/ear\.bin"):
        Ear.read(path)


@pytest.mark.parametrize("locale", LANGUAGES)
def test_it_is_learnt_from_the_sentences_beside_it(locale: str) -> None:
    header = (FOLDER / locale / "ear.bin").read_bytes().partition(b"\n")[0]
    sentences = (FOLDER / locale / "sentences.yaml").read_bytes()

    assert json.loads(header)["learnt_from"] == hashlib.sha256(sentences).hexdigest(), "make ear"


@pytest.mark.parametrize("locale", LANGUAGES)
def test_no_sentence_of_the_measuring_set_was_learnt(locale: str) -> None:
    labelled = yaml.safe_load((FOLDER / locale / "labelled.yaml").read_text("utf-8"))
    groups = yaml.load((FOLDER / locale / "sentences.yaml").read_text("utf-8"), yaml.CSafeLoader)
    learnt = {fold(str(line)) for group in groups for lines in group.values() for line in lines}
    measured = [line for lines in labelled["positive"].values() for line in lines]

    assert learnt.isdisjoint(fold(str(line)) for line in (*measured, *labelled["harmless"]))
