"""advance(): take one event and go on until the person, or the program, has to answer."""

from dataclasses import replace
from typing import assert_never

from flows.actions import TICKED
from flows.arrive import MAX_SCREENS, Scene, go, longer, present, search, show, with_flags
from flows.book import FlowBook
from flows.nodes import Ask, End, Find, Gate, Input, Node, Pick, Tell
from flows.screens import offered
from flows.talk import (
    MORE,
    NEXT,
    Act,
    Attached,
    Chose,
    Count,
    Event,
    Found,
    Interrupted,
    Returned,
    Row,
    Started,
    Step,
    Went,
    Wrote,
)
from flows.walk import Frame, Walk, altered

RESUME = "resume"


def advance(scene: Scene, walk: Walk, event: Event) -> Step:
    """Take one event and go on until something must be answered.

    Pure: nothing is sent, stored or looked up. Every screen gets a new number, so that a button
    of an older one is recognised and only brings the present screen back. A conversation that has
    had MAX_SCREENS ends as if she had left.
    """
    if walk.screens >= MAX_SCREENS and not isinstance(event, Found | Returned):
        return go(scene, walk, scene.book.rules.screens["leave"])
    return _answered(scene, walk, event)


def _answered(scene: Scene, walk: Walk, event: Event) -> Step:
    match event:
        case Started(idle=idle):
            fresh = Walk(edition=scene.book.edition, step=walk.step, screens=walk.screens)
            return go(scene, fresh, scene.book.rules.screens["idle" if idle else "start"])
        case Chose():
            return _choose(scene, walk, event)
        case Went(where=where):
            return _row(scene, walk, where)
        case Interrupted(signal="cover"):
            return go(scene, walk, "rx.cover")
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


def rebased(book: FlowBook, walk: Walk) -> Walk:
    """The walk in this edition: what an older one had and this one has not is left behind.

    A person whose own screen is gone finds herself at the menu, and one whose screen has lost its
    words in her language at the helplines. Buttons of an older edition only bring her screen back.
    No interrupt leads back to a screen that is not to be shown.
    """
    if not walk.node:
        return walk
    unready = book.unready.get(walk.locale, frozenset())
    if walk.frame and walk.frame.node in unready:
        walk = altered(walk, frame=None)
    if walk.node in unready:
        walk = altered(walk, node=book.rules.screens["not_ready"], step=walk.step + 1, results=())
    if walk.edition == book.edition:
        return walk
    known = book.nodes.keys()
    frame = walk.frame if walk.frame and {walk.frame.node, *walk.frame.trail} <= known else None
    return replace(
        walk,
        edition=book.edition,
        step=walk.step + 1,
        node=walk.node if walk.node in known else book.rules.screens["menu"],
        trail=tuple(node for node in walk.trail if node in known),
        returning=walk.returning if walk.returning in known else "",
        found_at=walk.found_at if walk.found_at in known else "",
        frame=frame,
    )


def once_only(book: FlowBook, walk: Walk, target: str) -> str:
    """Where a way back leads: on a phone that others use too, results are not shown again."""
    if walk.shares_phone and isinstance(book.nodes.get(target), Find):
        return book.rules.screens["menu"]
    return target


def _choose(scene: Scene, walk: Walk, event: Chose) -> Step:
    """An answer of the present screen; anything else shows that screen again."""
    node = scene.book.nodes.get(walk.node)
    if node is None:  # a screen of an older edition
        return _row(scene, walk, "menu")
    if event.step != walk.step or _lacks_results(scene.book, walk):
        return _again(scene, walk)
    if event.option in (MORE, NEXT) and not _is_offered(scene, walk, event.option):
        return _again(scene, walk)
    if event.option == MORE:
        return show(scene, altered(walk, page=walk.page + 1))
    if event.option == NEXT:
        return _next(scene, walk, node)
    offers = {offer.id for offer in walk.offers}
    if isinstance(node, Input) and node.action and event.option in offers:
        return Step(walk, (Act(node.action, event.option, answers=True),))
    picks = dict(offered(scene.book, walk, node, scene.facts))
    if pick := picks.get(event.option):
        return _take(scene, walk, pick)
    return _again(scene, walk)


def _is_offered(scene: Scene, walk: Walk, option: str) -> bool:
    """Whether the present screen has it: nobody turns a page or goes on where there is no way."""
    return any(one.id == option for one in present(scene, walk).choices)


def _take(scene: Scene, walk: Walk, pick: Pick) -> Step:
    walk = with_flags(scene.book, _unanswered(walk), pick.flags)
    if pick.target == RESUME:
        return _resume(scene, walk)
    if walk.returning and _answers_the_question(scene.book, walk.node):
        return _return(scene, walk)
    if walk.frame and scene.book.nodes[walk.node].system:
        walk = altered(walk, frame=None)  # she took another way than back
    return go(scene, walk, pick.target)


def _unanswered(walk: Walk) -> Walk:
    """The walk without what an earlier answer on this screen has counted."""
    if not walk.counters:
        return walk
    return altered(walk, counters=tuple(one for one in walk.counters if one[1] != walk.node))


def _return(scene: Scene, walk: Walk) -> Step:
    """Back to what asked for a country or a language; a search must know that it has asked."""
    target = walk.returning
    is_language = walk.node == scene.book.rules.screens["start"]
    asked = target if isinstance(scene.book.nodes[target], Find) and not is_language else ""
    if is_language:
        walk = _as_wide(scene.book, walk, target)
        target = once_only(scene.book, walk, target)
    return go(scene, altered(walk, returning=asked, trail=walk.trail[:-1]), target)


def _next(scene: Scene, walk: Walk, node: Node) -> Step:
    match node:
        case Tell(next=target):
            return go(scene, walk, target)
        case Find(hit=hit):
            return go(scene, walk, hit or scene.book.rules.screens["hit"])
        case Input(action=action, outcomes=outcomes) if action in TICKED:
            return go(scene, walk, outcomes["done"])
        case Ask() | Gate() | Input() | End():
            return _again(scene, walk)
        case _:
            assert_never(node)


def _row(scene: Scene, walk: Walk, where: Row) -> Step:
    screens = scene.book.rules.screens
    if where == "leave":
        return go(scene, walk, screens["leave"])
    if not walk.locale:  # nothing but the greeting can be read before a language is chosen
        listening = with_flags(scene.book, walk, ("listening",)) if where == "listen" else walk
        return go(scene, listening, screens["start"], listens=where == "listen")
    match where:
        case "back":
            return _back(scene, walk)
        case "menu" | "numbers" | "help" | "erase":
            return go(scene, altered(walk, returning="", frame=None), screens[where])
        case "listen":
            return _again(scene, with_flags(scene.book, walk, ("listening",)), listens=True)
        case "language":
            returning = walk.returning or walk.node
            returning = "" if walk.node == screens["start"] else returning
            return go(scene, altered(walk, returning=returning), screens["start"])
        case _:
            assert_never(where)


def _back(scene: Scene, walk: Walk) -> Step:
    if len(walk.trail) < 2:
        return _again(scene, walk)
    walk = altered(_as_wide(scene.book, walk, walk.trail[-2]), returning="", frame=None)
    target = once_only(scene.book, walk, walk.trail[-2])
    step = go(scene, altered(walk, trail=walk.trail[:-2]), target)
    return _only_seen(step) if step.walk.node == target else step


def _only_seen(step: Step) -> Step:
    """A screen she comes back to: what is done on arrival was done when she first came."""
    kept = (one for one in step.effects if not isinstance(one, Act) or one.answers)
    return Step(step.walk, tuple(kept))


def _as_wide(book: FlowBook, walk: Walk, target: str) -> Walk:
    """Before a screen is shown once more: what it widened then is not widened a second time."""
    node = book.nodes[target]
    if isinstance(node, Find) and node.find.repeat == "last" and walk.wider:
        return altered(walk, wider=walk.wider - 1)
    return walk


def _interrupt(scene: Scene, walk: Walk, target: str) -> Step:
    """Ask whether the typed words meant what they sounded like, keeping the way back."""
    step = _aside_to(scene, walk, target)
    return Step(step.walk, (Count("interrupt", target), *step.effects))


def _aside(scene: Scene, walk: Walk, screen: str) -> Step:
    if not walk.locale:
        return go(scene, walk, scene.book.rules.screens["start"])
    return _aside_to(scene, walk, scene.book.rules.screens[screen])


def _aside_to(scene: Scene, walk: Walk, target: str) -> Step:
    if scene.book.nodes[walk.node].system and walk.frame:
        frame = walk.frame  # an interrupt within an interrupt: the first place is the one to keep
    else:
        frame = Frame(
            node=walk.node,
            trail=walk.trail,
            returning=walk.returning,
            page=walk.page,
            offers=walk.offers,
        )
    return go(scene, altered(walk, frame=frame, returning=""), target)


def _resume(scene: Scene, walk: Walk) -> Step:
    frame = walk.frame
    if frame is None:
        return go(scene, walk, scene.book.rules.screens["menu"])
    back = altered(walk, frame=None, returning=frame.returning)
    if once_only(scene.book, walk, frame.node) != frame.node:
        return go(scene, altered(back, trail=frame.trail[:-1]), scene.book.rules.screens["menu"])
    here = altered(back, node=frame.node, trail=frame.trail, page=frame.page, offers=frame.offers)
    return _again(scene, here)


def _found(scene: Scene, walk: Walk, services: tuple[str, ...]) -> Step:
    node = scene.book.nodes[walk.node]
    if services or not isinstance(node, Find):
        return show(scene, altered(walk, results=services, page=0, trail=longer(walk)))
    if walk.wider and walk.wider < len(node.find.widen):
        return search(scene, walk, node)
    miss = node.miss or scene.book.rules.screens["miss"]
    step = go(scene, walk, miss, before=node if node.also_on_miss else None)
    return Step(step.walk, (Count("gap", node.id), *step.effects))


def _returned(scene: Scene, walk: Walk, event: Returned) -> Step:
    node = scene.book.nodes[walk.node]
    walk = with_flags(scene.book, walk, event.flags)
    walk = replace(
        walk,
        offers=event.offers,
        page=event.page,
        place=event.place or walk.place,
        service=event.service or walk.service,
    )
    if isinstance(node, Input) and event.outcome in node.outcomes:
        offers = event.offers if event.outcome == "found" else ()
        return go(scene, walk, node.outcomes[event.outcome], offers=offers)
    return show(scene, walk if node.id in walk.trail[-1:] else altered(walk, trail=longer(walk)))


def _again(scene: Scene, walk: Walk, *, listens: bool = False) -> Step:
    """The present screen; a search whose results may not be shown any more is made anew."""
    if _lacks_results(scene.book, walk):
        return go(scene, _as_wide(scene.book, walk, walk.node), walk.node, listens=listens)
    return show(scene, walk, listens=listens)


def _lacks_results(book: FlowBook, walk: Walk) -> bool:
    return not walk.results and isinstance(book.nodes[walk.node], Find)


def _answers_the_question(book: FlowBook, node_id: str) -> bool:
    return node_id in (book.rules.screens[s] for s in ("start", "country", "home"))
