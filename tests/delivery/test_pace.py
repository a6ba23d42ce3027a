"""The pace of one process and of several, and the pauses of a platform."""

import asyncio
import time
from collections import deque
from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.quiet import Quiet, quietly
from handlers.messages import Address, TryLater
from handlers.pace import HEARD, Pace, Sending
from storage.mail import FIRST, USUAL
from storage.pace import LONGEST_PAUSE, MOST_AHEAD, Share
from storage.store import Store

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
async def share(database_url: str) -> Share:
    return Share(Store(database_url))


def to(chat: int, rank: int = USUAL, messages: int = 1) -> Sending:
    return Sending(address=Address("telegram", str(chat)), rank=rank, messages=messages)


async def sent(pace: Pace, sendings: list[Sending], when: list[float]) -> None:
    async def one(sending: Sending) -> None:
        await pace.admit(sending)
        when.append(time.monotonic())

    await asyncio.gather(*map(one, sendings))


def most_in_a_second(when: list[float]) -> int:
    window: deque[float] = deque()
    most = 0
    for moment in sorted(when):
        window.append(moment)
        while moment - window[0] >= 1:
            window.popleft()
        most = max(most, len(window))
    return most


@POSTGRESQL
async def test_R07_two_processes_share_one_limit(share: Share) -> None:
    first, second, when = Pace(), Pace(), list[float]()
    first.keep(share)
    second.keep(Share(share.store))
    await asyncio.gather(
        sent(first, [to(chat, messages=0) for chat in range(30)], when),
        sent(second, [to(chat, messages=0) for chat in range(100, 130)], when),
    )
    await share.store.close()

    assert len(when) == 60
    assert most_in_a_second(when) <= 30


@POSTGRESQL
async def test_R07_what_one_process_is_told_of_a_door_the_other_keeps(share: Share) -> None:
    first, second = Pace(), Pace()
    first.keep(share)
    second.keep(Share(share.store))
    await first.shut("telegram", 20)
    begun = time.monotonic()
    with pytest.raises(TryLater) as pause:
        await second.admit(to(1))
    await share.store.close()

    assert 10 < pause.value.seconds <= 20
    assert time.monotonic() - begun < 10


@POSTGRESQL
async def test_R07_what_only_deletes_hears_of_a_pause_that_another_process_was_told(
    share: Share,
) -> None:
    first, second = Pace(), Pace()
    first.keep(share)
    second.keep(Share(share.store))
    deletes = [replace(to(chat, messages=0), calls=0) for chat in range(5)]
    open_yet = await asyncio.gather(*map(second.admit, deletes))
    await first.shut("telegram", 60)
    await asyncio.sleep(2 * HEARD)  # so old may be what the second knows
    found = await asyncio.gather(*map(second.admit, deletes), return_exceptions=True)
    await share.store.close()

    assert open_yet == [False] * 5
    assert [type(one) for one in found] == [TryLater] * 5


async def ahead(share: Share, column: str, seconds: float) -> None:
    """As a clock leaves it that was that far ahead for a moment, and was set back."""
    await share.take("telegram", 0.1)
    async with share.store.turn() as turn:
        now = f"UPDATE pace SET {column} = extract(epoch FROM clock_timestamp()) + :seconds"
        await turn.execute(text(now), {"seconds": seconds})


@POSTGRESQL
async def test_a_clock_that_was_ahead_for_a_moment_holds_nobody_up_for_long(share: Share) -> None:
    await ahead(share, "free_at", 3_600)
    begins, shut = await share.take("telegram", 0.1)
    after, _ = await share.take("telegram", 0.1)
    await share.store.close()

    assert 0 < begins <= MOST_AHEAD
    assert after <= MOST_AHEAD
    assert shut <= 0


@POSTGRESQL
async def test_no_pause_of_a_door_is_longer_than_an_hour(share: Share) -> None:
    await ahead(share, "shut_until", 24 * 3_600)
    _, first = await share.take("telegram", 0.1)
    await asyncio.sleep(0.2)
    _, second = await share.take("telegram", 0.1)
    third = await share.pause("telegram")
    await share.store.close()

    assert third <= second
    assert 3_590 < first <= LONGEST_PAUSE
    assert second <= first - 0.2


@POSTGRESQL
async def test_R07_behind_a_pause_each_has_a_time_of_its_own(share: Share) -> None:
    await share.shut("telegram", 60)
    begin = [(await share.take("telegram", 0.2))[0] for _ in range(3)]
    await share.store.close()

    assert begin[0] > 59
    assert begin[1] - begin[0] > 0.1
    assert begin[2] - begin[1] > 0.1


@SQLITE
async def test_R07_new_messages_and_chats_have_limits_of_their_own(share: Share) -> None:
    pace, when, one = Pace(), list[float](), list[float]()
    pace.keep(share)
    await sent(pace, [to(chat) for chat in range(40)], when)
    await sent(pace, [to(1_000), to(1_000)], one)
    await share.store.close()

    assert most_in_a_second(when) <= 25
    assert max(one) - min(one) >= 1


@SQLITE
async def test_R07_who_leaves_goes_before_who_waited_longer(share: Share) -> None:
    pace, usual, first = Pace(), list[float](), list[float]()
    pace.keep(share)
    waiting = asyncio.create_task(sent(pace, [to(chat) for chat in range(40)], usual))
    await asyncio.sleep(0.2)
    await sent(pace, [to(chat, FIRST, 0) for chat in range(100, 103)], first)
    behind = 40 - len(usual)
    await waiting
    await share.store.close()

    assert behind > 20


@SQLITE
async def test_a_door_that_does_not_answer_is_knocked_at_once_a_second(share: Share) -> None:
    pace, tried = Pace(), 0
    pace.keep(share)
    for _ in range(6):
        pace.failed("telegram")
    for chat in range(200):
        try:
            await pace.admit(to(chat, messages=0))
            tried += 1
            pace.failed("telegram")
        except TryLater:
            await asyncio.sleep(0.01)
    assert pace.is_down("telegram")
    pace.answered("telegram")
    await pace.admit(to(1, messages=0))
    await share.store.close()

    assert 1 <= tried <= 4
    assert not pace.is_down("telegram")


async def test_without_limits_nobody_waits() -> None:
    begun = time.monotonic()
    for _ in range(100):
        assert not await Pace().admit(to(1))

    assert time.monotonic() - begun < 10  # one a second would take 100


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def refused(quiet: Quiet, chat: object) -> float:
    try:
        quiet.check(chat)
    except TryLater as pause:
        return pause.seconds
    return 0.0


def test_a_pause_is_the_chats_own_and_ends_to_the_second() -> None:
    clock = Clock()
    quiet = Quiet(clock)
    quiet.told(7, 30)

    assert (refused(quiet, 7), refused(quiet, 8), refused(quiet, None)) == (30, 0, 0)
    clock.now += 29.9
    assert refused(quiet, "7") > 0
    clock.now += 0.2
    assert refused(quiet, 7) == 0


def test_three_chats_refused_until_the_same_moment_are_the_whole_door() -> None:
    clock = Clock()
    quiet = Quiet(clock)
    assert not quiet.told(1, 20)
    clock.now += 1
    assert not quiet.told(2, 19)
    clock.now += 1
    assert quiet.told(3, 18)

    assert refused(quiet, 99) == 18


def test_refusals_that_end_at_different_moments_are_of_chats() -> None:
    quiet = Quiet(Clock())
    assert not any(quiet.told(chat, seconds) for chat, seconds in ((1, 5), (2, 40), (3, 12)))
    quiet.answered()
    assert not any(quiet.told(chat, 9) for chat in (4, 5))

    assert refused(quiet, 99) == 0


async def test_what_falls_into_a_pause_is_never_called() -> None:
    quiet, calls = Quiet(Clock()), list[int]()
    quiet.told(7, 30)

    async def call() -> None:
        calls.append(1)

    with pytest.raises(TryLater):
        await quietly(quiet, 7, call, lambda _: None)
    await quietly(quiet, 8, call, lambda _: None)

    assert calls == [1]
