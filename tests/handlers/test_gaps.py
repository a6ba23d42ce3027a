"""A search that finds nothing is counted by week, country, sector and reason; nothing of her."""

import pytest
from sqlalchemy import select

from directory.taxonomy import COUNTRIES, TAXONOMY
from handlers import report_floors
from handlers.desk import Desk
from handlers.directory_gaps import FAMILIES, missed
from referrals.roles import Role
from storage import counts as counters
from storage.rows import counts
from tests.doubles import FakeChannel, FakeClock
from tests.editions.people import person
from tests.handlers.people import Person

TO_LAWYERS = (
    "English",
    "Yes",
    "18",
    "Lao PDR",
    "Type",
)


@pytest.fixture
def woman(desk: Desk, fake: FakeChannel) -> Person:
    return Person(desk, fake)


async def gap_rows(desk: Desk) -> set[tuple[str, str, str, str, int]]:
    async with desk.store.turn() as turn:
        found = await turn.execute(select(counts).where(counts.c.what == "gap"))
        return {(r.week, r.name, r.country, r.locale, r.number) for r in found}


async def test_nothing_found_is_counted_by_sector_and_reason_without_her_language(
    desk: Desk, woman: Person
) -> None:
    await woman.starts()
    await woman.taps(*TO_LAWYERS)
    await woman.says("Luang Namtha")
    await woman.taps("Luang Namtha", "Find care or a safe place", "Law, police, lawyer")
    screen = await woman.taps("Free lawyer")
    found = await gap_rows(desk)
    detailed = {row for row in found if "/" in row[1]}

    assert screen.node == "sh.miss"
    assert len(found) > len(detailed)  # the node is still counted as before
    assert any(name.startswith("LEG.AID/") for _, name, *_ in detailed)
    assert {(week, country, locale) for week, _, country, locale, _ in detailed} == {
        ("2026-W47", "LA", "")
    }


async def test_what_is_found_counts_no_gap(desk: Desk, woman: Person) -> None:
    await woman.starts()
    await woman.taps("English", "I need help now")
    await woman.presses("numbers")
    await woman.taps("Thailand")

    assert await gap_rows(desk) == set()


async def test_a_raised_floor_hides_what_is_missing_too(desk: Desk, clock: FakeClock) -> None:
    one, other = [await person(desk, Role.COORDINATOR) for _ in range(2)]
    codes = [next(c for c in TAXONOMY if c.startswith(f"{family}.")) for family in FAMILIES]
    names = [(f"{code}/papers", country) for code in codes for country in COUNTRIES]
    async with desk.store.turn() as turn:
        await counters.add(turn, {("2026-W49", "gap", *name, ""): 13 for name in names})
    clock.forward(days=80)
    before = await missed(desk, one)
    await report_floors.propose(desk, one.id, inside=20, outside=20)
    await report_floors.agree(desk, other.id)
    after = await missed(desk, one)

    assert {15} <= {n for month in before for n in month.by_help.cells.values()}
    assert {n for month in after for n in month.by_help.cells.values()} == {None}
