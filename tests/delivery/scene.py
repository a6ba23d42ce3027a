"""A running sender before the rig's platform: what the tests of delivery share."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app.settings import Settings
from app.wiring import Data, build
from bot.doors.telegram import TelegramDoor
from bot.telegram_updates import NAME
from handlers.deliver import deliver_forever
from handlers.desk import Desk
from handlers.messages import Address, Choice, Incoming, Outgoing, Pressed, Said, Text
from handlers.receive import receive
from tests.rig.platform_process import PlatformProcess


@dataclass
class Scene:
    """The desk of a process that sends, and women in their chats."""

    desk: Desk
    telegram: PlatformProcess
    events: int = 0

    async def does(self, chat: int, said: Said, **more: str) -> Outgoing | None:
        """What a woman does, straight into the main path; the sender shows the answer."""
        self.events += 1
        address = Address(NAME, str(chat))
        event = str(self.events)
        return await receive(
            Incoming(address=address, said=said, event_id=event, **more),  # type: ignore[arg-type]
            self.desk,
        )

    async def starts(self, *chats: int) -> None:
        """Each of them writes /start; the platform knows her, and forgets her message."""
        await self.telegram.many(*(("says", chat, "/start") for chat in chats))
        for chat in chats:
            await self.does(chat, Pressed("start"))

    async def until(self, holds: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
        """Wait until that holds."""
        async with asyncio.timeout(seconds):
            while not await holds():  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.05)

    async def drained(self, seconds: float = 120) -> None:
        """Wait until the outbox is empty, but for what is due later."""
        await self.until(self._is_drained, seconds)

    async def _is_drained(self) -> bool:
        return await waiting(self.desk) == 0


async def waiting(desk: Desk) -> int:
    """Letters in the outbox that are to leave by themselves: no notes about strays."""
    from sqlalchemy import func, select

    from storage.rows import mail

    async with desk.store.turn() as turn:
        kinds = select(func.count()).select_from(mail).where(mail.c.kind != "stray")
        return int((await turn.execute(kinds)).scalar_one())


@asynccontextmanager
async def sending(
    settings: Settings, data: Data, telegram: PlatformProcess
) -> AsyncIterator[Scene]:
    """A desk over the platform, and its sender, by the clock of the machine."""
    door = TelegramDoor(telegram.token, telegram.base)
    async with build(settings, channels={NAME: door}, data=data) as desk:
        stop = asyncio.Event()
        sender = asyncio.create_task(deliver_forever(desk, stop))
        try:
            yield Scene(desk, telegram)
        finally:
            stop.set()
            desk.posted.set()
            await sender


__all__ = ["Choice", "Pressed", "Scene", "Text", "sending", "waiting"]
