"""Every page of the staff app on a phone of 360 px: read by axe, not too wide, used by keys."""

import os

import pytest
from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]

from app.metrics import Tally
from app.staff import staff_app
from tests.console.routes import ways
from tests.console_pages.places import NO_PAGES, PLACES, Place, Who
from tests.console_pages.prepared import Filled
from tests.console_pages.visitor import Visitor, visits
from tests.proving import FULL
from translations.locales import LOCALES

pytestmark = pytest.mark.asyncio(loop_scope="package")

FULLY = bool(os.environ.get(FULL))
WIDTH = 360
OURS = tuple(one for one in PLACES if one.who is Who.COORDINATOR)
OTHERS = tuple(one for one in PLACES if one.who is not Who.COORDINATOR)
# What stands folded is opened first: it is read too.
READ = """async () => {
  for (const one of document.querySelectorAll('details')) one.open = true;
  const found = await axe.run(document, {resultTypes: ['violations']});
  return found.violations.filter((one) => ['serious', 'critical'].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 150)).join(' | ')}`);
}"""
BROKEN = """() => {
  const button = document.createElement('button'), pale = document.createElement('p');
  pale.textContent = 'Hardly to be read.';
  pale.style.color = '#dddddd';
  pale.style.width = '500px';
  document.querySelector('main').append(button, pale);
}"""
WIDER = "document.scrollingElement.scrollWidth"
LIST = """() => {
  const controls = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  window.left = new Set([...document.querySelectorAll(controls)].filter((one) =>
    !one.matches(':disabled') && one.tabIndex >= 0 && one.checkVisibility()
    && one.getClientRects().length && one.type !== 'hidden'));
  window.unseen = [];
  return window.left.size;
}"""
# Arrows go on within radio buttons of one name; Tab reaches one of them.
REACHED = """() => {
  const here = document.activeElement, style = getComputedStyle(here);
  const plain = style.outlineStyle === 'none' || style.outlineWidth === '0px';
  if (window.left.has(here) && plain) window.unseen.push(here.outerHTML.slice(0, 150));
  for (const one of [...window.left]) {
    if (one === here || (here.type === 'radio' && one.name === here.name)) window.left.delete(one);
  }
  return window.left.size;
}"""
LEFT = "() => [...window.left].map((one) => one.outerHTML.slice(0, 150))"
BY_KEYS = ("/console", "/console/drafts/{draft}", "/console/try", "/desk/sign-in")


async def test_every_page_is_among_them(filled: Filled) -> None:
    app = staff_app(filled.desk, Tally())
    routes = {way.template for way in ways(app) if way.method == "GET"}

    assert {one.route for one in PLACES} == routes - NO_PAGES
    assert routes >= NO_PAGES


@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("tongue", tuple(LOCALES) if FULLY else ("each in turn",))
@pytest.mark.parametrize("places", [OURS, OTHERS], ids=["console", "others"])
async def test_every_page_is_read_without_a_serious_fault_and_fits_a_phone(
    visitor: Visitor, places: tuple[Place, ...], tongue: str
) -> None:
    faults: list[str] = []
    few = places if FULLY else places[::6]  # a sixth in a plain run, all in a full one
    for place, locale in visits(few, tongue):
        page = await visitor.opens(place, locale)
        await page.evaluate(AXE_SCRIPT)
        found = list(await page.evaluate(READ))
        if (wide := await page.evaluate(WIDER)) > WIDTH:
            found.append(f"{wide} px wide")
        faults += [f"{locale} {place.path or place.route}: {one}" for one in found]

    assert "\n".join(faults) == ""


async def test_faults_that_are_there_are_found(visitor: Visitor) -> None:
    page = await visitor.opens(PLACES[0], "en")
    await page.evaluate(BROKEN)
    await page.evaluate(AXE_SCRIPT)
    found = await page.evaluate(READ)

    assert {one.partition(":")[0] for one in found} == {"button-name", "color-contrast"}
    assert await page.evaluate(WIDER) > WIDTH


@pytest.mark.parametrize("route", BY_KEYS)
async def test_every_control_is_reached_and_seen_by_keys(visitor: Visitor, route: str) -> None:
    place = next(one for one in PLACES if one.route == route)
    page = await visitor.opens(place, "en")
    left = controls = await page.evaluate(LIST)
    for _ in range(3 * controls + 10):  # a field of a date takes several
        if not left:
            break
        await page.keyboard.press("Tab")
        left = await page.evaluate(REACHED)

    assert controls > 3
    assert await page.evaluate(LEFT) == []
    assert await page.evaluate("window.unseen") == []
