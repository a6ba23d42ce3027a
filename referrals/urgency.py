"""The four levels of urgency and their times, as data (referral protocol 3.4, 3.11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, IntEnum
from types import MappingProxyType

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Urgency(IntEnum):
    """How soon help is needed; a smaller number is more urgent."""

    NOW = 0
    HIGH = 1
    MEDIUM = 2
    NORMAL = 3


class Party(Enum):
    """Who is told when time runs out; nobody is told anything but the random id."""

    FOCAL_POINT = "focal_point"
    ALTERNATE = "alternate"
    SUPERVISOR = "supervisor"  # of the receiver
    COORDINATOR = "coordinator"
    SENDER = "sender"  # the caseworker who owns the referral
    DATA_PROTECTION = "data_protection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The times of one level, counted from sending; `checks` from the first meeting.

    `escalation` says who is told while nobody has acknowledged. `next_service`: when the
    caseworker is told to use the next service while nobody has decided. `pause`: for how long in
    all a question may stop the clock. `stops`: whether days off and closed hours of the receiver
    stop it.
    """

    acknowledge: timedelta
    decide: timedelta
    contact: timedelta
    escalation: tuple[tuple[timedelta, Party], ...]
    next_service: timedelta
    pause: timedelta
    stops: bool
    checks: tuple[timedelta, ...]

    def unanswered(self) -> timedelta:
        """When a referral that nobody acknowledged expires: not before everybody had a chance.

        Ours: one acknowledgement time after the last escalation. At level 2 these are the 72 h of
        safety R47.
        """
        return self.escalation[-1][0] + self.acknowledge


# 3.4 and 3.11. The protocol gives the first check of levels 0 and 1 as 24-48 h: it begins at 24.
STANDARD: Mapping[Urgency, Limits] = MappingProxyType(
    {
        Urgency.NOW: Limits(
            acknowledge=30 * _MINUTE,
            decide=1 * _HOUR,
            contact=4 * _HOUR,
            escalation=((15 * _MINUTE, Party.ALTERNATE), (45 * _MINUTE, Party.SUPERVISOR)),
            next_service=45 * _MINUTE,
            pause=timedelta(0),
            stops=False,
            checks=(1 * _DAY, 7 * _DAY, 14 * _DAY, 30 * _DAY),
        ),
        Urgency.HIGH: Limits(
            acknowledge=4 * _HOUR,
            decide=12 * _HOUR,
            contact=24 * _HOUR,
            escalation=(
                (2 * _HOUR, Party.ALTERNATE),
                (6 * _HOUR, Party.SUPERVISOR),
                (12 * _HOUR, Party.COORDINATOR),
            ),
            next_service=12 * _HOUR,
            pause=12 * _HOUR,
            stops=False,
            checks=(1 * _DAY, 7 * _DAY, 14 * _DAY, 30 * _DAY),
        ),
        Urgency.MEDIUM: Limits(
            acknowledge=24 * _HOUR,
            decide=48 * _HOUR,
            contact=72 * _HOUR,
            escalation=((24 * _HOUR, Party.ALTERNATE), (48 * _HOUR, Party.SUPERVISOR)),
            next_service=48 * _HOUR,
            pause=48 * _HOUR,
            stops=True,
            checks=(3 * _DAY, 14 * _DAY, 30 * _DAY),
        ),
        Urgency.NORMAL: Limits(
            acknowledge=3 * _DAY,
            decide=5 * _DAY,
            contact=14 * _DAY,
            escalation=((3 * _DAY, Party.ALTERNATE), (5 * _DAY, Party.SUPERVISOR)),
            next_service=5 * _DAY,
            pause=48 * _HOUR,
            stops=True,
            checks=(7 * _DAY, 30 * _DAY),
        ),
    }
)

# 3.11, the column for two countries. The last two come by a yes of their own (docs/adr/0020).
ABROAD_CHECKS = (1 * _DAY, 7 * _DAY, 30 * _DAY)
LATER_CHECKS = (90 * _DAY, 180 * _DAY)


def check_times(limits: Limits, *, abroad: bool) -> tuple[timedelta, ...]:
    """When, after she was met, somebody asks how it went; in order, each once (3.11)."""
    return tuple(sorted({*limits.checks, *(ABROAD_CHECKS if abroad else ())}))
