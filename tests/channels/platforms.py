"""Each platform as the contract test sees it: its channel, and what a person has on her screen.

A new channel is added by a class like TelegramPlatform and one line in PLATFORMS.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.telegram import TelegramChannel
from handlers.messages import Address, Channel
from tests.channels.fake_telegram import FakeTelegram

PERSON = 700_001


@dataclass
class Clock:
    """Time that moves only when a test moves it."""

    now: datetime = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(frozen=True)
class Shown:
    """One message of ours on her screen: its text and its buttons' faces."""

    id: str
    text: str
    faces: tuple[str, ...]


class Platform(Protocol):
    """What the contract test needs of a platform."""

    channel: Channel
    address: Address
    clock: Clock

    def shown(self) -> list[Shown]:
        """Our messages on her screen, oldest first."""

    async def she_writes(self) -> str:
        """She sends a message; its id."""

    async def she_erases(self, message_id: str) -> None:
        """She deletes one of our messages herself."""

    def she_blocks(self) -> None:
        """She blocks us."""

    def pauses(self, seconds: int) -> None:
        """The platform refuses the next call and asks for a pause."""

    def is_down(self) -> None:
        """The platform breaks at the next call."""

    def standing(self) -> int:
        """All messages of the chat, hers too."""


class TelegramPlatform:
    """Telegram, by the fake Bot API."""

    def __init__(self, fake: FakeTelegram, clock: Clock) -> None:
        self.fake = fake
        self.clock = clock
        self.channel: Channel = TelegramChannel(fake.token, fake.base)
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
    "telegram": telegram,
}
