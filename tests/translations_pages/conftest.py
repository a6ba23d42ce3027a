"""The console's pages of translations over one desk, and people who work on them."""

from collections.abc import AsyncIterator

import httpx
import pytest_asyncio

from handlers.desk import Desk
from referrals.roles import Role
from tests.browser.conftest import browser as browser
from tests.console.conftest import app as app
from tests.console.conftest import built as built
from tests.console.conftest import desk as desk
from tests.console.conftest import time as time
from tests.console.conftest import transport as transport
from tests.translations_pages.people import Worker, worker


@pytest_asyncio.fixture(loop_scope="package")
async def tia(desk: Desk, transport: httpx.ASGITransport) -> AsyncIterator[Worker]:
    """A translator of Khmer, without a draft."""
    async with worker(desk, transport, Role.TRANSLATOR, "Tia", "km") as person:
        yield person


@pytest_asyncio.fixture(loop_scope="package")
async def rin(desk: Desk, transport: httpx.ASGITransport) -> AsyncIterator[Worker]:
    """A reviewer who speaks Khmer."""
    async with worker(desk, transport, Role.REVIEWER, "Rin", "km") as person:
        yield person
