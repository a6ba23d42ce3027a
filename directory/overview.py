"""The list of entries as coordinators see it: how each stands, quick filters, words, areas."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import assert_never

from directory.entry import Entry
from directory.holding_rules import checked, held_back
from directory.intake import Says
from directory.kinds import ContactKind, Withheld
from directory.query import Mode, Query
from directory.same_name import folded
from directory.service import Service
from directory.standing import Freshness, freshness
from directory.taxonomy import COUNTRIES
from directory.verification_queue import judged

ONLY_PROPOSED = "only_proposed"
PAUSED = "paused"


class Show(Enum):
    """The quick filters; the value stands in the address of the page."""

    ALL = "all"
    SHOWN = "shown"
    HIDDEN = "hidden"
    ASK = "ask"
    PROPOSED = "proposed"
    PULLED = "pulled"
    PAUSED = "paused"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What is asked for; empty means any. `words` were typed and never leave the process."""

    country: str = ""
    province: str = ""
    help: str = ""
    language: str = ""
    show: Show = Show.ALL
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry in the list: its content (proposed, where it has none yet) and how it stands.

    `hidden` is why no search shows it at this moment, a key of rules.EXPLAINED, `only_proposed`
    or empty. `marks` are `proposed`, `please_ask`, `due`, `full` and `alert`.
    """

    service: Service = field(repr=False)
    hidden: str
    marks: frozenset[str]


def line_of(entry: Entry, shown: Service | None, mode: Mode, at: datetime) -> Line | None:
    """How an entry stands; `shown` is the service as it stands, with its checks."""
    service = shown or judged(entry)
    if service is None:
        return None
    return Line(
        service=service,
        hidden=_hidden(shown, mode, at),
        marks=frozenset(_marks(entry, shown, at)),
    )


def fits(line: Line, wanted: Filter) -> bool:
    """Whether a line is asked for, words and its province aside."""
    service = line.service
    if wanted.country and service.country != wanted.country:
        return False
    if wanted.help and not any(one.startswith(wanted.help) for one in service.codes):
        return False
    if wanted.language and wanted.language not in service.languages:
        return False
    return _is(line, wanted.show)


def search_text(service: Service) -> str:
    """Everything by which a colleague may look for it, folded; numbers as digits alone."""
    names = (service.id, service.name, service.organisation, service.organisation_local)
    places = (service.admin1, service.city, *service.also_in)
    numbers = [digits(one.value) for one in service.contacts if one.kind in _DIALLED]
    numbers += [digits(one.e164 or "") for one in service.contacts]
    return " ".join((*(folded(one) for one in (*names, *places)), *numbers))


def tokens(words: str) -> tuple[str, ...]:
    """What was typed, as `search_text` is folded; a number loses its blanks and marks."""
    if digits(words) and not any(one.isalpha() for one in words):
        return (digits(words).lstrip("0"),)
    return tuple(one for one in map(folded, words.split()) if one)


def digits(text: str) -> str:
    """The digits of a number as it is written, 0 to 9."""
    return "".join(one for one in text if one.isascii() and one.isdecimal())


def counted(lines: Iterable[tuple[Line, frozenset[str]]]) -> Mapping[str, Mapping[str, "Counts"]]:
    """Country -> province id ("" for the whole country or nowhere we know) -> how many."""
    found: dict[str, dict[str, Counts]] = {country: {} for country in COUNTRIES}
    for line, provinces in lines:
        here = found[line.service.country]
        for province in provinces or {""}:
            here[province] = here.get(province, Counts()).plus(line)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many entries: all, shown to women now, to be asked again, proposed."""

    all: int = 0
    shown: int = 0
    ask: int = 0
    proposed: int = 0

    def plus(self, line: Line) -> "Counts":
        """With one more."""
        return Counts(
            all=self.all + 1,
            shown=self.shown + (not line.hidden),
            ask=self.ask + bool(line.marks & {"please_ask", "due"}),
            proposed=self.proposed + ("proposed" in line.marks),
        )


_DIALLED = frozenset({ContactKind.VOICE, ContactKind.SMS})


def _hidden(shown: Service | None, mode: Mode, at: datetime) -> str:
    if shown is None:
        return ONLY_PROPOSED
    query = Query(sectors=(), country=shown.country, mode=mode, at=at)
    reason = held_back(shown, query) or checked(shown, query)
    return reason or (PAUSED if shown.intake.paused(at) else "")


def _marks(entry: Entry, shown: Service | None, at: datetime) -> Iterable[str]:
    if entry.truth.proposal is not None:
        yield "proposed"
    if shown is None:
        return
    due = shown.due_on()
    if due is not None and at.date() > due:
        yield "due"
    if freshness(shown, at.date()) is Freshness.YELLOW:
        yield "please_ask"
    if shown.intake.room(at) is Says.FULL:
        yield "full"
    if shown.intake.alerts and shown.intake.alerted(at):
        yield "alert"


def _is(line: Line, show: Show) -> bool:
    match show:
        case Show.ALL:
            return True
        case Show.SHOWN:
            return not line.hidden
        case Show.HIDDEN:
            return bool(line.hidden)
        case Show.ASK:
            return bool(line.marks & {"please_ask", "due"})
        case Show.PROPOSED:
            return "proposed" in line.marks
        case Show.PULLED:
            return line.service.withheld in (Withheld.PULLED, Withheld.SUSPENDED)
        case Show.PAUSED:
            return line.hidden == PAUSED
        case Show.UNCHECKED:
            return line.service.level == 0
        case _:
            assert_never(show)
