"""A door is shut in one act and opened by two; nothing goes out there, the others say where."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count

import pytest
from sqlalchemy import select

from app.settings import Settings
from app.wiring import Data, build
from handlers import open_doors
from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.messages import WAVE, Address, Choice, Incoming, Outgoing, Pressed, Said
from handlers.partner_acts import No, PartnerRefused
from handlers.receive import receive
from referrals.roles import Role
from storage.rows import conversations
from tests.doubles import FakeChannel, FakeClock
from tests.editions.people import person

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class World:
    """Two messengers, one woman at the first, two coordinators."""

    desk: Desk
    one: FakeChannel
    ann: str
    bo: str
    numbers: "count[int]"

    async def does(self, said: Said, door: str = "one") -> Outgoing | None:
        number = str(next(self.numbers))
        incoming = Incoming(address=Address(door, "700001"), said=said, event_id=number)
        screen = await receive(incoming, self.desk)
        await deliver(self.desk)
        return screen

    async def taps(self, screen: Outgoing | None, option: str) -> Outgoing | None:
        assert screen is not None
        return await self.does(Choice(screen.step, option))


@pytest.fixture
async def world(settings: Settings, data: Data, clock: FakeClock) -> AsyncIterator[World]:
    one, two = FakeChannel("one"), FakeChannel("two")
    channels = {"one": one, "two": two}
    async with build(settings, channels=channels, clock=clock, data=data) as desk:
        ann = await person(desk, Role.COORDINATOR)
        bo = await person(desk, Role.COORDINATOR)
        yield World(desk, one, ann.id, bo.id, count(1))


async def test_shutting_ends_the_talks_there_and_nothing_is_answered_any_more(
    world: World,
) -> None:
    await world.does(Pressed("start"))
    await open_doors.shut(world.desk, world.ann, "one")
    shown = len(world.one.shown)

    ended = await world.does(Pressed("menu"))
    again = await world.does(Pressed("start"))

    assert [screen is not None and screen.texts for screen in (ended, again)] == [(WAVE,)] * 2
    assert len(world.one.shown) == shown
    assert all(text == WAVE for text in world.one.chats["700001"].values())


async def test_what_stands_there_goes_without_another_tap_and_other_doors_keep_theirs(
    world: World,
) -> None:
    two = world.desk.channels["two"]
    assert isinstance(two, FakeChannel)
    await world.does(Pressed("start"))
    await world.does(Pressed("start"), door="two")
    await open_doors.shut(world.desk, world.ann, "one")
    await deliver(world.desk)
    async with world.desk.store.turn() as turn:
        talks = list(await turn.execute(select(conversations.c.person)))

    assert all(text == WAVE for text in world.one.chats["700001"].values())
    assert "Hello" in "".join(two.chats["700001"].values())
    assert len(talks) == 1


async def test_a_screen_that_waited_when_the_door_was_shut_is_not_sent(world: World) -> None:
    incoming = Incoming(address=Address("one", "700001"), said=Pressed("start"), event_id="x")
    await receive(incoming, world.desk)
    await open_doors.shut(world.desk, world.ann, "one")

    await deliver(world.desk)

    assert world.one.shown == []


async def test_the_other_door_goes_on_and_says_which_doors_are_open(world: World) -> None:
    desk = world.desk
    await open_doors.know(desk, "one", "https://one.example/us")
    await open_doors.know(desk, "two", "https://two.example/us")
    await open_doors.refresh(desk)
    before = open_doors.elsewhere(desk)
    await open_doors.shut(desk, world.ann, "one")

    screen = await world.does(Pressed("start"), door="two")

    assert before == "One: https://one.example/us\nTwo: https://two.example/us"
    assert open_doors.elsewhere(desk) == "Two: https://two.example/us"
    assert screen is not None
    assert not screen.ended


async def test_two_people_open_it_again(world: World) -> None:
    desk = world.desk
    await open_doors.shut(desk, world.ann, "one")

    first = await open_doors.open_again(desk, world.ann, "one")
    with pytest.raises(PartnerRefused) as refused:
        await open_doors.open_again(desk, world.ann, "one")
    still = desk.doors.shut
    second = await open_doors.open_again(desk, world.bo, "one")

    assert (first, second) == (False, True)
    assert refused.value.why is No.SAME_PERSON
    assert (still, desk.doors.shut) == (frozenset({"one"}), frozenset())


async def test_only_a_coordinator_shuts_a_door_and_only_one_that_there_is(world: World) -> None:
    reader = await person(world.desk, Role.REPORT_READER)
    refusals = []
    for who, name in ((reader.id, "one"), (world.ann, "three"), (world.ann, "terminal")):
        with pytest.raises(PartnerRefused) as refused:
            await open_doors.shut(world.desk, who, name)
        refusals.append(refused.value.why)

    assert refusals == [No.ROLE, No.UNKNOWN, No.UNKNOWN]
    assert world.desk.doors.shut == frozenset()


async def test_what_one_process_shuts_is_shut_in_another(
    world: World, settings: Settings, data: Data
) -> None:
    async with build(settings, channels={"one": FakeChannel("one")}, data=data) as other:
        await open_doors.shut(world.desk, world.ann, "one")
        await open_doors.refresh(other)

        assert other.doors.shut == frozenset({"one"})
