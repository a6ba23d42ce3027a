"""When a receiver works, and how its days off and closed hours stop a clock; pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Hours of one day of the week (Monday is 0), of the place; `until` None is midnight."""

    weekday: int
    start: time
    until: time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rota:
    """The hours of a receiver: its zone, its week, its public holidays and other days off.

    Raises ValueError where there is no shift at all: such a clock would never go on.
    """

    zone: tzinfo
    shifts: tuple[Shift, ...]
    off: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not self.shifts or any(not 0 <= one.weekday <= 6 for one in self.shifts):
            raise ValueError("a rota needs a shift, and weekdays are 0 to 6")
        if any(one.until is not None and one.until <= one.start for one in self.shifts):
            raise ValueError("a shift ends after it starts, on the same day")

    def works(self, day: date) -> bool:
        """Whether anybody works on this day of the place."""
        return day not in self.off and any(one.weekday == day.weekday() for one in self.shifts)

    def hours(self, day: date) -> list[tuple[datetime, datetime]]:
        """The shifts of this day as moments (UTC), in order."""
        if not self.works(day):
            return []
        today = [one for one in self.shifts if one.weekday == day.weekday()]
        ends = [(self._moment(day, one.start), self._end(day, one)) for one in today]
        return sorted(ends)

    def day_of(self, at: datetime) -> date:
        """The date at the place."""
        return at.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The moment at which this day of the place begins (UTC)."""
        return self._moment(day, time())

    def _end(self, day: date, shift: Shift) -> datetime:
        return self.midnight(day + _DAY) if shift.until is None else self._moment(day, shift.until)

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)


def after(rota: Rota, start: datetime, length: timedelta) -> datetime:
    """The moment at which `length` has been counted since `start`.

    A day off does not count at all, a day of work counts whole; what would end in closed hours
    ends when somebody is there again.
    """
    day, moment, left = rota.day_of(start), start, length
    while True:
        tomorrow = rota.midnight(day + _DAY)
        if rota.works(day):
            if left <= tomorrow - moment:
                return _opening(rota, day, moment + left)
            left -= tomorrow - moment
        day, moment = day + _DAY, tomorrow


def counted(rota: Rota, start: datetime, end: datetime) -> timedelta:
    """How much of the time from `start` to `end` counts: that of days of work."""
    day, moment, total = rota.day_of(start), start, timedelta()
    while moment < end:
        tomorrow = rota.midnight(day + _DAY)
        if rota.works(day):
            total += min(end, tomorrow) - moment
        day, moment = day + _DAY, tomorrow
    return total


def _opening(rota: Rota, day: date, at: datetime) -> datetime:
    """`at` itself within a shift, else the start of the next one."""
    while True:
        for start, end in rota.hours(day):
            if at < end:
                return max(at, start)
        day += _DAY
