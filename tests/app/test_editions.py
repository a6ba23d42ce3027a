"""A faulty tree file never takes the service down: the last good edition keeps serving."""

import shutil
from pathlib import Path

import pytest

from app.editions import sound_book
from app.wiring import book_for
from flows.arrive import Scene
from flows.book import DATA, BookFaulty
from flows.engine import advance
from flows.talk import Show, Started
from flows.walk import Walk
from translations.translator import Translator


@pytest.fixture
def trees(tmp_path: Path) -> Path:
    shutil.copytree(DATA, tmp_path / "trees")
    return tmp_path / "trees"


def spoil(trees: Path) -> None:
    file = trees / "dn.yaml"
    file.write_text(file.read_text().replace("-> dn.2", "-> dn.nowhere"))


def test_sound_trees_are_served_and_kept(trees: Path, tmp_path: Path) -> None:
    book = sound_book(tmp_path / "kept", trees)

    assert len(book.trees) == 24
    assert (tmp_path / "kept" / "dn.yaml").exists()


def test_faulty_trees_leave_the_last_good_edition_in_service(trees: Path, tmp_path: Path) -> None:
    good = sound_book(tmp_path / "kept", trees)
    spoil(trees)
    book = sound_book(tmp_path / "kept", trees)

    assert book.edition == good.edition
    assert "dn.2" in book.nodes


def test_faulty_trees_without_an_edition_stop_the_start_with_every_fault(
    trees: Path, tmp_path: Path
) -> None:
    spoil(trees)
    (trees / "ho.yaml").write_text("tree: ho\nnodes: [")

    with pytest.raises(BookFaulty) as refused:
        sound_book(tmp_path / "kept", trees)
    assert "ho.yaml" in str(refused.value)
    assert not (tmp_path / "kept").exists()


def test_a_language_without_its_safety_set_is_not_offered() -> None:
    translator = Translator.read()
    short = {k: v for k, v in translator.catalogues["lo"].items() if k[0] != "sv.72"}
    catalogues = {**translator.catalogues, "lo": short}
    book = book_for(Translator(catalogues, translator.phrases))
    step = advance(Scene(book), Walk(edition=book.edition, step=1), Started())
    screen = step.effects[-1]

    assert book.offered == frozenset({"km", "my", "th", "vi", "en"})
    assert isinstance(screen, Show)
    assert len(screen.choices) == 5
