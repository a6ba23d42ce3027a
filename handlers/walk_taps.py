"""Taps of a walk that is tried: what each is on a screen, by what it leads to.

They hold when answers change their order, and either their words or what they lead to:
`to:NODE+FLAGS~ENGLISH` an answer with a digest of its English, `offer:ID` one of a list, `more`,
`next`, `row:back`, `sign:danger`, `typed`, `sent`, `place:ID,ID` a typed place, `fails` a typed
code. No tap holds typed words.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Final, get_args

from flows.actions import TYPED, Action
from flows.arrive import Scene, present
from flows.nodes import Pick
from flows.screens import offered
from flows.talk import (
    MORE,
    NEXT,
    Attached,
    Chose,
    Event,
    Interrupted,
    Returned,
    Row,
    Signal,
    Went,
    Wrote,
)
from flows.walk import Offer, Walk
from handlers import effects
from handlers.desk import Desk
from handlers.shortcuts import meaning

_ROW: Final[dict[str, Row]] = {one: one for one in get_args(Row)}
_SIGNS: Final[dict[str, Signal]] = {one: one for one in get_args(Signal)}


def tap_of(scene: Scene, walk: Walk, option: str) -> str:
    """The tap on an answer of the screen, by its number or the id of what is offered."""
    if option in (MORE, NEXT):
        return option
    node = scene.book.nodes[walk.node]
    pick = dict(offered(scene.book, walk, node, scene.facts)).get(option)
    if pick is None or option in {offer.id for offer in walk.offers}:
        return f"offer:{option}"
    return f"to:{_named(pick)}"


def tap_of_words(desk: Desk, scene: Scene, walk: Walk, words: str) -> str:
    """The tap that typed words mean here; the words themselves go no further."""
    event = meaning(desk, scene, walk, words) or effects.typed(desk, walk, words)
    match event:
        case Chose(option=option):
            return tap_of(scene, walk, option)
        case Went(where=where):
            return f"row:{where}"
        case Interrupted(signal=signal):
            return f"sign:{signal}"
        case Returned(outcome="fails"):
            return "fails"
        case Returned(offers=offers):
            return f"place:{','.join(offer.id for offer in offers)}"
        case _:
            return "typed"


def event_of(desk: Desk, scene: Scene, walk: Walk, tap: str) -> Event | None:
    """What a tap is on this screen; None where there is nothing to tap."""
    kind, _, rest = tap.partition(":")
    match kind:
        case "to":
            option = _option(scene, walk, rest)
            return Chose(walk.step, option) if option else None
        case "offer" | "more" | "next":
            wanted = rest or kind
            there = {one.id for one in present(scene, walk).choices}
            return Chose(walk.step, wanted) if wanted in there else None
        case "row":
            return Went(_ROW[rest]) if rest in _ROW else None
        case "sign":
            return Interrupted(_SIGNS[rest]) if rest in _SIGNS else None
        case "typed":
            return Wrote()
        case "sent":
            return Attached()
        case "place" | "fails":
            return _answer_typed(desk, scene, walk, tap)
        case _:
            return None


def _option(scene: Scene, walk: Walk, wanted: str) -> str:
    """The very answer; else the one with its words, with its target and flags, with its target."""
    target, label = wanted.partition("+")[0], wanted.partition("~")[2]
    node = scene.book.nodes[walk.node]
    picks = list(offered(scene.book, walk, node, scene.facts))
    found = (
        *(number for number, pick in picks if _named(pick) == wanted),
        *(number for number, pick in picks if _named(pick).endswith(f"~{label or '-'}")),
        *(n for n, pick in picks if _named(pick).startswith(f"{wanted.partition('~')[0]}~")),
        *(number for number, pick in picks if pick.target == target),
    )
    return found[0] if found else ""


def _named(pick: Pick) -> str:
    """An answer by its target, its flags and its words."""
    words = sha256(pick.label.encode()).hexdigest()[:8]
    return f"{pick.target}+{','.join(pick.flags)}~{words}"


def _answer_typed(desk: Desk, scene: Scene, walk: Walk, tap: str) -> Event | None:
    """What was typed on a screen that waits for it, as it was understood then."""
    kind, _, rest = tap.partition(":")
    action = scene.book.nodes[walk.node].action
    if action not in TYPED or (kind == "place") is not (action is Action.FREE_TEXT_PLACE):
        return None
    if kind == "fails":
        return Returned("fails")
    offers = tuple(_places(desk, walk, rest.split(",")))
    return Returned("found", offers) if offers else Returned("none")


def _places(desk: Desk, walk: Walk, ids: list[str]) -> Iterator[Offer]:
    for one in ids:
        if place := desk.places.get(one):
            around = desk.places.get(place.admin1 or "")
            units = dict.fromkeys(
                desk.places.name(unit, walk.locale) for unit in (place, around) if unit
            )
            yield Offer(one, ", ".join(units))
