"""Children that serve the public side over sockets of their parent, and are killed."""

import asyncio
import os
import signal
import socket
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import NoReturn

import uvicorn
from sqlalchemy import func, select

from app.public import public_app
from app.settings import Settings
from app.wiring import Data, build
from bot.doors.telegram import TelegramDoor
from storage.rows import mail, seen
from storage.store import Store
from tests.doubles import FakeChannel
from tests.rig.quick_platform import SECRET, TOKEN, Delivered, QuickPlatform
from tests.safety.doors import FakeTelegramDoor

PEOPLE = 2_000  # so that nobody writes faster than a person can
WAITING = 128  # connections that wait while nobody serves
AT_ONCE = 40  # updates on their way at a time (Bot API, max_connections)


class Door(FakeTelegramDoor):
    """The way in with the rig's secret; nothing is sent, so the outbox keeps every screen."""

    def __post_init__(self) -> None:
        self._secrets = TelegramDoor(TOKEN, secret=SECRET)._secrets


@dataclass
class Children:
    """So many processes, each over a socket that outlives it."""

    settings: Settings
    data: Data
    number: int
    kills: int = 0
    sockets: list[socket.socket] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)

    def start(self) -> list[str]:
        """Start all; the addresses of their hooks."""
        for _ in range(self.number):
            listening = socket.create_server(("127.0.0.1", 0), backlog=WAITING)
            self.sockets.append(listening)
            self.ids.append(self._born(listening))
        ports = (one.getsockname()[1] for one in self.sockets)
        return [f"http://127.0.0.1:{port}/hooks/telegram" for port in ports]

    def kill(self, which: int) -> None:
        """The system kills one, and it is started again."""
        self._ends(self.ids[which], signal.SIGKILL)
        self.kills += 1
        self.ids[which] = self._born(self.sockets[which])

    def close(self) -> None:
        """End all of them."""
        for child in self.ids:
            self._ends(child, signal.SIGKILL)
        for one in self.sockets:
            one.close()

    def _ends(self, child: int, how: signal.Signals) -> None:
        os.kill(child, how)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "a child had ended by itself"

    def _born(self, listening: socket.socket) -> int:
        child = os.fork()
        if not child:
            self._serves(listening)
        return child

    def _serves(self, listening: socket.socket) -> NoReturn:
        """Nothing of the parent's is tidied up here."""
        try:
            asyncio.run(self._served(listening))
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)

    async def _served(self, listening: socket.socket) -> None:
        channels: dict[str, FakeChannel] = {"telegram": Door()}
        async with build(self.settings, channels=channels, data=self.data) as desk:
            config = uvicorn.Config(public_app(desk), log_config=None, access_log=False)
            await uvicorn.Server(config).serve(sockets=[listening])


@dataclass
class Delivering:
    """Updates to all children until each has its 200; `copies` of each at the same time."""

    platform: QuickPlatform
    copies: Callable[[], int] = lambda: 1
    until: float = float("inf")  # time.monotonic; then what was not taken is given up
    sent: list[Delivered] = field(default_factory=list)

    async def all(self, number: int) -> None:
        """So many updates of many people, some dozen on their way at a time."""
        room = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for count in range(number):
                await room.acquire()
                words = "hello" if count % 3 else "/start"
                update = self.platform.says(700_000 + count % PEOPLE, words)
                group.create_task(self._one(update, room))

    async def _one(self, update: dict[str, object], room: asyncio.Semaphore) -> None:
        try:
            copies = [Delivered(update, 0.0) for _ in range(self.copies())]
            self.sent += copies
            await asyncio.gather(*(self.platform.deliver(one, self._over) for one in copies))
        finally:
            room.release()

    def _over(self) -> bool:
        return time.monotonic() > self.until


async def killing(children: Children, random: Random, every: tuple[float, float]) -> None:
    """Kill one or another, again and again, so many seconds after it began to answer."""
    while True:
        which = random.randrange(children.number)
        await answers(children.sockets[which].getsockname()[1])
        await asyncio.sleep(random.uniform(*every))
        children.kill(which)


async def answers(port: int) -> None:
    """Wait until somebody answers there."""
    while True:
        try:
            async with asyncio.timeout(60):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n")
                line = await reader.readline()
                writer.close()
        except OSError:
            line = b""
        if b" 200 " in line:
            return
        await asyncio.sleep(0.05)


@dataclass(frozen=True)
class Kept:
    """What the database has after all: screens posted, updates remembered, until when at least."""

    screens: int
    updates: int
    until: float


async def kept(settings: Settings) -> Kept:
    """Look."""
    store = Store(settings.database())
    try:
        async with store.turn() as turn:
            shown = select(func.count(mail.c.id)).where(mail.c.kind == "show")
            remembered = select(func.count(seen.c.event), func.min(seen.c.expires_at))
            screens = (await turn.execute(shown)).scalar_one()
            updates, until = (await turn.execute(remembered)).one()
    finally:
        await store.close()
    return Kept(screens=screens, updates=updates, until=until)


async def until_done(doing: Awaitable[None], beside: Awaitable[None] | None) -> None:
    """Do it; what goes on beside it ends with it."""
    other = asyncio.ensure_future(beside) if beside else None
    try:
        await doing
    finally:
        if other is not None:
            failed = other.done() and other.exception()
            other.cancel()
            assert not failed, failed
