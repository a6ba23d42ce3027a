"""The desk of fictional organisations on a loopback port, and people with browsers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from app.wiring import Data, build
from handlers.desk import Desk
from tests.browser.conftest import browser as browser
from tests.casework.models import copied
from tests.casework.scene import Scene
from tests.console.people import cheap
from tests.console.serving import served
from tests.desk_pages.people import Network
from tests.doubles import FakeClock


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def built(
    sqlite_model: Path, tmp_path_factory: pytest.TempPathFactory, data: Data
) -> AsyncIterator[Desk]:
    settings = copied(sqlite_model, tmp_path_factory.mktemp("pages"))
    async with build(settings, channels={}, clock=FakeClock(), data=data) as desk:
        yield cheap(desk)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def root(built: Desk) -> AsyncIterator[str]:
    async with served(built, demo=True) as root:
        yield root


@pytest_asyncio.fixture(loop_scope="package")
async def network(browser: Browser, built: Desk, root: str) -> AsyncIterator[Network]:
    """Who works there; each comes with a browser of her own."""
    network = Network(browser, await Scene.of(built, FakeClock()), root)
    yield network
    await network.leave()
