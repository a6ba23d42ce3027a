"""Which numbers about use may leave, when, and how coarse: the rules of coordination.md 5.4.

A report is made of closed calendar periods only, and the same period always gives the same table:
what was exported last week and what is exported today differ in whole new periods, never in one
event. Inside the network a report is by month, outside by quarter (decisions 2).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from privacy.suppression import Grid, Place, Shown, fullest

Period = Literal["week", "month", "quarter"]
# No dimension is finer than a province, and age is child or adult.
Dimension = (
    Literal["service", "urgency", "country", "province", "language", "nationality", "age"]
    | Literal["outcome", "topic", "listening", "ending", "found", "answer", "pair", "band"]
    | Literal["whole", "number"]
)
STEP: Final = 5  # numbers are rounded to it after everything small is hidden
DELAY: Final = timedelta(days=30)
_NEVER_TOGETHER: Final = frozenset({"nationality", "province"})


class CutRefused(Exception):
    """These two dimensions are never put side by side, or one is cut by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """For whom a report is: the smallest number it shows, and its period.

    `besides` is what the same readers may hold in shorter periods: a number is shown only where
    each of those shows it too. Whoever holds both then learns nothing from the difference; that
    costs the places that are small in one month and large enough in a quarter.
    """

    floor: int
    period: Period
    besides: "Rules | None" = None


INSIDE: Final = Rules(floor=5, period="month")
OUTSIDE: Final = Rules(floor=10, period="quarter", besides=INSIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One entry of the report menu: two dimensions with all their labels.

    `alone` are provinces with one service: a number of theirs would be that service's. Raises
    CutRefused for dimensions that must not meet.
    """

    by: tuple[Dimension, Dimension]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    alone: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse what may not be cut."""
        if len(set(self.by)) < 2 or set(self.by) >= _NEVER_TOGETHER:
            raise CutRefused

    def never_shown(self) -> frozenset[str]:
        """The labels of provinces with one service."""
        rows, columns = (kind == "province" for kind in self.by)
        labels = {*(self.rows if rows else ()), *(self.columns if columns else ())}
        return self.alone & labels


Events = Mapping[tuple[str, str, str], int]  # week "2026-W47", row, column -> how often


def report(
    events: Events, cut: Cut, rules: Rules, *, since: date, today: date
) -> dict[str, Shown]:
    """Period -> table, for every period since the first day that is over for 30 days.

    Hidden numbers are None. A period without a single event has its table as any other.
    """
    return {
        period: _rounded(table)
        for period, table in _tables(events, cut, rules, _weeks(since, today)).items()
        if end_of(period) + DELAY <= today
    }


def period_of(week: str, period: Period) -> str:
    """Of a week: `2026-W47`, `2026-11` or `2026-Q4`. A week is where its Thursday is."""
    thursday = _thursday(week)
    match period:
        case "week":
            return week
        case "month":
            return f"{thursday.year}-{thursday.month:02}"
        case "quarter":
            return f"{thursday.year}-Q{(thursday.month + 2) // 3}"


def end_of(period: str) -> date:
    """The last day that may still belong to a period: the Sunday of its last week."""
    year, _, rest = period.partition("-")
    if rest.startswith("W"):
        return _thursday(period) + timedelta(days=3)
    month = int(rest[1:]) * 3 if rest.startswith("Q") else int(rest)
    after = date(int(year) + month // 12, month % 12 + 1, 1)
    last = after - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - 3) % 7) + timedelta(days=3)


def _thursday(week: str) -> date:
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 4)


def _weeks(since: date, today: date) -> list[str]:
    thursday = since - timedelta(days=since.weekday() - 3)
    number = (today - thursday).days // 7 + 1
    years = ((thursday + timedelta(weeks=n)).isocalendar() for n in range(number))
    return [f"{year}-W{week:02}" for year, week, _ in years]


def _tables(events: Events, cut: Cut, rules: Rules, weeks: list[str]) -> dict[str, Shown]:
    cells: dict[str, dict[Place, int]] = {period_of(week, rules.period): {} for week in weeks}
    for (week, row, column), number in events.items():
        if (found := cells.get(period_of(week, rules.period))) is not None:
            found[row, column] = found.get((row, column), 0) + number
    tables = {
        period: fullest(
            Grid(rows=cut.rows, columns=cut.columns, cells=numbers), rules.floor, cut.never_shown()
        )
        for period, numbers in cells.items()
    }
    if rules.besides is None:
        return tables
    shorter = _tables(events, cut, rules.besides, weeks)
    parts: dict[str, set[str]] = {}
    for week in weeks:
        part = period_of(week, rules.besides.period)
        parts.setdefault(period_of(week, rules.period), set()).add(part)
    return {
        period: _as_far_as(table, [shorter[part] for part in parts[period]])
        for period, table in tables.items()
    }


def _as_far_as(table: Shown, parts: list[Shown]) -> Shown:
    """Without what one of the shorter tables hides."""
    hidden = {
        place for part in parts for place, number in part.numbers().items() if number is None
    }
    return Shown(
        cells={p: None if p in hidden else number for p, number in table.cells.items()},
        rows={r: None if (r, "") in hidden else number for r, number in table.rows.items()},
        columns={c: None if ("", c) in hidden else n for c, n in table.columns.items()},
        total=None if ("", "") in hidden else table.total,
    )


def _rounded(table: Shown) -> Shown:
    return Shown(
        cells={place: _round(number) for place, number in table.cells.items()},
        rows={row: _round(number) for row, number in table.rows.items()},
        columns={column: _round(number) for column, number in table.columns.items()},
        total=_round(table.total),
    )


def _round(number: int | None) -> int | None:
    return None if number is None else (number + STEP // 2) // STEP * STEP
