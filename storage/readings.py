"""How often each member of staff opened content of late: one small document a person (R54)."""

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import network
from storage.seen import insert_or_leave

_NAME = "reads/"


async def read(turn: AsyncConnection, account: str) -> str:
    """The document of this person, held until the end of the turn; empty where there was none."""
    new = {"id": f"{_NAME}{account}", "document": "", "version": 1}
    await turn.execute(insert_or_leave(turn, network).values(new).on_conflict_do_nothing())
    mine = select(network.c.document).where(network.c.id == new["id"]).with_for_update()
    return str((await turn.execute(mine)).scalar_one())


async def keep(turn: AsyncConnection, account: str, document: str) -> None:
    """Write it down; what was read before is still held."""
    mine = network.c.id == f"{_NAME}{account}"
    await turn.execute(
        update(network).where(mine).values(document=document, version=network.c.version + 1)
    )


async def of_all(turn: AsyncConnection) -> tuple[tuple[str, str], ...]:
    """(account, document) of everybody."""
    found = await turn.execute(
        select(network.c.id, network.c.document).where(network.c.id.like(f"{_NAME}%"))
    )
    return tuple((name.removeprefix(_NAME), document) for name, document in found)


async def drop(turn: AsyncConnection, account: str) -> None:
    """Forget how much this person opened."""
    await turn.execute(delete(network).where(network.c.id == f"{_NAME}{account}"))
