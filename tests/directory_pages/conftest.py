"""The console's pages of the directory over one desk, and two people who work on it."""

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
from tests.directory_pages.people import Colleague, colleague


@pytest_asyncio.fixture(loop_scope="package")
async def ann(desk: Desk, transport: httpx.ASGITransport) -> AsyncIterator[Colleague]:
    """A coordinator."""
    async with colleague(desk, transport, Role.COORDINATOR, "Ann") as person:
        yield person


@pytest_asyncio.fixture(loop_scope="package")
async def bea(desk: Desk, transport: httpx.ASGITransport) -> AsyncIterator[Colleague]:
    """A steward."""
    async with colleague(desk, transport, Role.STEWARD, "Bea") as person:
        yield person
