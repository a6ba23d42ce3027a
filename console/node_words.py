"""What the checks say of a node, in the words of staff and at the field it belongs to."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from console.node_fields import Filled
from console.node_writing import Fault
from flows.book import Problem

Say = Callable[..., str]
TOP: Final = ""
"""The field of what belongs to no field: it is said above the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Something wrong, in the reader's language. `make` is a node that could be written now."""

    field: str
    words: str
    make: str = ""


# What flows/ says, the staff phrase for it, and the field: one of the form, or how to find it.
_KNOWN: Final = tuple(
    (re.compile(pattern, re.DOTALL), phrase, field)
    for pattern, phrase, field in (
        (r"(?P<n>\d+) characters where (?P<most>\d+) are .*: “(?P<text>.*)”", "long", "#text"),
        (r"“(?P<text>.*)” has over (?P<most>\d+) characters, .*", "long_on", "#text"),
        (r"says “(?P<word>.*)”", "word", "#text"),
        (r"a phone number is typed in: (?P<word>.*)", "number", "#text"),
        (r"the placeholder (?P<word>.*) is not known", "placeholder", "#text"),
        (r"reads at grade (?P<n>[\d.]+), over (?P<most>\d+)", "hard", "say"),
        (r"a neutral screen says “(?P<word>.*)”", "neutral", "#text"),
        (r"a fact without a source: “(?P<text>.*)”", "source", "src"),
        (r"leads to (?P<target>\S+), which does not exist", "nowhere", "#target"),
        (r"the (?:flag|condition|name) (?P<which>\S+) is not known", "name", "#name"),
        (r"the counter (?P<which>\S+) is not known", "name", "#name"),
        (r"there is no (?P<field>\w+_text) (?P<which>\S+)", "no_variant", "#field"),
        (r"the outcome (?P<which>\S+) of \S+ leads nowhere", "outcome", "outcomes"),
        (r"\S+ has no outcome (?P<which>\S+)", "no_outcome", "outcomes"),
        (r"(?P<n>\d+) answers where (?P<most>\d+) are allowed", "many", "picks"),
        (r"two answers read “(?P<text>.*)”", "twice", "#text"),
        (r"nothing leads here", "unreached", TOP),
        (r"(?P<which>\S+) is no kind of help", "sector", "find.sector"),
        (r"(?P<which>\S+) is no tag", "tag", "find.need"),
        (r"the search looks for nothing", "no_search", "find.sector"),
        (r"its last line, and only that, must be else", "no_else", "gates"),
        (r"the counter (?P<which>\S+) is read and kept", "forget", "forget"),
        (r"runs in a circle .*", "circle", TOP),
        (r"(?:is of a tree of class A|has a country's text), .*", "class_a", "sign_off"),
        (r"states a fact and has sign_off: C", "class_c", "sign_off"),
        (r"asks who she is before she agreed to it", "consent", TOP),
        (r"“(?P<word>.*)” is also read when nothing was found .*", "on_miss", "say"),
        (r"its advice is lost: .*", "lost", "miss"),
        (r"resume outside the tree rx", "resume", "picks"),
        (r"\S+ is never done here", "action_here", "action"),
        (r"\S+ waits for an answer", "action_waits", "action"),
    )
)


def told(problems: Iterable[Problem], filled: Filled, say: Say) -> Iterator[Told]:
    """Each problem once, at its field. One that has no words of its own is said in English."""
    for problem in dict.fromkeys(problems):
        for pattern, phrase, field in _KNOWN:
            if match := pattern.fullmatch(problem.what):
                found = {name: value for name, value in match.groupdict().items() if value}
                instead = problem.fix.removeprefix("Write: ").rstrip(".")
                words = say(f"fault.{phrase}", **{**found, "instead": instead})
                make = found.get("target", "") if phrase == "nowhere" else ""
                yield Told(field=_field(field, found, filled), words=words, make=make)
                break
        else:
            yield Told(field=TOP, words=f"{problem.what}. {problem.fix}")


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
