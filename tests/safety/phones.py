"""A phone with the bot's chat on a fake Telegram, driven step by step, its clock moved by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app.settings import Settings
from app.wiring import Data, build
from bot.doors.telegram import TelegramDoor
from bot.telegram_updates import read
from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.emergency_serving import answer, within
from handlers.messages import Incoming
from handlers.receive import is_trouble, receive
from tests.channels.fake_telegram import FakeTelegram
from tests.channels.telegram_chats import Message
from tests.doubles import FakeClock

CHAT = 700_100_200


@dataclass
class Phone:
    """One chat. What she does is received at once; `goes_by` lets time pass and delivers."""

    fake: FakeTelegram
    desk: Desk
    clock: FakeClock
    chat: int = CHAT

    async def says(self, words: str) -> None:
        await self.fake.user_says(self.chat, words)
        await self.heard()

    async def taps(self, button: str) -> None:
        await self.fake.user_taps(self.chat, button)
        await self.heard()

    async def taps_face(self, start: str) -> None:
        """The button whose face begins so."""
        faces = [key.face for message in self.visible for key in message.keys]
        await self.taps(next(face for face in faces if face.startswith(start)))

    async def heard(self) -> None:
        """The updates that wait are received, then what is due is delivered."""
        waiting, self.fake.delivery.pending = self.fake.delivery.pending, []
        for _, update in waiting:
            if incoming := read(update):
                await self._received(incoming)
        await self.delivered()

    async def _received(self, incoming: Incoming) -> None:
        """As the door does it."""
        try:
            await within(self.desk, receive(incoming, self.desk))
        except Exception as error:
            if is_trouble(error):
                answer(self.desk, incoming)
            await self.desk.outage.settled()
            raise

    async def delivered(self) -> None:
        while await deliver(self.desk):
            pass

    async def goes_by(self, seconds: float, steps: int = 1) -> None:
        for _ in range(steps):
            self.clock.forward(seconds=seconds / steps)
            await self.delivered()

    @property
    def visible(self) -> list[Message]:
        return self.fake.visible(self.chat)

    @property
    def ours(self) -> list[Message]:
        return [message for message in self.visible if message.sender == "bot"]

    async def arrives(self, language: str = "English") -> None:
        """As far as the menu in Thailand."""
        await self.says("/start")
        await self.taps(language)
        for icon in ("✅", "🧑", "🟦", "⏭"):
            await self.taps_face(icon)


@asynccontextmanager
async def phone(
    settings: Settings, data: Data, clock: FakeClock | None = None
) -> AsyncIterator[Phone]:
    """A phone, and the whole product behind a fake Telegram."""
    clock = clock or FakeClock()
    async with FakeTelegram(clock=clock) as fake:
        channel = TelegramDoor(fake.token, fake.base)
        channels = {"telegram": channel}
        async with build(settings, channels=channels, clock=clock, data=data) as desk:
            yield Phone(fake, desk, clock)
