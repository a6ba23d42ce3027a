"""Store: one transaction for one turn, and the only commit."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, nullcontext
from types import MappingProxyType
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.wire import Trouble, Wire

_BUSY = 10_000  # milliseconds a writer waits for another
# Connections of one process to one PostgreSQL: those that stay open, as making one costs more than
# what it is asked, and how many more it may have at once. PostgreSQL lets in 97 in all.
_KEPT, _MORE = 8, 7
_SILENT = 1.0  # seconds for which a connection that came back is trusted: most restarts are longer
# A rollback journal is removed to commit. With FULL that removal is not synced: after a power cut
# the journal is back and undoes what was acknowledged, so a destroyed key would live again (R11).
_SYNCHRONOUS = {"WAL": "FULL", "DELETE": "EXTRA"}
# A host that vanishes says nothing: the defaults of TCP would hold whoever waits for it from a
# quarter of an hour to two hours (PostgreSQL, "Parameter Key Words": seconds; the last in ms).
_PATIENCE: Mapping[str, int] = MappingProxyType(
    {
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 3,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
    }
)
# The other side of it: how long PostgreSQL keeps an open transaction of ours that says nothing.
_GIVEN_UP: Mapping[str, str] = MappingProxyType(
    {
        "idle_in_transaction_session_timeout": "30s",
        "tcp_keepalives_idle": "10s",
        "tcp_keepalives_interval": "3s",
        "tcp_keepalives_count": "3",
    }
)


Turn = AsyncConnection  # one open transaction; handlers pass it on and never look inside


class StoreAway(Exception):
    """The database does not answer; whether a turn was kept is known when it comes again."""


class VersionConflict(Exception):
    """Somebody else was quicker with this row; nothing was kept, do the turn again."""


class Store:
    """The main database. SQLite and PostgreSQL take the same statements."""

    def __init__(self, url: str) -> None:
        """Prepare the engine; nothing is opened yet."""
        self.engine = make_engine(url)
        # SQLite has one writer. Left to itself it lets those who wait ask again and again, and who
        # comes late may be served first; here they stand in line (R76).
        alone = self.engine.dialect.name == "sqlite"
        self.in_line = asyncio.Lock() if alone else nullcontext()
        self.wire = Wire(self.engine)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: all of it is kept at the end, or nothing of it."""
        async with self.in_line, self.engine.begin() as connection:
            yield connection

    async def ready(self) -> None:
        """Raises when the database does not answer, or has not what a turn needs."""
        async with self.engine.connect() as connection:
            await connection.execute(text("select 1 from conversations limit 1"))

    async def close(self) -> None:
        """Give back all connections."""
        await self.wire.close()
        await self.engine.dispose()


async def one_at_a_time(turn: Turn, *names: str) -> None:
    """Let turns that share a name wait for one another; on SQLite every turn does anyway."""
    if turn.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
        for name in sorted(set(names)):
            await turn.execute(lock, {"name": name})


async def may_pause(turn: Turn) -> None:
    """This turn waits for something slow, as a backup that is read from a stick."""
    if turn.dialect.name == "postgresql":
        await turn.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))


def is_trouble(error: BaseException) -> bool:
    """Whether the database is to blame, so that the same turn may go well later."""
    return isinstance(error, DBAPIError | PoolTimeout | Trouble | StoreAway)


def make_engine(url: str, *, journal: str = "WAL") -> AsyncEngine:
    """An engine with this project's rules for its dialect. Errors never show parameters."""
    parsed = make_url(url)
    options: dict[str, Any] = {"hide_parameters": True}
    if parsed.get_backend_name() == "sqlite":
        engine = create_async_engine(parsed.set(drivername="sqlite+aiosqlite"), **options)
        _careful_sqlite(engine, journal)
        return engine
    options |= {"pool_size": _KEPT, "max_overflow": _MORE, "connect_args": patience(parsed)}
    engine = create_async_engine(parsed, **options)
    _let_go_of_the_silent(engine)
    _ask_after_silence(engine)
    return engine


def patience(url: URL) -> dict[str, Any]:
    """How long a connection to PostgreSQL waits for a silent host, as libpq is told; what the
    URL says itself stays as it is."""
    return {name: value for name, value in _PATIENCE.items() if name not in url.query}


def _let_go_of_the_silent(engine: AsyncEngine) -> None:
    """PostgreSQL gives up a process of ours that is frozen, or whose host has vanished: the rows
    it holds would stop all sending, and whoever counts the same screen."""

    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("; ".join(f"SET {name} = '{value}'" for name, value in _GIVEN_UP.items()))
        cursor.close()
        connection.commit()


def _ask_after_silence(engine: AsyncEngine) -> None:
    """Whether a connection still lives is asked before it is used again, as by SQLAlchemy's own
    `pool_pre_ping`, but not where it came back a moment ago: a question less for most turns. Once
    one was thrown away all others are asked.
    """
    doubted = -math.inf

    @event.listens_for(engine.sync_engine, "checkin")
    def _on_checkin(_connection: Any, record: Any) -> None:
        record.info["came_back"] = time.monotonic()

    @event.listens_for(engine.sync_engine, "invalidate")
    def _on_invalidate(*_: Any) -> None:
        nonlocal doubted
        doubted = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def _on_checkout(connection: Any, record: Any, _lent: Any) -> None:
        came_back = record.info.get("came_back", math.inf)  # a new one has answered just now
        if came_back > max(doubted, time.monotonic() - _SILENT):
            return
        try:
            alive = engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error:
            alive = False
        if not alive:  # then the others are as old; new ones are made
            raise InvalidatePoolError


def _careful_sqlite(engine: AsyncEngine, journal: str) -> None:
    """Durable at power loss, overwriting what is deleted, one writer at a time."""

    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin on its own
        cursor = connection.cursor()
        for pragma in (
            f"journal_mode={journal}",
            f"synchronous={_SYNCHRONOUS[journal]}",
            "secure_delete=ON",
            "foreign_keys=ON",
            f"busy_timeout={_BUSY}",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Any) -> None:
        # A reader that turns writer half-way would be refused; so every turn begins as one.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
