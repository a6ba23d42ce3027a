"""LINE as the contract test sees it, by the fake LINE."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.doors.line import LineDoor
from handlers.messages import Address, Channel
from tests.channels.fake_line import FakeLine
from tests.channels.platform import Clock, Shown

SHE = "U" + "7a" * 16


class LinePlatform:
    """One friend's talk with the bot."""

    def __init__(self, fake: FakeLine, clock: Clock) -> None:
        self.fake = fake
        self.clock = clock
        self.channel: Channel = LineDoor(fake.token, fake.secret, fake.base)
        self.address = Address("line", SHE)

    def shown(self) -> list[Shown]:
        return [
            Shown(each.id, each.text, each.faces)
            for each in self.fake.visible(SHE)
            if each.sender == "bot"
        ]

    async def she_writes(self) -> str:
        return await self.fake.user_says(SHE, "hello")

    async def she_erases(self, message_id: str) -> None:
        self.fake.talks.erase(message_id)

    def she_blocks(self) -> None:
        self.fake.talks.blocked.add(SHE)

    def pauses(self, seconds: int) -> None:
        self.fake.fail_next(429, retry_after=seconds)

    def is_down(self) -> None:
        self.fake.fail_next(500, "The error occurred on the server.")

    def standing(self) -> int:
        return len(self.fake.visible(SHE))


@asynccontextmanager
async def line() -> AsyncIterator[LinePlatform]:
    clock = Clock()
    async with FakeLine(clock=clock) as fake:
        platform = LinePlatform(fake, clock)
        await fake.user_follows(SHE)
        yield platform
        await platform.channel.close()
