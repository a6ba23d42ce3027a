"""Days off and closed hours of the receiver: exact to the minute, against a count by hand."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from referrals.rota import Rota, Shift, after, counted
from tests.referrals.rota_model import OFFICE, any_rota, told_minute_by_minute, works

BANGKOK = ZoneInfo("Asia/Bangkok")


def local(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BANGKOK)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (local(3, 2, 9), 24, local(3, 3, 9)),
        (local(3, 6, 16), 24, local(3, 9, 16)),  # Friday to Monday
        (local(3, 7, 11), 24, local(3, 10, 8)),  # a Saturday begins on Monday and ends with it
        (local(3, 2, 20), 24, local(3, 4, 8)),  # in the evening nobody is there
        (local(3, 2, 12, 30), 24, local(3, 3, 13)),  # nor at noon
        (local(4, 10, 10), 24, local(4, 15, 10)),  # a weekend and two holidays
    ],
)
def test_a_day_off_does_not_count_and_closed_hours_wait(
    start: datetime, hours: int, end: datetime
) -> None:
    assert after(OFFICE, start, timedelta(hours=hours)) == end


@pytest.mark.parametrize("seed", range(40))
def test_it_is_exact_to_the_minute_over_weeks(seed: int) -> None:
    random = Random(seed)
    rota = any_rota(random)
    start = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=random.randrange(20_000))
    length = timedelta(minutes=random.randrange(4 * 1440))

    end = after(rota, start, length)

    assert end == told_minute_by_minute(rota, start, length)
    minutes = (start + timedelta(minutes=n) for n in range((end - start) // timedelta(minutes=1)))
    spent = sum(works(rota, at.astimezone(rota.zone)) for at in minutes)
    assert counted(rota, start, end) == timedelta(minutes=spent)


def test_a_rota_without_work_is_refused() -> None:
    with pytest.raises(ValueError, match="shift"):
        Rota(zone=BANGKOK, shifts=())
    with pytest.raises(ValueError, match="shift"):
        Rota(zone=BANGKOK, shifts=(Shift(weekday=0, start=time(9), until=time(9)),))
    with pytest.raises(ValueError, match="weekdays"):
        Rota(zone=BANGKOK, shifts=(Shift(weekday=7, start=time(9), until=None),))


def test_work_around_the_clock_never_stops() -> None:
    days = tuple(Shift(weekday=day, start=time(), until=None) for day in range(7))
    rota = Rota(zone=BANGKOK, shifts=days)
    start = local(3, 7, 11, 7)

    assert after(rota, start, timedelta(hours=99)) == start + timedelta(hours=99)
    assert not Rota(zone=BANGKOK, shifts=days, off=frozenset({date(2026, 3, 7)})).hours(
        date(2026, 3, 7)
    )
