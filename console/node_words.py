"""What the checks say of a node, in the words of staff and at the field it belongs to."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from console.node_fields import Filled
from console.node_writing import Fault
from flows.faults import Problem

Say = Callable[..., str]
TOP: Final = ""
"""The field of what belongs to no field: it is said above the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Something wrong, in the reader's language. `make` is a node that could be written now."""

    field: str
    words: str
    make: str = ""


# Where on the form a kind of fault belongs: a field, or how to find it; all others above it.
_FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("long", "long_on", "word", "number", "placeholder"), "#text"),
        **dict.fromkeys(("neutral", "twice"), "#text"),
        **dict.fromkeys(("hard", "on_miss"), "say"),
        **dict.fromkeys(("outcome", "no_outcome"), "outcomes"),
        **dict.fromkeys(("many", "resume"), "picks"),
        **dict.fromkeys(("sector", "no_search"), "find.sector"),
        **dict.fromkeys(("class_a", "class_c"), "sign_off"),
        **dict.fromkeys(("action_here", "action_waits"), "action"),
        **dict.fromkeys(("forget", "forget_here"), "forget"),
        "source": "src",
        "nowhere": "#target",
        "name": "#name",
        "no_variant": "#field",
        "tag": "find.need",
        "no_else": "gates",
        "lost": "miss",
    }
)


def told(
    problems: Iterable[Problem], filled: Filled, say: Say, digits: Callable[[str], str] = str
) -> Iterator[Told]:
    """Each problem once, at its field; `digits` writes numbers as the reader does."""
    for problem in dict.fromkeys(problems):
        wrong = problem.fault
        field = _field(_FIELDS.get(wrong.kind, TOP), dict(wrong.fields), filled)
        words = (wrong.told if field == TOP else wrong.said)(say, digits)
        make = wrong.field("target") if wrong.kind == "nowhere" else ""
        yield Told(field=field, words=words, make=make)


def told_faults(faults: Iterable[Fault], say: Say) -> Iterator[Told]:
    """The same for what cannot be written at all."""
    for one in faults:
        yield Told(field=one.field, words=say(one.phrase, **one.fields))


def _field(field: str, found: dict[str, str], filled: Filled) -> str:
    """Where it belongs; the text itself where no answer holds what was found."""
    match field:
        case "#text":
            return _of_text(found.get("text") or found.get("word") or "", filled)
        case "#target":
            return next(_of_target(found["target"], filled), TOP)
        case "#name":
            return next(_of_name(found["which"], filled), TOP)
        case "#field":
            return found["field"]
        case _:
            return field


def _of_text(text: str, filled: Filled) -> str:
    if text not in filled.texts["say"]:
        for at, row in enumerate(filled.picks):
            if text in row.face:
                return f"pick.{at}"
    return "say"


def _of_target(target: str, filled: Filled) -> Iterator[str]:
    yield from (n for n in ("next", "hit", "miss", "instead") if filled.texts[n] == target)
    yield from (f"pick.{at}" for at, row in enumerate(filled.picks) if row.target == target)
    yield from (f"gate.{at}" for at, row in enumerate(filled.gates) if row[1] == target)
    yield from (f"outcome.{at}" for at, row in enumerate(filled.outcomes) if row[1] == target)


def _of_name(name: str, filled: Filled) -> Iterator[str]:
    for at, row in enumerate(filled.picks):
        if name in f"{row.flags} {row.shown_if} {row.hidden_if}".split():
            yield f"pick.{at}"
    yield from (f"gate.{at}" for at, row in enumerate(filled.gates) if name in row[0])
    yield from (one for one in ("set", "forget") if name in filled.lists[one])
