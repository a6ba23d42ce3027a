"""Debian's chromium with our own scripts on a page of a strict policy: no network, no server."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Page, Route

from tests.chromium import browsing

STATIC = Path(__file__).parents[2] / "console" / "static"
DESK = "https://desk.test/"
_POLICY = "default-src 'none'; script-src 'nonce-n0nce'; base-uri 'none'; frame-ancestors 'none'"
_PAGE = """<!doctype html><title>.</title><script type="module" nonce="n0nce">
import * as seal from "/static/seal.js";
import * as guest from "/static/guest.js";
globalThis.seal = seal; globalThis.guest = guest; globalThis.ready = true;
</script>"""


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    async with browsing() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="package")
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A page of a browser that was never here, with `seal` and `guest` at hand."""
    context = await browser.new_context()
    page = await context.new_page()
    yield await opened(page)
    await context.close()


async def opened(page: Page) -> Page:
    """Our scripts on a page that allows nothing else."""
    await page.route(f"{DESK}**", _answer)
    await page.goto(DESK)
    await page.wait_for_function("globalThis.ready === true")
    return page


async def _answer(route: Route) -> None:
    name = route.request.url.removeprefix(DESK)
    if name.startswith("static/"):
        body = (STATIC / Path(name).name).read_text("utf-8")
        await route.fulfill(body=body, content_type="text/javascript")
    else:
        policy = {"Content-Security-Policy": _POLICY}
        await route.fulfill(body=_PAGE, content_type="text/html", headers=policy)
