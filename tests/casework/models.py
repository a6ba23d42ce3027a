"""The network of fictional organisations, made once for all tests; each copies it."""

import asyncio
import pickle
import shutil
import uuid
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import text

from app.settings import Settings
from app.wiring import Data, build
from tests.casework.scene import PEOPLE, Scene, set_up
from tests.doubles import FakeClock

MODEL = "model-name"  # the file that says which database is the model on PostgreSQL


@pytest.fixture(scope="session")
def sqlite_model(tmp_path_factory: pytest.TempPathFactory, data: Data) -> Path:
    """A home folder in which the network stands, on SQLite."""
    home = tmp_path_factory.mktemp("sqlite")
    asyncio.run(_made(_on_sqlite(home), data))
    return home


@pytest.fixture(scope="session")
def postgres_model(tmp_path_factory: pytest.TempPathFactory, data: Data, postgres: str) -> Path:
    """The same on PostgreSQL: the home folder, beside a database of that name."""
    home = tmp_path_factory.mktemp("postgres")
    name = f"model{uuid.uuid4().hex[:12]}"
    (home / MODEL).write_text(name)
    _create(postgres, name)
    url = postgres.replace("/postgres?", f"/{name}?")
    asyncio.run(_made(Settings(home=home, database_url=url), data))
    return home


def copied(sqlite_model: Path, home: Path) -> Settings:
    """Settings over a copy of the network on SQLite, in this folder."""
    shutil.copytree(sqlite_model, home, dirs_exist_ok=True)
    return _on_sqlite(home)


def _on_sqlite(home: Path) -> Settings:
    return Settings(home=home, database_url=f"sqlite:///{home}/saphan.db")


async def _made(settings: Settings, data: Data) -> None:
    async with build(settings, channels={}, clock=FakeClock(), data=data) as desk:
        await set_up(desk)
        everybody = await Scene.of(desk, FakeClock())
        (settings.home / PEOPLE).write_bytes(pickle.dumps(everybody.staff))


def _create(base: str, name: str) -> None:
    engine = sqlalchemy.create_engine(base, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
