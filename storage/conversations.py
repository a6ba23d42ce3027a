"""Conversations as rows: read one by its pseudonyms, keep it if nobody was quicker, drop it."""

from dataclasses import dataclass, field

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import conversations, moves
from storage.store import VersionConflict


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A kept conversation. Times are Unix seconds; version 0 was never kept."""

    person: str
    key: str
    sealed: bytes = field(repr=False)
    expires_at: float
    version: int


async def read(turn: AsyncConnection, people: tuple[str, ...]) -> Row | None:
    """The conversation under any of a person's pseudonyms (today's, yesterday's)."""
    found = await turn.execute(
        select(
            conversations.c.person,
            conversations.c.key,
            conversations.c.sealed,
            conversations.c.expires_at,
            conversations.c.version,
        ).where(conversations.c.person.in_(people))
    )
    row = found.mappings().first()
    return Row(**row) if row else None


async def keep(turn: AsyncConnection, row: Row) -> None:
    """Insert (version 0) or replace the version that was read. Raises VersionConflict."""
    values = {
        "key": row.key,
        "sealed": row.sealed,
        "expires_at": row.expires_at,
        "version": row.version + 1,
    }
    if row.version == 0:
        try:
            await turn.execute(insert(conversations).values(person=row.person, **values))
        except IntegrityError:
            raise VersionConflict from None
        return
    done = await turn.execute(
        update(conversations)
        .where(conversations.c.person == row.person, conversations.c.version == row.version)
        .values(**values)
    )
    if done.rowcount != 1:
        raise VersionConflict


async def drop(turn: AsyncConnection, person: str) -> tuple[str, ...]:
    """Remove the row, and the code that would go on with it; the caller destroys its key, named
    here, after the commit."""
    await turn.execute(delete(moves).where(moves.c.person == person))
    gone = await turn.execute(
        delete(conversations)
        .where(conversations.c.person == person)
        .returning(conversations.c.key)
    )
    return tuple(gone.scalars())


async def drop_over(turn: AsyncConnection, person: str, key: str, now: float) -> bool:
    """Remove a conversation whose time is over; False when she has come back since."""
    gone = await turn.execute(
        delete(conversations)
        .where(
            conversations.c.person == person,
            conversations.c.key == key,
            conversations.c.expires_at < now,
        )
        .returning(conversations.c.person)
    )
    if gone.first() is None:
        return False
    await turn.execute(delete(moves).where(moves.c.person == person))
    return True


async def expired(turn: AsyncConnection, now: float) -> tuple[tuple[str, str], ...]:
    """(person, key) of every conversation that is over."""
    found = await turn.execute(
        select(conversations.c.person, conversations.c.key).where(conversations.c.expires_at < now)
    )
    return tuple((person, key) for person, key in found)
