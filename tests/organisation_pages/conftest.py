"""A desk with the fictional network, its staff app, and the people who open its pages."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from app.metrics import Tally
from app.staff import staff_app
from app.wiring import Data, build
from handlers.desk import Desk
from tests.browser.conftest import browser as browser
from tests.casework.models import copied
from tests.casework.scene import Scene
from tests.console.people import cheap
from tests.console.serving import served
from tests.doubles import FakeClock
from tests.organisation_pages.people import Network


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def desk(
    sqlite_model: Path, data: Data, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Desk]:
    """One for all, as it costs seconds to make; a test takes back what others would see."""
    settings = copied(sqlite_model, tmp_path_factory.mktemp("organisations"))
    async with build(settings, channels={}, clock=FakeClock(), data=data) as built:
        yield cheap(built)


@pytest.fixture
def clock(desk: Desk) -> FakeClock:
    assert isinstance(desk.clock, FakeClock)
    return desk.clock


@pytest_asyncio.fixture(loop_scope="package")
async def network(desk: Desk) -> AsyncIterator[Network]:
    transport = httpx.ASGITransport(staff_app(desk, Tally()), client=("127.0.0.1", 5))
    found = Network(desk, transport, await Scene.of(desk, FakeClock()))
    yield found
    await found.leave()


@pytest_asyncio.fixture(loop_scope="package")
async def root(desk: Desk) -> AsyncIterator[str]:
    async with served(desk, demo=True) as root:
        yield root
