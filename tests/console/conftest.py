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

_DESK = pytest.StashKey[tuple[Desk, Desk]]()  # what was built, and this with the clock
_APP = pytest.StashKey[tuple[Desk, FastAPI]]()


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
def desk(built: Desk, time: FakeClock, request: pytest.FixtureRequest) -> Desk:
    time.forward(hours=9)
    last = request.config.stash.get(_DESK, None)
    if last is None or last[0] is not built:
        last = built, cheap(replace(built, clock=time))
        request.config.stash[_DESK] = last
    return last[1]


@pytest.fixture
def app(desk: Desk, request: pytest.FixtureRequest) -> FastAPI:
    """The same one for the tests that share a desk: its 200 routes take a while to make."""
    last = request.config.stash.get(_APP, None)
    if last is None or last[0] is not desk:
        last = desk, staff_app(desk, Tally())
        request.config.stash[_APP] = last
    return last[1]


@pytest.fixture
def transport(app: FastAPI) -> httpx.ASGITransport:
    return httpx.ASGITransport(app, client=("127.0.0.1", 5))
