"""advance(): take one event and go on until the person, or the program, has to answer."""

from dataclasses import dataclass, replace
from typing import assert_never

from flows.actions import TYPED, Action
from flows.book import FlowBook
from flows.gates import Known
from flows.nodes import Ask, End, Find, Gate, Input, Node, Pick, Search, Tell
from flows.screens import draw, offered
from flows.talk import (
    MORE,
    NEXT,
    Act,
    Attached,
    Chose,
    Count,
    Effect,
    Event,
    Found,
    Interrupted,
    Look,
    Returned,
    Row,
    Show,
    Started,
    Step,
    Went,
    Wrote,
)
from flows.walk import MAX_TRAIL, Frame, Offer, Walk

MAX_STEPS = 50  # nodes passed between two waits; more means the trees run in a circle
RESUME = "resume"


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


def advance(scene: Scene, walk: Walk, event: Event) -> Step:
    """Take one event and go on until something must be answered.

    Pure: nothing is sent, stored or looked up. Every screen gets a new number, so that a button
    of an older one is recognised and only brings the present screen back.
    """
    match event:
        case Started(idle=idle):
            return _go(scene, walk, scene.book.rules.screens["idle" if idle else "start"])
        case Chose():
            return _choose(scene, walk, event)
        case Went(where=where):
            return _row(scene, walk, where)
        case Interrupted(signal="cover"):
            return _go(scene, walk, "rx.cover")
        case Interrupted(signal=signal):
            return _interrupt(scene, walk, f"rx.{signal}")
        case Wrote():
            return _aside(scene, walk, "typed")
        case Attached():
            return _aside(scene, walk, "attachment")
        case Found(services=services):
            return _found(scene, walk, services)
        case Returned():
            return _returned(scene, walk, event)
        case _:
            assert_never(event)


def present(scene: Scene, walk: Walk) -> Show:
    """The screen she has before her now."""
    node = scene.book.nodes[walk.node]
    return draw(scene.book, walk, node, facts=scene.facts, platform=scene.platform)


def _choose(scene: Scene, walk: Walk, event: Chose) -> Step:
    """An answer of the present screen; anything else shows that screen again."""
    node = scene.book.nodes.get(walk.node)
    if node is None:  # a screen of an older edition
        return _row(scene, walk, "menu")
    if event.step != walk.step:
        return _again(scene, walk)
    if event.option == MORE:
        return _show(scene, replace(walk, page=walk.page + 1))
    if event.option == NEXT:
        return _next(scene, walk, node)
    offers = {offer.id for offer in walk.offers}
    if isinstance(node, Input) and node.action and event.option in offers:
        return Step(walk, (Act(node.action, event.option, answers=True),))
    picks = dict(offered(scene.book, walk, node, scene.facts))
    if pick := picks.get(event.option):
        return _take(scene, walk, pick)
    return _again(scene, walk)


def _take(scene: Scene, walk: Walk, pick: Pick) -> Step:
    walk = _with_flags(scene.book, walk, pick.flags)
    if pick.target == RESUME:
        return _resume(scene, walk)
    if walk.returning and _answers_the_question(scene.book, walk.node):
        return _return(scene, walk)
    return _go(scene, walk, pick.target)


def _return(scene: Scene, walk: Walk) -> Step:
    """Back to what asked for a country or a language; a search must know that it has asked."""
    target = walk.returning
    is_language = walk.node == scene.book.rules.screens["start"]
    asked = target if isinstance(scene.book.nodes[target], Find) and not is_language else ""
    return _go(scene, replace(walk, returning=asked, trail=walk.trail[:-1]), target)


def _next(scene: Scene, walk: Walk, node: Node) -> Step:
    match node:
        case Tell(next=target):
            return _go(scene, walk, target)
        case Find(hit=hit):
            return _go(scene, walk, hit or scene.book.rules.screens["hit"])
        case Ask() | Gate() | Input() | End():
            return _again(scene, walk)
        case _:
            assert_never(node)


def _row(scene: Scene, walk: Walk, where: Row) -> Step:
    screens = scene.book.rules.screens
    if where == "leave":
        return _go(scene, walk, screens["leave"])
    if not walk.locale:  # nothing but the greeting can be read before a language is chosen
        listening = _with_flags(scene.book, walk, ("listening",)) if where == "listen" else walk
        return _go(scene, listening, screens["start"], listens=where == "listen")
    match where:
        case "back":
            return _back(scene, walk)
        case "menu" | "numbers" | "help" | "erase":
            return _go(scene, replace(walk, returning="", frame=None), screens[where])
        case "listen":
            return _show(scene, _with_flags(scene.book, walk, ("listening",)), listens=True)
        case "language":
            returning = walk.returning or walk.node
            returning = "" if walk.node == screens["start"] else returning
            return _go(scene, replace(walk, returning=returning), screens["start"])
        case _:
            assert_never(where)


def _back(scene: Scene, walk: Walk) -> Step:
    if len(walk.trail) < 2:
        return _again(scene, walk)
    return _go(scene, replace(walk, trail=walk.trail[:-2], returning=""), walk.trail[-2])


def _interrupt(scene: Scene, walk: Walk, target: str) -> Step:
    """Ask whether the typed words meant what they sounded like, keeping the way back."""
    step = _aside_to(scene, walk, target)
    return Step(step.walk, (Count("interrupt", target), *step.effects))


def _aside(scene: Scene, walk: Walk, screen: str) -> Step:
    if not walk.locale:
        return _go(scene, walk, scene.book.rules.screens["start"])
    return _aside_to(scene, walk, scene.book.rules.screens[screen])


def _aside_to(scene: Scene, walk: Walk, target: str) -> Step:
    if scene.book.nodes[walk.node].system and walk.frame:
        frame = walk.frame  # an interrupt within an interrupt: the first place is the one to keep
    else:
        frame = Frame(node=walk.node, trail=walk.trail, returning=walk.returning)
    return _go(scene, replace(walk, frame=frame, returning=""), target)


def _resume(scene: Scene, walk: Walk) -> Step:
    frame = walk.frame
    if frame is None:
        return _go(scene, walk, scene.book.rules.screens["menu"])
    trail = frame.trail[:-1]
    walk = replace(walk, frame=None, trail=trail, returning=frame.returning)
    return _go(scene, walk, frame.node)


def _found(scene: Scene, walk: Walk, services: tuple[str, ...]) -> Step:
    node = scene.book.nodes[walk.node]
    if services or not isinstance(node, Find):
        return _show(scene, replace(walk, results=services, page=0, trail=_longer(walk)))
    if walk.wider and walk.wider < len(node.find.widen):
        return _search(scene, walk, node)
    miss = node.miss or scene.book.rules.screens["miss"]
    step = _go(scene, walk, miss, before=node if node.also_on_miss else None)
    return Step(step.walk, (Count("gap", node.id), *step.effects))


def _returned(scene: Scene, walk: Walk, event: Returned) -> Step:
    node = scene.book.nodes[walk.node]
    walk = replace(
        walk,
        offers=event.offers,
        page=0,
        place=event.place or walk.place,
        service=event.service or walk.service,
    )
    walk = _with_flags(scene.book, walk, event.flags)
    if isinstance(node, Input) and event.outcome in node.outcomes:
        offers = event.offers if event.outcome == "found" else ()
        return _go(scene, walk, node.outcomes[event.outcome], offers=offers)
    return _show(scene, walk if node.id in walk.trail[-1:] else replace(walk, trail=_longer(walk)))


def _again(scene: Scene, walk: Walk) -> Step:
    return _show(scene, walk)


def _show(scene: Scene, walk: Walk, *, listens: bool = False, before: Node | None = None) -> Step:
    walk = replace(walk, step=walk.step + 1)
    screen = present(scene, walk)
    if before is not None:
        advice = draw(scene.book, walk, before, facts=scene.facts, platform=scene.platform)
        screen = replace(screen, texts=(*advice.texts, *screen.texts))
    return Step(walk, (replace(screen, listens=listens),))


def _go(  # noqa: PLR0913 - keyword-only, each is a way to arrive
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
    walk = replace(walk, offers=offers, page=0)
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
        walk = _forgotten(walk, node)
    raise RunsInCircle(walk.node)


def _wait(scene: Scene, walk: Walk, node: Node, *, listens: bool, before: Node | None) -> Step:
    match node:
        case Find():
            return _search(scene, walk, node)
        case Input() if node.action and node.action not in TYPED and not walk.offers:
            return Step(walk, (Act(node.action, answers=True),))
        case End() | Ask() | Tell() | Input():
            walk = replace(walk, trail=_longer(walk))
            step = _show(scene, walk, listens=listens, before=before)
            return _with_action(step, node)
        case _:
            raise RunsInCircle(node.id)


def _with_action(step: Step, node: Node) -> Step:
    """Actions done on arrival; the two that forget her end the walk."""
    if node.action is None or isinstance(node, Input):
        return step
    acts: tuple[Effect, ...] = (Act(node.action),)
    walk = step.walk
    if node.action in (Action.QUICK_EXIT, Action.FORGET_SESSION):
        walk = replace(walk, ended=True)
        acts = (Count("exit", node.id), *acts)
    return Step(walk, (*step.effects, *acts))


def _search(scene: Scene, walk: Walk, node: Find) -> Step:
    """Ask for the country once where it is not known, else order the search."""
    group, question = ("home", "home") if node.find.country == "home" else ("in", "country")
    if not walk.value_of(group) and walk.returning != node.id:
        walk = replace(walk, returning=node.id)
        return _go(scene, walk, scene.book.rules.screens[question])
    walk = replace(walk, returning="")
    search, wider = _widened(scene.book, walk, node)
    walk = replace(walk, found_at=walk.found_at if wider else node.id, wider=wider)
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
    tree = target.partition(".")[0]
    if walk.flags & rules.child_flags and target not in rules.child_redirect.values():
        target = rules.child_redirect.get(tree, target)
    elif rules.adult_flag in walk.flags:
        target = rules.adult_redirect.get(tree, target)
    if target in book.unready.get(walk.locale, ()):
        return rules.screens["not_ready"]
    return target


def _arrived(book: FlowBook, walk: Walk, node: Node) -> Walk:
    return _with_flags(book, replace(walk, node=node.id), node.set)


def _through(scene: Scene, walk: Walk, node: Gate) -> str:
    known = Known(walk.flags | scene.facts, dict(walk.counters))
    return next(line.next for line in node.gate if line.rule.holds(known))


def _forgotten(walk: Walk, node: Node) -> Walk:
    counters = tuple(pair for pair in walk.counters if pair[0] not in node.forget)
    return replace(walk, counters=counters, flags=walk.flags - frozenset(node.forget))


def _with_flags(book: FlowBook, walk: Walk, names: tuple[str, ...]) -> Walk:
    """Set flags: one of a group replaces the others; counters count."""
    flags, counters = walk.flags, dict(walk.counters)
    for name in names:
        if name in book.rules.counters:
            counters[name] = counters.get(name, 0) + 1
        else:
            flags = (flags - book.rules.group_of(name)) | {name}
    return replace(walk, flags=flags, counters=tuple(sorted(counters.items())))


def _answers_the_question(book: FlowBook, node_id: str) -> bool:
    return node_id in (book.rules.screens[s] for s in ("start", "country", "home"))


def _longer(walk: Walk) -> tuple[str, ...]:
    if walk.trail[-1:] == (walk.node,):
        return walk.trail
    return (*walk.trail, walk.node)[-MAX_TRAIL:]
