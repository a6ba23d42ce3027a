"""Counters of the trees: week, country and language, never a person (coordination.md 5.4)."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import counts
from storage.seen import insert_or_leave

Key = tuple[str, str, str, str, str]  # week "2026-W47", what, name, country, locale


async def add(turn: AsyncConnection, keys: Mapping[Key, int]) -> None:
    """Count up; rows that are missing begin."""
    for (week, what, name, country, locale), number in sorted(Counter(keys).items()):
        row = insert_or_leave(turn, counts).values(
            week=week, what=what, name=name, country=country, locale=locale, number=number
        )
        await turn.execute(
            row.on_conflict_do_update(
                index_elements=["week", "what", "name", "country", "locale"],
                set_={"number": counts.c.number + row.excluded.number},
            )
        )


async def totals(turn: AsyncConnection) -> dict[str, int]:
    """How often each kind of thing was counted since the beginning; no names, no weeks."""
    found = await turn.execute(select(counts.c.what, func.sum(counts.c.number)).group_by("what"))
    return {what: int(number) for what, number in found}


async def of_kind(turn: AsyncConnection, what: str) -> dict[tuple[str, str, str], int]:
    """(week, name, country) -> number; small ones too: only privacy.statistics gives them on."""
    found = await turn.execute(
        select(counts.c.week, counts.c.name, counts.c.country, func.sum(counts.c.number))
        .where(counts.c.what == what)
        .group_by(counts.c.week, counts.c.name, counts.c.country)
    )
    return {(week, name, country): int(number) for week, name, country, number in found}
