"""Over midnight her name changes: nothing of the talk before it may be left in her chat."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.messages import WAVE
from handlers.sweep import sweep
from tests.doubles import FakeChannel, FakeClock
from tests.handlers.people import Person
from tests.proving import all_on_one

pytestmark = all_on_one("sqlite")


@pytest.fixture
def woman(desk: Desk, fake: FakeChannel) -> Person:
    return Person(desk, fake)


async def _a_while(desk: Desk, clock: FakeClock) -> None:
    for _ in range(6):
        clock.forward(seconds=10)
        await sweep(desk)
        while await deliver(desk):
            pass


@pytest.mark.parametrize("leaves", [True, False])
async def test_what_stood_when_her_talk_ended_before_midnight_goes_with_the_next_one(
    desk: Desk, woman: Person, clock: FakeClock, leaves: bool
) -> None:
    clock.now = clock.now.replace(hour=23, minute=50)
    await woman.starts()
    await woman.taps("English", "Yes")
    clock.forward(minutes=15, seconds=5)  # it is over, and was not swept yet
    await woman.says("hello")
    if leaves:
        await woman.presses("leave")
    else:
        clock.forward(minutes=16)
    await _a_while(desk, clock)

    assert set(woman.visible.values()) <= {WAVE}


async def test_two_talks_that_clocks_apart_have_begun_both_end_when_she_leaves(
    desk: Desk, woman: Person, clock: FakeClock
) -> None:
    clock.now = clock.now.replace(hour=23, minute=59, second=58)
    woman.desk = replace(desk, clock=lambda: clock.now + timedelta(seconds=4))
    await woman.starts()
    clock.forward(seconds=1)
    woman.desk = desk
    await woman.says("English")
    clock.forward(seconds=5)
    await woman.presses("leave")
    await _a_while(desk, clock)

    assert set(woman.visible.values()) <= {WAVE}
