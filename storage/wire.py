"""Wire: one raw connection of an engine, for the few statements that go many times a second.

It is checked out of SQLAlchemy's pool at its first use and stays out. What lies above the driver
costs more there than the statements themselves (docs/performance.md).
"""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

_T = TypeVar("_T")
_LONGEST = 10.0  # seconds: a database that answers nothing must not keep all later steps waiting
_AGAIN = 2  # times a question is asked: a connection may have died while nobody used it
# One plan for good, by the indexes: a plan of the days when a table was small must not stay.
_PLANS = (
    "SET enable_seqscan = off",
    "SET enable_mergejoin = off",
    "SET jit = off",
    "SET plan_cache_mode = force_generic_plan",
)


class Trouble(Exception):
    """The database failed. It says nothing of what was asked, and nobody knows what was kept.

    `full`: it said itself that it has no room, or no connection, left.
    """

    def __init__(self, *, full: bool = False) -> None:
        """Keep that alone."""
        super().__init__()
        self.full = full


class Wire:
    """Commits each statement by itself. What a turn of SQLAlchemy sees, it sees."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Open nothing yet."""
        self._engine = engine
        self._held: AsyncConnection | None = None
        self._driver: Any = None
        self._opening = asyncio.Lock()

    @property
    def is_sqlite(self) -> bool:
        """Which of the two databases it leads to."""
        return self._engine.dialect.name == "sqlite"

    async def ask(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Rows of a statement that may be done twice; asked once more over a new connection."""
        for left in reversed(range(_AGAIN)):
            try:
                return await self._rows(statement, values)
            except Trouble:
                if not left:
                    raise
        raise Trouble

    async def order(
        self, statement: str, values: Mapping[str, Any] | Sequence[Any]
    ) -> list[tuple[Any, ...]]:
        """Rows of a statement that changes something, on PostgreSQL. Raises Trouble."""
        return await self._rows(statement, values)

    async def hop(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Do this in the thread of the SQLite driver. Raises Trouble."""
        used: Any = None
        try:
            used = await self._opened()
            # The driver's own way into its thread: many statements in one hop, not a hop each.
            done: _T = await used._execute(work, used._conn)
        except Exception as error:
            await self._failed(error, used)
            raise Trouble(full=is_full(error)) from None
        return done

    async def close(self) -> None:
        """Give the connection back, closed: nobody else shall have its settings."""
        held, self._held, self._driver = self._held, None, None
        if held is not None:
            await _given_back(held)

    async def _rows(self, statement: str, values: Any) -> list[tuple[Any, ...]]:
        if self.is_sqlite:
            return await self.hop(lambda one: one.execute(statement, values).fetchall())
        used: Any = None
        try:
            async with asyncio.timeout(_LONGEST):
                used = await self._opened()
                cursor = await used.execute(statement, values, prepare=True)
                rows: list[tuple[Any, ...]] = await cursor.fetchall()
        except Exception as error:
            await self._failed(error, used)
            raise Trouble(full=is_full(error)) from None
        return rows

    async def _opened(self) -> Any:
        """The driver's connection; a new one where there is none, or where one who was cancelled
        in the midst of a question has left it closed."""
        if self._driver is not None and not getattr(self._driver, "closed", False):
            return self._driver
        async with self._opening:
            if getattr(self._driver, "closed", False):
                await self.close()
            if self._driver is None:
                held = await self._engine.connect()
                try:
                    self._driver = await self._set_up(held)
                except BaseException:  # also who is cancelled here gives it back
                    await _given_back(held)
                    raise
                self._held = held
        return self._driver

    async def _set_up(self, held: AsyncConnection) -> Any:
        driver: Any = (await held.get_raw_connection()).driver_connection
        if not self.is_sqlite:
            await driver.set_autocommit(True)
            for setting in _PLANS:
                await driver.execute(setting)
        return driver

    async def _failed(self, error: Exception, used: Any) -> None:
        """Let go of the connection that failed, not of another that came after it; what is no
        failure of the database is raised."""
        drivers: Any = self._engine.dialect.loaded_dbapi.Error
        if not isinstance(error, drivers | DBAPIError | OSError | ValueError | sqlite3.Error):
            raise error
        if used is not None and used is self._driver:
            await self.close()


async def _given_back(held: AsyncConnection) -> None:
    await held.invalidate()
    await held.close()


def is_full(error: BaseException) -> bool:
    """Whether the database, or our pool, said that there is no room, or no connection, left.

    By PostgreSQL's class 53, "insufficient resources" (its "Error codes"), and SQLITE_FULL.
    """
    if isinstance(error, Trouble | PoolTimeout):
        return getattr(error, "full", True)
    said = getattr(error, "orig", error)
    state = getattr(said, "sqlstate", None) or ""
    return state.startswith("53") or getattr(said, "sqlite_errorname", "") == "SQLITE_FULL"
