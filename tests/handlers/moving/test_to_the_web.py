"""From Telegram in Burmese to the web chat."""

from typing import Any

import httpx

from app.public import public_app
from app.settings import Settings
from app.wiring import Data, build
from bot import telegram_updates
from bot.telegram import TelegramChannel
from bot.webchat import WebChannel
from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.messages import Channel
from handlers.receive import receive
from privacy.pictures import PICTURE_OF, plain
from storage.rows import mail, traces
from tests.channels.fake_telegram import FakeTelegram
from tests.doubles import FakeClock
from tests.handlers.moving.doing import rows


class Visitor:
    """Somebody with the web chat open in JSON."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.screen: dict[str, Any] = {}

    async def does(self, **post: object) -> None:
        token = self.screen.get("conversation")
        answer = await self._client.post("/chat", json={"conversation": token, **post})
        assert answer.status_code == 200
        self.screen = answer.json()

    async def taps(self, label: str) -> None:
        ids = [c["id"] for c in self.screen["choices"] if label in c["label"]]
        await self.does(choice=ids[0])


async def test_a_talk_in_burmese_goes_from_telegram_to_the_web(
    settings: Settings, moving_data: Data, clock: FakeClock
) -> None:
    chat = 700_300_400
    async with FakeTelegram() as fake:
        channels: dict[str, Channel] = {
            "telegram": TelegramChannel(fake.token, fake.base),
            "web": WebChannel(),
        }
        async with build(settings, channels=channels, clock=clock, data=moving_data) as desk:
            person = Telegram(fake, desk, chat)
            await person.says("/start")
            for start in ("မြန်မာ", "✅", "🧑", "🟦", "⏭", "💔"):
                await person.taps(start)
            at = person.text
            for start in ("☰", "➕", "📲", "🖼"):
                await person.taps(start)
            signs = [s for s in plain(person.text).split() if s in PICTURE_OF]
            await person.taps("✅")
            for sign in signs:
                await person.taps(sign)

            transport = httpx.ASGITransport(app=public_app(desk))
            async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as web:
                visitor = Visitor(web)
                await visitor.does()
                await visitor.taps("Tiếng Việt")
                await visitor.does(action="menu")
                await visitor.taps("➕")
                await visitor.taps("🔢")
                await visitor.does(text="".join(signs))
            await deliver(desk)
            clock.forward(seconds=5)
            await deliver(desk)

            assert len(signs) == 9
            assert visitor.screen["locale"] == "my"
            assert visitor.screen["node"] == "sh.m.hurt"
            assert visitor.screen["messages"][0]["text"] in at
            assert fake.visible(chat) == []
            assert await rows(desk, traces) == []
            assert await rows(desk, mail) == []


class Telegram:
    """Somebody on the fake Telegram; our process asks and sends as if it were polling."""

    def __init__(self, fake: FakeTelegram, desk: Desk, chat: int) -> None:
        self._fake, self._desk, self._chat = fake, desk, chat
        self._offset: int | None = None

    @property
    def text(self) -> str:
        return self._fake.visible(self._chat)[-1].text

    async def says(self, words: str) -> None:
        await self._fake.user_says(self._chat, words)
        await self._answered()

    async def taps(self, start: str) -> None:
        keys = self._fake.visible(self._chat)[-1].keys
        face = next(k.face for k in keys if plain(k.face).startswith(plain(start)))
        await self._fake.user_taps(self._chat, face)
        await self._answered()

    async def _answered(self) -> None:
        """What waits is asked for, received and answered."""
        channel = self._desk.channels["telegram"]
        assert isinstance(channel, TelegramChannel)
        for update in await channel.updates(self._offset, 0):
            self._offset = int(str(update["update_id"])) + 1
            incoming = telegram_updates.read(update)
            assert incoming
            await receive(incoming, self._desk)
            await deliver(self._desk)
