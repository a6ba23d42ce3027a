"""From the fields of a node's form to the mapping that a tree file holds, with what is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from console.node_fields import FIND_LISTS, LISTS, TICKS, Filled, PickRow
from flows.gates import GateFaulty, read_rule
from flows.nodes import Pick, read_pick

ORDER: Final = (
    *("say", "phrases", "pick", "action", "outcomes", "find", "hit", "miss", "gate", "forget"),
    *("country_text", "platform_text", "next", "end", "set", "src", "also_on_miss", "note"),
    *("sign_off", "system", "neutral", "consents", "gap", "instead"),
)
"""Every key of a node, in the order in which new ones are written."""
_OF_KIND: Final[Mapping[str, frozenset[str]]] = {
    "next": frozenset({"Tell"}),
    "hit": frozenset({"Find"}),
    "miss": frozenset({"Find"}),
    "also_on_miss": frozenset({"Find"}),
    "forget": frozenset({"Gate"}),
    "pick": frozenset({"Ask", "Input"}),
}
_URGENCY: Final = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something wrong at a field: `field` is its name in the form, `phrase` a staff phrase."""

    field: str
    phrase: str
    fields: Mapping[str, str]


def fault(field: str, phrase: str, **fields: str) -> Fault:
    """A fault; `phrase` without its beginning."""
    return Fault(field=field, phrase=f"fault.{phrase}", fields=fields)


def body_of(filled: Filled, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The node's mapping; keys stand where they stood `before`, new ones in our order.

    Keys that another kind of node has are left out.
    """
    found = {name: value for name, value in _keys(filled, before or {}) if value not in ("", [])}
    kept = {name: found[name] for name in before or {} if name in found}
    return kept | {name: found[name] for name in ORDER if name in found}


def faults_of(filled: Filled) -> Iterator[Fault]:
    """What cannot be written into a tree at all; the checks of flows/ say the rest."""
    if filled.kind == "Tell" and not filled.texts["next"]:
        yield fault("next", "no_target")
    for at, row in enumerate(filled.picks if filled.kind in ("Ask", "Input") else ()):
        yield from _of_pick(at, row)
    if filled.kind == "Ask" and not filled.picks:
        yield fault("picks", "no_answers")
    if filled.kind == "Gate":
        yield from _of_gate(filled)
    if filled.kind == "Input":
        if not filled.texts["action"]:
            yield fault("action", "no_action")
        for at, (_, target) in enumerate(filled.outcomes):
            if not target:
                yield fault(f"outcome.{at}", "no_target")


def _of_pick(at: int, row: PickRow) -> Iterator[Fault]:
    if not row.label:
        yield fault(f"pick.{at}", "no_label")
    elif not row.target:
        yield fault(f"pick.{at}", "no_target")
    elif not _reads_back(row):
        yield fault(f"pick.{at}", "pick_form")


def _reads_back(row: PickRow) -> bool:
    """Whether it is read as it was typed: an icon without letters, a target in one word."""
    try:
        pick = Pick.model_validate(read_pick(row.line))
    except ValueError:
        return False
    names = (*row.shown_if.split(), *(f"!{name}" for name in row.hidden_if.split()))
    wanted = (row.icon, row.label, row.target, tuple(row.flags.split()), names)
    return (pick.icon, pick.label, pick.target, pick.flags, pick.conditions) == wanted


def _of_gate(filled: Filled) -> Iterator[Fault]:
    if not filled.gates:
        yield fault("gates", "no_rules")
    for at, (rule, target) in enumerate(filled.gates):
        try:
            read_rule(rule)
        except GateFaulty:
            yield fault(f"gate.{at}", "rule_form")
        else:
            if not target:
                yield fault(f"gate.{at}", "no_target")


def _keys(filled: Filled, before: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every key with its value; what is empty is left out by the caller."""
    for name, text in filled.texts.items():
        if filled.kind in _OF_KIND.get(name, {filled.kind}):
            yield name, text
    for name in LISTS:
        if filled.kind in _OF_KIND.get(name, {filled.kind}):
            yield name, filled.lists[name].replace(",", " ").split()
    for name in TICKS:
        if filled.kind in _OF_KIND.get(name, {filled.kind}):
            yield name, True if name in filled.ticks else ""
    yield from _of_kind(filled, before)


def _of_kind(filled: Filled, before: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if filled.kind in ("Ask", "Input"):
        yield "pick", [row.line for row in filled.picks]
    match filled.kind:
        case "Find":
            yield "find", _search(filled, before)
        case "Gate":
            yield "gate", [{"if": rule, "next": target} for rule, target in filled.gates]
        case "Input":
            yield "outcomes", dict(filled.outcomes)
        case "End":
            yield "end", True


def _search(filled: Filled, before: Mapping[str, Any]) -> dict[str, Any]:
    """The search; an urgency that was never said stays unsaid."""
    old = before.get("find") if isinstance(before.get("find"), dict) else {}
    found: dict[str, Any] = {name: list(filled.find.get(name, ())) for name in FIND_LISTS}
    found["how"] = list(filled.find.get("how", ()))
    for name in ("urg", "country", "repeat"):
        found[name] = next(iter(filled.find.get(name, ())), "")
    found["mix"] = True if filled.find.get("mix") else ""
    if found["urg"] == _URGENCY and "urg" not in (old or {}):
        found["urg"] = ""
    kept = {name: value for name, value in found.items() if value not in ("", [])}
    return {name: kept[name] for name in old or {} if name in kept} | kept
