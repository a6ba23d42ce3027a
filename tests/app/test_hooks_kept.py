"""A hook that was registered is looked at again and again: whether the platform still calls it."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

import httpx
import pytest
from pydantic import HttpUrl, SecretStr
from structlog.testing import capture_logs
from structlog.typing import EventDict

from app import caseworker_jobs, jobs, listening
from app.metrics import Tally
from app.settings import Settings
from bot.caseworkers import CaseworkersChannel
from bot.door import Look, Messenger
from bot.doors.sms import SmsDoor
from bot.doors.telegram import TelegramDoor
from handlers.desk import Desk
from handlers.leases import Leases
from tests.channels.fake_gateway import FakeGateway
from tests.channels.fake_telegram import TOKEN, FakeTelegram
from tests.crash.test_many_processes import beside
from tests.proving import all_on_one
from tests.refusing import until

pytestmark = all_on_one("sqlite")
ADDRESS, SECRET = "https://chat.test", "abcdefghijklm" * 4
OURS, THEIRS = f"{ADDRESS}/hooks/telegram", "https://else.test/hook"
Kept = Callable[[Messenger], AbstractAsyncContextManager[None]]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "CALLED", 0.02)
    monkeypatch.setattr(listening, "TRY_AGAIN", 0.02)


@pytest.fixture
def logged() -> Iterator[list[EventDict]]:
    with capture_logs() as logged:
        yield logged


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as telegram:
        yield telegram


@pytest.fixture
def kept(desk: Desk, settings: Settings) -> Kept:
    """The job of a door whose platform can call us, as it runs in a process."""
    given = settings.model_copy(update={"public_url": HttpUrl(ADDRESS)})

    @asynccontextmanager
    async def listens(door: Messenger) -> AsyncIterator[None]:
        try:
            async with beside(jobs._listen(desk, given, Leases(desk), door)):
                yield
        finally:
            await door.close()

    return listens


class WatchedDoor(SmsDoor):
    """The SMS door, which counts how often it was looked at."""

    looks = 0

    async def look(self) -> Look:
        self.looks += 1
        return await super().look()


def women(telegram: FakeTelegram) -> TelegramDoor:
    return TelegramDoor(telegram.token, telegram.base, SECRET)


async def holds(met: Callable[[], bool]) -> None:
    """Wait until it holds, also on a machine that has much else to do."""
    await until(met, most=100)


def said(logged: list[EventDict], event: str) -> int:
    return sum(one["event"] == event for one in logged)


def reachable(logged: list[EventDict]) -> set[int]:
    """What the numbers tell of all doors."""
    tally = Tally()
    for one in logged:
        tally.hear(None, "", one)
    return set(tally.doors.values())


async def looked(telegram: FakeTelegram, times: int = 3) -> None:
    """Wait until it was looked at so many times more."""
    before = len(telegram.called("getWebhookInfo"))
    await holds(lambda: len(telegram.called("getWebhookInfo")) >= before + times)


async def test_a_token_that_is_revoked_after_the_start_is_said_and_so_is_that_it_holds_again(
    telegram: FakeTelegram, logged: list[EventDict], kept: Kept
) -> None:
    async with kept(women(telegram)):
        await looked(telegram)
        well = list(logged)
        telegram.token = "4243:another-token_of-Tests"
        await holds(lambda: said(logged, "channel_unreachable") >= 2)
        revoked = list(logged)
        telegram.token = TOKEN
        await holds(lambda: said(logged, "channel_ready") == 2)

    assert [one["event"] for one in well] == ["channel_ready"]
    assert reachable(revoked) == {0}
    assert reachable(logged) == {1}
    assert len(telegram.called("setWebhook")) >= 2


@pytest.mark.parametrize("url", [THEIRS, ""])
async def test_a_hook_that_is_another_s_is_said_and_registered_again(
    url: str, telegram: FakeTelegram, logged: list[EventDict], kept: Kept
) -> None:
    async with kept(women(telegram)):
        await looked(telegram)
        async with httpx.AsyncClient(trust_env=False) as thief:
            asked = f"{telegram.base}/bot{TOKEN}/setWebhook"
            assert (await thief.post(asked, json={"url": url})).status_code == 200
        await holds(lambda: telegram.delivery.webhook.get("url") == OURS)
        await looked(telegram)

    assert telegram.delivery.webhook["secret_token"] == SECRET
    assert [one["event"] for one in logged] == ["channel_ready", "channel_moved", "channel_ready"]
    assert reachable(logged) == {1}


async def test_a_door_that_may_not_be_looked_at_is_in_reach(
    telegram: FakeTelegram, logged: list[EventDict], kept: Kept
) -> None:
    telegram.fail_next("getWebhookInfo", times=1_000, code=403, description="Forbidden")
    async with kept(women(telegram)):
        await looked(telegram)

    assert {one["event"] for one in logged} == {"channel_ready"}


async def test_a_pause_that_is_asked_for_is_kept_and_the_door_in_reach_all_the_while(
    telegram: FakeTelegram, logged: list[EventDict], kept: Kept
) -> None:
    telegram.fail_next("getWebhookInfo", code=429, description="Too Many", retry_after=1)
    async with kept(women(telegram)):
        await looked(telegram, 2)
    refused, next_one = telegram.called("getWebhookInfo")[:2]

    assert (next_one.at - refused.at).total_seconds() >= 0.9
    assert [one["event"] for one in logged] == ["channel_ready"]
    assert len(telegram.called("setWebhook")) == 1


async def test_a_gateway_that_tells_no_hook_is_not_taken_for_moved_and_missed_when_it_is_gone(
    logged: list[EventDict], kept: Kept
) -> None:
    async with AsyncExitStack() as running:
        gateway = await running.enter_async_context(FakeGateway(SECRET))
        block = {"gateway_secret": SECRET, "address": ADDRESS, "gateway_url": gateway.url}
        door = WatchedDoor(block)
        async with kept(door):
            await holds(lambda: door.looks >= 4)
            well = list(logged)
            await running.aclose()
            await holds(lambda: said(logged, "channel_unreachable") >= 1)

    assert [one["event"] for one in well] == ["channel_ready"]
    assert reachable(logged) == {0}


async def test_the_caseworkers_bot_is_asked_to_call_us_again_and_again_too(
    desk: Desk, settings: Settings, telegram: FakeTelegram, logged: list[EventDict]
) -> None:
    update = {
        "caseworker_telegram_secret": SecretStr(SECRET),
        "caseworker_telegram_token": SecretStr(TOKEN),
        "staff_url": HttpUrl("https://desk.test"),
    }
    given = settings.model_copy(update=update)
    channel = CaseworkersChannel(telegram.token, telegram.base)
    async with beside(caseworker_jobs._listen(desk, given, Leases(desk), channel)):
        await holds(lambda: len(telegram.called("setWebhook")) >= 3)
        telegram.token = "4243:another-token_of-Tests"
        await holds(lambda: said(logged, "channel_unreachable") >= 1)
    await channel.close()

    assert [one["event"] for one in logged][:2] == ["channel_ready", "channel_unreachable"]
