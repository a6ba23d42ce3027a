"""Travel across a border: a window of days, who follows up on each side, her yes before it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from referrals.contact_terms import HOURS, Band
from referrals.corridor import CONFIRM_FROM, CONFIRM_UNTIL, CrossingPoint

LONGEST_WINDOW = timedelta(days=1)
"""From the first day to the last. Ours: with more, her word of 24-48 h before says too little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Travel:
    """When she travels, in codes alone; the crossing's name and the hour are said by voice (3.13).

    `starts` is the moment at which the window begins where she is. `ours` and `theirs` are the
    accounts, or codes of people, who follow up on each side. `safe`: she has a safe place until
    then. `confirmed_at` is when she said again, alone, that she still wants to go. Raises
    ValueError for a window that is none or too long, or a moment without its zone.
    """

    first: date
    last: date
    band: Band
    starts: datetime
    point: CrossingPoint
    ours: str
    theirs: str
    safe: bool
    confirmed_at: datetime | None = None
    confirmed_by: str = field(default="")

    def __post_init__(self) -> None:
        if not timedelta() <= self.last - self.first <= LONGEST_WINDOW:
            raise ValueError("a window of travel that is none")
        if self.starts.tzinfo is None:
            raise ValueError("a moment needs its time zone")

    @property
    def ask_from(self) -> datetime:
        """The first moment at which she can be asked again."""
        return self.starts - CONFIRM_FROM

    @property
    def ask_until(self) -> datetime:
        """The last one; who has not said yes by then does not travel on this day."""
        return self.starts - CONFIRM_UNTIL

    @property
    def ends(self) -> datetime:
        """When the part of the day is over on the last of its days."""
        begin, end = HOURS[self.band]
        return self.starts + (self.last - self.first) + timedelta(hours=end.hour - begin.hour)
