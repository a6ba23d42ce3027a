"""Reads the counters for one report: which counts stand in which cell of its table."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from directory.taxonomy import COUNTRIES
from handlers.case_counts import STEPS
from handlers.report_menu import ANSWERED, NOWHERE
from privacy.disclosure import Item
from storage import counts
from storage.store import Turn

Found = Mapping[tuple[str, str, str], int]  # week, name, country -> how often
Numbers = dict[tuple[str, str, str], int]  # week, row, column -> how often


async def events(turn: Turn, item: Item, country: str = "") -> Numbers:
    """What is counted for this report; `country` where each has its own."""
    if item.id not in _READERS:
        return {}
    kinds = {kind: await counts.of_kind(turn, kind) for kind in _KINDS[item.id]}
    numbers: Numbers = {}
    for week, row, column, number in _READERS[item.id](kinds, country):
        if row in item.cut.rows and column in item.cut.columns:
            key = (week, row, column)
            numbers[key] = max(0, numbers.get(key, 0) + number)
    return numbers


Cells = Iterator[tuple[str, str, str, int]]
Reader = Callable[[Mapping[str, Found], str], Cells]


def _languages(kinds: Mapping[str, Found], _country: str) -> Cells:
    """Who listened is counted again when she begins to, so the others are what is left."""
    for (week, locale, _), number in kinds["language"].items():
        heard = min(number, kinds["listened"].get((week, locale, ""), 0))
        yield week, locale, "heard", heard
        yield week, locale, "read", number - heard


def _sessions(kinds: Mapping[str, Found], _country: str) -> Cells:
    """Sessions in which no country was named are those of a language without a country."""
    begun: dict[str, int] = {}
    for (week, _, _), number in kinds["language"].items():
        begun[week] = begun.get(week, 0) + number
    session = kinds["session"]
    weeks = {*begun, *(week for week, _, _ in session)}
    for week in sorted(weeks):
        named = {c: session.get((week, "opened", c), 0) for c in COUNTRIES}
        named[NOWHERE] = max(0, begun.get(week, 0) - sum(named.values()))
        for country, opened in named.items():
            gone = (week, "left", "" if country == NOWHERE else country)
            left = min(opened, session.get(gone, 0))
            yield week, country, "left", left
            yield week, country, "other", opened - left


def _topics(kinds: Mapping[str, Found], _country: str) -> Cells:
    for (week, tree, country), number in kinds["topic"].items():
        yield week, tree, country or NOWHERE, number


def _searches(kinds: Mapping[str, Found], country: str) -> Cells:
    gaps = {key: n for key, n in kinds["gap"].items() if "/" in key[1]}  # others name a node
    lacking = _families(gaps, country)
    for (week, family), number in _families(kinds["search"], country).items():
        nothing = min(number, lacking.get((week, family), 0))
        yield week, family, "nothing", nothing
        yield week, family, "found", number - nothing


def _families(found: Found, country: str) -> dict[tuple[str, str], int]:
    """(week, part of the taxonomy) -> how often, in this country."""
    sums: dict[tuple[str, str], int] = {}
    for (week, name, where), number in found.items():
        if where == country:
            key = (week, name.partition(".")[0])
            sums[key] = sums.get(key, 0) + number
    return sums


def _sent(kinds: Mapping[str, Found], _country: str) -> Cells:
    for (week, name, _), number in kinds["sent"].items():
        family, _, urgency = name.partition("/")
        yield week, family, urgency, number


def _borders(kinds: Mapping[str, Found], _country: str) -> Cells:
    for (week, name, _), number in kinds["pair"].items():
        yield week, name, "all", number


def _times(wanted: str) -> Reader:
    def read(kinds: Mapping[str, Found], _country: str) -> Cells:
        for (week, name, _), number in kinds["time"].items():
            step, _, band = name.partition("/")
            if step == wanted:
                yield week, band, "all", number

    return read


def _by_country(kinds: Mapping[str, Found], _country: str) -> Cells:
    for found in kinds.values():
        for (week, name, country), number in found.items():
            yield week, country, name, number


def _feedback(kinds: Mapping[str, Found], _country: str) -> Cells:
    """Which service it was about, and what was wrong there, is for the directory's queue."""
    for (week, name, country), number in kinds["feedback"].items():
        said = name.rpartition("/")[2]
        if "/" in name and said not in ("", "-"):
            kind = said if said in ANSWERED else "problem"
            yield week, country or NOWHERE, kind, number


def _safeguarding(kinds: Mapping[str, Found], _country: str) -> Cells:
    for (week, name, _), number in kinds["feedback"].items():
        if name == "safeguarding":
            yield week, "all", "all", number


_READERS: Final[Mapping[str, Reader]] = {
    "languages": _languages,
    "sessions": _sessions,
    "topics": _topics,
    "searches": _searches,
    "referrals": _sent,
    "borders": _borders,
    **{step: _times(step) for step in STEPS.values()},
    "outcomes": _by_country,
    "consent": _by_country,
    "feedback": _feedback,
    "safeguarding": _safeguarding,
}
_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "languages": ("language", "listened"),
    "sessions": ("language", "session"),
    "topics": ("topic",),
    "searches": ("search", "gap"),
    "referrals": ("sent",),
    "borders": ("pair",),
    **dict.fromkeys(STEPS.values(), ("time",)),
    "outcomes": ("outcome",),
    "consent": ("consent",),
    "feedback": ("feedback",),
    "safeguarding": ("feedback",),
}
