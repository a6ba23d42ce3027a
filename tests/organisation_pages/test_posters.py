"""The page of posters: a code for a kind of place, a PDF in each language, its numbers."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import product

import httpx
import pytest

from app.metrics import Tally
from app.staff import staff_app
from bot.doors import doors
from bot.webchat import WebChannel
from console.paper import SIZES, Poster, PosterWay, poster_pdf
from console.posters import on_paper
from flows.lint import seen_by_others
from handlers import open_doors
from handlers.desk import Desk, Doors
from handlers.open_doors import Way
from storage import counts, network_documents
from storage.network_documents import Note
from tests.desk_pages.test_paper import FONTS, fonts, pages
from tests.doubles import FakeChannel, FakeClock
from tests.organisation_pages.people import Network, Person
from translations.locales import LOCALES

pytestmark = pytest.mark.asyncio(loop_scope="package")

PAGE = "/console/posters"
ADDRESS = "https://info.example"
LINKS = {
    "web": ADDRESS,
    "telegram": "https://t.me/info_bot",
    "viber": "viber://pa?chatURI=info",
    "messenger": "https://m.me/info",
    "line": "https://line.me/R/ti/p/%40info",
    "whatsapp": "https://wa.me/100",
    "sms": "",
}


@pytest.fixture
def open_desk(desk: Desk) -> Desk:
    """With every door that women may come by."""
    channels = {name: FakeChannel(name, door.abilities) for name, door in doors().items()}
    return replace(desk, channels={"web": WebChannel(), **channels}, doors=Doors())


@pytest.fixture
async def by(open_desk: Desk, network: Network) -> Person:
    """A coordinator; no code is in use."""
    async with open_desk.store.turn() as turn:
        await network_documents.drop(turn, "posters/codes")
    for name, link in LINKS.items():
        await open_doors.know(open_desk, name, link)
    network.transport = httpx.ASGITransport(staff_app(open_desk, Tally()), client=("127.0.0.1", 5))
    return await network.coordinator()


async def coded(by: Person, place: str = "clinic") -> str:
    """A new code, as it stands on the page."""
    await by.sends(f"{PAGE}/code", place=place)
    found = re.search(r'action="/console/posters/end/([a-z0-9]{8})"', await raw(by))
    assert found is not None
    return found[1]


async def raw(by: Person) -> str:
    return (await by.client.get(PAGE)).text


async def test_a_code_is_made_for_a_kind_of_place_and_ended(by: Person, clock: FakeClock) -> None:
    empty = await by.sees(PAGE)
    code = await coded(by, "factory")
    made = await by.sees(PAGE)
    await by.sends(f"{PAGE}/end/{code}")

    assert "There is no code yet." in empty
    assert f"Factories · {code}" in made
    assert f"Since {clock.now:%d/%m/%Y}" in made
    assert "There is no code yet." in await by.sees(PAGE)


async def test_nothing_that_somebody_types_becomes_a_label(by: Person) -> None:
    await by.sends(f"{PAGE}/code", place="Clinic of Dr X in Y")

    assert "Other places" in await by.sees(PAGE)
    assert "Dr X" not in await raw(by)


async def test_the_pdf_is_one_page_in_the_script_of_its_language(by: Person) -> None:
    ways, kinds, wrong = ["web", "telegram", "viber"], set(), []
    for locale, size in product(LOCALES, SIZES):
        answer = await by.sends(f"{PAGE}/print", locale=locale, size=size, door=ways)
        kinds.add(answer.headers["content-type"])
        if pages(answer.content) != 1 or FONTS[locale] not in fonts(answer.content):
            wrong.append((locale, size))

    assert kinds == {"application/pdf"}
    assert wrong == []


async def test_what_cannot_be_printed_is_said(by: Person) -> None:
    asked: tuple[tuple[list[str], str], ...] = (
        ([], "poster"),
        (["sms", "fax"], "poster"),
        (["web"], "wall"),
        (["web", "telegram", "viber", "line"], "card"),
    )
    told = [
        await by.sends(f"{PAGE}/print", locale="en", door=ways, size=size) for ways, size in asked
    ]

    assert {one.status_code for one in told} == {409}
    assert all("Choose at least one door." in one.text for one in told[:3])
    assert "There is room for 3 doors at this size." in told[3].text


async def test_a_shut_door_stands_on_no_poster(by: Person, open_desk: Desk) -> None:
    before = await raw(by)
    await open_doors.shut(open_desk, by.account.id, "telegram")
    after = await raw(by)
    answer = await by.sends(f"{PAGE}/print", locale="en", size="poster", door="telegram")
    async with open_desk.store.turn() as turn:
        note = await network_documents.read(turn, "doors/shut")
        await network_documents.keep(turn, Note(note.name, "{}", note.version))

    assert 'value="telegram"' in before
    assert 'value="telegram"' not in after
    assert answer.status_code == 409


async def test_numbers_are_shown_as_in_reports(
    by: Person, open_desk: Desk, clock: FakeClock
) -> None:
    code, before = await coded(by), clock.now
    later = before + timedelta(days=31)
    soon = await by.sees(PAGE)
    async with open_desk.store.turn() as turn:
        for day, number in ((before, 4), (later, 12)):
            await counts.add(turn, {(f"{day:%G-W%V}", "campaign", code, "", ""): number})
    clock.now = before + timedelta(days=90)
    shown = await (await _again(by, open_desk)).sees(PAGE)
    clock.now = before

    assert "30 days after the end of its first month" in soon
    assert f"{later:%Y-%m}: 10" in shown
    assert f"{before:%Y-%m}: fewer than 5" in shown


async def _again(by: Person, desk: Desk) -> Person:
    """Signed in anew: months have gone by."""
    network = Network(desk, by.client._transport, scene=None)  # type: ignore[arg-type]
    return await network.comes(by.account)


@pytest.mark.parametrize(
    ("name", "address", "link"),
    [
        ("web", "info.example", f"{ADDRESS}/p/bcdfghjk"),
        ("telegram", "t.me/info_bot", "https://t.me/info_bot?start=bcdfghjk"),
        ("viber", "", "viber://pa?chatURI=info&context=bcdfghjk"),
        ("messenger", "m.me/info", "https://m.me/info?ref=bcdfghjk"),
        ("line", "line.me/R/ti/p/@info", LINKS["line"]),
        ("whatsapp", "wa.me/100", LINKS["whatsapp"]),
    ],
)
async def test_the_picture_carries_the_code_and_the_address_does_not(
    open_desk: Desk, name: str, address: str, link: str
) -> None:
    way = Way(name=name, link=LINKS[name])

    assert on_paper(open_desk, way, "bcdfghjk").link == link
    assert on_paper(open_desk, way, "").link == LINKS[name]
    assert on_paper(open_desk, way, "bcdfghjk").address == address


async def test_R34_no_word_of_a_poster_says_what_this_is_about(desk: Desk) -> None:
    say, every = desk.translator.sign, [desk.translator.phrases["web.title"]]
    for locale in LOCALES:
        every += [say(locale, f"poster.{name}") or "" for name in ("line", "how")]

    assert all(every)
    assert [one for one in every for code in LOCALES if seen_by_others(one, code)] == []


async def test_what_looks_like_an_order_to_the_typesetter_is_only_text() -> None:
    way = PosterWay(name="#panic()", address='#read("/etc/passwd")', link="https://x.example/$x$")
    words = {"title": "*b* $x$", "line": "@x <y>", "how": "\\ `z`"}

    assert pages(poster_pdf(Poster(locale="en", size="card", ways=(way,), **words))) == 1
