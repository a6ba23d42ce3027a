"""Whether a service takes anybody just now: statements that expire, a pause, alerts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

# A statement nobody renews says nothing after this; as long as the grace of a check.
LONGEST_STATEMENT = timedelta(days=30)
_OLDEST_CHILD = 17


class Says(Enum):
    """What a capacity statement says; the public never sees numbers of places."""

    HAS_SPACE = "has_space"
    CALL = "call"
    FULL = "full"
    NO_BOYS_OVER = "no_boys_over"
    SPEAKS = "speaks"


ROOM = frozenset({Says.HAS_SPACE, Says.CALL, Says.FULL})


class AlertKind(Enum):
    """What is wrong there for a while; a closed set, so that it can be said in her language."""

    DANGER_NEARBY = "danger_nearby"
    MOVED = "moved"
    PHONE_TROUBLE = "phone_trouble"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """One statement, true from `since` and before `until` (aware moments).

    `value` is an age in years for NO_BOYS_OVER, a language code for SPEAKS, else empty; `by` is
    the id of a member of staff. Raises ValueError without repeating what it holds.
    """

    says: Says
    value: str = ""
    since: datetime
    until: datetime
    by: str

    def __post_init__(self) -> None:
        if self.since.tzinfo is None or self.until.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        if not timedelta(0) < self.until - self.since <= LONGEST_STATEMENT:
            raise ValueError("a statement lasts longer than nothing and at most 30 days")
        if not _fits(self.says, self.value):
            raise ValueError("a capacity statement with a value that does not fit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something wrong there from `since` and before `until` (aware moments)."""

    kind: AlertKind
    since: datetime
    until: datetime
    by: str

    def __post_init__(self) -> None:
        if self.since.tzinfo is None or self.until.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        if self.until <= self.since:
            raise ValueError("an alert must end after it begins")


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What holds for a while; whatever has run out says nothing any more."""

    capacity: tuple[Capacity, ...] = ()
    paused_until: datetime | None = None
    alerts: tuple[Alert, ...] = ()

    def __post_init__(self) -> None:
        if self.paused_until is not None and self.paused_until.tzinfo is None:
            raise ValueError("a moment needs its time zone")

    def paused(self, at: datetime) -> bool:
        """Whether nobody is taken in at this moment."""
        return self.paused_until is not None and at < self.paused_until

    def room(self, at: datetime) -> Says | None:
        """The newest of has space, call and full that still holds."""
        said = [one for one in self.holding(at) if one.says in ROOM]
        return max(said, key=lambda one: one.since).says if said else None

    def boys_over(self, at: datetime) -> int | None:
        """The age in years above which boys are not taken in at this moment."""
        ages = [int(one.value) for one in self.holding(at) if one.says is Says.NO_BOYS_OVER]
        return min(ages, default=None)

    def speaks(self, at: datetime) -> frozenset[str]:
        """Languages somebody there speaks just now."""
        return frozenset(one.value for one in self.holding(at) if one.says is Says.SPEAKS)

    def alerted(self, at: datetime) -> frozenset[AlertKind]:
        """What is wrong there at this moment."""
        return frozenset(one.kind for one in self.alerts if one.since <= at < one.until)

    def holding(self, at: datetime) -> tuple[Capacity, ...]:
        """The statements that hold at this moment."""
        return tuple(one for one in self.capacity if one.since <= at < one.until)

    def said(self, new: Capacity) -> "Intake":
        """With one more statement; what it replaces and what has run out is left out."""
        kept = [one for one in self.capacity if new.since < one.until and not _same(one, new)]
        return Intake(capacity=(*kept, new), paused_until=self.paused_until, alerts=self.alerts)


def _same(one: Capacity, new: Capacity) -> bool:
    if new.says is Says.SPEAKS:
        return one.says is Says.SPEAKS and one.value == new.value
    return one.says is new.says or {one.says, new.says} <= ROOM


def _fits(says: Says, value: str) -> bool:
    match says:
        case Says.NO_BOYS_OVER:
            return (
                value.isascii()
                and value.isdecimal()
                and len(value) < 4
                and int(value) <= _OLDEST_CHILD
            )
        case Says.SPEAKS:
            return value.isascii() and value.islower() and len(value) in (2, 3)
        case _:
            return value == ""
