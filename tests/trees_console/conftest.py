"""The console's pages of trees over one desk, and people who work on them."""

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
from tests.trees_console.people import Editor, editor


@pytest_asyncio.fixture(loop_scope="package")
async def ann(desk: Desk, transport: httpx.ASGITransport) -> AsyncIterator[Editor]:
    """An editor with a draft of her own."""
    async with editor(desk, transport, Role.EDITOR, "Ann") as person:
        await person.begins("Words of Ann")
        yield person


@pytest_asyncio.fixture(loop_scope="package")
async def bea(desk: Desk, transport: httpx.ASGITransport, ann: Editor) -> AsyncIterator[Editor]:
    """A coordinator who works in the same draft."""
    async with editor(desk, transport, Role.COORDINATOR, "Bea") as person:
        person.draft = ann.draft
        yield person
