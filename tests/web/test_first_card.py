"""R37 on the web: before any question she is told who can see this, and how to leave."""

import httpx
import pytest

from handlers.desk import Desk
from tests.proving import Proof
from tests.web.visitor import Page, Visitor
from translations.locales import LOCALES

pytestmark = pytest.mark.asyncio(loop_scope="package")

LONGEST = 300  # characters (safety.md R37)
CONTEXT = "platform_text.safe_first.web"


async def _by_tap(visitor: Visitor, number: int) -> Page:
    return await visitor.taps(number)


async def _by_number(visitor: Visitor, number: int) -> Page:
    await visitor.goes("listen")
    return await visitor.types(str(number))


async def _by_words(visitor: Visitor, number: int) -> Page:
    await visitor.types("hello")
    return await visitor.taps(number)


async def test_R37_the_first_card_of_the_web_chat_tells_who_can_see_it_and_how_to_leave(
    client: httpx.AsyncClient, desk: Desk, proof: Proof
) -> None:
    english = desk.book.variants["platform_text"]["safe_first"]["web"].say
    longest = shown = 0
    for number, code in enumerate(LOCALES, 1):
        for begins in (_by_tap, _by_number, _by_words):
            visitor = Visitor(client)
            neutral = await visitor.opens()
            card = await begins(visitor, number)
            told = desk.translator.say(code, CONTEXT, english)
            longest, shown = max(longest, len(told)), shown + 1

            assert [a for a in neutral.faces if a.startswith("choice=")] == [
                f"choice={neutral.choice(n)}" for n in range(1, len(LOCALES) + 1)
            ]
            assert " ".join(told.split()) in card.words
            assert "✖" in told
            assert card.faces["action=leave"].startswith("✖")
    proof.figure(f"{shown} of {shown} ways in and languages, at most {longest} characters")

    assert longest <= LONGEST
