"""Walks through the trees that are kept as tests: documents with a version, nothing of a woman."""

from dataclasses import asdict, dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.edition_rows import kept_walks
from storage.store import VersionConflict


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkRow:
    """One walk; version 0 was never kept."""

    id: str
    document: str
    version: int = 0


async def read_all(turn: AsyncConnection) -> tuple[WalkRow, ...]:
    """Every walk, by id."""
    found = await turn.execute(select(*kept_walks.columns).order_by(kept_walks.c.id))
    return tuple(WalkRow(**row) for row in found.mappings())


async def read(turn: AsyncConnection, walk_id: str) -> WalkRow | None:
    """One walk; None for an unknown id."""
    wanted = select(*kept_walks.columns).where(kept_walks.c.id == walk_id)
    row = (await turn.execute(wanted)).mappings().first()
    return WalkRow(**row) if row else None


async def keep(turn: AsyncConnection, row: WalkRow) -> WalkRow:
    """Keep a walk; as it is kept now. Raises VersionConflict."""
    kept = WalkRow(id=row.id, document=row.document, version=row.version + 1)
    if row.version == 0:
        await turn.execute(insert(kept_walks).values(asdict(kept)))
        return kept
    same = (kept_walks.c.id == row.id, kept_walks.c.version == row.version)
    done = await turn.execute(update(kept_walks).where(*same).values(asdict(kept)))
    if done.rowcount != 1:
        raise VersionConflict
    return kept


async def drop(turn: AsyncConnection, walk_id: str) -> None:
    """It is replayed no more."""
    await turn.execute(delete(kept_walks).where(kept_walks.c.id == walk_id))
