"""The receiver's hours told minute by minute, written without the code under test."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from referrals.rota import Rota, Shift

ZONES = tuple(map(ZoneInfo, ("Asia/Bangkok", "Asia/Yangon", "Asia/Phnom_Penh")))
WEEK = tuple(
    Shift(weekday=day, start=start, until=until)
    for day in range(5)
    for start, until in ((time(8), time(12)), (time(13), time(17)))
)
OFFICE = Rota(zone=ZONES[0], shifts=WEEK, off=frozenset({date(2026, 4, day) for day in (13, 14)}))
MINUTE = timedelta(minutes=1)


def any_rota(random: Random) -> Rota:
    """Some days of the week, one or two shifts each, some days off in the weeks after."""
    shifts = []
    for day in random.sample(range(7), random.randint(1, 7)):
        start, pause, again, end = sorted(random.sample(range(1, 24), 4))
        shifts.append(Shift(weekday=day, start=time(start), until=time(pause, 30)))
        late = None if random.random() < 0.3 else time(end)
        shifts.append(Shift(weekday=day, start=time(again), until=late))
    days = (date(2026, 3, 2) + timedelta(days=random.randrange(40)) for _ in range(6))
    return Rota(zone=random.choice(ZONES), shifts=tuple(shifts), off=frozenset(days))


def works(rota: Rota, local: datetime) -> bool:
    day = local.date()
    return day not in rota.off and local.weekday() in {one.weekday for one in rota.shifts}


def is_open(rota: Rota, local: datetime) -> bool:
    if not works(rota, local):
        return False
    now = local.time()
    return any(
        one.weekday == local.weekday()
        and one.start <= now
        and (one.until is None or now < one.until)
        for one in rota.shifts
    )


def told_minute_by_minute(rota: Rota, start: datetime, length: timedelta) -> datetime:
    """Count whole minutes of days of work, then wait for somebody to be there."""
    at, left = start, length // MINUTE
    while left:
        left -= works(rota, at.astimezone(rota.zone))
        at += MINUTE
    while not is_open(rota, at.astimezone(rota.zone)):
        at += MINUTE
    return at.astimezone(UTC)
