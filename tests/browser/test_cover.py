"""The phrase page in a real browser: two languages, no script, no new page, small."""

import pytest
from playwright.async_api import Browser, Page, Request

from bot.webcover import Cover
from handlers.desk import Desk
from tests.browser.test_conversation import WIDER
from tests.chromium import PHONE

pytestmark = pytest.mark.asyncio(loop_scope="package")

CODES = ("km", "lo", "my", "th", "vi", "en")
VISIBLE = """() => [...document.querySelectorAll('.phrases span[lang]')]
  .filter((e) => e.getClientRects().length).map((e) => e.innerText)"""


@pytest.fixture
def cover(product: Desk) -> Cover:
    return Cover.read(product.translator)


async def _shown(page: Page) -> list[str]:
    shown: list[str] = await page.evaluate(VISIBLE)
    return shown


@pytest.mark.parametrize("own", CODES)
async def test_two_languages_stand_beside_each_other_without_a_script(
    plain: Page, site: str, cover: Cover, own: str
) -> None:
    await plain.goto(f"{site}phrases")
    await plain.click(f"#own label[lang={own}]")
    faults = {}
    for other in (code for code in CODES if code != own):
        await plain.click(f"#other label[lang={other}]")
        shown = await _shown(plain)
        faults[other] = await plain.evaluate(WIDER)
        both = {row[code] for row in cover.rows for code in (own, other)}

        assert set(shown) == both | {heading[own] for heading in cover.headings}
        assert len(shown) == 2 * len(cover.rows) + len(cover.headings)
    assert [found for found in faults.values() if found] == []


async def test_choosing_a_language_asks_nobody_and_leaves_nothing_in_the_history(
    plain: Page, site: str
) -> None:
    await plain.goto(f"{site}phrases")
    await plain.wait_for_load_state("networkidle")
    entries = await plain.evaluate("history.length")
    asked: list[str] = []
    plain.on("request", lambda request: asked.append(request.url))
    for code in CODES:
        await plain.click(f"#own label[lang={code}]")

    assert [url for url in asked if "/static/fonts/" not in url] == []
    assert await plain.evaluate("history.length") == entries
    assert plain.url == f"{site}phrases"


async def test_the_keyboard_chooses_too(page: Page, site: str, cover: Cover) -> None:
    await page.goto(f"{site}phrases")
    await page.keyboard.press("Tab")
    await page.keyboard.press("ArrowLeft")

    assert cover.headings[0]["vi"] in await _shown(page)


async def test_it_is_small_in_all_six_scripts(browser: Browser, site: str) -> None:
    context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = await context.new_page()
    sizes: list[int] = []

    async def count(request: Request) -> None:
        taken = await request.sizes()
        sizes.append(taken["responseBodySize"] + taken["responseHeadersSize"])

    page.on("requestfinished", count)
    await page.goto(f"{site}phrases", wait_until="networkidle")
    for code in CODES:
        await page.click(f"#own label[lang={code}]")
        await page.click(f"#other label[lang={code}]")
    await page.evaluate("document.fonts.ready")
    await page.wait_for_load_state("networkidle")
    await context.close()

    assert len(sizes) >= 8
    assert sum(sizes) < 200_000
