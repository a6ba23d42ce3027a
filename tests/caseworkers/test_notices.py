"""Notices: to every linked chat, again until they are sent or over, and never during a raid."""

import asyncio

import pytest
from pydantic import ValidationError
from sqlalchemy import update

from app.caseworker_jobs import caseworkers_jobs
from app.settings import Settings
from handlers import partner_raids
from handlers.leases import Leases
from handlers.notices import Kind, tell
from handlers.staff_notices import Sender
from handlers.sweep import sweep
from privacy.retention import KEEP
from storage.notices import LEASE
from storage.rows import accounts
from tests.casework.scene import Scene
from tests.caseworkers.chats import Chats
from tests.caseworkers.referrals import asked, she_agrees

SECOND = 303


async def rung(chats: Chats, chat: int) -> list[str]:
    return [one.text for one in chats.visible(chat) if one.text.startswith("1 new item")]


async def waiting(chats: Chats) -> str:
    """Her yes is there, and nobody has been told yet; the text of the notice."""
    return f"1 new item, code {(await asked(chats)).code}"


async def test_every_linked_chat_of_the_person_is_told_once(chats: Chats) -> None:
    await chats.link(SECOND, chats.scene.caseworker)
    notice = await waiting(chats)
    await she_agrees(chats)
    await chats.rings()

    assert await rung(chats, chats.sender) == [notice]
    assert await rung(chats, SECOND) == [notice]
    assert await rung(chats, chats.receiver) == []


async def test_a_refused_notice_comes_again_and_the_other_chat_is_not_told_twice(
    chats: Chats,
) -> None:
    await chats.link(SECOND, chats.scene.caseworker)
    notice = await waiting(chats)
    chats.telegram.fail_next("sendMessage", code=429, retry_after=1)
    await she_agrees(chats)
    first = await rung(chats, chats.sender) + await rung(chats, SECOND)
    await asyncio.sleep(1)  # a pause is kept by the clock of the machine, too
    await chats.passes(seconds=LEASE + 1)
    await chats.rings()

    assert first == [notice]
    assert await rung(chats, chats.sender) == [notice]
    assert await rung(chats, SECOND) == [notice]


async def test_a_chat_that_blocked_us_keeps_no_other_from_being_told(chats: Chats) -> None:
    await chats.link(SECOND, chats.scene.caseworker)
    notice = await waiting(chats)
    chats.telegram.block(SECOND)
    await she_agrees(chats)

    assert await rung(chats, chats.sender) == [notice]


async def both_waiting(chats: Chats) -> None:
    """One notice for each of the two; the first, the receiver's, cannot even be looked at."""
    desk = chats.scene.desk
    async with desk.store.turn() as turn:
        for person in (chats.scene.focal, chats.scene.caseworker):
            await tell(turn, desk, person.id, Kind.NEW, "AB12")
        mine = accounts.c.id == chats.scene.focal.id
        await turn.execute(update(accounts).where(mine).values(document="{}"))


async def test_one_that_always_fails_lets_nobody_else_be_told_twice(chats: Chats) -> None:
    await both_waiting(chats)
    for _ in range(2):
        with pytest.raises(ValidationError):
            await Sender().send_due(chats.scene.desk)  # as after a restart
        await chats.passes(seconds=LEASE + 1)

    assert await rung(chats, chats.sender) == ["1 new item, code AB12"]


async def test_a_job_that_is_begun_again_remembers_which_chat_was_told(
    chats: Chats, settings: Settings
) -> None:
    await chats.link(SECOND, chats.scene.caseworker)
    await both_waiting(chats)
    desk = chats.scene.desk
    tells, *_ = caseworkers_jobs(desk, settings, Leases(desk))
    chats.telegram.fail_next("sendMessage")
    told = list[int]()
    for _ in range(2):
        with pytest.raises(ValidationError):
            await tells()
        told.append(len(await rung(chats, chats.sender) + await rung(chats, SECOND)))
        await chats.passes(seconds=LEASE + 1)

    assert told == [1, 2]


async def test_what_cannot_be_sent_is_given_up_at_its_end(chats: Chats) -> None:
    await waiting(chats)
    chats.telegram.fail_next("sendMessage", times=50)
    await she_agrees(chats)
    await chats.passes(seconds=KEEP.notice + LEASE)
    await sweep(chats.scene.desk)
    chats.telegram.heal()
    await chats.rings()

    assert await rung(chats, chats.sender) == []


async def test_whom_a_raid_pauses_is_told_nothing(scene: Scene, chats: Chats) -> None:
    await waiting(chats)
    chats.telegram.fail_next("sendMessage", times=50)
    await she_agrees(chats)
    chats.telegram.heal()
    coordinator = scene.who("Coordinator 1", "")
    await partner_raids.raid_partner(scene.desk, coordinator.id, "demo-mango")
    await chats.passes(seconds=LEASE + 1)
    await chats.rings()

    assert await rung(chats, chats.sender) == []


async def test_a_notice_goes_when_it_is_opened_and_after_a_day(chats: Chats) -> None:
    await waiting(chats)
    await she_agrees(chats)
    await chats.link(SECOND, chats.scene.caseworker)
    await chats.taps_on(chats.sender, "Open")
    opened = await rung(chats, chats.sender)
    await chats.taps_on(chats.sender, "Send now")
    await chats.rings()
    stands = await rung(chats, chats.receiver)
    await chats.passes(seconds=KEEP.notice + 1)

    assert opened == []
    assert len(stands) == 1
    assert await rung(chats, chats.receiver) == []
