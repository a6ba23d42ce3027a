"""Editions as rows, the statement of which of them serve, and what was pulled from all."""

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.edition_rows import editions, pulls
from storage.news import News, tell
from storage.rows import network
from storage.store import VersionConflict

_STATEMENT = "editions/live"  # a row of `network`


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionRow:
    """One edition without its bundle."""

    number: int
    state: str
    document: str
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """The signed statement; version 0 where there never was one."""

    document: str = ""
    version: int = 0


async def read_all(turn: AsyncConnection) -> tuple[EditionRow, ...]:
    """Every edition, the newest first; those of the program's own files (below 1) left out."""
    columns = (editions.c.number, editions.c.state, editions.c.document, editions.c.version)
    wanted = select(*columns).where(editions.c.number > 0).order_by(editions.c.number.desc())
    return tuple(EditionRow(**row) for row in (await turn.execute(wanted)).mappings())


async def newest(turn: AsyncConnection) -> int:
    """The highest number given so far; 0 where no edition was ever published."""
    return (await turn.execute(select(func.max(editions.c.number)))).scalar() or 0


async def bundle(turn: AsyncConnection, number: int) -> bytes | None:
    """The signed file of an edition."""
    found = await turn.execute(select(editions.c.bundle).where(editions.c.number == number))
    return found.scalar_one_or_none()


async def document(turn: AsyncConnection, number: int) -> str | None:
    """What is kept about an edition besides its bundle."""
    found = await turn.execute(select(editions.c.document).where(editions.c.number == number))
    return found.scalar_one_or_none()


async def add(turn: AsyncConnection, row: EditionRow, content: bytes) -> None:
    """Keep a new edition. Raises VersionConflict where its number was given meanwhile."""
    values = {"number": row.number, "state": row.state, "document": row.document}
    try:
        await turn.execute(insert(editions).values(**values, bundle=content, version=1))
    except IntegrityError:
        raise VersionConflict from None


async def replace_bundle(turn: AsyncConnection, row: EditionRow, content: bytes) -> None:
    """Keep it in the place of the one with the same number; for the program's own files only."""
    await turn.execute(delete(editions).where(editions.c.number == row.number))
    await add(turn, row, content)


async def set_live(turn: AsyncConnection, number: int) -> None:
    """This one is live, all others are past."""
    served = editions.c.number > 0
    await turn.execute(update(editions).where(served).values(state="past"))
    mine = editions.c.number == number
    await turn.execute(update(editions).where(mine).values(state="live"))


async def change(turn: AsyncConnection, number: int, document: str) -> None:
    """Write down what else happened to an edition."""
    mine = editions.c.number == number
    counted = editions.c.version + 1
    await turn.execute(update(editions).where(mine).values(document=document, version=counted))


async def statement(turn: AsyncConnection) -> StatementRow:
    """What serves, as it was signed."""
    columns = (network.c.document, network.c.version)
    row = (
        (await turn.execute(select(*columns).where(network.c.id == _STATEMENT))).mappings().first()
    )
    return StatementRow(**row) if row else StatementRow()


async def put_statement(turn: AsyncConnection, document: str, seen: int) -> None:
    """Say anew what serves; `seen` is the version it was worked out from. VersionConflict."""
    await tell(turn, News.EDITIONS)
    if seen == 0:
        row = {"id": _STATEMENT, "document": document, "version": 1}
        try:
            await turn.execute(insert(network).values(row))
        except IntegrityError:
            raise VersionConflict from None
        return
    mine = (network.c.id == _STATEMENT, network.c.version == seen)
    done = await turn.execute(
        update(network).where(*mine).values(document=document, version=seen + 1)
    )
    if done.rowcount != 1:
        raise VersionConflict


async def read_pulls(turn: AsyncConnection) -> dict[str, str]:
    """Everything that is pulled: its key and its document."""
    found = await turn.execute(select(pulls.c.key, pulls.c.document).order_by(pulls.c.key))
    return {row.key: row.document for row in found}


async def keep_pull(turn: AsyncConnection, key: str, document: str) -> None:
    """Keep it, the one with the same key anew."""
    await drop_pull(turn, key)
    await turn.execute(insert(pulls).values(key=key, document=document, version=1))


async def drop_pull(turn: AsyncConnection, key: str) -> None:
    """It is put back."""
    await turn.execute(delete(pulls).where(pulls.c.key == key))
