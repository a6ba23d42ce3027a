"""Sending: refused, delayed, blocked, overtaken; and what stands is always known."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.messages import (
    Address,
    ChannelError,
    Incoming,
    Outgoing,
    Pressed,
    Sent,
    TryLater,
    Unreachable,
)
from handlers.receive import receive
from handlers.sweep import sweep
from storage.rows import conversations, keys, mail, traces
from tests.doubles import FakeChannel, FakeClock
from tests.handlers.people import Person


@pytest.fixture
def woman(desk: Desk, fake: FakeChannel) -> Person:
    return Person(desk, fake)


async def number_of(desk: Desk, table: object) -> int:
    async with desk.store.turn() as turn:
        return len(list(await turn.execute(select(table))))  # type: ignore[call-overload]


async def test_a_refused_screen_is_tried_again(
    desk: Desk, woman: Person, fake: FakeChannel, clock: FakeClock
) -> None:
    fake.failing = [ChannelError()]
    await woman.starts()
    assert "Hello" not in "".join(woman.visible.values())
    clock.forward(seconds=3)
    await deliver(desk)

    assert "Hello" in "".join(woman.visible.values())


async def test_a_pause_the_platform_names_is_kept(
    desk: Desk, woman: Person, fake: FakeChannel, clock: FakeClock
) -> None:
    fake.failing = [TryLater(30)]
    await woman.starts()
    clock.forward(seconds=29)
    await deliver(desk)
    assert fake.shown == []
    clock.forward(seconds=2)
    await deliver(desk)

    assert len(fake.shown) == 1


async def test_after_an_outage_only_the_present_screen_is_shown(
    desk: Desk, woman: Person, fake: FakeChannel, clock: FakeClock
) -> None:
    fake.failing = [ChannelError()] * 3
    await woman.starts()
    await woman.taps("English")
    clock.forward(seconds=5)
    for _ in range(4):
        await deliver(desk)
        clock.forward(seconds=40)

    assert [screen.node for screen in fake.shown] == ["sh.safe"]


async def test_a_screen_whose_time_is_over_is_not_shown(
    desk: Desk, woman: Person, fake: FakeChannel, clock: FakeClock
) -> None:
    fake.failing = [ChannelError()]
    await woman.starts()
    clock.forward(minutes=11)
    await deliver(desk)

    assert fake.shown == []
    assert await number_of(desk, mail) == 0


async def test_who_blocked_us_is_forgotten(desk: Desk, woman: Person, fake: FakeChannel) -> None:
    await woman.starts()
    fake.failing = [Unreachable()]
    await woman.taps("English")

    assert await number_of(desk, traces) == 0
    assert await number_of(desk, mail) == 0


async def test_leaving_during_an_outage_clears_the_chat_when_it_is_over(
    desk: Desk, woman: Person, fake: FakeChannel, clock: FakeClock
) -> None:
    await woman.starts()
    await woman.taps("English", "Yes")
    fake.failing = [ChannelError()] * 3
    await woman.presses("leave")
    assert woman.visible != {}
    for _ in range(5):
        clock.forward(seconds=5)
        await deliver(desk)

    assert woman.visible == {}


async def test_her_words_are_deleted_even_if_she_leaves_before_the_answer(
    desk: Desk, woman: Person, fake: FakeChannel, clock: FakeClock
) -> None:
    await woman.starts()
    await woman.taps("English", "Yes")
    fake.failing = [ChannelError()] * 2
    fake.keeps = [ChannelError()] * 2
    await woman.says("he is hitting me")
    await woman.presses("leave")
    for _ in range(6):
        clock.forward(seconds=5)
        await deliver(desk)

    assert woman.visible == {}


async def test_a_deletion_that_fails_does_not_show_the_screen_twice(
    desk: Desk, woman: Person, fake: FakeChannel, clock: FakeClock
) -> None:
    fake.keeps = [TryLater(3)] * 3
    await woman.starts()
    for _ in range(6):
        clock.forward(seconds=5)
        await deliver(desk)

    assert len(fake.shown) == 1
    assert len(woman.visible) == 1


async def test_who_leaves_while_a_screen_is_on_its_way_keeps_nothing_of_it(
    desk: Desk, fake: FakeChannel, clock: FakeClock
) -> None:
    address = Address("fake", "9")
    await receive(Incoming(address=address, said=Pressed("start"), event_id="1"), desk)
    sending, going_on = asyncio.Event(), asyncio.Event()
    show = fake.show

    async def slowly(
        address: Address, screen: Outgoing, card: str | None, reply: str | None = None
    ) -> Sent:
        sent = await show(address, screen, card)
        sending.set()
        await going_on.wait()
        return sent

    fake.show = slowly  # type: ignore[method-assign]
    first = asyncio.create_task(deliver(desk))
    await sending.wait()
    await receive(Incoming(address=address, said=Pressed("leave"), event_id="2"), desk)
    going_on.set()
    await first
    for _ in range(3):
        await deliver(desk)
        clock.forward(seconds=5)

    assert fake.chats["9"] == {}
    assert await number_of(desk, traces) == 0


async def test_an_edit_of_the_card_leaves_its_record_as_it_is_until_half_its_time_is_over(
    desk: Desk, woman: Person
) -> None:
    async def record() -> tuple[str, int]:
        async with desk.store.turn() as turn:
            found = await turn.execute(select(traces.c.key, traces.c.version))
            key, version = found.one()
        return key, version

    await woman.starts()
    first = await record()
    await woman.taps("English")
    same = await record()
    async with desk.store.turn() as turn:  # as if it had been sent a day ago
        ends = traces.c.expires_at - desk.keep.traces / 2
        await turn.execute(update(traces).values(expires_at=ends))
    await woman.taps("Yes")
    later = await record()

    assert same == first
    assert later[1] == first[1] + 1
    assert await desk.keystore.get(first[0]) is None
    assert await desk.keystore.get(later[0])


async def test_when_time_is_over_the_chat_is_cleared_without_a_new_message(
    desk: Desk, woman: Person, fake: FakeChannel, clock: FakeClock
) -> None:
    await woman.starts()
    await woman.taps("English", "Yes")
    shown = len(fake.shown)
    clock.forward(minutes=16)
    ended = await sweep(desk)
    for _ in range(3):
        await deliver(desk)
        clock.forward(seconds=5)

    assert ended == 1
    assert woman.visible == {}
    assert len(fake.shown) == shown
    assert await number_of(desk, conversations) == 0


async def test_after_everything_is_over_no_key_but_the_peppers_is_left(
    desk: Desk, woman: Person, clock: FakeClock
) -> None:
    await woman.starts()
    await woman.taps("English", "Yes")
    await woman.presses("leave")
    for _ in range(3):
        clock.forward(seconds=5)
        await deliver(desk)
    clock.forward(hours=1)
    await sweep(desk)
    rows = desk.keystore._rows  # the store itself never lists its keys

    async with rows.engine.connect() as connection:  # type: ignore[attr-defined]
        names = list((await connection.execute(select(keys.c.name))).scalars())
    assert all(name.startswith("pepper/") for name in names)


async def test_two_days_later_no_row_about_anybody_is_left(
    desk: Desk, woman: Person, fake: FakeChannel, clock: FakeClock
) -> None:
    await woman.starts()
    fake.failing = [ChannelError()] * 100
    await woman.taps("English")
    clock.forward(hours=49)
    await sweep(desk)
    clock.forward(hours=49)
    await sweep(desk)

    for table in (conversations, traces, mail):
        assert await number_of(desk, table) == 0


class Dies(BaseException):
    """Ends a delivery as nothing of ours does."""


class HalfDead(FakeChannel):
    """Ends the sending to one chat; the other takes its time."""

    async def show(
        self, address: Address, screen: Outgoing, card: str | None, reply: str | None = None
    ) -> Sent:
        if address.id == "1":
            raise Dies
        await asyncio.sleep(0.05)
        return await super().show(address, screen, card)


async def test_a_round_that_fails_ends_when_nobody_is_under_way_any_more(desk: Desk) -> None:
    """What goes on behind it would hold connections, and meet whatever comes next."""
    channel = HalfDead()
    desk = replace(desk, channels={"fake": channel})
    for chat in ("1", "2"):
        await receive(Incoming(address=Address("fake", chat), said=Pressed("start")), desk)
    with pytest.raises(Dies):
        await deliver(desk)

    assert list(channel.chats) == ["2"]
    assert await number_of(desk, mail) == 1
