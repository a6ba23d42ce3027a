"""The emergency card shows no number that grew old, and is there when none is left (R65)."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from directory.listing import Listing
from handlers.desk import Desk
from handlers.messages import Outgoing
from tests.doubles import FakeChannel, FakeClock
from tests.handlers.people import Person

HIDDEN = 180  # days at the latest (R65)
COUNTRIES = ("Thailand", "Cambodia", "Lao PDR", "Viet Nam", "Myanmar")
_NUMBER = re.compile(r"\d{3}")


@pytest.fixture
def checked(desk: Desk, clock: FakeClock) -> Desk:
    """Every service was checked today, and never again."""
    today = clock.now.date()
    rows = {one.id: replace(one, level=1, checked_on=today) for one in desk.services.values()}
    return replace(desk, services=Listing(rows))


async def card(desk: Desk, fake: FakeChannel, day: int, country: str) -> Person:
    """A woman who comes on this day and asks for it."""
    woman = Person(desk, fake, chat=f"{country}-{day}")
    await woman.starts()
    await woman.taps("English")
    await woman.presses("numbers")
    await woman.taps(country)
    return woman


def said(screen: Outgoing) -> str:
    return " ".join(screen.texts)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_R65_the_emergency_card_never_depends_on_entries_that_grew_old(
    checked: Desk, fake: FakeChannel, clock: FakeClock
) -> None:
    fresh = {one: await card(checked, fake, 0, one) for one in COUNTRIES}
    clock.now += timedelta(days=HIDDEN)
    old = {one: await card(checked, fake, HIDDEN, one) for one in COUNTRIES}

    assert any(_NUMBER.search(said(one.now)) for one in fresh.values())
    for woman in old.values():
        first = woman.now
        then = await woman.taps(first.choices[0].label)
        assert not _NUMBER.search(said(first) + said(then)), said(first)
        assert "I have no checked emergency number" in said(first)
        assert "go to people you trust, a hospital" in said(then)
        assert first.actions
