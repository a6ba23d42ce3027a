"""A conversation over Viber: our process, real HTTP, a fake REST API with the real rules."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from app.jobs import running
from app.public import public_app
from app.settings import Settings
from app.wiring import Data, build
from bot.doors.viber import ViberDoor
from tests.channels.fake_viber import TOKEN, FakeViber
from tests.channels.platform import Clock

HER = "fakeOfTheTalk+123456=="


@dataclass
class Door(httpx.AsyncBaseTransport):
    """Viber's way to our hook; while it is shut, nobody answers."""

    inside: httpx.AsyncBaseTransport | None = None
    shut: bool = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.inside is None or self.shut:
            raise httpx.ConnectError("nobody answers")
        return await self.inside.handle_async_request(request)


@dataclass
class Phone:
    """Her chat."""

    viber: FakeViber
    door: Door
    clock: Clock

    async def reads(self, words: str) -> None:
        """Wait until the newest message says this."""
        await self.viber.until(lambda: words in self.last, seconds=30)

    @property
    def last(self) -> str:
        messages = self.viber.visible(HER)
        return messages[-1].text if messages else ""

    async def taps(self, start: str) -> None:
        """Tap a button once the keyboard has it."""

        def there() -> bool:
            faces = self.viber.visible(HER)[-1].faces
            return any(each.startswith(start) for each in faces)

        await self.viber.until(there, seconds=30)
        await self.viber.she_taps(HER, start)


@pytest.fixture
async def phone(tmp_path: Path, data: Data, clock: Clock) -> AsyncIterator[Phone]:
    door = Door()
    settings = Settings(home=tmp_path, public_url="https://info.test")
    async with FakeViber(clock, door) as viber:
        channel = ViberDoor(TOKEN, viber.base)
        async with build(settings, channels={"viber": channel}, data=data) as desk:
            door.inside = httpx.ASGITransport(public_app(desk))
            async with running(desk, settings):
                await viber.until(lambda: bool(viber.called("set_webhook")), seconds=30)
                yield Phone(viber, door, clock)
    assert viber.failed == []


async def test_from_the_link_to_the_numbers_and_out(phone: Phone) -> None:
    await phone.viber.she_opens(HER, context="c7")
    await phone.taps("▶")
    await phone.reads("Hello")
    for icon in ("English", "🚨", "☎", "🟦"):
        await phone.taps(icon)
    await phone.reads("1300")
    await phone.taps("✖")
    await phone.viber.until(lambda: phone.viber.visible(HER)[-1].faces == ("👋",), seconds=30)
    await phone.viber.settled()

    hers = [each.text for each in phone.viber.visible(HER) if each.sender == "person"]
    assert hers == [], "no tap of hers is written into the chat"
    assert "1300" not in phone.last
    assert phone.viber.slowest < 6
    assert {status for _, status in phone.viber.attempts} == {200}


async def test_what_she_types_is_answered_with_a_sign_before_it_is_answered(phone: Phone) -> None:
    await phone.viber.she_says(HER, "hello")
    await phone.reads("👋")
    await phone.viber.she_says(HER, "STOP")
    await phone.viber.until(lambda: phone.viber.visible(HER)[-1].faces == ("👋",), seconds=30)

    assert all(len(each.text) < 200 for each in phone.viber.visible(HER))


async def test_what_comes_while_nobody_answers_comes_again_and_is_answered_once(
    phone: Phone,
) -> None:
    phone.door.shut = True
    await phone.viber.she_says(HER, "hello")
    await phone.viber.until(lambda: phone.viber.attempts.count(("message", 0)) > 2)
    phone.clock.move(minutes=59)
    phone.door.shut = False
    await phone.reads("👋")
    await phone.viber.settled()

    assert phone.viber.attempts.count(("message", 200)) == 1
    assert len([each for each in phone.viber.visible(HER) if each.sender == "bot"]) == 1


async def test_after_an_hour_viber_gives_up(phone: Phone) -> None:
    phone.door.shut = True
    await phone.viber.she_says(HER, "hello")
    await phone.viber.until(lambda: ("message", 0) in phone.viber.attempts)
    phone.clock.move(minutes=61)
    await phone.viber.settled()
    phone.door.shut = False

    assert [each.sender for each in phone.viber.visible(HER)] == ["person"]


async def test_nobody_writes_to_who_has_left_viber(phone: Phone) -> None:
    await phone.viber.she_says(HER, "hello")
    await phone.reads("👋")
    before = len(phone.viber.calls)
    phone.viber.she_leaves(HER)
    await phone.viber.settled()

    assert len(phone.viber.calls) == before
