"""The simulation of a radio evening agrees with what queueing theory knows."""

import math
from statistics import fmean

import pytest

from app.bench_scale import Load, Plant, evening, rows, share

QUIET = Load(talks=0, called=0)


def test_one_process_waits_as_long_as_a_queue_of_its_kind() -> None:
    """M/D/1: the mean wait is rho * s / (2 * (1 - rho))."""
    load = Load(talks=30 * 24 * 40_000, day=(1,) * 24, called=0, taps=1, web=1)
    step = 0.07
    seen = evening(load, Plant(processes=1, step=step, commit=0))
    busy = step * len(seen.answer) / (3 * 3600)
    wait = fmean(seen.answer) - step

    assert 0.7 < busy < 0.85
    assert wait == pytest.approx(busy * step / (2 * (1 - busy)), rel=0.1)


def test_a_bot_never_shows_more_than_it_may() -> None:
    load = Load(talks=0, called=3_000, calms=60, web=0)
    seen = evening(load, Plant(step=1e-4, commit=1e-4, sends=25))

    assert seen.busy["sender"] == pytest.approx(1.0)
    assert len(seen.screen) / 25 > 600
    assert share(seen.screen, 0.5) > 5


def test_the_page_waits_for_no_bot() -> None:
    load = Load(talks=0, called=3_000, calms=60, web=1)
    seen = evening(load, Plant(step=1e-4, commit=1e-4, sends=25))

    assert share(seen.screen, 0.99) < 0.01


def test_every_talk_is_answered_and_the_same_seed_tells_the_same() -> None:
    load = Load(talks=100_000, called=500)
    first, again = (evening(load, Plant(step=0.001, commit=0.001), seed=4) for _ in range(2))

    assert first.screen == again.screen
    assert first.taps == pytest.approx(12 * (500 + 100_000 / 30 * 0.24), rel=0.15)
    assert math.isfinite(max(first.screen))


def test_nobody_comes_and_nothing_breaks() -> None:
    shown = rows(QUIET, Plant(step=0.001, commit=0.001))

    assert (shown["taps"], shown["talks_at_once"]) == (0, 0)
