"""Lists of names stand in the order of the language, as ICU's collation has it."""

import json
import subprocess

import pytest
from playwright._impl._driver import compute_driver_executable

from app.wiring import Data
from directory.places import Gazetteer
from handlers.desk import Desk
from tests.doubles import FakeChannel
from tests.handlers.people import Person
from translations.locales import LOCALES
from translations.sorting import in_order, sort_key

# Node, which comes with Playwright, holds the whole of ICU; this project's own wheel of it has no
# collation.
_BY_ICU = """
const [locale, lists] = JSON.parse(require("fs").readFileSync(0, "utf8"));
const order = new Intl.Collator(locale);
console.log(JSON.stringify(lists.map(names => names.sort(order.compare))));
"""


def by_icu(locale: str, lists: list[list[str]]) -> list[list[str]]:
    node = str(compute_driver_executable()[0])
    done = subprocess.run(
        [node, "-e", _BY_ICU],
        input=json.dumps([locale, lists]),
        capture_output=True,
        text=True,
        check=True,
    )
    sorted_by_icu: list[list[str]] = json.loads(done.stdout)
    return sorted_by_icu


def lists_of(places: Gazetteer, locale: str) -> list[list[str]]:
    """Every list that the picker can show: the provinces of a country, the districts of each."""
    lists = []
    for country in ("KH", "LA", "MM", "TH", "VN"):
        provinces = places.provinces(country)
        lists.append([places.name(one, locale) for one in provinces])
        for province in provinces:
            districts = [one for one in places.districts(province.id) if not one.former]
            lists.append([places.name(one, locale) for one in districts])
    return lists


@pytest.mark.parametrize("locale", list(LOCALES))
def test_every_list_of_places_is_ordered_as_icu_orders_it(data: Data, locale: str) -> None:
    lists = lists_of(data.places, locale)
    ours = [sorted(names, key=lambda name: sort_key(locale, name)) for names in lists]

    assert len(lists) > 100
    assert ours == by_icu(locale, lists)


@pytest.mark.parametrize(
    ("locale", "names"),
    [
        ("km", ["កែប", "កំពត", "កោះកុង", "ខេត្ត"]),
        ("lo", ["ປາກເຊ", "ແປງ", "ໄປ", "ຜົ້ງ"]),
        ("my", ["ကရင်", "ကိုး", "ကန်", "ကျောက်", "ခမ်း"]),
        ("th", ["กาญจนบุรี", "กำแพงเพชร", "เกาะ", "ขอนแก่น", "Bangkok"]),
        ("vi", ["Cà Mau", "Cao Bằng", "Cần Thơ", "Đà Nẵng", "Đắk Lắk", "Hà Nội"]),
        ("en", ["Banteay", "Kampot", "S'ang", "Sampov"]),
    ],
)
def test_vowels_finals_and_marks_stand_where_readers_look_for_them(
    locale: str, names: list[str]
) -> None:
    pairs = [(name, str(number)) for number, name in enumerate(reversed(names))]

    assert [name for name, _ in in_order(locale, pairs)] == names


async def test_the_list_of_provinces_is_in_order_over_all_its_pages(
    desk: Desk, fake: FakeChannel
) -> None:
    woman = Person(desk, fake)
    await woman.starts()
    await woman.taps("ភាសាខ្មែរ")
    for number in (0, 0, 1, 0):  # yes, 18 or older, Cambodia, a list
        await woman.taps(woman.now.choices[number].label)
    seen: list[str] = []
    while (page := [button.label for button in woman.now.choices[:-1]]) and page[0] not in seen:
        seen += page
        await woman.taps(woman.now.choices[-1].label)
    wanted = [desk.places.name(one, "km") for one in desk.places.provinces("KH")]

    assert seen == sorted(wanted, key=lambda name: sort_key("km", name))
