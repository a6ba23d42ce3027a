"""Deliveries seen before: a platform repeats a message until we answer."""

from sqlalchemy import Table, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import seen


async def first_time(turn: AsyncConnection, event: str, expires_at: float) -> bool:
    """Remember a delivery; False for its second copy, which waits for the first to be kept."""
    row = {"event": event, "expires_at": expires_at}
    new = insert_or_leave(turn, seen).values(row).on_conflict_do_nothing()
    return (await turn.execute(new.returning(seen.c.event))).first() is not None


async def forget_expired(turn: AsyncConnection, now: float) -> None:
    """Drop what no platform repeats any more."""
    await turn.execute(delete(seen).where(seen.c.expires_at < now))


def insert_or_leave(turn: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, in the dialect of this connection."""
    if turn.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
