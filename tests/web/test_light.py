"""The light page: the whole way without styles, scripts, fonts and pictures, in few bytes."""

from pathlib import Path

import httpx
import pytest

from app.public import public_app
from app.settings import Settings
from app.wiring import Data, build
from bot.webchat import LIGHT, WebChannel
from bot.webpages import WebPages
from flows.arrive import Scene
from handlers.desk import Desk
from tests.safety.canary import Scanner
from tests.safety.test_phone_exit import drawn, stood_at
from tests.web.visitor import Page, Visitor
from translations.locales import LOCALES

pytestmark = pytest.mark.asyncio(loop_scope="package")

MOST = 4_000  # bytes of a page; the issue allows 6 kB, the longest has 2.7
TOKEN = "t" * 43
CANARY = "kanaryalight"
ASKED_FOR = {"link", "script", "style", "img", "audio", "video", "source", "iframe", "svg"}


async def way(client: httpx.AsyncClient, language: int) -> list[Page]:
    """Language, danger, numbers, country, out."""
    visitor = Visitor(client, path=LIGHT)
    pages = [await visitor.opens(), await visitor.taps(language)]
    pages.append(await visitor.taps(number_of(pages[-1], "🚨")))
    pages.append(await visitor.goes("numbers"))
    pages.append(await visitor.taps(number_of(pages[-1], "🟦")))
    return [*pages, await visitor.goes("leave")]


def number_of(page: Page, icon: str) -> int:
    """The number of the choice with this icon."""
    faces = [face for name, face in page.faces.items() if name.startswith("choice=")]
    return next(number for number, face in enumerate(faces, start=1) if icon in face)


@pytest.mark.parametrize("locale", LOCALES)
async def test_from_the_language_to_the_numbers_and_out(
    client: httpx.AsyncClient, locale: str
) -> None:
    *pages, gone = await way(client, [*LOCALES].index(locale) + 1)
    dialled = {one["href"] for one in pages[-1].all("a")}

    assert [page.status for page in pages] == [200] * 5
    assert {page.locale for page in pages[1:]} == {locale}
    assert "tel:1300" in dialled
    assert max(len(page.html.encode()) for page in pages) < MOST
    assert (gone.status, gone.location) == (303, "/phrases")


async def test_no_page_asks_for_anything_else(client: httpx.AsyncClient) -> None:
    pages = (await way(client, 4))[:-1]
    attributes = [fields for page in pages for _, fields in page.tags]

    assert [tag for page in pages for tag, _ in page.tags if tag in ASKED_FOR] == []
    assert not any({"src", "style", "srcset", "background"} & set(one) for one in attributes)
    assert not any(name.startswith("on") for one in attributes for name in one)
    assert {one["action"] for page in pages for one in page.all("form")} == {LIGHT}


async def test_no_link_leads_anywhere_but_to_a_telephone(client: httpx.AsyncClient) -> None:
    pages = (await way(client, 1))[:-1]
    links = [one["href"] or "" for page in pages for one in page.all("a")]

    assert links
    assert all(link.startswith("tel:") for link in links)


async def test_every_page_of_every_language_is_small(desk: Desk) -> None:
    scene, pages = Scene(desk.book, platform="web"), WebPages(desk, "light.html")
    sizes = {
        (locale, walk.node): len(pages.screen(drawn(desk, scene, walk), TOKEN).encode())
        for locale in LOCALES
        for walk in stood_at(desk, locale)
    }
    longest = max(sizes, key=lambda one: sizes[one])
    assert len(sizes) > 1_000
    assert sizes[longest] < MOST


async def test_what_is_typed_there_is_kept_nowhere(tmp_path: Path, data: Data) -> None:
    async with build(Settings(home=tmp_path), channels={"web": WebChannel()}, data=data) as desk:
        transport = httpx.ASGITransport(app=public_app(desk))
        async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
            visitor = Visitor(client, path=LIGHT)
            await visitor.opens()
            await visitor.taps(1)
            page = await visitor.types(f"{CANARY} he hits me")
            left = await visitor.goes("leave")

    assert CANARY not in page.html
    assert left.status == 303
    assert Scanner(words=[CANARY]).found([tmp_path]) == []
