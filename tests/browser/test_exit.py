"""Leaving at once, and what a second person finds afterwards (R36)."""

import asyncio
from statistics import median

import pytest
from playwright.async_api import BrowserContext, Page, Route

from tests.browser.taps import (
    BURMESE,
    HELP_NOW,
    everything,
    sensitive_in,
    tap,
    travel,
    walk_to_cards,
)

pytestmark = pytest.mark.asyncio(loop_scope="package")

# From the finger or key on: how long until a white page is painted, and its colour.
WATCH = """() => {
  const watch = (event) => {
    if (event.type === 'keydown' && event.key !== 'Escape') return;
    const from = event.timeStamp;
    const look = () => {
      if (document.body.innerText.trim() !== '') return requestAnimationFrame(look);
      const took = performance.now() - from;
      report([took, getComputedStyle(document.documentElement).backgroundColor]);
    };
    requestAnimationFrame(look);
  };
  addEventListener('pointerdown', watch, true);
  addEventListener('keydown', watch, true);
}"""
LOOK_LATER = """() => addEventListener('keydown', () => setTimeout(
  () => report(document.documentElement.outerHTML), 200
))"""
# Told by the browser: a page came out of the back/forward cache, and how much text it held.
RESTORED = """addEventListener('pageshow', (event) => {
  if (event.persisted) report(document.body.innerText.length);
});"""


async def slowly(route: Route) -> None:
    await asyncio.sleep(0.4)
    await route.continue_()


async def by_button(page: Page) -> None:
    await page.click(".leave")


async def by_escape(page: Page) -> None:
    await page.keyboard.press("Escape")


async def test_the_page_is_white_within_a_tenth_of_a_second_however_slow_the_net(
    page: Page, site: str
) -> None:
    painted: list[tuple[float, str]] = []
    await page.expose_function("report", lambda told: painted.append(told))
    await page.route("**/phrases", slowly)
    for leave in (by_button, by_escape) * 2 + (by_button,):
        await page.goto(site)
        await tap(page, BURMESE, HELP_NOW)
        await page.evaluate(WATCH)
        await leave(page)
        await page.wait_for_url("**/phrases")

    assert len(painted) == 5
    assert median(took for took, _ in painted) < 100  # milliseconds
    assert {paper for _, paper in painted} == {"rgb(255, 255, 255)"}


async def test_back_forward_and_reload_after_leaving_show_nothing(
    windowed: BrowserContext, site: str
) -> None:
    page = await windowed.new_page()
    await page.goto(site)
    await page.goto(f"{site}healthz")
    await page.goto(site)
    await walk_to_cards(page)
    assert sensitive_in(await everything(page))
    await by_escape(page)
    await page.wait_for_url("**/phrases")
    seen = [await everything(page)]
    visited = []
    for go in (page.reload, page.go_back, page.go_back, page.go_forward, page.go_forward):
        await travel(page, go)
        visited.append(page.url.removeprefix(site))
        seen.append(await everything(page))

    assert visited == ["phrases", "healthz", "", "healthz", "phrases"]
    assert [sensitive_in(held) for held in seen] == [[]] * 6
    assert 'class="phrases"' in seen[0]


async def test_the_back_forward_cache_of_the_browser_holds_an_empty_page(
    windowed: BrowserContext, site: str
) -> None:
    page = await windowed.new_page()

    async def storable(route: Route) -> None:
        answer = await route.fetch()
        headers = {**answer.headers, "cache-control": "max-age=60"}
        await route.fulfill(response=answer, headers=headers)

    lengths: list[int] = []
    await page.expose_function("report", lambda told: lengths.append(told))
    await page.add_init_script(RESTORED)
    await page.route(site, storable)  # a browser that takes no heed of no-store
    await page.goto(site)
    await tap(page, BURMESE, HELP_NOW)
    await page.goto(f"{site}healthz")
    await travel(page, page.go_back)
    await page.wait_for_selector(".choices li:nth-child(6)")

    assert lengths == [0]
    assert sensitive_in(await everything(page)) == []


async def test_leaving_replaces_the_chat_in_the_history(page: Page, site: str) -> None:
    entries = await page.evaluate("history.length")
    await walk_to_cards(page)
    await page.click(".leave")
    await page.wait_for_url("**/phrases")

    assert await page.evaluate("history.length") == entries
    assert await page.title() == "Info Mekong"


async def test_leaving_tells_the_server_to_forget(page: Page, site: str) -> None:
    await walk_to_cards(page)
    token = await page.locator("#answers [name=conversation]").input_value()
    await page.click(".leave")
    await page.wait_for_url("**/phrases")
    said = {"form": {"conversation": token}}
    for _ in range(20):
        answer = await page.request.post(site, **said)  # type: ignore[arg-type]
        if token not in await answer.text():
            break
        await asyncio.sleep(0.05)

    assert token not in await answer.text()
    assert sensitive_in(await answer.text()) == []


async def test_going_elsewhere_and_back_shows_the_first_screen_alone(
    windowed: BrowserContext, site: str
) -> None:
    page = await windowed.new_page()
    await page.goto(site)
    await walk_to_cards(page)
    await page.goto(f"{site}healthz")
    await page.go_back()
    await page.wait_for_selector(".choices")

    assert sensitive_in(await everything(page)) == []
    assert "မြန်မာ" in await everything(page)


async def test_reloading_in_the_middle_shows_the_first_screen_alone(page: Page) -> None:
    await walk_to_cards(page)
    await page.reload()

    assert sensitive_in(await everything(page)) == []
    assert await page.locator("#answers [name=conversation]").input_value() == ""


async def test_a_slow_answer_that_comes_after_leaving_is_not_shown(page: Page, site: str) -> None:
    later: list[str] = []
    await page.expose_function("report", lambda told: later.append(told))
    await walk_to_cards(page)
    await page.evaluate(LOOK_LATER)
    await page.route("**/phrases", slowly)
    await page.click("nav button[value=menu]")
    await page.keyboard.press("Escape")
    await page.wait_for_url("**/phrases")
    (held,) = later

    assert sensitive_in(held) == []
    assert "<button" not in held


async def test_typing_the_word_for_leaving_ends_on_the_neutral_page(page: Page) -> None:
    await walk_to_cards(page)
    await page.click("summary")
    await page.fill("input[name=text]", "0")
    await page.press("input[name=text]", "Enter")
    await page.wait_for_url("**/phrases")
    await page.go_back()

    assert sensitive_in(await everything(page)) == []


async def test_without_javascript_back_forward_and_reload_after_leaving_show_nothing(
    plain: Page,
) -> None:
    for number in (BURMESE, HELP_NOW):
        await plain.click(f".choices li:nth-child({number}) button")
    await plain.click("nav button[value=numbers]")
    await plain.click(".choices li:nth-child(1) button")
    assert sensitive_in(await everything(plain))
    await plain.click(".leave")
    await plain.wait_for_url("**/phrases")
    seen = [await everything(plain)]
    for go in (plain.reload, plain.go_back, plain.go_back, plain.go_back, plain.go_forward):
        await travel(plain, go)
        seen.append(await everything(plain))

    assert [sensitive_in(held) for held in seen] == [[]] * 6
