"""Where women leave: for each node the share of those who were there and went, by closed months.

Follows coordination.md 5.4 and privacy/statistics.py: months that are over for 30 days, nothing
below the floor, shares rounded, so that no look at the picture tells of one woman.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from handlers.desk import Desk
from privacy.statistics import DELAY, STEP
from storage import counts

FLOOR: Final = 10  # people who left at a node; fewer are not shown
MONTHS: Final = 3
LEFT: Final = "left_at"
REACHED: Final = "node"


async def leaving(desk: Desk) -> Mapping[str, int]:
    """Node -> percent of its arrivals that ended with Leave there, rounded to 5; large ones only.

    Of the last three months that are over since 30 days at least.
    """
    months = _months(desk.clock().date())
    async with desk.store.turn() as turn:
        left = _by_node(await counts.of_kind(turn, LEFT), months)
        if not left:
            return {}
        reached = _by_node(await counts.of_kind(turn, REACHED), months)
    return {node: share(number, reached[node]) for node, number in left.items() if node in reached}


def share(left: int, reached: int) -> int:
    """Percent, rounded to the step of all published numbers, never over 100."""
    return min(100, STEP * round(100 * left / reached / STEP)) if reached else 0


def _by_node(found: Mapping[tuple[str, str, str], int], months: frozenset[str]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for (week, node, _), number in found.items():
        if _month_of(week) in months:
            total[node] += number
    return {node: number for node, number in total.items() if number >= FLOOR}


def _months(today: date) -> frozenset[str]:
    """The last months whose every day is DELAY old."""
    found: list[str] = []
    last = (today - DELAY).replace(day=1)
    while len(found) < MONTHS:
        last = (last - timedelta(days=1)).replace(day=1)
        found.append(f"{last:%Y-%m}")
    return frozenset(found)


def _month_of(week: str) -> str:
    """A week belongs to the month of its Thursday, as to its year (ISO 8601)."""
    year, _, number = week.partition("-W")
    return f"{date.fromisocalendar(int(year), int(number), 4):%Y-%m}"
