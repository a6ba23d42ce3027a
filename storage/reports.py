"""Reports that were given, or wait for a second signature."""

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.edition_rows import reports
from storage.rows import counts
from storage.store import VersionConflict


async def read(turn: AsyncConnection, report_id: str) -> tuple[str, int] | None:
    """Document and version of one report."""
    wanted = select(reports.c.document, reports.c.version).where(reports.c.id == report_id)
    row = (await turn.execute(wanted)).first()
    return (row.document, row.version) if row else None


async def read_all(turn: AsyncConnection) -> tuple[str, ...]:
    """The documents of all reports, by id."""
    return tuple((await turn.execute(select(reports.c.document).order_by(reports.c.id))).scalars())


async def keep(turn: AsyncConnection, report_id: str, document: str, seen: int) -> None:
    """Insert (version 0) or replace the version that was read. Raises VersionConflict."""
    if seen == 0:
        row = {"id": report_id, "document": document, "version": 1}
        try:
            await turn.execute(insert(reports).values(row))
        except IntegrityError:
            raise VersionConflict from None
        return
    same = (reports.c.id == report_id, reports.c.version == seen)
    values = {"document": document, "version": seen + 1}
    if (await turn.execute(update(reports).where(*same).values(values))).rowcount != 1:
        raise VersionConflict


async def drop(turn: AsyncConnection, report_id: str, seen: int) -> None:
    """Forget a report that nobody was given, as it was read. Raises VersionConflict."""
    same = (reports.c.id == report_id, reports.c.version == seen)
    if (await turn.execute(delete(reports).where(*same))).rowcount != 1:
        raise VersionConflict


async def first_week(turn: AsyncConnection) -> str:
    """The first week in which anything was counted; empty where nothing was."""
    found = await turn.execute(select(counts.c.week).order_by(counts.c.week).limit(1))
    return found.scalar_one_or_none() or ""
