"""Counters of the trees: week, country and language, never a person (coordination.md 5.4)."""

from collections import Counter
from collections.abc import Mapping

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
