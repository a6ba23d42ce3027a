"""A desk of its own for each story, served to staff and to women, and a browser that hears."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser

from app.settings import Settings
from app.wiring import Data, build
from handlers.desk import Desk
from tests.browser.conftest import serving
from tests.console.people import cheap
from tests.console.serving import served
from tests.console_stories.people import Team
from tests.doubles import FakeClock
from tests.translations_pages.test_in_a_browser import hearing as hearing


@pytest_asyncio.fixture(loop_scope="package")
async def desk(tmp_path: Path, data: Data, clock: FakeClock) -> AsyncIterator[Desk]:
    """As one story leaves kept tests and editions behind, the next has another desk."""
    async with build(Settings(home=tmp_path), clock=clock, data=data) as desk:
        yield cheap(desk)


@pytest_asyncio.fixture(loop_scope="package")
async def chat(desk: Desk) -> AsyncIterator[str]:
    """The root of the web chat, which ends in a slash."""
    async with serving(desk) as root:
        yield root


@pytest_asyncio.fixture(loop_scope="package")
async def team(desk: Desk, hearing: Browser) -> AsyncIterator[Team]:
    """Whoever comes to work; an error of a script on anybody's page fails the story."""
    async with served(desk) as root:
        team = Team(hearing, desk, root)
        yield team
        for context in hearing.contexts:
            await context.close()

    assert team.faults == []
