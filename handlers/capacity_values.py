"""The anonymous question for room, as values: what is asked, what can be answered, till when."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

OPEN_FOR = timedelta(days=7)
"""How long a question can be answered, and how long a yes counts."""
WITHIN = (7, 14, 30)
"""How many days ahead may be asked for."""


class RoomAnswer(Enum):
    """What the other side can say; `capacity.<value>` is its phrase."""

    YES = "yes"
    NO = "no"
    FROM_DATE = "from_date"
    PHONE = "phone"


class Room(Enum):
    """How it stands with the question for a referral; `border.answer.<value>` is its phrase."""

    UNASKED = "unasked"
    WAITING = "waiting"
    YES = "yes"
    NO = "no"
    PHONE = "phone"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityQuestion:
    """Country she would come from, service, age band, days. Nobody is named, no referral either.

    `asker` and `organisation` are who asks; `code` is what both sides call the question by.
    """

    code: str
    asker: str
    organisation: str
    receiver: str
    service: str
    country: str
    age: str
    first: date
    last: date
    asked_at: datetime
    answer: RoomAnswer | None = None
    free_from: date | None = None
    answered_at: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        """Whether it can be answered, or answered otherwise."""
        return at < self.asked_at + OPEN_FOR

    def ends_at(self) -> datetime:
        """When it is forgotten: an answer counts as long as the question was open."""
        return (self.answered_at or self.asked_at) + OPEN_FOR

    def stands(self, at: datetime) -> Room:
        """What it says at this moment. Free from a day counts where that day is among those."""
        if at >= self.ends_at():
            return Room.OVER
        match self.answer:
            case None:
                return Room.WAITING
            case RoomAnswer.YES:
                return Room.YES
            case RoomAnswer.FROM_DATE:
                in_time = self.free_from is not None and self.free_from <= self.last
                return Room.YES if in_time else Room.NO
            case RoomAnswer.NO:
                return Room.NO
            case RoomAnswer.PHONE:
                return Room.PHONE
