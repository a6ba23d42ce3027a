"""WhatsApp and Messenger as the contract test sees them, by the fakes of Meta's Graph API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.doors.messenger import MessengerDoor
from bot.doors.whatsapp import WhatsAppDoor
from handlers.messages import Address, Channel
from tests.channels.fake_graph import FakeGraph, Refusal
from tests.channels.fake_messenger import FakeMessenger
from tests.channels.fake_whatsapp import FakeWhatsApp
from tests.channels.platform import Clock, Shown

NUMBER, PSID = "66812345678", "1254477777772919"


class MetaPlatform:
    """One person's chat, on either."""

    def __init__(self, fake: FakeGraph, channel: Channel, person: str, clock: Clock) -> None:
        self.fake = fake
        self.clock = clock
        self.channel = channel
        self.address = Address(channel.name, person)
        self.person = person
        fake.chat(person).heard = clock()

    def shown(self) -> list[Shown]:
        return [
            Shown(each.id, each.text, tuple(title for _, title, _ in each.keys))
            for each in self.fake.visible(self.person)
            if each.sender == "bot"
        ]

    async def she_writes(self) -> str:
        return await self.fake.says(self.person, "hello")

    async def she_erases(self, message_id: str) -> None:
        chat = self.fake.chat(self.person)
        chat.messages = [each for each in chat.messages if each.id != message_id]

    def she_blocks(self) -> None:
        self.fake.chat(self.person).blocked = True

    def pauses(self, seconds: int) -> None:
        """As a gateway before Meta says it; Meta's own limits have codes."""
        self.fake.fail_next(Refusal(4, status=429, after=seconds))

    def is_down(self) -> None:
        self.fake.fail_next(Refusal(2, status=502))

    def standing(self) -> int:
        return len(self.fake.visible(self.person))


@asynccontextmanager
async def whatsapp() -> AsyncIterator[MetaPlatform]:
    clock = Clock()
    async with FakeWhatsApp(clock) as fake:
        yield (platform := MetaPlatform(fake, WhatsAppDoor(fake.block), NUMBER, clock))
        await platform.channel.close()


@asynccontextmanager
async def messenger() -> AsyncIterator[MetaPlatform]:
    clock = Clock()
    async with FakeMessenger(clock) as fake:
        yield (platform := MetaPlatform(fake, MessengerDoor(fake.block), PSID, clock))
        await platform.channel.close()
