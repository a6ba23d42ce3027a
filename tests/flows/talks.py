"""A talk with the engine, one event after another; the walk goes through storage on every turn."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from flows.arrive import Scene
from flows.book import FlowBook, read_book
from flows.engine import advance
from flows.talk import (
    Act,
    Chose,
    Count,
    Effect,
    Event,
    Found,
    Look,
    Option,
    Returned,
    Row,
    Show,
    Started,
    Text,
    Went,
)
from flows.walk import Offer, Walk

BOOK = Path(__file__).parent / "book"


def fresh(book: FlowBook) -> Walk:
    return Walk(edition=book.edition, step=1)


def stored(walk: Walk) -> Walk:
    """The walk as it comes back from storage; it must be the same one."""
    loaded = Walk.load(walk.dump())
    assert loaded == walk
    return loaded


def offers(number: int) -> tuple[Offer, ...]:
    return tuple(Offer(f"p{n}", f"Place {n}") for n in range(1, number + 1))


def words(option: Option) -> str:
    return option.label.msgid if isinstance(option.label, Text) else option.label


@dataclass
class Talk:
    """Answers the engine's searches with `services`, its pickers with `returns`, in turn."""

    scene: Scene
    walk: Walk
    services: tuple[str, ...] = ()
    returns: list[Returned] = field(default_factory=list)
    show: Show = field(default_factory=lambda: Show(node="", texts=()))
    effects: list[Effect] = field(default_factory=list)

    def hears(self, event: Event) -> "Talk":
        self.effects = []
        step = advance(self.scene, self.walk, event)
        self.effects += step.effects
        while order := step.asks:
            answer = Found(self.services) if isinstance(order, Look) else self.returns.pop(0)
            step = advance(self.scene, stored(step.walk), answer)
            self.effects += step.effects
        self.walk = stored(step.walk)
        self.show = next(e for e in step.effects if isinstance(e, Show))
        return self

    def taps(self, *labels: str) -> "Talk":
        for label in labels:
            option = next(o for o in self.show.choices if words(o) == label)
            self.hears(Chose(self.walk.step, option.id))
        return self

    def goes(self, row: Row) -> "Talk":
        return self.hears(Went(row))

    @property
    def node(self) -> str:
        return self.show.node

    @property
    def labels(self) -> list[str]:
        return [words(option) for option in self.show.choices]

    @property
    def says(self) -> list[str]:
        return [text.msgid for text in self.show.texts]

    @property
    def looks(self) -> list[Look]:
        return [effect for effect in self.effects if isinstance(effect, Look)]

    @property
    def acts(self) -> list[Act]:
        return [effect for effect in self.effects if isinstance(effect, Act)]

    @property
    def counts(self) -> list[Count]:
        return [effect for effect in self.effects if isinstance(effect, Count)]


def talk(
    *taps: str, book: FlowBook | None = None, facts: Iterable[str] = (), platform: str = "web"
) -> Talk:
    """A talk over the small book of these tests, begun at the greeting."""
    book = book or read_book(BOOK)
    scene = Scene(book, frozenset(facts), platform)
    return Talk(scene, fresh(book)).hears(Started()).taps(*taps)


def at_menu(*taps: str, facts: Iterable[str] = (), platform: str = "web") -> Talk:
    """An adult who reads English, at the menu or further."""
    return talk("English", "18 or older", *taps, facts=facts, platform=platform)
