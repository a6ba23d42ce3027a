"""Signs that her yes was not her own, as facts, and what follows from each (3.8)."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

TOO_QUICK = timedelta(seconds=5)
MOST_VIEWS = 3


class Pressed(Enum):
    """What is to be done about it."""

    STOP = "other_person"
    SAY_BACK = "say_back"
    VIEWS = "too_many_views"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressure:
    """What was seen while she was asked.

    `until_yes` runs from the first screen to her yes; None where there was no screen. `said_back`
    is whether she said it back in her own words after that yes. `views` are those of the
    caseworker, who may not show the screen to her over and over.
    """

    until_yes: timedelta | None = None
    views: int = 0
    other_person: bool = False
    said_back: bool = False


def pressed(pressure: Pressure) -> tuple[Pressed, ...]:
    """What stands against this yes, the gravest first; empty when nothing does."""
    quick = pressure.until_yes is not None and pressure.until_yes <= TOO_QUICK
    checks = {
        Pressed.STOP: pressure.other_person,
        Pressed.VIEWS: pressure.views > MOST_VIEWS,
        Pressed.SAY_BACK: quick and not pressure.said_back,
    }
    return tuple(one for one, seen in checks.items() if seen)
