"""Women whose messages reach the hook of a whole public app, again until they are taken."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import orjson
from sqlalchemy import func, select, text

from app.public import public_app
from app.settings import Settings
from app.wiring import Data, build
from bot.doors.telegram import TelegramDoor
from handlers import emergency_files, letters
from handlers.conversation import people_of
from handlers.desk import Desk
from handlers.messages import Address, Channel, Outgoing, Sent
from storage.mail import Letter
from storage.rows import conversations, mail, seen

SECRET = "s" * 43
TOKEN = "4242:fake-token_of-Tests"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class SilentDoor(TelegramDoor):
    """Telegram's door; what it shows is remembered, and nothing is called."""

    def __init__(self) -> None:
        super().__init__(TOKEN, "http://127.0.0.1:9", SECRET)
        self.cards: list[tuple[str, Outgoing]] = []
        self.forgotten: list[str] = []

    async def show(
        self, address: Address, screen: Outgoing, card: str | None, reply: str | None = None
    ) -> Sent:
        self.cards.append((address.id, screen))
        return Sent((card or "99",))

    async def neutral(
        self, address: Address, card: str, line: str, reply: str | None = None
    ) -> None:
        self.forgotten.append(card)

    async def forget(self, address: Address, message_ids: Sequence[str]) -> tuple[str, ...]:
        self.forgotten += message_ids
        return ()

    async def receipt(self, callback_id: str) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Answered:
    """One post: its status and how long it took."""

    status: int
    seconds: float


@dataclass
class Hook:
    """The public app in this process; `posts` are all that were made."""

    desk: Desk
    door: SilentDoor
    client: httpx.AsyncClient
    posts: list[Answered] = field(default_factory=list)
    updates: int = 0

    async def starts(self, chat: int) -> None:
        """She writes /start, brought again until it is taken."""
        self.updates += 1
        person = {"id": chat, "type": "private"}
        message = {"message_id": self.updates, "chat": person, "from": {"id": 1}, "text": "/start"}
        await self.until_taken({"update_id": self.updates, "message": message})

    async def taps_language(self, chat: int) -> None:
        """She taps English on her first screen, as it stands in the outbox."""
        self.updates += 1
        number = self.updates
        screen = await self._newest(chat)
        button = next(one for one in screen.choices if one.label == "English")
        card = {"message_id": 7, "chat": {"id": chat, "type": "private"}, "date": 1}
        data = f"{screen.step}:{button.id}"
        tap = {"id": str(number), "from": {"id": 1}, "message": card, "data": data}
        await self.until_taken({"update_id": number, "callback_query": tap})

    async def until_taken(self, update: object, seconds: float = 90) -> None:
        """As Telegram does it."""
        async with asyncio.timeout(seconds):
            while await self.post(update) != 200:  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.03)

    async def post(self, update: object) -> int:
        begun = time.monotonic()
        answer = await self.client.post(
            "/hooks/telegram", content=orjson.dumps(update), headers={HEADER: SECRET}
        )
        self.posts.append(Answered(answer.status_code, time.monotonic() - begun))
        return answer.status_code

    async def _newest(self, chat: int) -> Outgoing:
        """The screen that waits for her; asked again while the database is away."""
        while True:
            try:
                people = await people_of(self.desk, Address("telegram", str(chat)))
                async with self.desk.store.turn() as turn:
                    newest = (
                        select(*(one for one in mail.c if one.name != "version"))
                        .where(mail.c.person.in_(people), mail.c.kind == "show")
                        .order_by(mail.c.id.desc())
                    )
                    row = (await turn.execute(newest)).mappings().first()
            except Exception:
                await asyncio.sleep(0.05)
                continue
            assert row is not None, "her screen was lost"
            order = await letters.read(self.desk, Letter(**row))
            assert order
            assert order.screen
            return order.screen

    async def rows(self) -> dict[str, int]:
        """How many of each are kept."""
        shows = select(func.count()).select_from(mail).where(mail.c.kind == "show")
        forgets = select(func.count()).select_from(mail).where(mail.c.kind == "forget")
        asked: dict[str, Any] = {
            "conversations": select(func.count()).select_from(conversations),
            "seen": select(func.count()).select_from(seen),
            "shows": shows,
            "forgets": forgets,
            "nodes": text("SELECT coalesce(sum(number), 0) FROM counts WHERE what = 'node'"),
        }
        async with self.desk.store.turn() as turn:
            return {
                name: int((await turn.execute(one)).scalar_one()) for name, one in asked.items()
            }

    def slowest(self) -> float:
        """Seconds of the slowest answer."""
        return max(one.seconds for one in self.posts)

    def usual(self) -> float:
        """Seconds within which nineteen of twenty were answered; one alone is the machine's."""
        return sorted(one.seconds for one in self.posts)[int(len(self.posts) * 0.95) - 1]

    def refused(self) -> int:
        """How often the platform was told 503."""
        return sum(one.status == 503 for one in self.posts)


@asynccontextmanager
async def hooked(home: Path, data: Data, **given: str) -> AsyncIterator[Hook]:
    """The public app over these databases, with the cards in memory, and no sender."""
    door = SilentDoor()
    settings = Settings(home=home, **given)  # type: ignore[arg-type]
    async with build(settings, channels={"telegram": door, **_web()}, data=data) as desk:
        await emergency_files.prepare(desk)
        transport = httpx.ASGITransport(app=public_app(desk))
        async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
            yield Hook(desk, door, client)
        await desk.outage.settled()


def _web() -> dict[str, Channel]:
    from bot.webchat import WebChannel

    return {"web": WebChannel()}
