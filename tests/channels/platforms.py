"""Each platform as the contract test sees it: its channel, and what a person has on her screen.

A new channel is added by a class like TelegramPlatform and one line in PLATFORMS.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from bot.doors.telegram import TelegramDoor
from handlers.messages import Address, Channel
from tests.channels.fake_telegram import FakeTelegram
from tests.channels.line_platform import line
from tests.channels.platform import Clock, Platform, Shown
from tests.channels.viber_platform import viber
from tests.channels.whatsapp_platform import messenger, whatsapp

__all__ = ["PLATFORMS", "Clock", "Platform", "Shown"]

PERSON = 700_001


class TelegramPlatform:
    """Telegram, by the fake Bot API."""

    def __init__(self, fake: FakeTelegram, clock: Clock) -> None:
        self.fake = fake
        self.clock = clock
        self.channel: Channel = TelegramDoor(fake.token, fake.base)
        self.address = Address("telegram", str(PERSON))

    def shown(self) -> list[Shown]:
        return [
            Shown(str(each.id), each.text, tuple(key.face for key in each.keys))
            for each in self.fake.visible(PERSON)
            if each.sender == "bot"
        ]

    async def she_writes(self) -> str:
        return str(await self.fake.user_says(PERSON, "hello"))

    async def she_erases(self, message_id: str) -> None:
        await self.fake.user_deletes(PERSON, int(message_id))

    def she_blocks(self) -> None:
        self.fake.block(PERSON)

    def pauses(self, seconds: int) -> None:
        words = f"Too Many Requests: retry after {seconds}"
        self.fake.fail_next(code=429, description=words, retry_after=seconds)

    def is_down(self) -> None:
        self.fake.fail_next(code=502)

    def standing(self) -> int:
        return len(self.fake.visible(PERSON))


@asynccontextmanager
async def telegram() -> AsyncIterator[TelegramPlatform]:
    clock = Clock()
    async with FakeTelegram(clock=clock) as fake:
        platform = TelegramPlatform(fake, clock)
        await fake.user_says(PERSON, "/start")
        await fake.user_deletes(PERSON, fake.visible(PERSON)[0].id)
        yield platform
        await platform.channel.close()


PLATFORMS: dict[str, Callable[[], AbstractAsyncContextManager[Platform]]] = {
    "line": line,
    "messenger": messenger,
    "telegram": telegram,
    "viber": viber,
    "whatsapp": whatsapp,
}
