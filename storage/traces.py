"""Traces: which messages of a chat are still standing, sealed, so that they can be deleted."""

from dataclasses import dataclass, field

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import traces
from storage.store import VersionConflict


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceRow:
    """The sealed list of one person's messages; version 0 was never kept."""

    person: str
    key: str
    sealed: bytes = field(repr=False)
    expires_at: float
    version: int = 0


async def read(turn: AsyncConnection, person: str) -> TraceRow | None:
    """The traces of a person, if any message stands."""
    found = await turn.execute(
        select(
            traces.c.person, traces.c.key, traces.c.sealed, traces.c.expires_at, traces.c.version
        ).where(traces.c.person == person)
    )
    row = found.mappings().first()
    return TraceRow(**row) if row else None


async def people(turn: AsyncConnection) -> tuple[str, ...]:
    """Everybody in whose chat a message stands."""
    return tuple((await turn.execute(select(traces.c.person))).scalars())


async def keep(turn: AsyncConnection, row: TraceRow) -> None:
    """Insert (version 0) or replace the version that was read. Raises VersionConflict."""
    values = {
        "key": row.key,
        "sealed": row.sealed,
        "expires_at": row.expires_at,
        "version": row.version + 1,
    }
    if row.version == 0:
        try:
            await turn.execute(insert(traces).values(person=row.person, **values))
        except IntegrityError:
            raise VersionConflict from None
        return
    done = await turn.execute(
        update(traces)
        .where(traces.c.person == row.person, traces.c.version == row.version)
        .values(**values)
    )
    if done.rowcount != 1:
        raise VersionConflict


async def drop(turn: AsyncConnection, person: str) -> tuple[str, ...]:
    """Forget which messages stand; the keys that are of no use now."""
    gone = await turn.execute(
        delete(traces).where(traces.c.person == person).returning(traces.c.key)
    )
    return tuple(gone.scalars())
