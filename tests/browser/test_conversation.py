"""A conversation in a real browser: by taps, without JavaScript, in six languages."""

import json

import pytest
from playwright.async_api import BrowserContext, Page, Request

from tests.browser.taps import BURMESE, HELP_NOW, IN_THAILAND, press, tap, walk_to_cards

pytestmark = pytest.mark.asyncio(loop_scope="package")

WIDER = """() => {
  const wide = document.documentElement.scrollWidth > window.innerWidth;
  const out = [...document.querySelectorAll('main *')].filter((e) => {
    const box = e.getBoundingClientRect();
    return box.width > 0 && (box.right > window.innerWidth + 1 || box.left < -1);
  }).map((e) => e.className || e.tagName);
  const cut = [...document.querySelectorAll('button')].filter(
    (e) => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1
  ).map((e) => e.innerText);
  return [...(wide ? ['page'] : []), ...out, ...cut];
}"""


async def test_taps_in_burmese_lead_to_cards_without_a_new_history_entry(page: Page) -> None:
    entries = await page.evaluate("history.length")
    await walk_to_cards(page)

    assert await page.locator(".card").count() == 3
    assert await page.locator(".card a[href='tel:191']").is_visible()
    assert await page.evaluate("document.documentElement.lang") == "my"
    assert await page.evaluate("history.length") == entries
    assert await page.evaluate("document.activeElement.id") == "screen"
    assert await page.evaluate("scrollY") == 0


async def test_cards_are_reached_without_javascript(plain: Page) -> None:
    for selector in (
        f".choices li:nth-child({BURMESE}) button",
        f".choices li:nth-child({HELP_NOW}) button",
        "nav button[value=numbers]",
        f".choices li:nth-child({IN_THAILAND}) button",
    ):
        await plain.click(selector)

    assert await plain.locator(".card").count() == 3
    assert await plain.locator("html").get_attribute("lang") == "my"
    assert plain.url.endswith("/")


async def test_typed_words_are_answered_and_the_field_is_empty_again(page: Page) -> None:
    await tap(page, BURMESE)
    await page.click("summary")
    await page.fill("input[name=text]", "3")
    await press(page, ".typing button")

    assert await page.locator("input[name=text]").input_value() == ""
    assert await page.locator(".choices li").count() == 6


async def test_a_place_is_typed_where_the_screen_asks_for_it(page: Page) -> None:
    await tap(page, 6, 1, 1, IN_THAILAND, 2)
    await page.fill("input[name=text]", "Mae Sot")
    await page.press("input[name=text]", "Enter")
    await page.wait_for_function("() => document.body.innerText.includes('Did you mean')")

    assert "Mae Sot" in await page.locator(".choices").inner_text()


async def test_when_the_server_is_out_of_reach_the_screen_stays_and_says_so(
    page: Page, context: BrowserContext
) -> None:
    await tap(page, BURMESE)
    await context.set_offline(True)
    await page.click(".choices li:nth-child(1) button")
    await page.wait_for_selector("#broken", state="visible")
    await context.set_offline(False)
    enabled = await page.locator(".choices button:enabled").count()
    await tap(page, HELP_NOW)

    assert enabled == 4
    assert await page.locator(".choices li").count() == 6


async def test_nothing_is_stored_and_nobody_else_is_asked(
    page: Page, context: BrowserContext, site: str
) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(_address(request)))
    await page.reload()
    await walk_to_cards(page)
    databases = await page.evaluate("async () => (await indexedDB.databases()).length")
    kept = await page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
    caches = await page.evaluate("async () => (await caches.keys()).length")
    workers = await page.evaluate(
        "async () => (await navigator.serviceWorker.getRegistrations()).length"
    )

    assert len(asked) > 5
    assert [url for url in asked if not url.startswith(site)] == []
    assert (databases, caches, workers, kept) == (0, 0, 0, [0, 0, ""])
    assert await context.cookies() == []


async def test_the_first_load_stays_under_200_kb(context: BrowserContext, site: str) -> None:
    page = await context.new_page()
    sizes: list[int] = []

    async def count(request: Request) -> None:
        taken = await request.sizes()
        sizes.append(taken["responseBodySize"] + taken["responseHeadersSize"])

    page.on("requestfinished", count)
    await page.goto(site)
    await page.evaluate("document.fonts.ready")
    await page.wait_for_load_state("networkidle")

    assert len(sizes) >= 8
    assert sum(sizes) < 200_000


@pytest.mark.parametrize("language", range(1, 7))
async def test_ten_screens_fit_a_small_phone(page: Page, language: int) -> None:
    faults = {"first": await page.evaluate(WIDER)}
    await tap(page, language)
    for name, steps in (
        ("safe", []),
        ("private", [4]),
        ("age", [1]),
        ("country", [1]),
        ("place", [1]),
        ("typing", [2]),
        ("menu", ["nav button[value=menu]"]),
        ("hurt", [2]),
        ("cards", ["nav button[value=menu]", 4, 1]),
    ):
        for step in steps:
            selector = step if isinstance(step, str) else f".choices li:nth-child({step}) button"
            await press(page, selector)
        faults[name] = await page.evaluate(WIDER)

    assert len(faults) == 10
    assert json.dumps({name: found for name, found in faults.items() if found}) == "{}"


def _address(request: Request) -> str:
    return request.url
