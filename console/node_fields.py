"""What the form of a node holds: from the node's mapping, or from what was posted."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from console.forms import Posted
from flows.nodes import Pick, kind_of, read_pick

TEXTS: Final = (
    *("say", "note", "next", "hit", "miss", "instead", "country_text", "platform_text"),
    *("action", "sign_off"),
)
LISTS: Final = ("src", "phrases", "set", "forget")
TICKS: Final = ("system", "neutral", "consents", "gap", "also_on_miss")
FIND_LISTS: Final = ("sector", "need", "prefer", "widen")
KINDS: Final = ("Ask", "Tell", "Find", "Gate", "Input", "End")


@dataclass(frozen=True, slots=True, kw_only=True)
class PickRow:
    """One answer, as it stands in the fields of its row."""

    icon: str = ""
    label: str = ""
    target: str = ""
    flags: str = ""
    shown_if: str = ""
    hidden_if: str = ""

    @property
    def face(self) -> str:
        """What stands on the button."""
        return f"{self.icon} {self.label}".strip()

    @property
    def line(self) -> str:
        """The answer as a tree file has it."""
        marks = (
            *(f"!{name}" for name in self.flags.split()),
            *(f"?{name}" for name in self.shown_if.split()),
            *(f"?!{name}" for name in self.hidden_if.split()),
        )
        return " ".join((f"{self.face} -> {self.target}", *marks))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The fields of a node's form. Everything is text; nothing is checked yet."""

    kind: str
    texts: Mapping[str, str]
    lists: Mapping[str, str]
    ticks: frozenset[str]
    find: Mapping[str, tuple[str, ...]]
    picks: tuple[PickRow, ...] = ()
    gates: tuple[tuple[str, str], ...] = ()
    outcomes: tuple[tuple[str, str], ...] = ()


def of_node(body: Mapping[str, Any], kind: str = "") -> Filled:
    """The fields of a node's mapping; `kind` where the form is of another kind than the node."""
    search = body.get("find") if isinstance(body.get("find"), dict) else {}
    outcomes = body.get("outcomes")
    return Filled(
        kind=kind or kind_name(body),
        texts={name: _text(body.get(name)) for name in TEXTS},
        lists={name: ", ".join(_all(body.get(name))) for name in LISTS},
        ticks=frozenset(name for name in TICKS if body.get(name) is True),
        find={name: tuple(_all(value)) for name, value in (search or {}).items()},
        picks=tuple(_row(line) for line in _all(body.get("pick"))),
        gates=tuple(_gates(body.get("gate"))),
        outcomes=tuple(outcomes.items()) if isinstance(outcomes, dict) else (),
    )


def of_form(form: Posted) -> Filled:
    """The fields as they were posted; rows without any word are left out."""
    kind = form.one("kind")
    ticked = frozenset(form.many("tick"))
    named = {name: tuple(filter(None, _each(form, f"find.{name}"))) for name in FIND_LISTS}
    search = {
        **named,
        "how": form.many("find.how"),
        "urg": form.many("find.urg"),
        **{name: (word,) for name, word in _FIND_TICKS if f"find.{name}" in ticked},
    }
    return Filled(
        kind=kind if kind in KINDS else "Tell",
        texts={name: plain(form.one(name)) for name in TEXTS},
        lists={name: form.one(name) for name in LISTS},
        ticks=ticked & set(TICKS),
        find={name: values for name, values in search.items() if values},
        picks=tuple(_posted_picks(form)),
        gates=tuple(_pairs(form, "gate.if", "gate.next")),
        outcomes=tuple(_pairs(form, "outcome", "outcome.next")),
    )


def plain(text: str) -> str:
    """A text in one line, each gap one space, as it will stand on her screen."""
    return " ".join(text.split())


def kind_name(body: Mapping[str, Any]) -> str:
    """Which kind of node a mapping is; `Tell` where it says nothing."""
    try:
        return kind_of(dict(body)).__name__
    except ValueError:
        return "Tell"


_FIGURES: Final = 4  # of the place of an answer
_FIND_TICKS: Final = (("country", "home"), ("repeat", "last"), ("mix", "true"))


def _posted_picks(form: Posted) -> Iterator[PickRow]:
    names = ("icon", "label", "target", "flags", "shown_if", "hidden_if")
    columns = [_each(form, f"pick.{name}") for name in names]
    rows = [PickRow(**dict(zip(names, row, strict=True))) for row in zip(*columns, strict=False)]
    places = _each(form, "pick.place")
    order = sorted(range(len(rows)), key=lambda at: (_place(places, at), at))
    yield from (rows[at] for at in order if rows[at].face or rows[at].target)


def _place(places: tuple[str, ...], at: int) -> float:
    """The number somebody gave a row; one that moves to a taken place goes before it."""
    wished = places[at] if at < len(places) else ""
    if not wished.isdecimal() or len(wished) > _FIGURES or int(wished) == at + 1:
        return float(at + 1)
    return int(wished) + (0.5 if int(wished) > at + 1 else -0.5)


def _pairs(form: Posted, first: str, second: str) -> Iterator[tuple[str, str]]:
    for pair in zip(_each(form, first), _each(form, second), strict=False):
        if any(pair):
            yield pair


def _each(form: Posted, name: str) -> tuple[str, ...]:
    return tuple(plain(value) for value in form.many(name))


def _row(line: str) -> PickRow:
    try:
        pick = Pick.model_validate(read_pick(line))
    except ValueError:
        return PickRow(label=line)
    shown = (name for name in pick.conditions if not name.startswith("!"))
    hidden = (name[1:] for name in pick.conditions if name.startswith("!"))
    return PickRow(
        icon=pick.icon,
        label=pick.label,
        target=pick.target,
        flags=" ".join(pick.flags),
        shown_if=" ".join(shown),
        hidden_if=" ".join(hidden),
    )


def _gates(lines: object) -> Iterator[tuple[str, str]]:
    for line in lines if isinstance(lines, list) else ():
        if isinstance(line, dict):
            yield _text(line.get("if")), _text(line.get("next"))


def _all(value: object) -> Iterable[str]:
    if isinstance(value, list | tuple):
        return [_text(one) for one in value]
    return [] if value is None else [_text(value)]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    return "" if value is None else str(value)
