"""Services that an operator imported, as documents: we query them in memory, not by column."""

from collections.abc import Iterable
from dataclasses import replace

from pydantic import TypeAdapter
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from directory.service import Service
from storage.rows import services

_SERVICE: TypeAdapter[Service] = TypeAdapter(Service)


async def keep_imported(turn: AsyncConnection, imported: Iterable[Service]) -> None:
    """Keep services, those with the same id anew: unchecked and hidden until people say so."""
    for service in imported:
        hidden = replace(service, level=0, checked_on=None, suspended=True)
        await turn.execute(delete(services).where(services.c.id == service.id))
        await turn.execute(
            insert(services).values(id=service.id, document=_SERVICE.dump_json(hidden).decode())
        )


async def read_all(turn: AsyncConnection) -> tuple[Service, ...]:
    """Every imported service, by id."""
    found = await turn.execute(select(services.c.document).order_by(services.c.id))
    return tuple(_SERVICE.validate_json(document) for document in found.scalars())
