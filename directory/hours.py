"""Opening hours: is a service open at a moment, and when does it open next."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, State, validate

# IANA time zone database. The library is never told the country: it knows the public holidays
# of Viet Nam only and raises for the other four, so public holidays are not judged here.
ZONES = {
    "KH": "Asia/Phnom_Penh",
    "LA": "Asia/Vientiane",
    "MM": "Asia/Yangon",
    "TH": "Asia/Bangkok",
    "VN": "Asia/Ho_Chi_Minh",
}


# An opening further away than this helps nobody who asks today, and bounds the work.
LOOK_AHEAD = timedelta(days=60)


class HoursFaulty(ValueError):
    """The expression is not in the opening-hours format; its text is not repeated."""


def readable(expression: str) -> bool:
    """Whether the text is an opening-hours expression (the OpenStreetMap format)."""
    return bool(validate(expression))


def is_open(expression: str | None, country: str, at: datetime) -> bool | None:
    """Open (True), closed (False) or unknown (None) at the aware moment `at`.

    Raises HoursFaulty for a text that cannot be read, ValueError for a moment without a zone.
    """
    if expression is None:
        return None
    state, _ = _parsed(expression, country).state(_local(at, country))
    if state == State.UNKNOWN:
        return None
    return bool(state == State.OPEN)


def opens_next(expression: str | None, country: str, at: datetime) -> datetime | None:
    """The start of the next opening after `at`, in the country's zone.

    None when it is open at `at`, when it stays shut for 60 days, and when the hours are unknown
    or the next change leads to unknown hours. Raises as `is_open` does.
    """
    if expression is None or is_open(expression, country, at) is not False:
        return None
    now = _local(at, country)
    for start, _, state, _ in _parsed(expression, country).intervals(now, now + LOOK_AHEAD):
        if state == State.OPEN:
            return start if isinstance(start, datetime) else None
        if state == State.UNKNOWN:
            return None
    return None


def _parsed(expression: str, country: str) -> OpeningHours:
    if not readable(expression):
        raise HoursFaulty("these opening hours cannot be read")
    return OpeningHours(expression, timezone=ZoneInfo(ZONES[country]))


def _local(at: datetime, country: str) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return at.astimezone(ZoneInfo(ZONES[country]))
