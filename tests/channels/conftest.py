"""Fixtures of the channel tests: a clock, Telegram's fake, and every platform in turn."""

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.telegram import TelegramChannel
from tests.channels.fake_telegram import FakeTelegram
from tests.channels.platforms import PLATFORMS, Clock, Platform


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def fake(clock: Clock) -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(clock=clock) as fake:
        yield fake


@pytest.fixture
async def channel(fake: FakeTelegram) -> AsyncIterator[TelegramChannel]:
    channel = TelegramChannel(fake.token, fake.base)
    yield channel
    await channel.close()


@pytest.fixture(params=sorted(PLATFORMS))
async def platform(request: pytest.FixtureRequest) -> AsyncIterator[Platform]:
    async with PLATFORMS[request.param]() as platform:
        yield platform


@pytest.fixture
async def http(fake: FakeTelegram) -> AsyncIterator[httpx.AsyncClient]:
    """A bare client of the fake; chat 7 has written /start."""
    await fake.user_says(7, "/start")
    base = f"{fake.base}/bot{fake.token}/"
    async with httpx.AsyncClient(base_url=base, trust_env=False) as client:
        yield client
