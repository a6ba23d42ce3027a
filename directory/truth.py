"""What people found out about one service over time, and who did it; a history, never a person."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from directory.service import Service


class Method(Enum):
    """How somebody checked."""

    VISIT = "visit"
    CALL = "call"
    FORM = "form"


class Result(Enum):
    """What came of a check; only `ok` makes an entry fresh."""

    OK = "ok"
    NO_ANSWER = "no_answer"
    WRONG = "wrong"
    CHANGED = "changed"


class PullReason(Enum):
    """Why a service was taken out; the last two count as suspension, the others as pulled."""

    DANGEROUS = "dangerous"
    WRONG_NUMBER = "wrong_number"
    CLOSED = "closed"
    ASKED_BY_PARTNER = "asked_by_partner"
    SAFEGUARDING = "safeguarding"
    AGREEMENT_ENDED = "agreement_ended"


SUSPENDS = frozenset({PullReason.SAFEGUARDING, PullReason.AGREEMENT_ENDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """One check; `by` is the id of a member of staff or of a focal point."""

    on: date
    method: Method
    by: str
    result: Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A "still right?" sent to a focal point, who has until then to answer (aware moments)."""

    sent_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """Taken out by one person; `returns` are those who agreed to put it back."""

    at: datetime
    by: str
    why: PullReason
    returns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An entry as somebody would have it; it is shown to nobody until another has checked it."""

    service: Service
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One act: who, when, what. `what` is a name of the closed set of moves."""

    at: datetime
    by: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Everything known about the truth of one entry.

    `checks` are those of the content as it is now, oldest first; `earlier` those of what it said
    before. `asks` are the unanswered ones since the last good check. `entered_by` wrote the
    content down and so cannot be the one who checks it first.
    """

    entered_by: str = ""
    checks: tuple[Verification, ...] = ()
    earlier: tuple[Verification, ...] = ()
    asks: tuple[Ask, ...] = ()
    pull: Pull | None = None
    proposal: Proposal | None = None
    acts: tuple[Done, ...] = ()

    def good(self) -> tuple[Verification, ...]:
        """The checks that found everything right, oldest first."""
        return tuple(one for one in self.checks if one.result is Result.OK)

    def since_good(self) -> tuple[Verification, ...]:
        """The checks after the last good one: what is wrong at present."""
        last = max((n for n, one in enumerate(self.checks) if one.result is Result.OK), default=-1)
        return self.checks[last + 1 :]
