"""R36: whatever way she went, after leaving the browser shows nothing of it."""

import html
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from statistics import median

import pytest
from playwright.async_api import Browser, BrowserContext, Page
from playwright.async_api import TimeoutError as StartHangs

from tests.browser.taps import everything, press, travel
from tests.chromium import ARGUMENTS, PHONE, program
from tests.proving import Proof

pytestmark = pytest.mark.asyncio(loop_scope="package")

TEXTS = """() => [...document.querySelectorAll('.bubble p, .card h2, .card p, .choices .label')]
  .flatMap((e) => e.innerText.split('\\n')).map((line) => line.trim()).filter(Boolean)"""
KEPT = """async () => [localStorage.length, sessionStorage.length, document.cookie.length,
  (await indexedDB.databases()).length, (await caches.keys()).length,
  (await navigator.serviceWorker.getRegistrations()).length]"""
ROWS = ("menu", "numbers", "back", "erase", "language")
LANGUAGES = 6
SHORTEST = 5  # characters; shorter lines ("Yes") may stand anywhere
TYPED = "zyxword"


async def _words(page: Page) -> set[str]:
    words: list[str] = await page.evaluate(TEXTS)
    return {word for word in words if len(word) >= SHORTEST}


async def _journey(page: Page, site: str, chance: Random, *, scripted: bool) -> set[str]:
    """Walk a few screens at random; all words seen on the way. It ends on an open screen."""
    await page.goto(site)
    neutral = await _words(page)
    seen: set[str] = set()
    await _tap(page, f".choices li:nth-child({chance.randint(1, LANGUAGES)}) button", scripted)
    for _ in range(chance.randint(1, 7)):
        seen |= await _words(page)
        ways = [f".choices li:nth-child({n + 1}) button" for n in range(await _choices(page))]
        ways += [f"nav button[value={row}]" for row in ROWS if await _offers(page, row)]
        if not ways:
            break
        await _tap(page, chance.choice(ways), scripted)
        if not page.url.endswith("/") or not await page.locator("nav").count():
            break  # a way out was among the answers
    return (seen | (await _words(page) if page.url.endswith("/") else set())) - neutral


async def _choices(page: Page) -> int:
    return await page.locator(".choices li button").count()


async def _offers(page: Page, row: str) -> bool:
    return await page.locator(f"nav button[value={row}]").count() > 0


async def _tap(page: Page, selector: str, scripted: bool) -> None:
    if not scripted:
        async with page.expect_navigation():
            await page.click(selector)
        return
    leaves = page.locator(f"{selector}:has-text('✖')")
    if await leaves.count():
        await leaves.click()
        await page.wait_for_url("**/phrases")
    else:
        await press(page, selector)


async def _by_button(page: Page) -> None:
    await page.click(".leave")


async def _by_escape(page: Page) -> None:
    await page.keyboard.press("Escape")


async def _by_word(page: Page) -> None:
    if not await page.locator("input[name=text]").first.is_visible():
        await page.click("summary")
    await page.fill("input[name=text]", "0")
    await page.press("input[name=text]", "Enter")


async def _leave(page: Page, way: Callable[[Page], Awaitable[None]]) -> float:
    """Seconds until the phrase page stands there."""
    begun: float = await page.evaluate("performance.timeOrigin + performance.now()")
    await way(page)
    await page.wait_for_selector("main.phrases")
    until: float = await page.evaluate("performance.timeOrigin + performance.now()")
    return float(until - begun) / 1_000


async def test_R36_after_leaving_the_browser_shows_nothing_of_the_way(
    browser: Browser, site: str, proof: Proof
) -> None:
    chance = Random(36)
    took, words, views = [], 0, 0
    found: list[object] = []
    titles: set[str] = set()
    for number in range(proof.count(200, quick=2)):
        scripted = number % 3 != 1
        context = await browser.new_context(viewport=PHONE, java_script_enabled=scripted)  # type: ignore[arg-type]
        page = await context.new_page()
        await page.goto(f"{site}healthz")
        seen = await _journey(page, site, chance, scripted=scripted)
        if page.url.endswith("/"):
            open_talk = await page.locator("nav").count() > 0
            ways = [_by_button, *((_by_escape,) if scripted else ())]
            ways += [_by_word] if open_talk else []
            took.append(await _leave(page, chance.choice(ways)))
        for go in (page.reload, page.go_back, page.go_back, page.go_forward, page.go_forward):
            held = html.unescape(await everything(page))
            found += [word for word in seen if word in held]
            views += 1
            titles.add(await page.title())
            await travel(page, go)
        await page.goto(f"{site}phrases")
        found += [kept for kept in await page.evaluate(KEPT) if kept]
        assert await context.cookies() == []
        words += len(seen)
        await context.close()
    proof.figure(f"{len(found)} of {words:,} texts found on {views:,} later pages")
    proof.figure(f"left in {median(took):.2f} s (median)")

    assert words > 0
    assert found == []
    assert titles <= {"Info Mekong", "", "127.0.0.1"}  # the last is the browser's own refusal
    assert median(took) < (1 if proof.full else 3)  # a plain run shares its machine


async def test_R36_a_restored_tab_and_the_profile_on_disk_hold_nothing_of_the_way(
    browser: Browser, site: str, tmp_path: Path, proof: Proof
) -> None:
    chance = Random(37)
    words, restored = 0, 0
    found: list[str] = []
    for number in range(proof.count(20, quick=1)):
        folder = tmp_path / str(number)
        first = await _profile(browser, folder)
        page = first.pages[0]
        seen = await _journey(page, site, chance, scripted=True)
        if page.url.endswith("/") and await page.locator("summary").count():
            await page.click("summary")
            await page.fill("input[name=text]", TYPED)
            seen |= {TYPED}
        if number % 2 == 0 and page.url.endswith("/"):
            await _leave(page, _by_button)  # every second one only closes the window
        await first.close()
        found += _on_disk(seen, folder)
        again = await _restored(browser, folder)
        for page in again.pages:
            restored += page.url.startswith(site)
            held = html.unescape(await everything(page))
            found += [word for word in seen if word in held]
        await again.close()
        words += len(seen)
    proof.figure(f"{len(found)} of {words:,} texts in {restored} restored tabs and on disk")

    assert restored > 0
    assert found == []
    assert _on_disk({"127.0.0.1"}, folder)  # the search finds what a browser does keep


async def _restored(browser: Browser, folder: Path) -> BrowserContext:
    """A browser that begins with these tabs; one that hangs at its start is begun once more."""
    for number in range(2):
        copy = shutil.copytree(folder, folder.with_name(f"{folder.name}-{number}"))
        try:
            return await _profile(browser, copy, "--restore-last-session")
        except StartHangs:
            pass
    pytest.fail("the browser did not start")


async def _profile(browser: Browser, folder: Path, *more: str) -> BrowserContext:
    return await browser.browser_type.launch_persistent_context(
        folder,
        executable_path=program(windows=True),
        timeout=45_000,
        args=[*ARGUMENTS, *more],
        ignore_default_args=["--disable-back-forward-cache"],
        viewport=PHONE,  # type: ignore[arg-type]
    )


def _on_disk(words: set[str], folder: Path) -> set[str]:
    """Those words that any file of the profile holds, in either encoding a browser uses."""
    forms = {word: (word.encode(), word.encode("utf-16-le")) for word in words}
    found: set[str] = set()
    for path in folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        found |= {word for word in words - found if any(form in content for form in forms[word])}
    return found
