"""A conversation over WhatsApp and Messenger: the real handlers, our hook, a fake Graph API."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from app.jobs import running
from app.public import public_app
from app.settings import Settings
from app.wiring import Data, build
from bot.doors.messenger import MessengerDoor
from bot.doors.whatsapp import WhatsAppDoor
from handlers.desk import Desk
from tests.channels.fake_graph import FakeGraph
from tests.channels.fake_messenger import FakeMessenger
from tests.channels.fake_whatsapp import FakeWhatsApp
from tests.channels.whatsapp_platform import PSID

SCOPED = "TH.13491208655302741918"  # Meta's id of her for this business


class Way(httpx.AsyncBaseTransport):
    """Meta's way to our hook, which is built only after Meta is there."""

    inside: httpx.AsyncBaseTransport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self.inside.handle_async_request(request)


@dataclass
class Phone:
    """Her phone: the fake, who she is there, and the desk behind the hook."""

    fake: FakeGraph
    person: str
    desk: Desk

    async def reads(self, words: str) -> None:
        """Wait until the newest message says this."""
        await self.fake.until(lambda: words in self.fake.visible(self.person)[-1].text)

    async def taps(self, start: str) -> None:
        """Tap a key of the newest message, once that has it."""

        def there() -> bool:
            newest = self.fake.visible(self.person)[-1]
            return any(title.startswith(start) for _, title, _ in newest.keys)

        await self.fake.until(there)
        await self.fake.taps(self.person, start)

    async def begins(self) -> None:
        if isinstance(self.fake, FakeMessenger):
            await self.fake.begins(self.person)
        else:
            await self.fake.says(self.person, "hello")
            await self.taps("▶")

    async def rows(self, table: str) -> int:
        async with self.desk.store.turn() as turn:
            query = text(f"select count(*) from {table}")
            return int((await turn.execute(query)).scalar_one())


@pytest.fixture(params=["whatsapp", "messenger"])
async def phone(
    request: pytest.FixtureRequest, tmp_path: Path, data: Data
) -> AsyncIterator[Phone]:
    """The app registers its hook at the fake, which asks it the question, and is called there."""
    way, settings = Way(), Settings(home=tmp_path)
    on_messenger = request.param == "messenger"
    fake: FakeGraph = FakeMessenger(transport=way) if on_messenger else FakeWhatsApp(transport=way)
    async with fake:
        door = MessengerDoor(fake.block) if on_messenger else WhatsAppDoor(fake.block)
        async with build(settings, channels={door.name: door}, data=data) as desk:
            way.inside = httpx.ASGITransport(public_app(desk))
            settings = settings.model_copy(update={"public_url": "https://saphan.test"})
            async with running(desk, settings):
                await fake.until(lambda: fake.hook == f"https://saphan.test/hooks/{door.name}")
                yield Phone(fake, PSID if on_messenger else SCOPED, desk)


async def test_from_a_hello_over_danger_to_numbers_and_out(phone: Phone) -> None:
    await phone.begins()
    for start in ("English", "🚨", "☎", "🟦"):
        await phone.taps(start)
    await phone.reads("1300")
    await phone.taps("✖")
    await phone.reads("OK 👋")

    last = phone.fake.visible(phone.person)[-1]
    assert (last.sender, last.keys) == ("bot", ())
    assert set(phone.fake.attempts) == {200}
    assert await phone.rows("conversations") == 0
    assert await phone.rows("traces") == 0


async def test_a_call_that_comes_again_changes_nothing(phone: Phone) -> None:
    await phone.begins()
    await phone.taps("English")
    await phone.reads("OK to read")
    before = len(phone.fake.visible(phone.person))
    answers = [await phone.fake.repeats() for _ in range(5)]

    assert answers == [200] * 5
    assert await phone.rows("mail") == 0
    assert len(phone.fake.visible(phone.person)) == before


async def test_typed_words_are_answered_under_a_cover_and_leaving_is_the_last_that_stands(
    phone: Phone,
) -> None:
    await phone.begins()
    await phone.taps("English")
    await phone.reads("OK to read")
    await phone.fake.says(phone.person, "he beats me")
    await phone.reads("👋")
    covered = phone.fake.visible(phone.person)[-1]
    await phone.fake.says(phone.person, "leave")
    await phone.reads("OK 👋")

    assert covered.text == "👋"
    assert [title[0] for _, title, _ in covered.keys] == ["▶", "✖"]
    assert phone.fake.visible(phone.person)[-1].keys == ()


async def test_what_she_did_not_do_is_answered_by_nothing(phone: Phone) -> None:
    if isinstance(phone.fake, FakeWhatsApp):
        for status in ("sent", "delivered", "read", "failed", "deleted"):
            await phone.fake.told(phone.person, status)
    else:
        assert isinstance(phone.fake, FakeMessenger)
        echo = {"message": {"text": "x", "is_echo": True}}
        await phone.fake.push(phone.fake.brought(phone.person, "m_1", echo))

    assert set(phone.fake.attempts) == {200}
    assert await phone.rows("mail") == 0
    assert await phone.rows("conversations") == 0
