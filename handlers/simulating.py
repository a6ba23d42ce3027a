"""Walks through an edition as a woman would, by the real engine; nothing is kept or counted.

A walk is a start and its taps (handlers/walk_taps.py), and is walked anew each time: there is no
state to keep.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from string import Formatter
from typing import Final

from flows.actions import Action
from flows.arrive import MAX_STEPS, RunsInCircle, Scene, go, with_flags
from flows.engine import advance
from flows.talk import PHRASE, Act, Chose, Event, Found, Look, Returned, Show, Step, Text
from flows.walk import Offer, Walk
from handlers import effects
from handlers.desk import Desk
from handlers.messages import Outgoing
from handlers.speak import spoken
from handlers.walk_taps import event_of, tap_of
from privacy.receipt import Code
from translations.locales import SOURCE
from translations.translator import NotTranslated

MOST_TAPS: Final = 150
_FIRST: Final = 1
_SAMPLE: Final = Code(12_345_678).dump()
"""Stands where a code would be made: the same each time, and it opens nothing."""
_CODED: Final = frozenset({Action.MAKE_CODE, Action.REPEAT_CODE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where a walk begins. `flags` are those of the walk and facts of the moment together.

    `platform` is the messenger whose texts are read.
    """

    node: str
    flags: frozenset[str] = frozenset()
    place: str = ""
    platform: str = "web"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A screen on the way: its node, and the contexts of the texts on it."""

    node: str
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A walk as far as it went.

    `found` are the services of each search, `taps` those that were made, as they are named here,
    `lost` the first that has nothing to tap any more.
    """

    scene: Scene
    walk: Walk
    show: Show
    stops: tuple[Stop, ...]
    found: tuple[tuple[str, ...], ...]
    taps: tuple[str, ...]
    lost: str = ""


@dataclass(slots=True)
class _Searches:
    """What searches find: by the directory, or as it was when the walk was kept."""

    desk: Desk
    kept: tuple[tuple[str, ...], ...] | None
    made: list[tuple[str, ...]] = field(default_factory=list)

    def find(self, walk: Walk, look: Look) -> tuple[str, ...]:
        at = len(self.made)
        if self.kept is None:
            found = effects.found(self.desk, walk, look)
        else:
            found = self.kept[at] if at < len(self.kept) else ("kept",)
        self.made.append(found)
        return found


def run(
    desk: Desk,
    start: Start,
    taps: tuple[str, ...],
    found: tuple[tuple[str, ...], ...] | None = None,
) -> Run:
    """Walk it. With `found` the directory is not asked, so that it goes the same way each day.

    Raises KeyError for a start that is not there, and RunsInCircle.
    """
    book = desk.book
    scene = Scene(book, start.flags & book.rules.facts, start.platform)
    searches = _Searches(desk, found)
    walk = with_flags(
        book,
        Walk(edition=book.edition, step=_FIRST),
        tuple(sorted(start.flags & book.rules.flags)),
    )
    step = _settled(searches, scene, go(scene, replace(walk, place=start.place), start.node))
    shows, lost, taken = [_shown(step)], "", list[str]()
    for tap in taps[:MOST_TAPS]:
        event = None if step.walk.ended else event_of(desk, scene, step.walk, tap)
        if event is None:
            lost = tap
            break
        chosen = event.option if isinstance(event, Chose) else ""
        taken.append(tap_of(scene, step.walk, chosen) if chosen else tap)
        step = _settled(searches, scene, advance(scene, step.walk, event))
        shows.append(_shown(step))
    return Run(
        scene=scene,
        walk=step.walk,
        show=shows[-1],
        stops=tuple(Stop(node=s.node, texts=tuple(t.context for t in s.texts)) for s in shows),
        found=tuple(searches.made),
        taps=tuple(taken),
        lost=lost,
    )


def screen(desk: Desk, run: Run) -> tuple[Outgoing, bool]:
    """The screen she reads, and whether her language lacks words of it (then it is in English)."""
    show = replace(run.show, texts=tuple(_filled(desk, run.walk, run.show)))
    try:
        return spoken(desk, run.walk, show), False
    except NotTranslated:
        others = run.walk.flags - desk.book.rules.groups["lang"]
        return spoken(desk, replace(run.walk, flags=others | {f"lang_{SOURCE}"}), show), True


def _settled(searches: _Searches, scene: Scene, step: Step) -> Step:
    """Answer the engine's orders until it waits for her."""
    for _ in range(MAX_STEPS):
        if not (order := step.asks):
            made = Act(Action.MAKE_CODE) in step.effects
            return Step(replace(step.walk, code=_SAMPLE), step.effects) if made else step
        step = advance(scene, step.walk, _answer(searches, step.walk, order))
    raise RunsInCircle(step.walk.node)


def _answer(searches: _Searches, walk: Walk, order: Look | Act) -> Event:
    if isinstance(order, Look):
        return Found(searches.find(walk, order))
    if order.action is Action.LAST_SERVICES and searches.kept is not None:
        if order.chosen:
            return Returned("chosen", service=order.chosen)
        offers = tuple(Offer(one, one) for one in walk.shown)
        return Returned(offers=offers) if offers else Returned("none")
    return effects.answer(searches.desk, walk, order)


def _shown(step: Step) -> Show:
    return next(one for one in step.effects if isinstance(one, Show))


def _filled(desk: Desk, walk: Walk, show: Show) -> Iterator[Text]:
    """Texts with their placeholders named where only a referral could fill them."""
    known = {"ttl", *(("code",) if desk.book.nodes[walk.node].action in _CODED else ())}
    for text in show.texts:
        said = desk.translator.phrases[text.context] if text.msgid == PHRASE else text.msgid
        names = {name for _, name, _, _ in Formatter().parse(said) if name}
        fields = {name: f"‹{name}›" for name in names - known}
        yield replace(text, fields={**fields, **text.fields})
