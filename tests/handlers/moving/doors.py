"""Telegram, Viber and the web page of one process, over their webhooks and real HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from pydantic import HttpUrl

from app.jobs import running
from app.public import public_app
from app.settings import Settings
from app.wiring import Data, build
from bot.doors.telegram import TelegramDoor
from bot.doors.viber import ViberDoor
from bot.webchat import WebChannel
from flows.walk import Walk
from handlers.conversation import people_of, read
from handlers.desk import Desk
from handlers.messages import Address, Channel
from privacy.pictures import plain
from tests.channels.fake_telegram import FakeTelegram
from tests.channels.fake_viber import FakeViber
from tests.channels.viber_rules import Json

SECRET = "s" * 43
CHAT = 700_500_600
HER = "fakeWhoMoves+3b2Q123=="
LONG = 60  # seconds until something must have come, also on a machine that is busy


class Way(httpx.AsyncBaseTransport):
    """The platforms' way to our hooks, which are there once the process is."""

    inside: httpx.AsyncBaseTransport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self.inside.handle_async_request(request)


@dataclass
class OnTelegram:
    """Her chat there."""

    fake: FakeTelegram
    desk: Desk

    @property
    def text(self) -> str:
        messages = self.fake.visible(CHAT)
        return messages[-1].text if messages else ""

    async def says(self, words: str) -> None:
        await self.fake.user_says(CHAT, words)
        await self.fake.settled(LONG)

    async def taps(self, *starts: str) -> None:
        """Tap the button that begins so, once it is there; what was before has gone."""
        for start in starts:
            await self.fake.until(lambda start=start: bool(self._face(start)), LONG)  # type: ignore[misc]
            before = self.text
            await self.fake.user_taps(CHAT, self._face(start))
            await self.fake.until(lambda before=before: self.text != before, LONG)  # type: ignore[misc]

    def _face(self, start: str) -> str:
        messages = self.fake.visible(CHAT)
        keys = messages[-1].keys if messages else ()
        return next((k.face for k in keys if plain(k.face).startswith(plain(start))), "")

    async def walk(self) -> Walk | None:
        return await walk_at(self.desk, Address("telegram", str(CHAT)))


@dataclass
class OnViber:
    """Her chat there."""

    fake: FakeViber
    desk: Desk

    @property
    def text(self) -> str:
        messages = [one for one in self.fake.visible(HER) if one.sender == "bot"]
        return messages[-1].text if messages else ""

    async def opens(self) -> None:
        await self.fake.she_opens(HER)

    async def says(self, words: str) -> None:
        before = self.fake.chat(HER).keys
        await self.fake.she_says(HER, words)
        await self._answered(before)

    async def taps(self, *starts: str) -> None:
        for start in starts:
            before = self.fake.chat(HER).keys
            await self.fake.she_taps(HER, start)
            await self._answered(before)

    async def _answered(self, before: list[Json]) -> None:
        """The keyboard comes with the last message of a screen."""
        await self.fake.until(lambda: self.fake.chat(HER).keys is not before, LONG)

    async def walk(self) -> Walk | None:
        return await walk_at(self.desk, Address("viber", HER))


@dataclass
class OnWeb:
    """Somebody with the web page open in JSON."""

    client: httpx.AsyncClient
    screen: dict[str, Any] = field(default_factory=dict)

    async def does(self, **post: object) -> None:
        token = self.screen.get("conversation")
        answer = await self.client.post("/chat", json={"conversation": token, **post})
        assert answer.status_code == 200
        self.screen = answer.json()

    async def taps(self, *labels: str) -> None:
        for label in labels:
            ids = [one["id"] for one in self.screen["choices"] if label in one["label"]]
            await self.does(choice=ids[0])


@dataclass
class World:
    """All of it."""

    desk: Desk
    telegram: OnTelegram
    viber: OnViber
    web: OnWeb


@asynccontextmanager
async def doors(folder: Path, data: Data) -> AsyncIterator[World]:
    """One process, all its jobs running, called by both messengers."""
    way = Way()
    settings = Settings(home=folder, public_url=HttpUrl("https://info.test"))
    async with FakeTelegram(transport=way) as telegram, FakeViber(transport=way) as viber:
        channels: dict[str, Channel] = {
            "telegram": TelegramDoor(telegram.token, telegram.base, SECRET),
            "viber": ViberDoor(viber.token, viber.base),
            "web": WebChannel(),
        }
        async with build(settings, channels=channels, data=data) as desk:
            way.inside = httpx.ASGITransport(public_app(desk))
            async with (
                running(desk, settings),
                httpx.AsyncClient(transport=way.inside, base_url="https://info.test") as client,
            ):
                await viber.until(lambda: bool(viber.called("set_webhook")), LONG)
                await telegram.until(lambda: bool(telegram.called("setWebhook")), LONG)
                yield World(desk, OnTelegram(telegram, desk), OnViber(viber, desk), OnWeb(client))
    assert viber.failed == []


async def walk_at(desk: Desk, address: Address) -> Walk | None:
    """Where the conversation of this address is; None where there is none."""
    async with desk.store.turn() as turn:
        conversation = await read(turn, desk, await people_of(desk, address))
    return conversation.walk if conversation else None
