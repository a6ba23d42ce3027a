"""A conversation over Telegram: our process, real HTTP, a fake Bot API with the real rules."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from app.jobs import running
from app.public import public_app
from app.settings import Settings
from app.wiring import Data, build
from bot.doors.telegram import TelegramDoor
from tests.channels.fake_telegram import FakeTelegram
from tests.proving import all_on_one

pytestmark = all_on_one("postgresql")

CHAT = 700_100_200
SECRET = "s" * 43


async def screen(fake: FakeTelegram, words: str, chat: int = CHAT) -> None:
    """Wait until exactly one message stands, and it says this."""
    await fake.until(
        lambda: len(fake.visible(chat)) == 1 and words in fake.visible(chat)[0].text, seconds=30
    )


class Door(httpx.AsyncBaseTransport):
    """Telegram's way to our webhook, which is built only after Telegram is there."""

    inside: httpx.AsyncBaseTransport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self.inside.handle_async_request(request)


async def tap(fake: FakeTelegram, start: str, chat: int = CHAT) -> None:
    """Tap the button that begins with an icon or a word, once it is there."""

    def face() -> str:
        return next((k.face for k in fake.visible(chat)[-1].keys if k.face.startswith(start)), "")

    await fake.until(lambda: bool(face()), seconds=30)
    await fake.user_taps(chat, face())


@pytest.fixture(params=["polling", "webhook"])
async def fake(
    request: pytest.FixtureRequest, tmp_path: Path, settings: Settings, data: Data
) -> AsyncIterator[FakeTelegram]:
    """The bot behind a fake Telegram, asked by polling or called by webhook, on both databases."""
    door = Door()
    async with FakeTelegram(transport=door) as fake:
        channel = TelegramDoor(fake.token, fake.base, SECRET)
        async with build(settings, channels={"telegram": channel}, data=data) as desk:
            if request.param == "webhook":
                door.inside = httpx.ASGITransport(public_app(desk))
                settings = settings.model_copy(
                    update={
                        "public_url": "http://saphan.test",
                        "telegram_secret": SecretStr(SECRET),
                    }
                )
            async with running(desk, settings):
                yield fake


async def test_numbers_are_on_the_screen_in_four_taps(fake: FakeTelegram) -> None:
    await fake.user_says(CHAT, "/start")
    await screen(fake, "Hello")
    for icon in ("မြန်မာ", "🚨", "☎", "🟦"):
        await tap(fake, icon)

    await screen(fake, "1300")


async def test_after_leave_nothing_stands(fake: FakeTelegram) -> None:
    await fake.user_says(CHAT, "/start")
    await screen(fake, "Hello")
    await fake.user_taps(CHAT, "English")
    await screen(fake, "No name needed")
    await fake.user_says(CHAT, "he took my passport, what can I do")
    await screen(fake, "I cannot understand long messages")
    await fake.user_taps(CHAT, "✖ Leave")
    await fake.until(lambda: fake.visible(CHAT) == [], seconds=30)

    assert fake.visible(CHAT) == []


async def test_leaving_works_before_a_language_is_chosen(fake: FakeTelegram) -> None:
    await fake.user_says(CHAT, "/start")
    await screen(fake, "Hello")
    await fake.user_says(CHAT, "0")

    await fake.until(lambda: fake.visible(CHAT) == [], seconds=30)


async def test_every_message_is_silent_and_protected(fake: FakeTelegram) -> None:
    await fake.user_says(CHAT, "/start")
    await screen(fake, "Hello")

    assert all(m.silent and m.protected for m in fake.visible(CHAT) if m.sender == "bot")
