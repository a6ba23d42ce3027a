"""What fingers do on the page, and what can be read of it afterwards."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import Error, Page

TRIES = 20
BURMESE, HELP_NOW, IN_THAILAND = 3, 3, 1
# Words of the screens walked through, in Burmese and English; none may come back after an exit.
SENSITIVE = ("နှိပ်စက်", "ပိတ်ခံ", "ရဲ", "နာမည်", "Police", "tel:191", "tel:1669")


async def tap(page: Page, *numbers: int) -> None:
    """Tap answers by their place, waiting for each new screen."""
    for number in numbers:
        await press(page, f".choices li:nth-child({number}) button")


async def press(page: Page, selector: str) -> None:
    """Tap a button and wait until another screen stands there."""
    before = await page.locator("#answers + header + section").evaluate("e => (e.old = true)")
    assert before
    await page.click(selector)
    await page.wait_for_function(
        "() => { const e = document.querySelector('#screen'); return e && !e.old; }"
    )


async def walk_to_cards(page: Page) -> None:
    await tap(page, BURMESE, HELP_NOW)
    await press(page, "nav button[value=numbers]")
    await tap(page, IN_THAILAND)


async def travel(page: Page, go: Callable[..., Awaitable[Any]]) -> None:
    """Back, forward or reload. The browser may refuse to send a form again: that is welcome."""
    try:
        await go(timeout=1_000, wait_until="load")
    except Error as refused:
        if not any(reason in refused.message for reason in ("ERR_CACHE_MISS", "Timeout")):
            raise
    await asyncio.sleep(0.2)  # a page of the back/forward cache goes on to the first screen


async def everything(page: Page) -> str:
    """All that a page holds: text, markup, title, address and fields.

    One that is still on its way to another page is looked at once it has come there.
    """
    for _ in range(TRIES):
        try:
            return f"{await page.content()} {await page.title()} {page.url}"
        except Error as moving:
            if not any(
                reason in moving.message for reason in ("navigat", "context was destroyed")
            ):
                raise
            await page.wait_for_load_state()
    raise AssertionError("the page never stood still")


def sensitive_in(held: str) -> list[str]:
    return [word for word in SENSITIVE if word in held]
