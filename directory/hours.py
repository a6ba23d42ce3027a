"""Opening hours: is a service open at a moment, and when does it open next."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, State, validate

from directory.holiday_dates import holiday_dates
from directory.kinds import Known

# IANA time zone database. The library is never told the country: it knows the public holidays
# of Viet Nam only and raises for the other four, so public holidays are written out as dates.
ZONES = {
    "KH": "Asia/Phnom_Penh",
    "LA": "Asia/Vientiane",
    "MM": "Asia/Yangon",
    "TH": "Asia/Bangkok",
    "VN": "Asia/Ho_Chi_Minh",
}


# An opening further away than this helps nobody who asks today, and bounds the work.
LOOK_AHEAD = timedelta(days=60)
_HOLIDAY = re.compile(r"\bPH\b")
_DAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)"
# A blank after the comma would begin a rule of its own: days without hours, open day and night.
_LISTED = re.compile(rf"\b({_DAY}),\s+(?={_DAY}\b)")
_BETWEEN_RULES = re.compile(r";|,\s+(?=PH\b)")
_CLOSED = frozenset({"off", "closed"})
# Hours that name every day of the week are those of a holiday, too.
_EVERY_DAY = re.compile(r"24/7|Mo-Su\b")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class HoursFaulty(ValueError):
    """The expression is not in the opening-hours format; its text is not repeated."""


def readable(expression: str) -> bool:
    """Whether the text is an opening-hours expression (the OpenStreetMap format)."""
    return bool(validate(expression))


def is_open(
    expression: str | None, country: str, at: datetime, on_holidays: Known = Known.UNKNOWN
) -> bool | None:
    """Open (True), closed (False) or unknown (None) at the aware moment `at`.

    On a public holiday hours that name neither holidays (PH) nor every day are unknown, unless
    `on_holidays` says that they hold (yes) or that it is closed (no). An opening over midnight
    belongs to the day on which it began. Raises HoursFaulty for a text that cannot be read,
    ValueError for a moment without a zone.
    """
    if expression is None:
        return None
    now = _local(at, country)
    hours = _parsed(expression, country, now.date())
    state, _ = hours.state(now)
    if state == State.OPEN:
        near = (now.date(), now.date() - timedelta(days=1))
        if not any(_off(country, day) for day in near):
            return True
        return _holds(expression, country, _begun(hours, now), on_holidays)
    return None if state == State.UNKNOWN else False


def opens_next(
    expression: str | None, country: str, at: datetime, on_holidays: Known = Known.UNKNOWN
) -> datetime | None:
    """The start of the next opening after `at`, in the country's zone.

    None when it is open at `at`, when it stays shut for 60 days, and when the hours are unknown
    or the next change leads to unknown hours. Raises as `is_open` does.
    """
    if expression is None or is_open(expression, country, at, on_holidays) is not False:
        return None
    now = _local(at, country)
    hours = _parsed(expression, country, now.date())
    for start, end, state, _ in hours.intervals(now, now + LOOK_AHEAD):
        if state == State.UNKNOWN or not isinstance(start, datetime):
            return None
        for begins in _begins(start, end) if state == State.OPEN else ():
            holds = _holds(expression, country, begins.date(), on_holidays)
            if holds is not False and begins > now:  # what is open now does not hold
                return begins if holds else None
    return None


def is_holiday(country: str, at: datetime) -> bool:
    """Whether it is a public holiday there at the aware moment `at`."""
    return _off(country, _local(at, country).date())


def _begins(start: datetime, end: datetime) -> Iterator[datetime]:
    """When an opening begins: one of more than a day and a night begins with each day anew."""
    yield start
    while end - start > timedelta(days=1):
        start = (start + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        yield start


def _begun(hours: OpeningHours, now: datetime) -> date:
    """The day whose opening holds now: after midnight it may be that of the day before."""
    yesterday = (now - timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    *_, (start, *_) = hours.intervals(yesterday, now + timedelta(minutes=1))
    late = isinstance(start, datetime) and yesterday < start <= now
    return start.date() if late else now.date()


def _off(country: str, day: date) -> bool:
    return day in holiday_dates(country, day.year)


def _holds(expression: str, country: str, day: date, on_holidays: Known) -> bool | None:
    """What an opening that began on that day is worth."""
    if not _off(country, day):
        return True
    named = [rule for rule in _rules(expression) if _HOLIDAY.search(rule)]
    if any(_says_closed(rule) for rule in named):
        return False
    if named:
        return True if all("PH" in _days(rule) for rule in named) else None
    match on_holidays:
        case Known.YES:
            return True
        case Known.NO:
            return False
        case Known.UNKNOWN:
            return True if _EVERY_DAY.match(expression) else None


def _parsed(expression: str, country: str, day: date) -> OpeningHours:
    if not readable(expression):
        raise HoursFaulty("these opening hours cannot be read")
    written = _with_dates(expression, country, day)
    return OpeningHours(written, timezone=ZoneInfo(ZONES[country]))


def _with_dates(expression: str, country: str, day: date) -> str:
    """The expression with its holiday rules (PH) put as the dates around that day."""
    if not _HOLIDAY.search(expression):
        return "; ".join(_rules(expression))
    near = [
        one
        for year in (day.year - 1, day.year, day.year + 1)
        for one in sorted(holiday_dates(country, year))
        if day - timedelta(days=1) <= one <= day + LOOK_AHEAD
    ]
    dates = ",".join(f"{one.year} {_MONTHS[one.month - 1]} {one.day:02}" for one in near)
    rules = [r for rule in _rules(expression) for r in _dated(rule, dates) if r]
    return "; ".join(rules) or "off"


def _rules(expression: str) -> list[str]:
    """The rules one by one, the days of each without blanks between them."""
    return [rule.strip() for rule in _BETWEEN_RULES.split(_LISTED.sub(r"\1,", expression))]


def _days(rule: str) -> list[str]:
    return rule.partition(" ")[0].split(",")


def _says_closed(rule: str) -> bool:
    """Whether it closes on holidays: then `_holds` does, by the day on which an opening began."""
    return "PH" in _days(rule) and rule.partition(" ")[2] in _CLOSED


def _dated(rule: str, dates: str) -> tuple[str, ...]:
    """One rule as one for the days of the week and one for the dates."""
    days, rest = _days(rule), rule.partition(" ")[2]
    if "PH" not in days:
        return (rule,)
    others = ",".join(day for day in days if day != "PH")
    dated = dates and not _says_closed(rule)
    return (f"{others} {rest}" if others else "", f"{dates} {rest}" if dated else "")


def _local(at: datetime, country: str) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return at.astimezone(ZoneInfo(ZONES[country]))
