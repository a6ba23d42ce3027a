"""Walks a whole book with the real engine: which screens there are and where each tap leads."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import get_args

from flows.actions import TYPED
from flows.arrive import Scene, present
from flows.book import FlowBook
from flows.engine import advance
from flows.nodes import Ask, Find, Gate, Input, Search
from flows.talk import (
    Attached,
    Chose,
    Event,
    Found,
    Interrupted,
    Look,
    Returned,
    Show,
    Signal,
    Started,
    Step,
    Went,
    Wrote,
)
from flows.walk import Offer, Walk, altered

AGES = ("adult", "child", "unknown")
_SIGNALS: tuple[Signal, ...] = get_args(Signal)
_OFFER = Offer("one", "one")
_SERVICE = "one"
_ROW = "row."
_BLANK = Walk(edition="", step=0)


@dataclass(frozen=True, slots=True)
class Way:
    """One tap: the button (`row.menu`, an option's id, or a typed answer) and what came of it.

    `arrival` is the walk at the next screen, reduced to what decides further ways; `searches`
    are the searches made on the way there, `step` what the engine said last.
    """

    button: str
    arrival: Walk
    searches: tuple[Search, ...]
    step: Step

    @property
    def is_row(self) -> bool:
        """Whether it is a button of the standard row."""
        return self.button.startswith(_ROW)


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen as the engine draws it, with every way on from it."""

    show: Show
    ways: tuple[Way, ...]


Crawl = Mapping[Walk, Screen]


def crawl(scene: Scene, seeds: Iterable[Walk]) -> Crawl:
    """Every walk that taps can lead to from the seeds, with its screen.

    Walks are reduced: language, country and home to known or not, the ages of children to one,
    flags and counters that only gates and conditions of another tree read are left out, and
    there is no way back. What is left is all that decides where a tap leads.
    """
    deciding = _deciding(scene.book)
    screens: dict[Walk, Screen] = {}
    ahead = deque(_reduced(scene.book, deciding, seed) for seed in seeds)
    while ahead:
        walk = ahead.popleft()
        if walk in screens:
            continue
        show = present(scene, walk)
        ways = tuple(_every_way(scene, deciding, walk, show))
        screens[walk] = Screen(show, ways)
        ahead.extend(way.arrival for way in ways if way.arrival not in screens)
    return screens


def beginnings(scene: Scene) -> Iterator[Walk]:
    """Where walks begin: both greetings, and whatever the engine itself leads to."""
    fresh = Walk(edition=scene.book.edition, step=0)
    for idle in (False, True):
        yield from (way.arrival for way in _settled(scene, fresh, Started(idle), "start"))
    events: tuple[Event, ...] = (*map(Interrupted, _SIGNALS), Wrote(), Attached())
    menu = scene.book.rules.screens["menu"]
    for age in AGES:
        walk = known(scene.book, age, menu)
        for event in events:
            yield from (way.arrival for way in _settled(scene, walk, event, "typed"))
        for node in scene.book.nodes.values():
            if node.system and isinstance(node, Ask):
                yield replace(walk, node=node.id, trail=(node.id,))


def known(book: FlowBook, age: str, node: str) -> Walk:
    """A walk of somebody who chose English and a country, at a node, for one of AGES."""
    flag = {"adult": book.rules.adult_flag, "child": min(book.rules.child_flags, default="")}
    flags = {"lang_en", "in_TH", flag.get(age, "age_unknown")}
    return Walk(
        edition=book.edition, step=0, node=node, trail=(node,), flags=frozenset(flags - {""})
    )


def age_of(book: FlowBook, walk: Walk) -> str:
    """Which of AGES a walk is."""
    if walk.flags & book.rules.child_flags:
        return "child"
    return "adult" if book.rules.adult_flag in walk.flags else "unknown"


def taps_to(
    crawled: Crawl, helps: Callable[[Way], bool], *, row: bool = True
) -> Mapping[Walk, int]:
    """For each walk the fewest taps until one of them `helps`; walks without any are missing.

    Without `row` only the answers of the trees are tapped.
    """
    before: dict[Walk, set[Walk]] = {}
    level: set[Walk] = set()
    for walk, screen in crawled.items():
        for way in screen.ways:
            if row or not way.is_row:
                before.setdefault(way.arrival, set()).add(walk)
                if helps(way):
                    level.add(walk)
    taps: dict[Walk, int] = {}
    while level:
        taps |= dict.fromkeys(level, max(taps.values(), default=0) + 1)
        level = {walk for one in level for walk in before.get(one, ())} - taps.keys()
    return taps


def taps_from(crawled: Crawl, start: Walk) -> Mapping[Walk, int]:
    """The fewest taps from one walk of the crawl to each other."""
    taps = {start: 0}
    ahead = deque(taps)
    while ahead:
        walk = ahead.popleft()
        for way in crawled[walk].ways:
            if way.arrival not in taps:
                taps[way.arrival] = taps[walk] + 1
                ahead.append(way.arrival)
    return taps


def _every_way(
    scene: Scene, deciding: Mapping[str, frozenset[str]], walk: Walk, show: Show
) -> Iterator[Way]:
    """The ways at every moment that gates near here tell apart, each once."""
    seen = set()
    for moment in _moments(scene, deciding, walk):
        for way in _ways(moment, walk, show):
            reduced = _reduced_way(scene.book, deciding, way)
            if (reduced.button, reduced.arrival, reduced.searches) not in seen:
                seen.add((reduced.button, reduced.arrival, reduced.searches))
                yield reduced


def _moments(scene: Scene, deciding: Mapping[str, frozenset[str]], walk: Walk) -> Iterator[Scene]:
    """The scene; then, of facts that exclude each other, each alone and none of them."""
    yield scene
    read = deciding.get(walk.node.partition(".")[0], frozenset())
    for group in scene.book.rules.either:
        if group <= scene.facts and group & read:
            yield replace(scene, facts=scene.facts - group)
            yield from (replace(scene, facts=scene.facts - group | {one}) for one in sorted(group))


def _ways(scene: Scene, walk: Walk, show: Show) -> Iterator[Way]:
    for option in show.choices:
        yield from _settled(scene, walk, Chose(walk.step, option.id), option.id)
    for row in show.row:
        yield from _settled(scene, walk, Went(row), f"{_ROW}{row}")
    node = scene.book.nodes[walk.node]
    if isinstance(node, Input) and node.action in TYPED:
        for outcome in node.outcomes:
            event = Returned(outcome, (_OFFER,) if outcome == "found" else ())
            yield from _settled(scene, walk, event, outcome)


def _settled(scene: Scene, walk: Walk, event: Event, button: str) -> Iterator[Way]:
    """What one event leads to, for every answer that the program may give to orders."""
    step = advance(scene, walk, event)
    order = step.asks
    if order is None:
        yield Way(button, step.walk, (), step)
        return
    for answer in _answers(
        scene, step.walk, order.chosen if not isinstance(order, Look) else None
    ):
        for way in _settled(scene, step.walk, answer, button):
            looked = (order.search,) if isinstance(order, Look) else ()
            yield Way(way.button, way.arrival, (*looked, *way.searches), way.step)


def _answers(scene: Scene, walk: Walk, chosen: str | None) -> Iterator[Event]:
    if chosen is None:
        yield from (Found(()), Found((_SERVICE,)))
        return
    if not chosen:
        yield Returned(offers=(_OFFER,))
    node = scene.book.nodes[walk.node]
    for outcome in node.outcomes if isinstance(node, Input) else ():
        yield Returned(outcome)


def _deciding(book: FlowBook) -> Mapping[str, frozenset[str]]:
    """For each tree the names that its gates and conditions read."""
    names: dict[str, set[str]] = {}
    for node in book.nodes.values():
        read = names.setdefault(node.id.partition(".")[0], set())
        if isinstance(node, Gate):
            for line in node.gate:
                read |= line.rule.flags | line.rule.counters
        elif isinstance(node, Ask | Input):
            read |= {c.removeprefix("!") for pick in node.pick for c in pick.conditions}
        elif isinstance(node, Find) and node.find.country == "home":
            read.add("home")
    return {tree: frozenset(read) for tree, read in names.items()}


def _reduced_way(book: FlowBook, deciding: Mapping[str, frozenset[str]], way: Way) -> Way:
    return Way(way.button, _reduced(book, deciding, way.arrival), way.searches, way.step)


def _reduced(book: FlowBook, deciding: Mapping[str, frozenset[str]], walk: Walk) -> Walk:
    if walk.ended:
        return altered(_BLANK, edition=walk.edition, node=walk.node, ended=True)
    read = deciding.get(walk.node.partition(".")[0], frozenset())
    flags = walk.flags & read
    for group in ("lang", "in", *({"home"} & read)):
        flags |= _one(book, group, walk)
    if age_of(book, walk) == "child":
        flags = flags - book.rules.child_flags | {min(book.rules.child_flags)}
    elif book.rules.adult_flag in walk.flags:
        flags |= {book.rules.adult_flag}
    return altered(
        _BLANK,
        edition=walk.edition,
        node=walk.node,
        flags=flags,
        counters=tuple(_told_apart(name for name, _ in walk.counters if name in read)),
        trail=(walk.node,),
        returning=walk.returning if walk.node in book.once(_questions) else "",
        results=walk.results[:1] if isinstance(book.nodes[walk.node], Find) else (),
        offers=walk.offers[:1],
    )


def _told_apart(counters: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What has counted, twice at most, whichever screens it was answered on."""
    for name, number in sorted(Counter(counters).items()):
        yield from ((name, str(one)) for one in range(min(number, 2)))


def _questions(book: FlowBook) -> frozenset[str]:
    """The screens whose answer leads back to what asked for it; elsewhere nothing waits for it."""
    return frozenset(book.rules.screens[name] for name in ("start", "country", "home"))


def _one(book: FlowBook, group: str, walk: Walk) -> frozenset[str]:
    """The first flag of a group, whatever its value, where one is set."""
    flags = book.rules.groups.get(group, frozenset())
    return frozenset({min(flags)}) if walk.flags & flags else frozenset()
