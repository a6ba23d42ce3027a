"""A conversation over LINE: our process, real HTTP, a fake LINE with the real rules."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from pydantic import HttpUrl
from sqlalchemy import text

from app.jobs import running
from app.public import public_app
from app.settings import Settings
from app.wiring import Data, build
from bot.doors.line import LineDoor
from handlers.desk import Desk
from tests.channels.fake_line import FakeLine
from tests.channels.line_chats import Message
from tests.channels.line_platform import SHE
from tests.e2e.test_telegram import Door


@pytest.fixture
async def fake() -> AsyncIterator[FakeLine]:
    async with FakeLine(transport=Door()) as fake:
        yield fake


@pytest.fixture
async def desk(fake: FakeLine, settings: Settings, data: Data) -> AsyncIterator[Desk]:
    """The bot behind a fake LINE that calls it, on both databases."""
    channel = LineDoor(fake.token, fake.secret, fake.base)
    async with build(settings, channels={"line": channel}, data=data) as desk:
        assert isinstance(fake.transport, Door)
        fake.transport.inside = httpx.ASGITransport(public_app(desk))
        public = HttpUrl("https://saphan.test")
        async with running(desk, settings.model_copy(update={"public_url": public})):
            await fake.until(lambda: bool(fake.endpoint))
            yield desk


def ours(fake: FakeLine) -> list[Message]:
    return [message for message in fake.visible(SHE) if message.sender == "bot"]


async def shown(fake: FakeLine, words: str) -> Message:
    """Wait until the newest message says this."""
    await fake.until(lambda: bool(ours(fake)) and words in ours(fake)[-1].text)
    return ours(fake)[-1]


async def tap(fake: FakeLine, start: str) -> None:
    """Tap the newest button that begins with an icon or a word, once it is there."""

    def face() -> str:
        return next((face for face in ours(fake)[-1].faces if face.startswith(start)), "")

    await fake.until(lambda: bool(ours(fake)) and bool(face()))
    await fake.user_taps(SHE, face())


async def kept(desk: Desk) -> list[int]:
    """How many rows there are of events, talks and letters."""
    tables = ("seen", "conversations", "mail")
    async with desk.store.turn() as turn:
        counted = [await turn.execute(text(f"select count(*) from {one}")) for one in tables]
    return [int(one.scalar_one()) for one in counted]


async def calm(desk: Desk) -> list[int]:
    """Wait until every letter is sent; what is kept then."""
    for _ in range(600):
        found = await kept(desk)
        if not found[-1]:
            return found
        await asyncio.sleep(0.05)
    raise TimeoutError


async def test_language_danger_numbers_leave(fake: FakeLine, desk: Desk) -> None:
    await fake.user_follows(SHE)
    await shown(fake, "Hello")
    for start in ("English", "🚨", "☎", "🟦"):
        await tap(fake, start)
    await fake.until(lambda: any("1300" in message.text for message in ours(fake)))
    numbers, before = ours(fake)[-1], len(ours(fake))
    await tap(fake, "✖")
    await fake.until(lambda: len(ours(fake)) > before)
    last = ours(fake)[-1]

    assert [face for face in numbers.faces if face.startswith("✖")]
    assert (last.faces, last.preview) == ((), "👋")
    assert all(message.preview == "👋" and message.silent for message in ours(fake))
    assert [message for message in fake.visible(SHE) if message.sender != "bot"] == []
    # Each answer took the reply token of what she did, so none is counted by LINE.
    assert {call[2] for call in fake.calls} == {200}
    assert len(fake.called("/reply")) >= 5
    assert len(fake.called("/reply") + fake.called("/push")) == 6


async def test_what_she_types_is_answered_by_a_greeting_that_opens(
    fake: FakeLine, desk: Desk
) -> None:
    await fake.user_follows(SHE)
    await shown(fake, "Hello")
    await fake.user_taps(SHE, "English")
    await shown(fake, "No name needed")
    await calm(desk)
    await fake.user_says(SHE, "help")
    cover = await shown(fake, "👋")
    await tap(fake, "▶")
    await calm(desk)

    assert cover.text == "👋"
    assert [face[0] for face in cover.faces] == ["▶", "✖"]
    assert len(ours(fake)) == 4
    assert len(ours(fake)[-1].faces) > 2


async def test_a_second_delivery_changes_nothing(fake: FakeLine, desk: Desk) -> None:
    await fake.user_follows(SHE)
    await shown(fake, "Hello")
    [english] = [action for face, action in ours(fake)[0].keys if face == "English"]
    event = fake.event(SHE, {"type": "postback", "postback": {"data": english["data"]}})
    await fake.deliver(event)
    await shown(fake, "No name needed")
    before = await calm(desk)
    again = {**event, "deliveryContext": {"isRedelivery": True}}
    statuses = {await fake.deliver(again, again) for _ in range(5)}

    assert statuses == {200}
    assert await calm(desk) == before
    assert len(ours(fake)) == 2


async def test_what_our_trouble_kept_back_comes_again_and_is_answered_once(
    fake: FakeLine, desk: Desk
) -> None:
    assert isinstance(fake.transport, Door)
    inside, fake.transport.inside = fake.transport.inside, httpx.MockTransport(_trouble)
    await fake.user_follows(SHE)
    fake.transport.inside = inside
    await fake.redeliver()
    await shown(fake, "Hello")

    assert [(again, status) for _, again, status in fake.deliveries] == [(False, 503), (True, 200)]
    assert len(ours(fake)) == 1


def _trouble(_: httpx.Request) -> httpx.Response:
    return httpx.Response(503)


async def test_taking_a_message_back_blocking_and_groups_change_nothing(
    fake: FakeLine, desk: Desk
) -> None:
    await fake.user_follows(SHE)
    await shown(fake, "Hello")
    before = await calm(desk)
    await fake.user_unsends(SHE, "461230966842064000")
    await fake.user_blocks(SHE)
    group = {"type": "group", "groupId": "C" + "1" * 32, "userId": SHE}
    content = {"type": "text", "id": "1", "text": "hello", "quoteToken": "q"}
    said = fake.event(SHE, {"type": "message", "message": content})
    status = await fake.deliver({**said, "source": group})

    assert status == 200
    assert await calm(desk) == before
    assert len(ours(fake)) == 1
