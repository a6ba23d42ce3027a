"""The wider search is as wide as it was when its screen is shown once more."""

from dataclasses import replace

import pytest

from app.wiring import Data
from flows.arrive import Scene
from flows.engine import advance
from flows.nodes import Ask
from flows.talk import Chose, Event, Found, Interrupted, Look, Step, Went, Wrote
from flows.walk import Walk

FIRST, WIDE = "sh.f.hot", "sh.f.wide"


class Searcher:
    """A woman whose search found nothing near; she looks further."""

    def __init__(self, data: Data) -> None:
        self.scene = Scene(data.book)
        flags = frozenset({"lang_my", "in_TH", "age_adult"})
        walk = Walk(edition=data.book.edition, step=1, node="sh.miss", flags=flags)
        self.step = Step(replace(walk, found_at=FIRST, trail=("sh.menu", "sh.miss")), ())
        self.widths: list[int] = []

    def hears(self, event: Event) -> None:
        self.step = advance(self.scene, self.step.walk, event)
        while isinstance(order := self.step.asks, Look):
            self.widths.append(order.wider)
            self.step = advance(self.scene, self.step.walk, Found(("a", "b")))

    def looks_further(self) -> None:
        self.hears(Chose(self.step.walk.step, "1"))

    def goes(self, where: str) -> None:
        self.hears(Went(where))  # type: ignore[arg-type]


@pytest.fixture
def searcher(data: Data) -> Searcher:
    searcher = Searcher(data)
    searcher.looks_further()
    assert (searcher.step.walk.node, searcher.widths) == (WIDE, [1])
    return searcher


def test_back_onto_the_wider_search_does_not_widen_it_again(searcher: Searcher) -> None:
    searcher.goes("menu")
    searcher.goes("back")
    searcher.goes("menu")
    searcher.goes("back")

    assert searcher.step.walk.node == WIDE
    assert searcher.widths == [1, 1, 1]


def test_back_from_typed_words_does_not_widen_it_again(searcher: Searcher) -> None:
    searcher.hears(Wrote())
    searcher.goes("back")

    assert searcher.widths == [1, 1]


def test_going_on_after_an_interrupt_does_not_widen_it_again(searcher: Searcher) -> None:
    searcher.hears(Interrupted("harm"))
    node = searcher.scene.book.nodes[searcher.step.walk.node]
    assert isinstance(node, Ask)
    resume = next(str(at) for at, pick in enumerate(node.pick, 1) if pick.target == "resume")
    searcher.hears(Chose(searcher.step.walk.step, resume))

    assert (searcher.step.walk.node, searcher.widths) == (WIDE, [1])


def test_another_language_does_not_widen_it_again(searcher: Searcher) -> None:
    searcher.goes("language")
    searcher.hears(Chose(searcher.step.walk.step, "1"))

    assert (searcher.step.walk.node, searcher.widths) == (WIDE, [1, 1])


def test_asking_for_a_wider_search_again_widens_it(searcher: Searcher) -> None:
    walk = replace(searcher.step.walk, node="sh.miss")
    searcher.step = Step(walk, ())
    searcher.looks_further()

    assert searcher.widths == [1, 2]
