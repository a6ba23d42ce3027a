"""Viber as the contract test sees it, by the fake REST API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.doors.viber import ViberDoor
from handlers.messages import Address, Channel
from tests.channels.fake_viber import FakeViber
from tests.channels.platform import Clock, Shown

PERSON = "K917fakeOfTests+3b2Q=="


class ViberPlatform:
    """One person's chat."""

    def __init__(self, fake: FakeViber, clock: Clock) -> None:
        self.fake = fake
        self.clock = clock
        self.channel: Channel = ViberDoor(fake.token, fake.base)
        self.address = Address("viber", PERSON)

    def shown(self) -> list[Shown]:
        return [
            Shown(str(each.id), each.text, each.faces)
            for each in self.fake.visible(PERSON)
            if each.sender == "bot"
        ]

    async def she_writes(self) -> str:
        return str(await self.fake.she_says(PERSON, "hello"))

    async def she_erases(self, message_id: str) -> None:
        chat = self.fake.chat(PERSON)
        chat.messages = [each for each in chat.messages if str(each.id) != message_id]

    def she_blocks(self) -> None:
        self.fake.she_leaves(PERSON)

    def pauses(self, seconds: int) -> None:
        self.fake.fail_next(code=429, retry_after=seconds)

    def is_down(self) -> None:
        self.fake.fail_next(code=502)

    def standing(self) -> int:
        return len(self.fake.visible(PERSON))


@asynccontextmanager
async def viber() -> AsyncIterator[ViberPlatform]:
    clock = Clock()
    async with FakeViber(clock=clock) as fake:
        platform = ViberPlatform(fake, clock)
        fake.chat(PERSON).subscribed = True
        yield platform
        await platform.channel.close()
        assert fake.failed == [], "what a phone could not show"
