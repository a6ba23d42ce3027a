"""A staff app over one desk for all tests of the console; its clock begins anew for each."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from app.metrics import Tally
from app.settings import Settings
from app.staff import staff_app
from app.wiring import Data, build
from handlers.desk import Desk
from tests.browser.conftest import browser as browser
from tests.console.people import cheap
from tests.doubles import FakeClock


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def built(tmp_path_factory: pytest.TempPathFactory, data: Data) -> AsyncIterator[Desk]:
    settings = Settings(home=tmp_path_factory.mktemp("desk"))
    async with build(settings, channels={}, data=data) as desk:
        yield desk


@pytest.fixture(scope="package")
def time() -> FakeClock:
    """One clock for all, as rows of one test are there in the next."""
    return FakeClock()


@pytest.fixture
def desk(built: Desk, time: FakeClock) -> Desk:
    time.forward(hours=9)
    return cheap(replace(built, clock=time))


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    return staff_app(desk, Tally())


@pytest.fixture
def transport(app: FastAPI) -> httpx.ASGITransport:
    return httpx.ASGITransport(app, client=("127.0.0.1", 5))
