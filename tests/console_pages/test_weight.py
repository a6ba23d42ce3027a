"""What the first load of each page weighs, in the language whose fonts weigh most."""

import os
import re
from pathlib import Path

import pytest

import translations
from bot.webpages import WEB
from tests.console_pages.places import PLACES
from tests.console_pages.visitor import Visitor
from tests.proving import FULL
from translations.locales import LOCALES

pytestmark = pytest.mark.asyncio(loop_scope="package")

HEAVIEST = "my"
ROOT = Path(translations.__file__).parent
TONGUES = tuple(LOCALES) if os.environ.get(FULL) else (HEAVIEST,)
TREE = "/console/trees/{tree}"
LIGHT, EDITOR = 200_000, 500_000  # bytes, with all styles, scripts and fonts
LIGHT_FONT = re.compile(r"myanmar-burmese-400.*unicode-range: U\+1000-104F;")

# As the page draws it, and by the whole font alone; whole fonts that were taken before and after.
DRAWN = """async (words) => {
  const whole = () => [...document.fonts].filter((face) =>
    face.family.includes('Info Whole') && face.status !== 'unloaded').length;
  const before = whole(), widths = [];
  for (const family of ['', '"Info Whole"']) {
    const span = document.createElement('span');
    span.textContent = words;
    span.style.fontFamily = family;
    document.querySelector('main').append(span);
    span.getBoundingClientRect();
    await document.fonts.ready;
    widths.push(span.getBoundingClientRect().width);
  }
  return [before, whole(), ...widths];
}"""
BURMESE, SHAN = (
    "\u1019\u103c\u1014\u103a\u1019\u102c",
    "\u1010\u1086\u1038\u1019\u1082\u103a\u1087",
)


@pytest.mark.timeout(1_200)
async def test_each_page_is_light_when_it_is_opened_for_the_first_time(visitor: Visitor) -> None:
    weights: dict[str, int] = {}
    heavy: dict[str, int] = {}
    for place in PLACES if os.environ.get(FULL) else PLACES[::4]:
        for locale in TONGUES:
            name = f"{locale} {place.path or place.route}"
            weights[name] = await visitor.weighs(place, locale)
            if weights[name] >= _limit(place.route):
                heavy[name] = weights[name]

    assert min(weights.values()) > 20_000  # fonts and styles are counted
    assert heavy == {}


def _limit(route: str) -> int:
    return EDITOR if route == TREE else LIGHT


async def test_the_light_font_has_every_burmese_letter_of_our_texts() -> None:
    catalogues = (ROOT / HEAVIEST / "LC_MESSAGES").glob("*.po")
    letters = set().union(*(path.read_text("utf-8") for path in catalogues))
    burmese = {letter for letter in letters if LOCALES[HEAVIEST].in_script(letter)}

    assert LIGHT_FONT.search((WEB / "static" / "chat.css").read_text("utf-8"))
    assert len(burmese) > 60
    assert {letter for letter in burmese if ord(letter) > 0x104F} == set()


async def test_a_syllable_of_another_language_in_burmese_letters_takes_the_whole_font(
    visitor: Visitor,
) -> None:
    page = await visitor.opens(PLACES[0], HEAVIEST)
    before, after, drawn, whole = await page.evaluate(DRAWN, BURMESE)
    shan = await (await visitor.opens(PLACES[0], HEAVIEST)).evaluate(DRAWN, SHAN)

    assert (before, drawn) == (0, pytest.approx(whole))
    assert after == 1  # where it was asked for alone
    assert shan[0] == 0
    assert shan[2] == pytest.approx(shan[3])
    assert shan[2] > drawn / 2
