"""Asks a database how it is set up, and says what in it would lose or keep what it must not."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsound:
    """One setting of a database: what it is now (never a value of ours), and what to do."""

    setting: str
    now: str
    do: str


_AT_ONCE = 1.0  # seconds a question about the time may take
_SAFE_JOURNALS = frozenset({"delete", "truncate", "persist"})
_PRAGMAS = ("journal_mode", "synchronous", "secure_delete")
_DURABLE = "turn it on in postgresql.conf: what was answered would be lost at power loss (R11)"
_SILENT = "turn it off in postgresql.conf: the server's log would hold rows and keys (R21)"
_NO_ARCHIVE = "turn it off, or use another server: destroyed keys would live on in the archive"

# setting: (values that are safe, what to do). One that a server does not have is passed over.
_POSTGRESQL: Mapping[str, tuple[frozenset[str], str]] = {
    "fsync": (frozenset({"on"}), _DURABLE),
    "full_page_writes": (frozenset({"on"}), _DURABLE),
    "synchronous_commit": (frozenset({"on", "local", "remote_write", "remote_apply"}), _DURABLE),
    "log_statement": (frozenset({"none"}), _SILENT),
    "log_min_duration_statement": (frozenset({"-1"}), _SILENT),
    "log_min_duration_sample": (frozenset({"-1"}), _SILENT),
    "log_transaction_sample_rate": (frozenset({"0"}), _SILENT),
    "log_parameter_max_length_on_error": (frozenset({"0"}), _SILENT),
}


async def unsound(engine: AsyncEngine, *, keeps_keys: bool) -> tuple[Unsound, ...]:
    """Everything that is unsafe. `keeps_keys`: it is the key store, which nothing may copy."""
    async with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            return tuple(await _sqlite(connection, keeps_keys=keeps_keys))
        return tuple(await _postgresql(connection, keeps_keys=keeps_keys))


async def is_same(one: AsyncEngine, other: AsyncEngine) -> bool:
    """Whether two connections end in one database, by what the databases say of themselves."""
    async with one.connect() as first, other.connect() as second:
        names = await _identity(first), await _identity(second)
    return None not in names and names[0] == names[1]


async def _sqlite(connection: AsyncConnection, *, keeps_keys: bool) -> list[Unsound]:
    now = {
        name: str((await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()).lower()
        for name in _PRAGMAS
    }
    found = []
    if now["synchronous"] not in ("2", "3"):
        do = "SQLite must write with synchronous=FULL (R11)"
        found.append(Unsound(setting="synchronous", now=now["synchronous"], do=do))
    if now["secure_delete"] != "1":
        do = "SQLite must overwrite what it deletes: use a build that can"
        found.append(Unsound(setting="secure_delete", now=now["secure_delete"], do=do))
    if now["journal_mode"] not in _SAFE_JOURNALS | (set() if keeps_keys else {"wal"}):
        kept = "destroyed keys stay in a write-ahead log" if keeps_keys else "a kill corrupts it"
        do = f"{kept}: end whatever else has the file open, and start again"
        found.append(Unsound(setting="journal_mode", now=now["journal_mode"], do=do))
    return found


async def _postgresql(connection: AsyncConnection, *, keeps_keys: bool) -> list[Unsound]:
    asked = await connection.execute(text("SELECT name, setting FROM pg_settings"))
    now = {str(name): str(setting) for name, setting in asked}
    found = list(_differing(now))
    if keeps_keys and now.get("archive_mode", "off") != "off":
        found.append(Unsound(setting="archive_mode", now=now["archive_mode"], do=_NO_ARCHIVE))
    if keeps_keys:
        slots = await connection.execute(text("SELECT count(*) FROM pg_replication_slots"))
        if number := slots.scalar_one():
            found.append(Unsound(setting="replication slots", now=str(number), do=_NO_ARCHIVE))
    return found


async def clock_of(engine: AsyncEngine) -> float | None:
    """The database's own clock (Unix seconds): PostgreSQL may run on another machine.

    None for SQLite, and where the answer took so long that it says nothing.
    """
    if engine.dialect.name != "postgresql":
        return None
    begun = time.monotonic()
    async with engine.connect() as connection:
        asked = await connection.execute(text("SELECT extract(epoch FROM clock_timestamp())"))
        told = float(asked.scalar_one())
    return told if time.monotonic() - begun < _AT_ONCE else None


def _differing(now: Mapping[str, str]) -> Iterator[Unsound]:
    for name, (safe, do) in _POSTGRESQL.items():
        if name in now and now[name] not in safe:
            yield Unsound(setting=name, now=now[name], do=do)


async def _identity(connection: AsyncConnection) -> str | None:
    """The file, or the server's own number and the database's; None where it may not be asked."""
    if connection.dialect.name == "sqlite":
        files = await connection.exec_driver_sql("PRAGMA database_list")
        return next((r["file"] or None for r in files.mappings() if r["name"] == "main"), None)
    try:
        asked = await connection.execute(
            text(
                "SELECT system_identifier, oid FROM pg_control_system(), pg_database "
                "WHERE datname = current_database()"
            )
        )
        return repr(tuple(asked.one()))
    except DBAPIError:
        return None
