"""Whether the databases answer and commit at all, asked beside everything that waits for them."""

import asyncio

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from storage.store import patience

_LOOK = 0.05  # seconds between looks whether we ourselves are in time
# Something small that is written, so that its commit waits as ours do: for the disk, and for a
# standby that must have it too. It is in no table.
_WRITES = text("select pg_logical_emit_message(true, 'saphan', '')")
# A server that is full is there (PostgreSQL, "Error codes": too_many_connections).
_FULL = "53300"


class Probe:
    """Asks one database by a connection of its own: those of the pool may all be in use by what
    is only slow. SQLite answers, or refuses, at once; who waits for it waits for a lock."""

    def __init__(self, engine: AsyncEngine) -> None:
        """`engine` says where; none of its connections is used."""
        self._engine = engine
        self._asking: asyncio.Task[bool] | None = None

    async def answers(self, seconds: float) -> bool:
        """False where it refuses us, or says nothing for so long in which we were in time."""
        if self._engine.dialect.name == "sqlite":
            return True
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(_asked(self._engine))
            self._asking.add_done_callback(lambda one: one.cancelled() or one.exception())
        loop, waited = asyncio.get_running_loop(), 0.0
        while not self._asking.done() and waited < seconds:
            begun = loop.time()
            await asyncio.wait({self._asking}, timeout=_LOOK)
            waited += min(loop.time() - begun, 2 * _LOOK)  # what we were late is not its silence
        return self._asking.done() and self._asking.result()


def _beside(engine: AsyncEngine) -> AsyncEngine:
    quick = patience(engine.url) | {"connect_timeout": 2}
    return create_async_engine(
        engine.url, poolclass=NullPool, hide_parameters=True, connect_args=quick
    )


async def _asked(engine: AsyncEngine) -> bool:
    try:
        async with _beside(engine).connect() as connection:
            await connection.execute(_WRITES)
            await connection.commit()
    except DBAPIError as error:
        return getattr(error.orig, "sqlstate", None) == _FULL
    except OSError:
        return False
    return True
