"""Fixtures of all tests: real databases, the real data read once, a desk as in production."""

import gc
import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import FrameType

import hypothesis
import pytest
import structlog
from xdist.remote import Producer  # type: ignore[import-untyped]

from app.settings import PREFIX, Settings
from app.wiring import Data, build
from handlers.desk import Desk
from handlers.edition_content import Content
from tests.at_once import at_once, pytest_runtest_setup
from tests.casework.models import postgres_model, sqlite_model
from tests.databases import copied_database, copied_file, filled, in_memory, postgresql
from tests.distribution import Distribution
from tests.doubles import FakeChannel, FakeClock
from tests.once import _once
from tests.proving import FULL, proof, pytest_generate_tests, pytest_terminal_summary

__all__ = [
    "_once",
    "at_once",
    "postgres_model",
    "proof",
    "pytest_generate_tests",
    "pytest_runtest_setup",
    "pytest_terminal_summary",
    "sqlite_model",
]

KINDS = ("sqlite", "postgresql")

# How long one example takes says more of what else the machine does than of us. A plain run tries
# the same examples each time, so that it says what a change did; a full run looks for new ones.
hypothesis.settings.register_profile("saphan", deadline=None, derandomize=FULL not in os.environ)
hypothesis.settings.load_profile("saphan")

for name in [name for name in os.environ if name.startswith(PREFIX) and name != FULL]:
    del os.environ[name]  # a developer's own settings must not reach the tests

if (folder := in_memory()) is not None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))  # where pytest puts tmp_path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Distribution:
    """Called by pytest-xdist, where several workers share the tests."""
    return Distribution(config, log)


@pytest.fixture(scope="session", autouse=True)
def _interrupts_are_cheap() -> None:
    """asyncio leaves a handler alone that is not Python's own.

    To put one of its own there, and again to take it away, it lets signal print the task, and so
    the desk that a fixture made, with all trees: a fifth of the time of such a test.
    """
    signal.signal(signal.SIGINT, _interrupted)


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@pytest.fixture(autouse=True)
def _logging_begins_anew() -> Iterator[None]:
    """A test that set logging up for its own output leaves nothing of it to the next."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A real PostgreSQL, one for each worker; the URL of its first database."""
    with postgresql() as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with all tables and no rows."""
    file = tmp_path_factory.mktemp("pattern") / "saphan.db"
    filled(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_pattern(postgres: str) -> Iterator[str]:
    """The name of a PostgreSQL database with all tables and no rows."""
    with copied_database(postgres) as url:
        yield filled(url).partition("?")[0].rpartition("/")[2]


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each kind with all tables and no rows."""
    fixed = request.getfixturevalue
    if request.param == "sqlite":
        database = copied_file(fixed("sqlite_pattern"), tmp_path)
    else:
        database = copied_database(fixed("postgres"), fixed("postgres_pattern"))
    with database as url:
        yield url


@pytest.fixture(params=KINDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each kind without any table, as on the first start."""
    if request.param == "sqlite":
        database = copied_file(None, tmp_path)
    else:
        database = copied_database(request.getfixturevalue("postgres"))
    with database as url:
        yield url


@pytest.fixture(scope="session")
def data() -> Data:
    """Trees, catalogues, services and places of the project, read once."""
    gc.disable()  # a third of the time goes to looking through what is still being read
    data = Data.read()
    gc.enable()
    gc.collect()
    gc.freeze()  # as a start does (app/serving.py)
    gc.set_threshold(20_000, 20, 20)  # what a test leaves is little: looked for less often
    return data


@pytest.fixture(scope="session")
def shipped() -> dict[str, Content]:
    """What came with the program as desks have read it for drafts, by its name; never changed."""
    return {}


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
    settings: Settings,
    data: Data,
    clock: FakeClock,
    fake: FakeChannel,
    shipped: dict[str, Content],
) -> AsyncIterator[Desk]:
    """The whole product but for its doors, on SQLite and on PostgreSQL."""
    async with build(settings, channels={"fake": fake}, clock=clock, data=data) as desk:
        desk.workshop.editions.update(shipped)
        yield desk
        read = desk.workshop.editions.items()
        shipped.update({name: one for name, one in read if one.number == 0})


@pytest.fixture
def postgres_folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where PostgreSQL keeps its files, if this test uses it; else the test's own folder."""
    if "postgresql" not in request.node.name:
        return tmp_path
    url = str(request.getfixturevalue("postgres"))
    return Path(url.partition("host=")[2])
