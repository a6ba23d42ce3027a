"""Notices of several people, and of several processes: nobody waits for another's backlog, and
nothing is told twice."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import func, select

from handlers import partner_raids, staff_notices
from handlers.notices import Kind, tell
from handlers.staff_notices import Sender
from storage.notices import LEASE
from storage.pace import Share
from storage.rows import notices
from tests.caseworkers.chats import Chats
from tests.caseworkers.test_notices import rung


@pytest.fixture(autouse=True)
def _quick(chats: Chats, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the pace of a process that serves, and with less between looks and renewals."""
    chats.scene.desk.pace.keep(Share(chats.scene.desk.store))
    monkeypatch.setattr(staff_notices, "LOOK_AGAIN", 0.02)
    monkeypatch.setattr(staff_notices, "RENEWED", 0.02)


async def backlog(chats: Chats, number: int) -> None:
    """So many notices for the receiver: a chat has about one a second."""
    desk = chats.scene.desk
    async with desk.store.turn() as turn:
        for each in range(number):
            await tell(turn, desk, chats.scene.focal.id, Kind.ESCALATED, f"CD{each:02}")


@asynccontextmanager
async def telling(chats: Chats, *, told: int) -> AsyncIterator[None]:
    """Meanwhile a process goes on sending, which has told so much; at the end it is killed."""
    left = await waiting(chats) - told
    sending = asyncio.create_task(Sender().send_due(chats.scene.desk))
    try:
        await until(lambda: are_left(chats, left))
        yield
    finally:
        sending.cancel()
        await asyncio.wait((sending,))


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await holds():  # noqa: ASYNC110 - what is asked has no event
            await asyncio.sleep(0.01)


async def waiting(chats: Chats) -> int:
    async with chats.scene.desk.store.turn() as turn:
        number = await turn.execute(select(func.count()).select_from(notices))
        return int(number.scalar_one())


async def are_left(chats: Chats, number: int) -> bool:
    return await waiting(chats) == number


async def in_hand(chats: Chats) -> bool:
    """Whether no other process may take any."""
    desk = chats.scene.desk
    async with desk.store.turn() as turn:
        first = await turn.execute(select(func.min(notices.c.due_at)))
        return float(first.scalar_one()) > desk.now()


async def test_who_has_one_notice_does_not_wait_for_a_backlog_of_another(chats: Chats) -> None:
    await backlog(chats, 30)
    async with telling(chats, told=1):
        desk = chats.scene.desk
        async with desk.store.turn() as turn:
            await tell(turn, desk, chats.scene.caseworker.id, Kind.NEW, "AB12")

        async def rang() -> bool:
            return bool(await rung(chats, chats.sender))

        await until(rang)
        before = len(await rung(chats, chats.receiver))

    assert await rung(chats, chats.sender) == ["1 new item, code AB12"]
    assert before < 30


async def test_what_was_told_before_a_process_ended_is_not_told_again(chats: Chats) -> None:
    await backlog(chats, 2)
    async with telling(chats, told=1):
        pass
    chats.scene.clock.forward(seconds=LEASE + 1)
    await Sender().send_due(chats.scene.desk)

    assert sorted(await rung(chats, chats.receiver)) == [
        "1 new item, code CD00",
        "1 new item, code CD01",
    ]


async def test_what_waits_in_a_backlog_is_taken_by_no_other_process(chats: Chats) -> None:
    await backlog(chats, 30)
    async with telling(chats, told=1):
        chats.scene.clock.forward(seconds=LEASE + 1)
        await until(lambda: in_hand(chats))
        taken = await Sender().send_due(chats.scene.desk)

    assert taken == 0


async def test_what_is_dropped_or_paused_while_it_waits_in_a_backlog_is_not_told(
    chats: Chats,
) -> None:
    desk, coordinator = chats.scene.desk, chats.scene.who("Coordinator 1", "")
    await backlog(chats, 30)
    sending = asyncio.create_task(Sender().send_due(desk))
    await until(lambda: are_left(chats, 29))
    await partner_raids.raid_partner(desk, coordinator.id, "demo-boat")

    assert await sending < 30
    assert len(await rung(chats, chats.receiver)) < 30
