"""In a real browser on a phone: a wrong number put right, and fifty services brought in."""

import re
import time as clock
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from handlers.desk import Desk
from referrals.roles import Role
from tests.chromium import PHONE
from tests.console.people import Person, hired
from tests.console.serving import served
from tests.directory.service_examples import service
from tests.directory_pages.people import known_service, table_of
from tests.directory_pages.test_numbers import NEW, numbers_for_her

pytestmark = pytest.mark.asyncio(loop_scope="package")

A_MINUTE = 60.0
PAGES = ("", "/queue", "/areas", "/new", "/files", "/gaps", "/answers")


async def opened(browser: Browser, root: str, person: Person, *, scripts: bool = False) -> Page:
    """A phone, signed in; without JavaScript unless it is asked for."""
    context = await browser.new_context(viewport=PHONE, java_script_enabled=scripts)  # type: ignore[arg-type]
    await context.add_cookies([{"name": "saphan", "value": person.cookie, "url": root}])
    page = await context.new_page()
    page.set_default_timeout(20_000)
    return page


async def test_a_wrong_number_is_put_right_by_two_people_in_a_minute(
    desk: Desk, browser: Browser
) -> None:
    one = await known_service(desk, organisation="Egret House")
    ann = await hired(desk, Role.COORDINATOR, name="Ann")
    bea = await hired(desk, Role.STEWARD, name="Bea")
    async with served(desk) as root:
        first, second = await opened(browser, root, ann), await opened(browser, root, bea)
        await first.goto(f"{root}/console/directory")
        began = clock.monotonic()
        await first.fill("#words", "egret")
        await first.get_by_role("button", name="Search").click()
        await first.get_by_role("link", name="Egret House").click()
        await first.get_by_role("link", name="Correct a number").click()
        await first.fill("#contact_1_value", NEW)
        await first.get_by_label("I called the published number and was told").check()
        await first.get_by_role("button", name="Hand over to be checked").click()
        waiting = await first.locator("#proposal").inner_text()
        await second.goto(f"{root}/console/directory/queue")
        task = second.locator("section.task", has_text="Egret House")
        await task.get_by_role("button", name="I called, all is right").click()
        took = clock.monotonic() - began
        await first.context.close()
        await second.context.close()

    assert NEW in waiting
    assert numbers_for_her(desk, one.id) == [NEW]
    assert took < A_MINUTE


async def test_fifty_services_are_looked_at_mended_and_taken_over(
    desk: Desk, browser: Browser, tmp_path: Path
) -> None:
    ann = await hired(desk, Role.COORDINATOR, name="Ann")
    fifty = [service(id=f"TH-FIFTY-{n}", name=f"Line {n}") for n in range(50)]
    good = table_of(*fifty)
    faulty, right = tmp_path / "faulty.csv", tmp_path / "right.csv"
    faulty.write_bytes(good.replace(b"Line 7,", b"'=Line,").replace(b"HOT.GBV", b"HOT.XXX", 1))
    right.write_bytes(good)
    async with served(desk) as root:
        page = await opened(browser, root, ann)
        await page.goto(f"{root}/console/directory/files")
        await page.set_input_files("#file", str(faulty))
        await page.get_by_role("button", name="Look at it first").click()
        faults = await page.locator("#faults tbody tr").count()
        await page.set_input_files("#file", str(right))
        await page.get_by_role("button", name="Look at it first").click()
        preview = await page.locator("#preview").inner_text()
        await page.get_by_role("button", name="Take over").click()
        list_ = await page.locator("[role=status]").inner_text()
        await page.context.close()
    known = await desk.register.known(desk)

    assert faults == 1
    assert re.search(r"New services\s+50", preview)
    assert int(re.findall(r"\d+", list_)[0]) >= 50
    assert all(known.entries[one.id].truth.proposal for one in fifty)


async def test_every_page_fits_a_phone(desk: Desk, browser: Browser) -> None:
    one = await known_service(desk)
    ann = await hired(desk, Role.COORDINATOR, name="Ann")
    groups = ("contact", "what", "takes", "place")
    more = [f"/entry/{one.id}", *(f"/entry/{one.id}/edit/{each}" for each in groups)]
    wide = {}
    async with served(desk) as root:
        page = await opened(browser, root, ann, scripts=True)
        for path in (*PAGES, *more):
            await page.goto(f"{root}/console/directory{path}")
            wide[path] = await page.evaluate("document.documentElement.scrollWidth")
        await page.context.close()

    assert {path: width for path, width in wide.items() if width > PHONE["width"]} == {}
