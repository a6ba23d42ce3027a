"""Setting LINE up: the webhook set and tried, what LINE tells of us, the block of settings."""

from collections.abc import AsyncIterator

import httpx
import pytest
from pydantic import SecretStr

from app.door_settings import DoorSettings
from bot.doors import doors
from bot.doors.line import DOOR, TEST_PAUSE, LineDoor
from handlers.messages import ChannelError, Refused
from tests.channels.fake_line import SECRET, TOKEN, FakeLine
from tests.channels.platform import Clock

HOOK = "https://saphan.test/hooks/line"


class Ours(httpx.AsyncBaseTransport):
    """Our side of the webhook: keeps what comes, and answers with `status`."""

    def __init__(self) -> None:
        self.status = 200
        self.bodies: list[bytes] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append(await request.aread())
        return httpx.Response(self.status)


@pytest.fixture
def ours() -> Ours:
    return Ours()


@pytest.fixture
async def fake(clock: Clock, ours: Ours) -> AsyncIterator[FakeLine]:
    async with FakeLine(clock=clock, transport=ours) as fake:
        yield fake


@pytest.fixture
async def door(fake: FakeLine, clock: Clock) -> AsyncIterator[LineDoor]:
    seconds = lambda: clock.now.timestamp()  # noqa: E731
    door = LineDoor(fake.token, fake.secret, fake.base, seconds)
    yield door
    await door.close()


async def test_the_webhook_is_set_and_tried(fake: FakeLine, door: LineDoor, ours: Ours) -> None:
    await door.register(HOOK)

    assert fake.endpoint == HOOK
    assert len(ours.bodies) == 1
    assert door.read(ours.bodies[0]) == ()


async def test_a_webhook_that_is_switched_off_in_the_console_is_an_error(
    fake: FakeLine, door: LineDoor
) -> None:
    fake.active = False

    with pytest.raises(ChannelError):
        await door.register(HOOK)
    assert fake.called("/test") == []


async def test_a_webhook_that_line_cannot_reach_is_tried_again_as_often_as_line_allows(
    fake: FakeLine, door: LineDoor, ours: Ours, clock: Clock
) -> None:
    ours.status = 502
    for _ in range(2 * 60 * 2):  # the jobs try again each 30 seconds: two hours of it
        with pytest.raises(ChannelError):
            await door.register(HOOK)
        clock.move(seconds=30)
    ours.status = 200
    clock.move(seconds=TEST_PAUSE)
    await door.register(HOOK)

    statuses = [status for _, _, status in fake.called("/test")]
    assert set(statuses) == {200}
    assert len(statuses) > 60


async def test_an_address_without_https_is_refused(fake: FakeLine, door: LineDoor) -> None:
    with pytest.raises(Refused):
        await door.register("http://saphan.test/hooks/line")


async def test_what_line_tells_of_us(fake: FakeLine, door: LineDoor) -> None:
    before = await door.look()
    await door.register(HOOK)
    fake.info["pictureUrl"] = "https://obs.line-apps.com/p"
    after = await door.look()
    fake.active = False
    off = await door.look()

    assert before.hook == ""
    assert (after.hook, after.name) == (HOOK, "Info")
    assert after.link == "https://line.me/R/ti/p/%40216ru"
    assert after.picture == "https://obs.line-apps.com/p"
    assert off.hook == ""


async def test_introducing_asks_nothing_of_line(fake: FakeLine, door: LineDoor) -> None:
    await door.introduce({})

    assert fake.calls == []


def test_the_door_is_found_and_opened_by_its_settings() -> None:
    settings = DoorSettings(line_token=SecretStr(TOKEN), line_secret=SecretStr(SECRET))
    block = settings.block("line")

    assert doors()["line"] is DOOR
    assert block == {"token": TOKEN, "secret": SECRET, "api": "https://api.line.me"}
    assert isinstance(DOOR.open(block), LineDoor)
    assert list(settings.door_faults([DOOR])) == []


def test_half_a_block_of_settings_is_a_mistake() -> None:
    settings = DoorSettings(line_token=SecretStr(TOKEN))

    assert list(settings.door_faults([DOOR])) == ["LINE_SECRET is missing"]


def test_what_is_no_token_is_refused_without_being_told() -> None:
    with pytest.raises(ValueError, match="LINE_TOKEN or LINE_SECRET") as raised:
        DOOR.open({"token": "canary token", "secret": SECRET})
    assert "canary" not in str(raised.value)
    assert raised.value.__cause__ is None
