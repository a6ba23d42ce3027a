"""Reads a database as it was at one moment, and fills an empty one: rows as lines of JSON."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import orjson
from alembic import command
from alembic.util import CommandError
from sqlalchemy import Connection, column, event, insert, inspect, select, table, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.apart import sqlite_file
from storage.backup_tables import BACKED, columns_of, part_of
from storage.migrate import config
from storage.rows import metadata
from storage.store import may_pause, patience

_BATCH: Final = 200  # rows that are put in at once
_BYTES: Final = "b64"  # how a value of bytes is written: {"b64": "…"}
_NONE_YET: Final = "there is no database of Saphan yet; nothing to back up"


class SnapshotRefused(Exception):
    """Why a database is not read or not filled; the message is for the operator."""


@asynccontextmanager
async def reading(url: str) -> AsyncIterator[AsyncConnection]:
    """One transaction that sees the database as it is now and hinders nobody who writes.

    Not the store's own: on SQLite its turns would keep every writer waiting until the end.
    Raises SnapshotRefused where there is no file yet.
    """
    file = sqlite_file(url)
    if file is not None and not file.exists():
        raise SnapshotRefused(_NONE_YET)
    engine = _reader(url)
    try:
        async with engine.connect() as connection, connection.begin():
            yield connection
    finally:
        await engine.dispose()


async def revision_of(connection: AsyncConnection) -> str:
    """The revision of the tables. Raises SnapshotRefused where there are none of ours."""
    if not await connection.run_sync(_has_tables):
        raise SnapshotRefused(_NONE_YET)
    found = await connection.execute(text("SELECT version_num FROM alembic_version"))
    revision = str(found.scalar_one())
    newest = await connection.run_sync(_newest)
    if revision != newest:
        do = "start this version of Saphan once"
        raise SnapshotRefused(f"the tables are of revision {revision}, not {newest}; {do}")
    return revision


async def lines(connection: AsyncConnection) -> AsyncIterator[bytes]:
    """Every row that goes into a backup: a line for each table, then one for each of its rows."""
    for name in BACKED:
        rows = metadata.tables[name]
        yield orjson.dumps({"table": name, "columns": columns_of(name)}) + b"\n"
        wanted = select(rows).where(part_of(name)).order_by(*rows.primary_key.columns)
        async for row in await connection.stream(wanted):
            yield orjson.dumps([_told(value) for value in row]) + b"\n"


async def refuse_filled(connection: AsyncConnection) -> None:
    """Raises SnapshotRefused where the database holds any table at all."""
    await may_pause(connection)
    if await connection.run_sync(lambda sync: inspect(sync).get_table_names()):
        raise SnapshotRefused("the database is not empty; give an empty one")


async def migrate_to(connection: AsyncConnection, revision: str) -> None:
    """Make the tables as they were at that revision. Raises SnapshotRefused: it is not ours."""
    try:
        await connection.run_sync(lambda sync: command.upgrade(config(sync), revision))
    except CommandError:
        why = "was made by a newer version of Saphan; restore it with that one"
        raise SnapshotRefused(f"the backup {why}") from None


class Filler:
    """Puts the lines of a backup into tables that were just made."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Into this transaction; nothing is kept before it is committed."""
        self._connection = connection
        self._table = ""
        self._columns: tuple[str, ...] = ()
        self._waiting: list[dict[str, Any]] = []
        self.rows: dict[str, int] = {}

    async def take(self, line: Any) -> None:
        """One line as it was parsed. Raises SnapshotRefused for what is none of ours."""
        if isinstance(line, dict):
            await self.flush()
            self._table, self._columns = str(line["table"]), tuple(map(str, line["columns"]))
            if self._table not in BACKED or self._table in self.rows:
                raise SnapshotRefused("the backup holds a table that none of ours may hold")
            self.rows[self._table] = 0
            return
        values = dict(zip(self._columns, map(_taken, line), strict=True))
        self._waiting.append(values)
        if len(self._waiting) >= _BATCH:
            await self.flush()

    async def flush(self) -> None:
        """Put in what waits."""
        if self._waiting:
            named = table(self._table, *(column(one) for one in self._columns))
            await self._connection.execute(insert(named), self._waiting)
            self.rows[self._table] += len(self._waiting)
            self._waiting = []

    async def end(self) -> None:
        """All rows are in: numbers that count up go on after the last one."""
        await self.flush()
        if self._connection.dialect.name == "postgresql":
            counted = "(SELECT coalesce(max(id), 0) + 1 FROM draft_steps), false"
            sequence = "pg_get_serial_sequence('draft_steps', 'id')"
            if "draft_steps" in self.rows:
                await self._connection.execute(text(f"SELECT setval({sequence}, {counted})"))


def _reader(url: str) -> AsyncEngine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_async_engine(
            parsed,
            hide_parameters=True,
            isolation_level="REPEATABLE READ",
            execution_options={"postgresql_readonly": True},
            connect_args=patience(parsed),
        )
    engine = create_async_engine(parsed.set(drivername="sqlite+aiosqlite"), hide_parameters=True)

    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("query_only=ON", "busy_timeout=10000", "temp_store=MEMORY"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN")  # sees what is committed at its first look

    return engine


def _has_tables(connection: Connection) -> bool:
    return inspect(connection).has_table("alembic_version")


def _newest(connection: Connection) -> str:
    from alembic.script import ScriptDirectory

    return str(ScriptDirectory.from_config(config(connection)).get_current_head())


def _told(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return {_BYTES: base64.b64encode(value).decode()}
    return value


def _taken(value: Any) -> Any:
    return base64.b64decode(value[_BYTES], validate=True) if isinstance(value, dict) else value
