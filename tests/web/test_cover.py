"""The page an exit ends on: phrases in two languages, for anybody, with no way to the chat."""

import re

import httpx
import pytest

from app.public import public_app
from bot.webcover import Cover
from handlers.desk import Desk
from tests.web.cover_words import NAMES, said, with_cover
from translations.locales import LOCALES

pytestmark = pytest.mark.asyncio(loop_scope="package")

ORDER = ["km", "lo", "my", "th", "vi", "en"]


async def _page(desk: Desk, wished: str = "") -> str:
    transport = httpx.ASGITransport(app=public_app(desk))
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
        headers = {"Accept-Language": wished} if wished else {}
        return (await client.get("/phrases", headers=headers)).text


def _checked(page: str) -> list[str]:
    return re.findall(r'id="([ab]-[a-z]{2})" autocomplete="off" checked', page)


async def test_every_phrase_stands_there_in_every_language(desk: Desk) -> None:
    page = await _page(with_cover(desk))

    missing = [n for n in NAMES for c in ORDER if c != "en" if said(c, n) not in page]
    assert missing == []
    assert [f"English {name}" for name in NAMES if f">English {name}<" not in page] == []


async def test_it_leads_nowhere_sends_nothing_and_needs_no_script(desk: Desk) -> None:
    page = await _page(with_cover(desk))

    for way in ("<a ", "<script", "<form", "<button", "http-equiv", " action=", " on"):
        assert way not in page.replace(" one", "")
    assert set(re.findall(r'(?:href|src)="([^"?]+)', page)) == {
        "/static/icon.svg",
        "/static/chat.css",
    }
    assert "<title>Info Mekong</title>" in page


async def test_no_word_of_the_chat_stands_there(desk: Desk) -> None:
    page = await _page(with_cover(desk))

    phrases = desk.translator.phrases
    chat = [phrases[name] for name in ("row.leave", "row.menu", "row.numbers", "web.closed")]
    assert [word for word in chat if word in page] == []
    assert "Hello 👋" not in page


@pytest.mark.parametrize(
    ("wished", "two"),
    [
        ("", ("en", "th")),
        ("my", ("my", "th")),
        ("km-KH,km;q=0.9,en;q=0.8", ("km", "th")),
        ("TH-th", ("th", "en")),
        ("fr,de;q=0.5", ("en", "th")),
        ("shn, my;q=0.7", ("my", "th")),
        (";;,,\x7f=", ("en", "th")),
    ],
)
async def test_it_begins_in_the_languages_of_the_browser(
    desk: Desk, wished: str, two: tuple[str, str]
) -> None:
    page = await _page(with_cover(desk), wished)

    assert _checked(page) == [f"a-{two[0]}", f"b-{two[1]}"]
    assert f'<html lang="{two[0]}">' in page


async def test_a_language_that_lacks_a_phrase_is_left_out_as_a_whole(desk: Desk) -> None:
    page = await _page(with_cover(desk, "km", "vi"), "my")

    assert set(re.findall(r'id="a-([a-z]{2})"', page)) == {"km", "vi", "en"}
    assert _checked(page) == ["a-en", "b-km"]


async def test_in_one_language_alone_nothing_is_offered_beside_it(desk: Desk) -> None:
    words = with_cover(desk, "en")
    cover = Cover.read(words.translator)

    assert [language.code for language in cover.languages] == ["en"]
    assert cover.beside("km") == ("en", "en")
    assert 'id="other"' not in await _page(words)


async def test_without_any_phrase_the_page_is_still_neutral() -> None:
    assert Cover((), (), ()).beside("km") == ("", "")


async def test_the_styles_know_every_language(desk: Desk) -> None:
    transport = httpx.ASGITransport(app=public_app(desk))
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
        styles = (await client.get("/static/chat.css")).text

    for code in LOCALES:
        assert f'#a-{code}:checked ~ * [lang="{code}"]' in styles
        assert f'#b-{code}:checked ~ ul [lang="{code}"]' in styles
