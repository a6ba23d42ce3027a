"""A network of fictional organisations on SQLite and on PostgreSQL: made once, copied for each."""

import asyncio
import pickle
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import text

from app.settings import Settings
from app.wiring import Data, build
from handlers.desk import Desk
from tests.casework.killing import Processes
from tests.casework.scene import PEOPLE, Scene, set_up
from tests.databases import copied_database
from tests.doubles import FakeClock

_MODEL = "model-name"  # the file that says which database is the model


@pytest.fixture(scope="session")
def sqlite_model(tmp_path_factory: pytest.TempPathFactory, data: Data) -> Path:
    """A home folder in which the network stands, on SQLite."""
    home = tmp_path_factory.mktemp("sqlite")
    asyncio.run(_made(Settings(home=home, database_url=f"sqlite:///{home}/saphan.db"), data))
    return home


@pytest.fixture(scope="session")
def postgres_model(tmp_path_factory: pytest.TempPathFactory, data: Data, postgres: str) -> Path:
    """The same on PostgreSQL: the home folder, beside a database of that name."""
    home = tmp_path_factory.mktemp("postgres")
    name = f"model{uuid.uuid4().hex[:12]}"  # tests/consent_chat has one of its own
    (home / _MODEL).write_text(name)
    _create(postgres, name)
    url = postgres.replace("/postgres?", f"/{name}?")
    asyncio.run(_made(Settings(home=home, database_url=url), data))
    return home


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A copy of the network, with its home folder; dropped after the test."""
    if request.param == "sqlite":
        shutil.copytree(request.getfixturevalue("sqlite_model"), tmp_path, dirs_exist_ok=True)
        yield f"sqlite:///{tmp_path}/saphan.db"
        return
    server = str(request.getfixturevalue("postgres"))
    shutil.copytree(request.getfixturevalue("postgres_model"), tmp_path, dirs_exist_ok=True)
    with copied_database(server, (tmp_path / _MODEL).read_text()) as url:
        yield url


@pytest.fixture
async def desk(settings: Settings, data: Data, clock: FakeClock) -> AsyncIterator[Desk]:
    """The whole product but for its doors, over the copy."""
    async with build(settings, channels={}, clock=clock, data=data) as desk:
        yield desk


@pytest.fixture
async def scene(desk: Desk, clock: FakeClock, tmp_path: Path) -> Scene:
    """Organisations here and abroad, all their people, keys and an agreement."""
    return await Scene.of(desk, clock, tmp_path)


@pytest.fixture
async def processes(desk: Desk, settings: Settings) -> AsyncIterator[Processes]:
    """Four processes over the same database."""
    found = Processes(desk, settings.database(), number=4)
    yield found
    await found.close()


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
