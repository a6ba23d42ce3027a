"""Listening on Telegram, over real HTTP: a voice message that is deleted with the next screen."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.jobs import running
from app.settings import Settings
from app.wiring import Data, build
from bot.doors.telegram import TelegramDoor
from handlers.messages import Address, Refused, Sound, Speaks
from tests.channels.fake_telegram import FakeTelegram
from tests.channels.telegram_chats import Message
from tests.e2e.test_telegram import tap
from tests.voice.recorded import Recorded

CHAT = 700_100_300


@pytest.fixture
async def fake(tmp_path: Path, data: Data, way: Recorded) -> AsyncIterator[FakeTelegram]:
    settings = Settings(home=tmp_path)
    async with FakeTelegram() as fake:
        door = TelegramDoor(fake.token, fake.base, "s" * 43)
        serving, channels = way.served_by(data), {"telegram": door}
        async with build(settings, channels=channels, data=serving) as desk:
            await way.kept(desk)
            async with running(desk, settings):
                yield fake


def kinds(fake: FakeTelegram) -> list[str]:
    return [each.kind for each in fake.visible(CHAT)]


async def test_a_voice_message_comes_after_a_tap_and_goes_with_the_next_screen(
    fake: FakeTelegram,
) -> None:
    await fake.user_says(CHAT, "/start")
    await fake.until(lambda: any(one.keys for one in fake.visible(CHAT)), seconds=90)
    await tap(fake, "ភាសា", CHAT)
    await fake.until(lambda: bool(_faces(fake)) and _faces(fake)[0].startswith("✅"), seconds=60)
    await tap(fake, "🔊", CHAT)
    await fake.until(lambda: kinds(fake) == ["text", "voice"], seconds=60)
    card, first = fake.visible(CHAT)
    await fake.user_taps(CHAT, card.keys[0].face)
    await fake.until(lambda: _voice(fake) not in (first, None), seconds=60)
    await fake.until(lambda: sorted(kinds(fake)) == ["text", "voice"], seconds=60)
    second = _voice(fake)
    await fake.user_says(CHAT, "leave")
    await fake.until(lambda: fake.visible(CHAT) == [], seconds=60)

    assert card.keys[1].face.startswith("2 ")
    assert second is not None
    assert all(one.silent and one.protected for one in (first, second))


def _faces(fake: FakeTelegram) -> list[str]:
    return [key.face for one in fake.visible(CHAT) for key in one.keys]


def _voice(fake: FakeTelegram) -> Message | None:
    return next((one for one in fake.visible(CHAT) if one.kind == "voice"), None)


async def test_what_is_no_voice_message_is_refused() -> None:
    async with FakeTelegram() as fake:
        door = TelegramDoor(fake.token, fake.base, "s" * 43)
        fake.chats.known.add(CHAT)
        sound = Sound(digest="d", content=b"no Ogg", seconds=1)
        try:
            with pytest.raises(Refused):
                await door.speak(Address("telegram", str(CHAT)), sound)
        finally:
            await door.close()

    assert isinstance(door, Speaks)
    assert door.sounds == "ogg"
