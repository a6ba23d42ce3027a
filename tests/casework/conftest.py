"""A copy of the network of fictional organisations for each test, on SQLite and PostgreSQL."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.settings import Settings
from app.wiring import Data, build
from handlers.desk import Desk
from tests.casework.killing import Processes
from tests.casework.models import MODEL
from tests.casework.scene import Scene
from tests.databases import copied_database
from tests.doubles import FakeClock


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A copy of the network, with its home folder; dropped after the test."""
    if request.param == "sqlite":
        shutil.copytree(request.getfixturevalue("sqlite_model"), tmp_path, dirs_exist_ok=True)
        yield f"sqlite:///{tmp_path}/saphan.db"
        return
    server = str(request.getfixturevalue("postgres"))
    shutil.copytree(request.getfixturevalue("postgres_model"), tmp_path, dirs_exist_ok=True)
    with copied_database(server, (tmp_path / MODEL).read_text()) as url:
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
