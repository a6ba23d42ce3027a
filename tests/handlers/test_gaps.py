"""A search that finds nothing is counted by week, country, sector and reason; nothing of her."""

import pytest
from sqlalchemy import select

from handlers.desk import Desk
from storage.rows import counts
from tests.doubles import FakeChannel
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
