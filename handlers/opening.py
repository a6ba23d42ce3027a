"""When a service is open, as short signs of its card."""

import re
from collections.abc import Iterator
from contextlib import suppress

from directory.hours import HoursFaulty, is_holiday, is_open
from directory.service import Service
from handlers.desk import Desk
from translations.locales import LOCALES

_DAILY = re.compile(r"^(?:(Mo-Fr|Mo-Su) )?(\d\d:\d\d)-(\d\d:\d\d)$")


def opening(desk: Desk, service: Service, locale: str) -> Iterator[str]:
    """Day and night, or the hours where they are simple, a holiday, and open or closed now."""
    say, expression = desk.translator.phrase, service.hours_osm
    if expression is None:
        return
    if expression == "24/7":
        yield say(locale, "card.open_24h")
        return
    if match := _DAILY.match(expression):
        days = say(locale, "days.mon_fri" if match[1] == "Mo-Fr" else "days.daily")
        hours = LOCALES[locale].with_digits(f"{match[2]}-{match[3]}")
        yield say(locale, "card.hours", hours=f"{days} {hours}")
    opened = None
    with suppress(HoursFaulty):
        opened = is_open(expression, service.country, desk.clock(), service.on_holidays)
    if opened is not None:
        yield say(locale, "card.open_now" if opened else "card.closed_now")
    elif is_holiday(service.country, desk.clock()):
        yield desk.translator.sign(locale, "card.holiday") or ""
