"""R10 where updates are asked for: none is confirmed that was not kept, however long it takes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select, text
from structlog.testing import capture_logs
from structlog.typing import EventDict

from app import caseworker_jobs, jobs, listening
from app.metrics import Tally
from app.settings import Settings
from app.wiring import Data, build
from bot.caseworkers import CaseworkersChannel
from bot.caseworkers_turn import Hearing
from bot.doors.telegram import TelegramDoor
from handlers import open_doors
from handlers.desk import Desk
from handlers.emergency_serving import within
from handlers.leases import Leases
from handlers.messages import ChannelError, Refused, TryLater
from storage.rows import mail
from tests.channels.fake_telegram import FakeTelegram
from tests.crash.test_many_processes import beside
from tests.databases import copied_database
from tests.proving import all_on_one
from tests.refusing import door_of, until

pytestmark = all_on_one("postgresql")
Polls = Callable[[], Awaitable[None]]
TRIES = len(listening.PAUSES) + 4  # more than an update has that is given up
FULL, WRONG = "disk_full", "data_exception"
TRIGGER = """
CREATE FUNCTION refuses() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{}'; END $$;
CREATE TRIGGER refuses BEFORE INSERT ON mail FOR EACH ROW EXECUTE FUNCTION refuses()
"""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "PAUSES", tuple(0.02 for _ in listening.PAUSES))
    monkeypatch.setattr(listening, "TRY_AGAIN", 0.05)


@pytest.fixture
def logged() -> Iterator[list[EventDict]]:
    with capture_logs() as logged:
        yield logged


@pytest.fixture
def settings(settings: Settings, postgres: str) -> Iterator[Settings]:
    """The key store lies on PostgreSQL too, in a database of its own."""
    with copied_database(postgres) as keys:
        given = {"keystore_url": SecretStr(keys)}
        yield settings.model_copy(update=given)


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as telegram:
        yield telegram


@pytest.fixture(params=["women", "caseworkers"])
async def polled(
    request: pytest.FixtureRequest, settings: Settings, data: Data, telegram: FakeTelegram
) -> AsyncIterator[tuple[Desk, Polls]]:
    """A desk, and how one of the two bots asks for its updates."""
    women = TelegramDoor(telegram.token, telegram.base)
    staff = CaseworkersChannel(telegram.token, telegram.base)
    async with build(
        settings, channels={"telegram": women, "caseworkers": staff}, data=data
    ) as desk:
        if request.param == "women":
            yield desk, lambda: jobs._ask_on(desk, women)
        else:
            yield desk, lambda: caseworker_jobs._ask_on(desk, Hearing(), staff)


def tries(logged: list[EventDict]) -> int:
    return sum(one["event"] == "turn_failed" for one in logged)


def cards(telegram: FakeTelegram, chat: int) -> list[str]:
    """Emergency cards that stand in this chat."""
    texts = [one.text for one in telegram.visible(chat) if one.sender == "bot"]
    return [one for one in texts if "☎" in one]


async def answers(desk: Desk) -> int:
    async with desk.store.turn() as turn:
        shows = select(func.count()).select_from(mail).where(mail.c.kind == "show")
        return int((await turn.execute(shows)).scalar_one())


@asynccontextmanager
async def refused(desk: Desk, state: str) -> AsyncIterator[None]:
    """No letter can be posted meanwhile, for this reason; everything else goes well."""
    async with desk.store.turn() as turn:
        await turn.execute(text(TRIGGER.format(state)))
    yield
    async with desk.store.turn() as turn:
        await turn.execute(text("DROP TRIGGER refuses ON mail"))
        await turn.execute(text("DROP FUNCTION refuses"))


@pytest.mark.parametrize("away", ["database", "keystore"])
async def test_R10_a_long_outage_loses_no_update_that_is_asked_for(  # noqa: PLR0917
    polled: tuple[Desk, Polls],
    telegram: FakeTelegram,
    settings: Settings,
    postgres: str,
    logged: list[EventDict],
    away: str,
) -> None:
    desk, polls = polled
    lets_in = door_of(getattr(settings, away)(), postgres)
    lets_in(False)
    await telegram.user_says(5, "/start")
    async with beside(polls()):
        await until(lambda: tries(logged) > TRIES)
        waiting = len(telegram.delivery.pending)
        lets_in(True)
        await telegram.settled()

    assert waiting == 1
    assert await answers(desk) == 1


@pytest.mark.parametrize("polled", ["women"], indirect=True)
async def test_R10_who_writes_while_another_waits_has_the_card_as_well(
    polled: tuple[Desk, Polls], telegram: FakeTelegram, settings: Settings, postgres: str
) -> None:
    desk, polls = polled
    lets_in = door_of(settings.database(), postgres)
    lets_in(False)
    await telegram.user_says(5, "/start")
    async with beside(polls()):
        await telegram.until(lambda: bool(cards(telegram, 5)))
        await telegram.user_says(6, "hello")
        await telegram.until(lambda: bool(cards(telegram, 6)))
        waiting = len(telegram.delivery.pending)
        await asyncio.sleep(0.3)
        shown = [len(cards(telegram, chat)) for chat in (5, 6)]
        lets_in(True)
        await telegram.settled()

    assert waiting == 2
    assert shown == [1, 1]
    assert await answers(desk) == 2


@pytest.mark.parametrize("polled", ["women"], indirect=True)
async def test_while_others_are_answered_nobody_who_waits_is_sent_card_after_card(
    polled: tuple[Desk, Polls],
    telegram: FakeTelegram,
    logged: list[EventDict],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listening, "LOOK", 0.02)
    monkeypatch.setattr(listening, "PAUSES", (0.3,))
    desk, polls = polled
    await telegram.user_says(5, "/start")
    await telegram.user_says(6, "/start")
    async with refused(desk, FULL), beside(polls()):
        async with asyncio.timeout(20):
            while tries(logged) < 8:
                await within(desk, asyncio.sleep(0.02))  # a turn of somebody else goes well
        await telegram.until(lambda: all(cards(telegram, chat) for chat in (5, 6)))
        await desk.outage.settled()
        shown = [len(cards(telegram, chat)) for chat in (5, 6)]

    assert shown == [1, 1]


async def test_R10_a_full_disk_that_still_takes_a_little_loses_none(
    polled: tuple[Desk, Polls], telegram: FakeTelegram, logged: list[EventDict]
) -> None:
    desk, polls = polled
    await telegram.user_says(5, "/start")
    async with refused(desk, FULL), beside(polls()):
        await until(lambda: tries(logged) > TRIES)
        waiting = len(telegram.delivery.pending)
    async with beside(polls()):
        await telegram.settled()

    assert waiting == 1
    assert await answers(desk) == 1


async def test_an_update_that_always_fails_keeps_the_next_waiting_not_for_ever(
    polled: tuple[Desk, Polls], telegram: FakeTelegram, logged: list[EventDict]
) -> None:
    desk, polls = polled
    await telegram.user_says(5, "/start")
    async with refused(desk, WRONG), beside(polls()):
        await telegram.settled()

    assert tries(logged) == len(listening.PAUSES) + 1


async def test_a_door_that_is_asked_is_said_to_be_reached_once_and_again_after_trouble(
    polled: tuple[Desk, Polls], telegram: FakeTelegram, logged: list[EventDict]
) -> None:
    _, polls = polled
    async with beside(polls()):
        for chat in (5, 6):
            await telegram.user_says(chat, "/start")
            await telegram.settled()
        telegram.fail_next("getUpdates")
        await telegram.user_says(7, "/start")  # ends the poll that is open
        await until(lambda: sum(one["event"].startswith("channel_") for one in logged) == 3)
        await telegram.settled()
    said = [one["event"] for one in logged if one["event"].startswith("channel_")]
    tally = Tally()
    for one in logged:
        tally.hear(None, "", one)

    assert said == ["channel_ready", "channel_unreachable", "channel_ready"]
    assert set(tally.doors.values()) == {1}


@pytest.mark.parametrize("refuses", ["setMyName", "getMe"])
async def test_who_is_refused_its_name_for_a_moment_still_learns_where_chats_begin(
    settings: Settings, data: Data, telegram: FakeTelegram, refuses: str
) -> None:
    door = TelegramDoor(telegram.token, telegram.base)
    async with build(settings, channels={"telegram": door}, data=data) as desk:
        telegram.fail_next(refuses)
        async with asyncio.timeout(10):
            await jobs._introduced(desk, door)
        await open_doors.refresh(desk)
        named = {code for field, code in telegram.profile if field == "name"}

        assert desk.doors.links["telegram"] == "https://t.me/fake_bot"
        assert "" in named


@pytest.mark.parametrize("no", [Refused(), TryLater(0.1), ChannelError()])
async def test_a_name_that_is_refused_is_not_asked_for_again_and_no_door_is_out_of_reach(
    logged: list[EventDict], no: ChannelError
) -> None:
    asked = list[ChannelError]()

    async def refuses_once() -> None:
        asked.append(no)
        if len(asked) == 1:
            raise no

    await listening.until_answered(refuses_once)

    assert len(asked) == 1 + (not isinstance(no, Refused))
    assert logged == []


async def test_R17_while_it_is_changed_the_caseworkers_bot_names_the_new_secret_alone(
    settings: Settings, data: Data, telegram: FakeTelegram
) -> None:
    new, old = "new_" + "abcdefghijklm" * 3, "old_" + "nopqrstuvwxyz" * 3
    given = {
        "caseworker_telegram_token": telegram.token,
        "caseworker_telegram_secret": f"{new} {old}",
        "staff_url": "https://desk.test",
    }
    asked = Settings(home=settings.home, database_url=settings.database(), **given)  # type: ignore[arg-type]
    channel = CaseworkersChannel(telegram.token, telegram.base)
    async with (
        build(settings, channels={"caseworkers": channel}, data=data) as desk,
        beside(caseworker_jobs._listen(desk, asked, Leases(desk), channel)),
    ):
        await telegram.until(lambda: bool(telegram.delivery.webhook))

    assert telegram.delivery.webhook["secret_token"] == new
