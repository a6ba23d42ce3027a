"""A conversation begun on Telegram in Burmese goes on on Viber, and nothing on Telegram tells."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.wiring import Data
from handlers.messages import WAVE
from privacy.pictures import PICTURE_OF, plain
from storage.rows import mail, moves, traces
from tests.handlers.moving.doing import rows
from tests.handlers.moving.doors import CHAT, HER, LONG, OnTelegram, OnViber, World, doors

BURMESE = "မြန်မာ"
TO_A_QUESTION = (BURMESE, "✅", "🧑", "🟦", "⏭", "💔")  # safe, grown up, in Thailand, hurt
TO_A_CODE = ("☰", "➕", "📲")


@pytest.fixture
async def world(tmp_path: Path, data: Data) -> AsyncIterator[World]:
    async with doors(tmp_path, data) as world:
        yield world


def code_on(text: str) -> str:
    """The code as it stands at the end of its screen, as she would copy it."""
    return plain(text).rpartition(" - ")[2]


async def begun(chat: OnTelegram, form: str) -> tuple[str, str]:
    """She talks on Telegram, asks for a code; the screen where she was, and the code."""
    await chat.says("/start")
    await chat.taps(*TO_A_QUESTION)
    at = chat.text
    await chat.taps(*TO_A_CODE, form)
    return at, code_on(chat.text)


async def typed(chat: OnViber, code: str) -> None:
    """She opens Viber, in another language, and types the code there."""
    await chat.opens()
    await chat.taps("▶", "Tiếng Việt", "☰", "➕", "🔢")
    await chat.says(code)


async def silent(world: World) -> list[str]:
    """What stands on Telegram in the end, when everything that was to be cleared is."""
    fake = world.telegram.fake
    await fake.until(lambda: not fake.visible(CHAT), LONG)
    return [message.text for message in fake.visible(CHAT)]


async def test_by_pictures_after_she_repeated_them(world: World) -> None:
    at, code = await begun(world.telegram, "🖼")
    before = await world.telegram.walk()
    signs = [sign for sign in code.split() if sign in PICTURE_OF]
    await world.telegram.taps("✅", *signs)
    await typed(world.viber, "".join(signs))
    cover = world.viber.text
    await world.viber.taps("▶")
    after = await world.viber.walk()

    assert len(signs) == 9
    assert cover == WAVE
    assert world.viber.text in at
    assert before is not None
    assert after is not None
    assert (after.locale, after.node) == ("my", "sh.m.hurt")
    assert after.flags == before.flags - {"code_pictures"}
    assert await silent(world) == []
    assert await world.telegram.walk() is None


@pytest.mark.parametrize("form", ["🗣", "🔢"])
async def test_by_words_and_by_digits(world: World, form: str) -> None:
    at, code = await begun(world.telegram, form)
    await typed(world.viber, code)
    await world.viber.taps("▶")

    assert code.strip()
    assert world.viber.text in at
    assert await silent(world) == []


async def test_on_telegram_every_message_of_hers_and_ours_was_taken_away(world: World) -> None:
    _, code = await begun(world.telegram, "🖼")
    await typed(world.viber, code)
    await silent(world)
    changes = world.telegram.fake.history(CHAT)
    sent = {one.message.id for one in changes if one.what == "sent"}
    gone = {one.message.id for one in changes if one.what == "deleted"}
    last = [one.message.text for one in changes if one.what == "edited"][-1]

    assert sent == gone
    assert last == WAVE
    assert await rows(world.desk, traces) == []
    assert await rows(world.desk, mail) == []
    assert await rows(world.desk, moves) == []


async def test_whoever_writes_on_telegram_afterwards_is_a_stranger(world: World) -> None:
    at, code = await begun(world.telegram, "🖼")
    await typed(world.viber, code)
    await silent(world)
    await world.telegram.says("hello")
    await world.telegram.fake.until(lambda: "👋" in world.telegram.text, LONG)

    assert "မ" not in world.telegram.text
    assert at not in world.telegram.text


async def test_from_viber_she_goes_on_on_the_web_page_and_viber_does_not_ring(
    world: World,
) -> None:
    """What was sent to Viber stands for good; a line more would only ring on a phone she left."""
    chat, web = world.viber, world.web
    await chat.opens()
    await chat.taps("▶", *TO_A_QUESTION)
    at = chat.text
    await chat.taps(*TO_A_CODE, "🖼")
    code, sent = code_on(chat.text), len(chat.fake.visible(HER))
    await web.does()
    await web.taps("ไทย")
    await web.does(action="menu")
    await web.taps("➕", "🔢")
    await web.does(text=code)
    left = await chat.walk()
    await asyncio.sleep(1)
    standing = len(chat.fake.visible(HER))
    await chat.taps("✅")

    assert (web.screen["locale"], web.screen["node"]) == ("my", "sh.m.hurt")
    assert web.screen["messages"][0]["text"] in at
    assert left is None
    assert standing == sent
    assert chat.text == "Hello 👋"
