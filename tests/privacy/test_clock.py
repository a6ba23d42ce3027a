"""Time goes on by the seconds that pass, whatever is done to the machine's clock."""

from dataclasses import dataclass

import pytest

from privacy.clock import SteadyClock

HOUR, YEAR = 3600.0, 365 * 86_400.0
NOON = 1_800_000_000.0


@dataclass
class Machine:
    """A machine whose clock can be set, and which cannot help running."""

    time: float = NOON
    ran: float = 500.0

    def passes(self, seconds: float) -> None:
        self.time += seconds
        self.ran += seconds

    def clock(self, latest: float = 0.0) -> SteadyClock:
        return SteadyClock(latest, lambda: self.time, lambda: self.ran)


def now(clock: SteadyClock) -> float:
    return clock().timestamp()


def test_left_alone_it_is_the_machines_clock() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.passes(90)

    assert now(clock) == NOON + 90


@pytest.mark.parametrize("step", [-1.0, -HOUR, -NOON])
def test_set_back_no_life_is_longer_by_more_than_one_in_a_hundred(step: float) -> None:
    machine = Machine()
    clock = machine.clock()
    machine.time += step
    moments = []
    for _ in range(60):
        machine.passes(60)
        moments.append(now(clock))

    assert moments == sorted(moments)
    assert 0.99 * HOUR - 1e-3 <= moments[-1] - NOON <= HOUR


def test_it_comes_back_to_a_clock_that_was_set_back_a_little() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.time -= 5
    machine.passes(600)

    assert now(clock) == machine.time


def test_a_machine_that_stood_still_for_hours_is_followed() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.time += 5 * HOUR

    assert now(clock) == NOON + 5 * HOUR


def test_ten_years_ahead_is_not_believed() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.time += 10 * YEAR
    machine.passes(30)

    assert now(clock) == NOON + 30


def test_a_start_with_a_clock_set_back_goes_on_from_the_latest_moment_seen() -> None:
    clock = Machine().clock(latest=NOON + HOUR)

    assert now(clock) == NOON + HOUR
