"""What reports may be made of: a closed menu of cuts, whole periods, floors that only rise.

Rules: coordination.md 5.4. Small cells and those that would tell them are hidden by
suppression.py, months against quarters by statistics.py; this page sees to what two reports tell
together. Two cuts of one measure share no dimension: whatever two such tables are, there is a
list of events that both fit, so neither tells more of the other's cells than their common total.
A table that was once given is given again as it was, and never made anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from privacy.statistics import (
    DELAY,
    INSIDE,
    OUTSIDE,
    Cut,
    Dimension,
    Events,
    Rules,
    end_of,
    period_of,
    report,
)
from privacy.suppression import Shown

Audience = Literal["inside", "outside"]
MOST_CUTS: Final = 2  # of one measure: one more would be re-cutting the same data
_ONE_NUMBER: Final[frozenset[Dimension]] = frozenset({"whole", "number"})


class FloorLowered(ValueError):
    """A floor is raised or stays as it is: 10 and 5 are where every network begins [S28]."""


class MenuUnsafe(ValueError):
    """Two reports of this menu would tell together what neither tells alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """The smallest numbers shown inside the network and outside. Raises FloorLowered."""

    inside: int = INSIDE.floor
    outside: int = OUTSIDE.floor

    def __post_init__(self) -> None:
        """Refuse what is below the rule, and an outside that sees more than the inside."""
        if self.inside < INSIDE.floor or self.outside < max(OUTSIDE.floor, self.inside):
            raise FloorLowered

    def raised(self, *, inside: int, outside: int) -> "Floors":
        """With other floors, neither below the present one. Raises FloorLowered."""
        if inside < self.inside or outside < self.outside:
            raise FloorLowered
        return Floors(inside=inside, outside=outside)

    def rules(self, audience: Audience) -> Rules:
        """By month inside, by quarter outside; a quarter never shows what a month hides."""
        months = Rules(floor=self.inside, period=INSIDE.period)
        if audience == "inside":
            return months
        return Rules(floor=self.outside, period=OUTSIDE.period, besides=months)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One report of the menu: what is counted, and the table it is put in.

    `by_country`: each country is a report of its own, and there is none of all together.
    """

    id: str
    measure: str
    cut: Cut
    by_country: bool = False

    def dimensions(self) -> frozenset[Dimension]:
        """What the table is cut by; a single number is cut by nothing."""
        return frozenset(self.cut.by) - _ONE_NUMBER


def checked(menu: Sequence[Item]) -> Mapping[str, Item]:
    """The menu by id. Raises MenuUnsafe where two of its reports could be subtracted."""
    if len({item.id for item in menu}) < len(menu):
        raise MenuUnsafe
    measures: dict[str, list[Item]] = {}
    for item in menu:
        measures.setdefault(item.measure, []).append(item)
    for items in measures.values():
        cut_by = [dimension for item in items for dimension in item.dimensions()]
        if len(items) > MOST_CUTS or len(set(cut_by)) < len(cut_by):
            raise MenuUnsafe
        if len(items) > 1 and any(item.by_country for item in items):
            raise MenuUnsafe
    return {item.id: item for item in menu}


def table(events: Events, item: Item, rules: Rules, period: str, today: date) -> Shown | None:
    """The table of one whole period; None while it is not over for 30 days, or is none."""
    try:
        since, over = first_day(period), end_of(period) + DELAY
    except ValueError:
        return None
    if over > today:
        return None
    return report(events, item.cut, rules, since=since, today=over).get(period)


def periods(rules: Rules, weeks: Iterable[str], today: date) -> tuple[str, ...]:
    """The whole periods that may be reported, newest first: from the first week counted on."""
    begun = min(weeks, default="")
    if not begun:
        return ()
    known = {period_of(week, rules.period) for week in _weeks_between(begun, today)}
    return tuple(sorted((one for one in known if end_of(one) + DELAY <= today), reverse=True))


def first_day(period: str) -> date:
    """The first day of `2026-11` or `2026-Q4`. Raises ValueError for anything else."""
    year, _, rest = period.partition("-")
    month = int(rest[1:]) * 3 - 2 if rest.startswith("Q") else int(rest)
    found = date(int(year), month, 1)
    kind: Literal["month", "quarter"] = "quarter" if rest.startswith("Q") else "month"
    if period_of("{}-W{:02}".format(*_mid_week(found)), kind) != period:
        raise ValueError("no period")
    return found


def middle(row: Sequence[int | None], total: int | None) -> tuple[int, int] | None:
    """Between which bands the middle one of a distribution lies, as far as is shown.

    `row` are its bands in order, hidden ones None. What is hidden may stand in any hidden band.
    None where nothing can be said.
    """
    if not total:
        return None
    rest = max(0, total - sum(number or 0 for number in row))
    hidden = [place for place, number in enumerate(row) if number is None]
    least = [number or 0 for number in row]
    most = [number or 0 for number in row]
    if hidden:
        most[hidden[0]] += rest
        least[hidden[-1]] += rest
    return (_half(most, total), _half(least, total))


def _half(bands: Sequence[int], total: int) -> int:
    passed = 0
    for place, number in enumerate(bands):
        passed += number
        if 2 * passed >= total:
            return place
    return len(bands) - 1


def _weeks_between(begun: str, today: date) -> Iterable[str]:
    year, week = int(begun[:4]), int(begun[6:])
    first = date.fromisocalendar(year, week, 4).toordinal()
    for day in range(first, today.toordinal() + 1, 7):
        yield "{}-W{:02}".format(*date.fromordinal(day).isocalendar()[:2])


def _mid_week(first: date) -> tuple[int, int]:
    """A week that lies in the month that begins on this day."""
    found = first.replace(day=15).isocalendar()
    return found.year, found.week
