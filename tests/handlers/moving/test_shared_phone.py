"""A phone that others use too: short talks, results once, Leave first."""

import pytest

from handlers.desk import Desk
from storage.rows import moves
from tests.doubles import FakeClock
from tests.handlers.moving.doing import open_menu, rows, share, to_prompt, walk_of
from tests.handlers.people import Person


async def test_on_a_shared_phone_a_talk_ends_after_five_minutes(
    here: Person, desk: Desk, clock: FakeClock
) -> None:
    await share(here)
    clock.forward(minutes=5, seconds=-1)
    assert await walk_of(desk, here)
    clock.forward(seconds=2)
    await here.says("hello")

    assert here.now.node == "sh.idle"


async def test_on_her_own_phone_it_lives_longer(
    here: Person, desk: Desk, clock: FakeClock
) -> None:
    await open_menu(here)
    clock.forward(minutes=14)

    assert await walk_of(desk, here)


async def test_a_code_lives_five_minutes_there_too_and_says_so(here: Person, desk: Desk) -> None:
    await share(here)
    await here.taps("More", "Another app", "Pictures")
    [row] = await rows(desk, moves)

    assert "5 minutes" in here.now.texts[0]
    assert row["expires_at"] == desk.now() + 5 * 60


@pytest.mark.parametrize("shares", [True, False])
async def test_results_are_shown_once_on_a_shared_phone(here: Person, shares: bool) -> None:
    await here.starts()
    await here.taps("English", "Yes", "18", "Thailand", "Skip")
    await (here.taps("Phone", "I share this phone") if shares else here.presses("menu"))
    await here.taps("Phone", "Places")
    assert here.now.node == "sh.f.all"
    await here.taps("Next")
    await here.presses("back")

    assert here.now.node == ("sh.menu" if shares else "sh.f.all")


async def test_nor_after_an_interrupt(here: Person) -> None:
    await here.starts()
    await here.taps("English", "Yes", "18", "Thailand", "Skip")
    await here.taps("Phone", "I share this phone", "Phone", "Places")
    await here.says("what is this about, I do not understand your words")
    assert here.now.node == "sh.txt"
    await here.presses("back")

    assert here.now.node == "sh.menu"


async def test_nor_in_the_app_she_goes_on_in(here: Person, there: Person) -> None:
    await here.starts()
    await here.taps("English", "Yes", "18", "Thailand", "Skip")
    await here.taps("Phone", "I share this phone", "Phone", "Places")
    await here.presses("menu")
    await here.taps("More", "Another app", "Pictures")
    code = here.now.texts[0].partition(": ")[2]
    await to_prompt(there)
    await there.says(code)

    assert there.now.node == "sh.menu"


async def test_the_leave_button_stays_first(here: Person) -> None:
    await share(here)
    await here.taps("Phone", "Places")

    shown = [screen.actions[0].id for screen in here.history if screen.actions]
    assert set(shown) == {"leave"}
