"""A poster's code is counted where a conversation begins, and is kept with nothing of hers."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import select

from app.settings import Settings
from app.wiring import Data, build
from handlers import campaigns, open_doors, report_floors
from handlers.campaigns import Place
from handlers.conversation import people_of, read
from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.messages import Address, Command, Incoming, Pressed
from handlers.partner_acts import No, PartnerRefused
from handlers.poster_codes import LETTERS, LONG, code_in
from handlers.receive import receive
from referrals.roles import Role
from storage import counts
from storage.rows import counts as table
from tests.doubles import FakeChannel, FakeClock
from tests.editions.people import person
from tests.proving import all_on_one

pytestmark = all_on_one("sqlite")

HER = Address("fake", "700001")


@dataclass
class World:
    """A desk with a coordinator, and a code."""

    desk: Desk
    clock: FakeClock
    by: str
    code: str
    number: int = 0

    async def begins(self, code: str, command: Command = "start") -> None:
        self.number += 1
        said, number = Pressed(command), str(self.number)
        incoming = Incoming(address=HER, said=said, event_id=number, campaign=code)
        await receive(incoming, self.desk)
        await deliver(self.desk)

    async def rows(self) -> list[tuple[str, str, str, int]]:
        """Name, country, language and number of what was counted of posters."""
        async with self.desk.store.turn() as turn:
            wanted = select(table).where(table.c.what == "campaign")
            found = (await turn.execute(wanted)).all()
        return [(row.name, row.country, row.locale, row.number) for row in found]

    async def came(self, week: str, number: int) -> None:
        async with self.desk.store.turn() as turn:
            await counts.add(turn, {(week, "campaign", self.code, "", ""): number})

    async def told(self) -> list[tuple[str, int | None]]:
        found = await campaigns.listed(self.desk, self.by)
        return [(one.month, one.number) for one in next(iter(found.values()))]


@pytest.fixture
async def world(
    settings: Settings, data: Data, clock: FakeClock, fake: FakeChannel
) -> AsyncIterator[World]:
    channels = {"fake": fake, "web": FakeChannel("web")}
    async with build(settings, channels=channels, clock=clock, data=data) as desk:
        by = (await person(desk, Role.COORDINATOR)).id
        yield World(desk, clock, by, await campaigns.make(desk, by, Place.CLINIC))


async def test_a_conversation_is_counted_once_by_its_code_and_by_nothing_else(
    world: World,
) -> None:
    await world.begins(world.code)
    await world.begins(world.code)
    await world.begins(world.code, "menu")

    assert await world.rows() == [(world.code, "", "", 1)]


async def test_the_next_conversation_counts_again(world: World) -> None:
    await world.begins(world.code)
    await world.begins("", "leave")
    await world.begins(world.code)

    assert await world.rows() == [(world.code, "", "", 2)]


async def test_her_conversation_does_not_know_the_code(world: World) -> None:
    await world.begins(world.code)
    async with world.desk.store.turn() as turn:
        conversation = await read(turn, world.desk, await people_of(world.desk, HER))

    assert conversation is not None
    assert world.code.encode() not in conversation.walk.dump()


async def test_a_code_that_nobody_made_counts_nothing(world: World) -> None:
    await world.begins("bcdfghjk")
    await campaigns.followed(world.desk, "bcdfghjk")

    assert await world.rows() == []


async def test_an_ended_code_counts_no_more(world: World) -> None:
    await campaigns.end(world.desk, world.by, world.code)
    await world.begins(world.code)
    with pytest.raises(PartnerRefused):
        await campaigns.end(world.desk, world.by, world.code)

    assert await world.rows() == []
    assert await campaigns.listed(world.desk, world.by) == {}


async def test_at_a_shut_door_nothing_is_counted(world: World) -> None:
    for name in ("fake", "web"):
        await open_doors.shut(world.desk, world.by, name)
    await world.begins(world.code)
    await campaigns.followed(world.desk, world.code)

    assert await world.rows() == []


async def test_numbers_come_by_closed_months_rounded_and_never_when_they_are_small(
    world: World,
) -> None:
    before = await world.told()
    for week, number in (("2026-W48", 3), ("2026-W49", 4), ("2026-W51", 9)):
        await world.came(week, number)
    world.clock.now = world.clock.now.replace(month=12, day=31)
    november = await world.told()
    world.clock.now = world.clock.now.replace(year=2027, month=2, day=3)

    assert before == []
    assert november == [("2026-11", None)]
    assert await world.told() == [("2026-12", 15), ("2026-11", None)]


async def test_a_raised_floor_hides_them_too(world: World) -> None:
    other = await person(world.desk, Role.COORDINATOR)
    await world.came("2026-W49", 13)
    world.clock.now = world.clock.now.replace(year=2027, month=2, day=3)
    before = await world.told()
    await report_floors.propose(world.desk, world.by, inside=20, outside=20)
    await report_floors.agree(world.desk, other.id)

    assert before[0] == ("2026-12", 15)
    assert (await world.told())[0] == ("2026-12", None)


async def test_another_code_changes_no_number_that_was_shown(world: World) -> None:
    await world.came("2026-W49", 7)
    other = await campaigns.make(world.desk, world.by, Place.FACTORY)
    world.clock.now = world.clock.now.replace(year=2027, month=2, day=3)
    both = await campaigns.listed(world.desk, world.by)
    await campaigns.end(world.desk, world.by, other)
    alone = await campaigns.listed(world.desk, world.by)

    shown = {one.code: numbers for one, numbers in both.items()}
    assert shown[world.code] == next(iter(alone.values()))
    assert all(one.number is None for one in shown[other])


async def test_only_coordinators_make_codes_and_only_so_many(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaigns, "MOST", 2)
    reader = await person(world.desk, Role.REPORT_READER)
    with pytest.raises(PartnerRefused) as role:
        await campaigns.make(world.desk, reader.id, Place.OTHER)
    await campaigns.make(world.desk, world.by, Place.OTHER)
    with pytest.raises(PartnerRefused) as full:
        await campaigns.make(world.desk, world.by, Place.OTHER)

    assert (role.value.why, full.value.why) == (No.ROLE, No.FAULTY)


async def test_a_code_says_its_kind_of_place_and_its_day(world: World) -> None:
    [one] = await campaigns.listed(world.desk, world.by)

    assert (one.code, one.place, one.since) == (world.code, Place.CLINIC, date(2026, 11, 21))
    assert len(world.code) == LONG
    assert set(world.code) <= set(LETTERS)


@pytest.mark.parametrize(
    "given",
    ["", "bcdfghj", "bcdfghjkm", "BCDFGHJK", "bcdfghja", "bcdfghj1", "bcdfghjk\n", 7, None],
)
def test_what_is_no_code_is_none(given: object) -> None:
    assert code_in(given) == ""
