"""Translations in a real browser: warnings while typing, a recording made there, a phone."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from handlers.desk import Desk
from tests.chromium import PHONE, browsing
from tests.console.serving import served
from tests.translations_pages.people import PLAIN, Worker, text_in

pytestmark = pytest.mark.asyncio(loop_scope="package")
FAKE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def hearing() -> AsyncIterator[Browser]:
    """A browser whose microphone gives a beep each second."""
    async with browsing(*FAKE) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="package")
async def root(desk: Desk) -> AsyncIterator[str]:
    async with served(desk) as root:
        yield f"{root}/console/translations"


@pytest_asyncio.fixture(loop_scope="package")
async def page(hearing: Browser, tia: Worker, root: str) -> AsyncIterator[Page]:
    """Tia's phone; any error of a script, and any breach of the policy, fails the test."""
    context = await hearing.new_context(viewport=PHONE)  # type: ignore[arg-type]
    await context.add_cookies([{"name": "saphan", "value": tia.person.cookie, "url": root}])
    page = await context.new_page()
    page.set_default_timeout(15_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
    yield page
    await context.close()

    assert faults == []


async def test_faults_and_room_are_told_while_she_types(
    page: Page, tia: Worker, root: str
) -> None:
    text = await text_in(tia.desk, "", "km", PLAIN)
    await page.goto(f"{root}/km/{text.id}")
    await page.fill("#words", f"{text.text} evil.org <b>")
    left = 250 - len(text.text) - len(" evil.org <b>")

    await expect(page.locator("#faults li")).to_contain_text(["The web addresses are not"])
    await expect(page.locator("#words")).to_have_attribute("aria-invalid", "true")
    await expect(page.locator("#rooms")).to_contain_text(f"{left} characters left")

    await page.fill("#words", text.text)
    await expect(page.locator("#faults li")).to_have_count(0)


async def test_a_recording_made_in_the_browser_is_kept_and_plays(
    page: Page, tia: Worker, root: str
) -> None:
    text = await text_in(tia.desk, "", "my", PLAIN)
    await page.goto(f"{root}/my/sound/{text.id}")
    await page.get_by_role("button", name="Record", exact=True).click()
    await expect(page.locator("[data-clock]")).to_contain_text("2 / 60")
    await page.get_by_role("button", name="Stop").click()
    await expect(page.locator("[data-again]")).to_be_visible()
    await page.get_by_role("button", name="Keep this recording").click()
    await page.wait_for_url("**draft=d-**")
    seconds = await page.evaluate(
        """() => new Promise((done) => {
            const player = document.querySelector("audio");
            player.addEventListener("loadedmetadata", () => done(player.duration));
            player.addEventListener("error", () => done(-1));
            player.load();
            player.preload = "metadata";
        })"""
    )

    assert 1.5 < seconds < 8
    await expect(page.locator("main")).to_contain_text("Somebody else has to listen")


@pytest.mark.parametrize("locale", ["km", "my"])
async def test_no_page_is_wider_than_a_phone(
    page: Page, tia: Worker, root: str, locale: str
) -> None:
    text = await text_in(tia.desk, "", locale, PLAIN)
    wide = []
    for path in ("", f"/{locale}", f"/{locale}/{text.id}", f"/{locale}/sound/{text.id}"):
        await page.goto(f"{root}{path}")
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)

    assert wide == []
