"""Documents of the network by name, each with a version: times, tests, who was looked at."""

from dataclasses import dataclass

from sqlalchemy import delete, insert, inspect, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import network
from storage.store import VersionConflict

RESTORED = "restored/backup"  # a backup was put back, and the list of removals not replayed yet
LAST_BACKUP = "backup/last"  # when the last backup was made, as ISO 8601
PING = "ping/"  # a test that waits for its answer, by the account that is to give it


@dataclass(frozen=True, slots=True)
class Note:
    """One row of `network`; version 0 was never kept. Nothing in it is about a woman."""

    name: str
    document: str = ""
    version: int = 0


async def there(turn: AsyncConnection) -> bool:
    """Whether the database has the table of documents at all."""
    return await turn.run_sync(lambda sync: inspect(sync).has_table(network.name))


async def read(turn: AsyncConnection, name: str) -> Note:
    """The document of this name; empty with version 0 where there is none."""
    wanted = select(network.c.document, network.c.version).where(network.c.id == name)
    row = (await turn.execute(wanted)).first()
    return Note(name, row.document, row.version) if row else Note(name)


async def keep(turn: AsyncConnection, note: Note) -> None:
    """Keep it over the version that was read. Raises VersionConflict."""
    values = {"document": note.document, "version": note.version + 1}
    if note.version == 0:
        try:
            await turn.execute(insert(network).values(id=note.name, **values))
        except IntegrityError:
            raise VersionConflict from None
        return
    same = (network.c.id == note.name, network.c.version == note.version)
    if (await turn.execute(update(network).where(*same).values(values))).rowcount != 1:
        raise VersionConflict


async def drop(turn: AsyncConnection, name: str) -> None:
    """Forget it; quiet where there is none."""
    await turn.execute(delete(network).where(network.c.id == name))


async def all_of(turn: AsyncConnection, kind: str) -> tuple[Note, ...]:
    """Every document whose name begins so."""
    wanted = select(*network.columns).where(network.c.id.startswith(kind, autoescape=True))
    return tuple(Note(*row) for row in await turn.execute(wanted.order_by(network.c.id)))
