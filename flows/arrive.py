"""Arriving at a node: where she is really led, through gates, to a screen or a search."""

from collections import Counter
from dataclasses import dataclass, replace

from flows.actions import LEAVING, TYPED
from flows.book import FlowBook
from flows.gates import Known
from flows.nodes import Ask, End, Find, Gate, Input, Node, Search, Tell
from flows.screens import draw
from flows.talk import Act, Count, Effect, Look, Show, Step
from flows.walk import MAX_TRAIL, Offer, Walk, altered

MAX_STEPS = 50  # nodes passed between two waits; more means the trees run in a circle
MAX_SCREENS = 500  # of one conversation; nobody reads so many in its hour, a program does (R71)


class RunsInCircle(Exception):
    """The trees lead on without ever asking; `saphan flows check` names the circle."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What the engine knows besides the walk: the edition, the facts of the moment, the platform.

    Facts are named in rules.yaml (`on_duty`, `private`).
    """

    book: FlowBook
    facts: frozenset[str] = frozenset()
    platform: str = "web"


def present(scene: Scene, walk: Walk) -> Show:
    """The screen she has before her now."""
    node = scene.book.nodes[walk.node]
    return draw(scene.book, walk, node, facts=scene.facts, platform=scene.platform)


def show(scene: Scene, walk: Walk, *, listens: bool = False, before: Node | None = None) -> Step:
    """The present node as a screen with a new number; `before` is advice to be read above it."""
    walk = altered(walk, step=walk.step + 1, screens=walk.screens + 1)
    screen = present(scene, walk)
    if screen.services:
        walk = altered(walk, shown=screen.services)
    if before is not None:
        advice = draw(scene.book, walk, before, facts=scene.facts, platform=scene.platform)
        screen = replace(screen, texts=(*advice.texts, *screen.texts))
    return Step(walk, (replace(screen, listens=True) if listens else screen,))


def go(  # noqa: PLR0913 - keyword-only, each is a way to arrive
    scene: Scene,
    walk: Walk,
    target: str,
    *,
    offers: tuple[Offer, ...] = (),
    listens: bool = False,
    before: Node | None = None,
) -> Step:
    """Arrive at a node and pass on through gates until one waits."""
    book = scene.book
    counts: list[Effect] = []
    walk = altered(walk, offers=offers, page=0)
    for _ in range(MAX_STEPS):
        node = book.nodes[_led(book, walk, target)]
        walk = _arrived(book, walk, node)
        counts.append(Count("node", node.id))
        if node.gap:
            counts.append(Count("gap", node.id))
        if not isinstance(node, Gate):
            step = _wait(scene, walk, node, listens=listens, before=before)
            return Step(step.walk, (*counts, *step.effects))
        target = _through(scene, walk, node)
        walk = _forgotten(book, walk, node) if node.forget else walk
    raise RunsInCircle(walk.node)


def _wait(scene: Scene, walk: Walk, node: Node, *, listens: bool, before: Node | None) -> Step:
    match node:
        case Find():
            return search(scene, walk, node)
        case Input() if node.action and node.action not in TYPED and not walk.offers:
            return Step(walk, (Act(node.action, answers=True),))
        case End() | Ask() | Tell() | Input():
            before = before or _who_reads(scene, walk, node)
            walk = altered(walk, trail=longer(walk))
            step = show(scene, walk, listens=listens, before=before)
            return _with_action(step, node)
        case _:
            raise RunsInCircle(node.id)


def _who_reads(scene: Scene, walk: Walk, node: Node) -> Node | None:
    """What is said again before she types something on a screen for the first time (R37)."""
    book = scene.book
    told = book.rules.screens.get("private", "")
    if node.action not in TYPED or node.id in walk.trail:
        return None
    return None if told in book.unready.get(walk.locale, ()) else book.nodes.get(told)


def _with_action(step: Step, node: Node) -> Step:
    """Actions done on arrival; those that forget her end the walk."""
    if node.action is None or isinstance(node, Input):
        return step
    acts: tuple[Effect, ...] = (Act(node.action),)
    walk = step.walk
    if node.action in LEAVING:
        walk = altered(walk, ended=True)
        acts = (Count("exit", node.id), *acts)
    return Step(walk, (*step.effects, *acts))


def search(scene: Scene, walk: Walk, node: Find) -> Step:
    """Ask for the country once where it is not known, else order the search."""
    group, question = ("home", "home") if node.find.country == "home" else ("in", "country")
    if not walk.value_of(group) and walk.returning != node.id:
        walk = altered(walk, returning=node.id)
        return go(scene, walk, scene.book.rules.screens[question])
    walk = altered(walk, returning="")
    search, wider = _widened(scene.book, walk, node)
    walk = altered(walk, found_at=walk.found_at if wider else node.id, wider=wider)
    return Step(walk, (Look(search, wider),))


def _widened(book: FlowBook, walk: Walk, node: Find) -> tuple[Search, int]:
    """A search of its own, or the last one a step wider (decisions 18)."""
    last = book.nodes.get(walk.found_at)
    if node.find.repeat != "last" or not isinstance(last, Find):
        return node.find, 0
    return last.find, min(walk.wider + 1, len(node.find.widen))


def _led(book: FlowBook, walk: Walk, target: str) -> str:
    """Where she is really led: children and adults apart, and never to an unwritten screen."""
    rules = book.rules
    if target == rules.screens["leave"]:
        return target  # nothing stands in the way of leaving
    tree = target.partition(".")[0]
    if walk.flags & rules.child_flags and target not in rules.child_redirect.values():
        target = rules.child_redirect.get(tree, target)
    elif rules.adult_flag in walk.flags:
        target = rules.adult_redirect.get(tree, target)
    unready = book.unready.get(walk.locale, frozenset())
    if target in unready:
        other = book.nodes[target].instead
        return other if other and other not in unready else rules.screens["not_ready"]
    return target


def _arrived(book: FlowBook, walk: Walk, node: Node) -> Walk:
    return with_flags(book, altered(walk, node=node.id), node.set)


def _through(scene: Scene, walk: Walk, node: Gate) -> str:
    known = Known(walk.flags | scene.facts, Counter(name for name, _ in walk.counters))
    return next(line.next for line in node.gate if line.rule.holds(known))


def _forgotten(book: FlowBook, walk: Walk, node: Gate) -> Walk:
    """No way back leads into the questions: a single answer would count without the others."""
    counters = tuple(one for one in walk.counters if one[0] not in node.forget)
    trail = tuple(one for one in walk.trail if not _sets(book.nodes[one], node.forget))
    flags = walk.flags - frozenset(node.forget)
    return altered(walk, counters=counters, trail=trail, flags=flags)


def _sets(node: Node, names: tuple[str, ...]) -> bool:
    return isinstance(node, Ask) and any(not set(names).isdisjoint(p.flags) for p in node.pick)


def with_flags(book: FlowBook, walk: Walk, names: tuple[str, ...]) -> Walk:
    """Set flags: one of a group replaces the others; counters count, once for each screen."""
    if not names:
        return walk
    flags, counters = walk.flags, set(walk.counters)
    for name in names:
        if name in book.rules.counters:
            counters.add((name, walk.node))
        else:
            flags = (flags - book.rules.group_of(name)) | {name}
    known = altered(walk, flags=flags, counters=tuple(sorted(counters)))
    if known.value_of("in") != walk.value_of("in"):
        return altered(known, place="")  # a place belongs to its country
    return known


def longer(walk: Walk) -> tuple[str, ...]:
    """The trail with the present node at its end, bounded."""
    if walk.trail[-1:] == (walk.node,):
        return walk.trail
    return (*walk.trail, walk.node)[-MAX_TRAIL:]
