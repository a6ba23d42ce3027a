"""A desk with trees that lead on to another app, and two chats."""

from collections.abc import AsyncIterator

import pytest

from app.settings import Settings
from app.wiring import Data, build
from bot.webchat import WebChannel
from handlers.desk import Desk
from handlers.messages import Channel
from tests.doubles import FakeChannel, FakeClock
from tests.handlers.moving.trees import moving
from tests.handlers.people import Person

OTHER = "0815"


@pytest.fixture(scope="session")
def moving_data(data: Data) -> Data:
    return moving(data)


@pytest.fixture
async def desk(
    settings: Settings, moving_data: Data, clock: FakeClock, fake: FakeChannel
) -> AsyncIterator[Desk]:
    channels: dict[str, Channel] = {"fake": fake, "web": WebChannel()}
    async with build(settings, channels=channels, clock=clock, data=moving_data) as desk:
        yield desk


@pytest.fixture
def here(desk: Desk, fake: FakeChannel) -> Person:
    return Person(desk, fake)


@pytest.fixture
def there(desk: Desk, fake: FakeChannel) -> Person:
    return Person(desk, fake, OTHER)
