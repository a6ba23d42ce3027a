"""Drops rows about people whose time is over, in every table of that shape."""

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import conversations, personal_tables


async def drop_expired(turn: AsyncConnection, now: float) -> None:
    """Conversations are left to the sweep, which first clears the chat."""
    for table in personal_tables():
        if table is not conversations:
            await turn.execute(delete(table).where(table.c.expires_at < now))
