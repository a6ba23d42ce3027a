"""The pages of trees in a real browser: the picture, problems while typing, without a mouse."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from handlers import drafts
from handlers.desk import Desk
from handlers.draft_values import Change
from handlers.staff import session_of
from tests.console.serving import served
from tests.trees_console.people import Editor

PHONE, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@pytest_asyncio.fixture(loop_scope="package")
async def root(desk: Desk) -> AsyncIterator[str]:
    async with served(desk) as root:
        yield root


@pytest_asyncio.fixture(loop_scope="package")
async def page(browser: Browser, ann: Editor, root: str) -> AsyncIterator[Page]:
    """Ann's browser; any error of a script fails the test."""
    context = await browser.new_context(viewport=WIDE)  # type: ignore[arg-type]
    await context.add_cookies([{"name": "saphan", "value": ann.person.cookie, "url": root}])
    page = await context.new_page()
    page.set_default_timeout(15_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    await context.close()

    assert faults == []


@pytest.mark.asyncio(loop_scope="package")
async def test_a_target_is_chosen_by_tapping_the_picture(
    page: Page, ann: Editor, root: str
) -> None:
    await page.goto(f"{root}/console/trees/tk?draft={ann.draft}&node=tk.feel2")

    await page.locator("#pick-target-0 + .choose").click()
    await page.locator(".picture a", has_text="tk.grp ·").click()
    await expect(page.locator("#pick-target-0")).to_have_value("tk.grp")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.locator(".picture a.changed")).to_have_count(1)

    assert (await ann.body("tk.feel2"))["pick"][0].endswith("-> tk.grp")


@pytest.mark.asyncio(loop_scope="package")
async def test_what_is_wrong_is_said_while_somebody_types(
    page: Page, ann: Editor, root: str
) -> None:
    await page.goto(f"{root}/console/trees/tk?draft={ann.draft}&node=tk.1")

    await page.fill("#pick-target-1", "tk.nowhere")
    await page.fill("#say", "Yes. " * 35)

    await expect(page.locator('[data-fault="pick.1"]')).to_contain_text("There is no screen")
    await expect(page.locator('[data-fault="say"]')).to_contain_text("Too long")
    await expect(page.locator("#say")).to_have_attribute("aria-invalid", "true")
    await expect(page.locator("[data-told]")).to_contain_text("Not saved yet")


@pytest.mark.asyncio(loop_scope="package")
async def test_everything_is_done_with_keys_alone(page: Page, ann: Editor, root: str) -> None:
    await page.goto(f"{root}/console/trees/tk?draft={ann.draft}")

    await page.locator("#find").focus()
    await page.keyboard.type("feet on the ground")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**node=tk.calm**")
    await page.locator("#say").focus()
    await page.keyboard.press("Control+A")
    await page.keyboard.type("Put your feet on the ground.")
    await page.locator("#next").focus()
    async with page.expect_navigation():
        await page.keyboard.press("Enter")

    assert (await ann.body("tk.calm"))["say"] == "Put your feet on the ground."


@pytest.mark.asyncio(loop_scope="package")
async def test_without_scripts_the_picture_is_links_and_the_form_saves(
    browser: Browser, ann: Editor, root: str
) -> None:
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    await context.add_cookies([{"name": "saphan", "value": ann.person.cookie, "url": root}])
    page = await context.new_page()
    await page.goto(f"{root}/console/trees/tk?draft={ann.draft}")

    await page.locator(".picture a").first.click()
    await page.wait_for_url("**node=tk.1**")
    await page.fill("#say", "Thank you.")
    await page.get_by_role("button", name="Save", exact=True).click()
    wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    await context.close()

    assert (await ann.body("tk.1"))["say"] == "Thank you."
    assert not wide


@pytest.mark.asyncio(loop_scope="package")
async def test_a_tree_of_300_screens_is_light_and_moves_smoothly(
    page: Page, ann: Editor, root: str
) -> None:
    await _large_tree(ann)

    answer = await page.goto(f"{root}/console/trees/zz?draft={ann.draft}&node=zz.5")
    assert answer is not None
    files = await page.evaluate(
        "performance.getEntriesByType('resource').reduce((n, r) => n + r.encodedBodySize, 0)"
    )
    gaps = [await page.evaluate(_PAN) for _ in range(3)]

    assert len(await answer.body()) + files < 500_000
    assert await page.locator(".picture a").count() == 300
    # ms from picture to picture, the median of the smoothest: what is slow itself is always slow
    assert min(each[len(each) // 2] for each in gaps) < 40


_PAN = """async () => {
  const pane = document.querySelector('.pane'), gaps = [];
  let last = performance.now();
  return await new Promise((done) => {
    setTimeout(() => done([1e9]), 10000);  // a browser that is busy may draw nothing for long
    function next(now) {
      gaps.push(now - last);
      last = now;
      pane.scrollBy(gaps.length % 60 < 30 ? 30 : -30, gaps.length % 80 < 40 ? 25 : -25);
      if (gaps.length < 120) requestAnimationFrame(next);
      else done(gaps.sort((a, b) => a - b));
    }
    requestAnimationFrame(next);
  });
}"""


async def _large_tree(ann: Editor) -> None:
    signed = await session_of(ann.desk, ann.person.cookie)
    assert signed is not None
    names = [f"zz.{number}" for number in range(1, 301)]
    head = {"tree": "zz", "title": "Large", "audience": "all", "entry": "zz.1", "sign_off": "B"}
    say = "Strong feelings are normal after hard times. What would help you most now?"
    changes = [Change(kind="tree", key="zz", value={**head, "nodes": names})]
    for at, name in enumerate(names):
        targets = [names[(at * 3 + step) % 300] for step in (1, 2, 3)]
        picks = [f"☎ Answer {step} -> {to}" for step, to in enumerate(targets)]
        changes.append(Change(kind="node", key=name, value={"say": say, "pick": picks}))
    await drafts.save_all(ann.desk, signed.account, ann.draft, changes)
