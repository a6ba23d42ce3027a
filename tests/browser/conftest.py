"""A running web chat on a loopback port, and Debian's chromium to look at it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, BrowserContext, Page

from app.public import public_app
from app.settings import Settings
from app.wiring import Data, build
from bot.webcover import Cover
from handlers.desk import Desk
from tests.chromium import PHONE, browsing
from tests.web.cover_words import with_cover
from translations.locales import LOCALES

Open = Callable[..., Awaitable[Page]]


# A browser's own rule for the back/forward cache, which Playwright switches off.
WITHOUT = ["--disable-back-forward-cache"]


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    async with browsing(without=WITHOUT) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="package")
async def windowed() -> AsyncIterator[BrowserContext]:
    """A phone with the whole browser, as only this one keeps pages to go back to."""
    async with browsing(without=WITHOUT, windows=True) as browser:
        yield await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]


@asynccontextmanager
async def serving(desk: Desk) -> AsyncIterator[str]:
    """A running chat over this desk; its root, which ends in a slash."""
    door = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(public_app(desk), log_config=None, ws="none", lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[door]))
    yield f"http://127.0.0.1:{door.getsockname()[1]}/"
    server.should_exit = True
    await task


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def product(tmp_path_factory: pytest.TempPathFactory, data: Data) -> AsyncIterator[Desk]:
    """A desk whose cover page has its phrases, from the catalogues or (not yet there) of ours."""
    async with build(Settings(home=tmp_path_factory.mktemp("site")), data=data) as desk:
        has_phrases = len(Cover.read(desk.translator).languages) == len(LOCALES)
        yield desk if has_phrases else with_cover(desk)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def site(browser: Browser, product: Desk) -> AsyncIterator[str]:
    """The root of a running chat; it ends in a slash."""
    async with serving(product) as root:
        yield root


@pytest_asyncio.fixture(loop_scope="package")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="package")
async def page(context: BrowserContext, site: str) -> Page:
    """The first screen, on a phone."""
    page = await context.new_page()
    await page.goto(site)
    return page


@pytest_asyncio.fixture(loop_scope="package")
async def plain(browser: Browser, site: str) -> AsyncIterator[Page]:
    """The first screen, on a phone without JavaScript."""
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(site)
    yield page
    await context.close()
