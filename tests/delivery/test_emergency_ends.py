"""The emergency card in one chat: which tap it answers, through which door, and how it goes."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import count

import pytest
from structlog.testing import capture_logs

from app.settings import Settings
from handlers import emergency_files
from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.emergency_serving import answer, shown, within
from handlers.messages import (
    WAVE,
    Address,
    ChannelError,
    Choice,
    Incoming,
    Outgoing,
    Pressed,
    Said,
    Sent,
    Text,
)
from handlers.outage import TAPS
from handlers.receive import is_trouble, receive
from tests.doubles import FakeChannel, FakeClock

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

CHAT = "4711"


@contextmanager
def away(url: str, table: str) -> Iterator[None]:
    """A database that refuses whatever needs this table."""
    file = url.removeprefix("sqlite:///")
    for old, new in ((table, "away"), ("away", table)):
        beside = sqlite3.connect(file)
        beside.execute(f"ALTER TABLE {old} RENAME TO {new}")
        beside.close()
        if new == "away":
            yield


@dataclass
class World:
    """A woman's chat; what could not be taken is brought again."""

    desk: Desk
    door: FakeChannel
    settings: Settings
    waiting: list[Incoming] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def does(self, said: Said, chat: str = CHAT, card: str | None = None) -> None:
        typed = isinstance(said, Text) or said == Pressed("start")
        incoming = Incoming(
            address=Address(self.door.name, chat),
            said=said,
            event_id=f"event-{next(self.numbers)}",
            message_id=self.door.hers(chat, "hers") if typed else None,
            card_id=card,
        )
        await self.brought(incoming)

    async def brought(self, incoming: Incoming) -> None:
        """As a door does it."""
        try:
            await within(self.desk, receive(incoming, self.desk))
        except Exception as error:
            if not is_trouble(error):
                raise
            self.waiting.append(incoming)
            answer(self.desk, incoming)
        await self.desk.outage.settled()

    async def brought_again(self) -> None:
        """All that could not be taken, in its order."""
        waiting, self.waiting = self.waiting, []
        for incoming in waiting:
            await self.brought(incoming)

    async def delivered(self) -> None:
        while await deliver(self.desk):
            pass

    def database_away(self) -> AbstractContextManager[None]:
        return away(self.settings.database(), "seen")

    def keys_away(self) -> AbstractContextManager[None]:
        return away(self.settings.keystore(), "keys")

    def texts(self, chat: str = CHAT) -> str:
        return "\n".join(self.door.chats.get(chat, {}).values())

    def card(self, chat: str = CHAT) -> str:
        """The newest message of ours."""
        return next(reversed(self.door.chats[chat]))


@dataclass
class Slow(FakeChannel):
    """A messenger that takes its time over showing, until it is told to go on."""

    goes_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def show(
        self, address: Address, screen: Outgoing, card: str | None, reply: str | None = None
    ) -> Sent:
        await self.goes_on.wait()
        return await super().show(address, screen, card, reply)


@pytest.fixture
async def world(desk: Desk, fake: FakeChannel, settings: Settings) -> World:
    await emergency_files.prepare(desk)
    return World(desk, fake, settings)


@pytest.fixture
def slow(world: World) -> Slow:
    """The door of this world, slow from now on."""
    slow = Slow(chats=world.door.chats, number=1_000)
    world.desk.channels["fake"] = world.door = slow  # type: ignore[index]
    return slow


# How it goes


async def test_with_only_the_keys_away_it_is_sent_once_and_cleared_when_they_are_back(
    world: World, clock: FakeClock
) -> None:
    seen = Incoming(address=Address("fake", "1"), said=Pressed("start"), event_id="seen")
    await world.brought(seen)
    with world.keys_away():
        for chat in (CHAT, "4712"):
            await world.does(Text("hello"), chat)
        for _ in range(2):
            await world.brought(seen)  # needs no key, so it goes well
            await world.brought_again()
        ours = [world.texts(chat).count("☎ 1300") for chat in (CHAT, "4712")]
    await world.brought_again()
    clock.forward(seconds=world.desk.keep.idle + 1)
    await world.delivered()

    assert ours == [1, 1]
    assert "☎ 1300" not in world.texts() + world.texts("4712")
    assert world.desk.outage.standing == {}


async def test_one_that_was_still_on_its_way_when_all_was_back_is_cleared_too(
    world: World, slow: Slow, clock: FakeClock
) -> None:
    seen = Incoming(address=Address("fake", "1"), said=Pressed("start"), event_id="seen")
    await world.brought(seen)
    late = Incoming(address=Address("fake", CHAT), said=Text("hello"), event_id="late")
    with world.database_away():
        answer(world.desk, late)
        await asyncio.sleep(0)
    await within(world.desk, receive(seen, world.desk))
    slow.goes_on.set()
    await world.desk.outage.settled()
    there = world.texts()
    clock.forward(seconds=world.desk.keep.idle + 1)
    await world.delivered()

    assert "☎ 1300" in there
    assert "☎ 1300" not in world.texts()


async def left_by_her_old_card(world: World, failing: int = 0) -> None:
    """She has a card of her talk, and below it the emergency card; she taps ✖ on the old one."""
    await world.does(Pressed("start"))
    await world.delivered()
    old = world.card()
    with world.database_away():
        await world.does(Text("hello"))
        assert "☎ 1300" in world.texts()
        world.door.keeps += [ChannelError()] * failing
        await world.does(Pressed("leave"), card=old)


async def test_leaving_by_an_old_card_takes_the_emergency_card_along(world: World) -> None:
    await left_by_her_old_card(world)

    assert "☎ 1300" not in world.texts()
    assert world.desk.outage.standing == {}


async def test_what_could_not_be_deleted_when_she_left_goes_when_all_is_back(
    world: World, clock: FakeClock
) -> None:
    await left_by_her_old_card(world, failing=2)
    still = world.texts()
    await world.brought_again()
    await world.delivered()
    clock.forward(seconds=5)  # not the quarter of an hour it would stand else
    await world.delivered()

    assert "☎ 1300" in still
    assert world.texts() == ""


async def test_leaving_as_the_first_thing_when_all_is_back_takes_it_along(
    world: World, clock: FakeClock
) -> None:
    await world.does(Pressed("start"))
    await world.delivered()
    old = world.card()
    with world.database_away():
        await world.does(Text("hello"))
    there = world.texts()
    await world.does(Pressed("leave"), card=old)
    for _ in range(3):
        await world.delivered()
        clock.forward(seconds=2)

    assert "☎ 1300" in there
    assert "☎ 1300" not in world.texts()


async def test_one_on_its_way_while_she_leaves_does_not_stand(world: World, slow: Slow) -> None:
    with world.database_away():
        for event, said in (("1", Text("hello")), ("2", Text("leave"))):
            incoming = Incoming(address=Address("fake", CHAT), said=said, event_id=event)
            answer(world.desk, incoming)
            await asyncio.sleep(0.01)
        slow.goes_on.set()
        await world.desk.outage.settled()
        answer(world.desk, Incoming(address=incoming.address, said=Text("hello"), event_id="1"))
        await world.desk.outage.settled()

    assert len(slow.shown) == 1
    assert world.texts() == ""


async def test_the_card_of_her_talk_is_not_cleared_as_one_of_an_outage(world: World) -> None:
    await world.does(Pressed("start"))
    await world.delivered()
    live = world.card()
    with world.database_away():
        await world.does(Choice(7, "old"), card=live)
        await world.does(Choice(0, "en.TH"), card=live)
        there, standing = world.texts(), dict(world.desk.outage.standing)

    assert "☎ 1300" in there
    assert standing == {}


# Through which door


async def test_nothing_is_sent_through_a_door_that_is_shut(world: World) -> None:
    with world.database_away():
        await world.does(Text("hello"), "4712")
        world.desk.doors.shut = frozenset({"fake"})
        await world.does(Text("hello"))
        await world.does(Text("leave"), "4712")
        while_shut = list(world.door.shown)
        world.desk.doors.shut = frozenset()
        await world.brought_again()

    assert len(while_shut) == 1
    assert "☎ 1300" not in world.texts("4712")  # what clears a chat goes out
    assert "☎ 1300" in world.texts()


async def test_one_that_waits_when_the_door_is_shut_is_not_sent(world: World) -> None:
    answer(world.desk, Incoming(address=Address("fake", CHAT), said=Text("hi"), event_id="1"))
    world.desk.doors.shut = frozenset({"fake"})
    await world.desk.outage.settled()

    assert world.door.shown == []


async def test_where_the_web_page_is_shut_it_shows_a_sign_only(world: World) -> None:
    assert "☎ 1300" in "\n".join(shown(world.desk, None).texts)
    world.desk.doors.shut = frozenset({"web"})

    assert shown(world.desk, None).texts == (WAVE,)


# Which taps it answers


async def test_each_tap_on_it_is_answered_once_also_the_same_again(world: World) -> None:
    with world.database_away():
        await world.does(Text("hello"))
        said = []
        for option in ("en.TH", "en.KH", "en.TH"):
            await world.does(Choice(0, option), card=world.card())
            said.append(world.texts())
        cards = len(world.door.shown)
        await world.brought_again()

    assert [("☎ 1300" in one, "☎ 117" in one) for one in said] == [
        (True, False),
        (False, True),
        (True, False),
    ]
    assert cards == len(world.door.shown) == 4


async def test_a_program_that_taps_on_and_on_is_answered_so_many_times_and_takes_no_ones_place(
    world: World,
) -> None:
    for event in range(2 * TAPS):
        tap = Choice(0, "en.TH")
        incoming = Incoming(address=Address("fake", "1"), said=tap, event_id=str(event))
        answer(world.desk, incoming)
    await world.desk.outage.settled()
    answered = len(world.door.shown)
    with world.database_away():
        await world.does(Text("hello"))

    assert answered == TAPS
    assert "☎ 1300" in world.texts()


# What goes wrong


@pytest.mark.parametrize("error", [ChannelError(), RuntimeError(), KeyError("what she said")])
async def test_whatever_goes_wrong_in_sending_it_is_logged_and_tried_again(
    world: World, error: Exception
) -> None:
    world.door.failing.append(error)
    with world.database_away(), capture_logs() as logged:
        await world.does(Text("hello"))
        without = world.texts()
        await world.brought_again()

    assert "☎ 1300" not in without
    assert "☎ 1300" in world.texts()
    assert [one for one in logged if one["event"] == "card_not_sent"] == [
        {
            "event": "card_not_sent",
            "log_level": "error",
            "kind": type(error).__name__,
            "channel": "fake",
        }
    ]


async def test_what_stands_of_one_that_did_not_go_whole_is_cleared_too(
    world: World, clock: FakeClock
) -> None:
    error = ChannelError()
    error.left = (world.door.hers(CHAT, "a part of it"),)
    world.door.failing.append(error)
    with world.database_away():
        await world.does(Text("hello"), chat=CHAT)
    await world.brought_again()
    clock.forward(seconds=world.desk.keep.idle + 1)
    await world.delivered()

    assert "a part of it" not in world.texts()
