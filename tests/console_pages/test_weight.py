"""What the first load of each page weighs, in the language whose fonts weigh most."""

import os

import pytest

from tests.console_pages.places import PLACES
from tests.console_pages.visitor import Visitor
from tests.proving import FULL
from translations.locales import LOCALES

pytestmark = pytest.mark.asyncio(loop_scope="package")

HEAVIEST = "my"
TONGUES = tuple(LOCALES) if os.environ.get(FULL) else (HEAVIEST,)
TREE = "/console/trees/{tree}"
LIGHT, EDITOR = 200_000, 500_000  # bytes, with all styles, scripts and fonts
# These show several scripts besides the reader's own, each with its font.
SEVERAL_SCRIPTS = {"/console", "/console/try", "/console/translations/{locale}"}
OF_MORE_FONTS = 50_000


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
    if route == TREE:
        return EDITOR
    return LIGHT + (OF_MORE_FONTS if route in SEVERAL_SCRIPTS else 0)
