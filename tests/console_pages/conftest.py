"""One prepared desk on a loopback port, and a browser that opens every page of it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from app.settings import Settings
from app.wiring import Data, build
from bot.webchat import WebChannel
from tests.browser.conftest import browser as browser
from tests.console.people import cheap
from tests.console.serving import served
from tests.console_pages.prepared import Filled, fill
from tests.console_pages.visitor import Visitor
from tests.doubles import FakeClock


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def filled(tmp_path_factory: pytest.TempPathFactory, data: Data) -> AsyncIterator[Filled]:
    clock = FakeClock()
    settings = Settings(home=tmp_path_factory.mktemp("pages"))
    channels = {"web": WebChannel()}
    async with build(settings, channels=channels, clock=clock, data=data) as desk:
        yield await fill(cheap(desk), clock)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def visitor(browser: Browser, filled: Filled) -> AsyncIterator[Visitor]:
    async with served(filled.desk, demo=True) as root:
        yield Visitor(browser, root, filled)
