"""Drops rows whose time is over, in every table that privacy.retention says ends by itself."""

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from privacy.retention import KEEP, LIVES
from storage.rows import metadata


async def drop_expired(turn: AsyncConnection, now: float) -> None:
    """A conversation is left to the sweep, which first clears its chat, but not for ever."""
    for table in metadata.sorted_tables:
        match LIVES[table.name].ends:
            case "row":
                await turn.execute(delete(table).where(table.c.expires_at < now))
            case "chat":
                too_late = now - KEEP.patience
                await turn.execute(delete(table).where(table.c.expires_at < too_late))
            case _:
                pass
