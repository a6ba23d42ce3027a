"""What people found out about one service over time, and who did it; a history, never a person."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from directory.intake import Intake
from directory.service import ContactKind, Service

# What one calls or writes to: checked with the entry, and not checked any more once it differs.
_REACHES_THEM = frozenset(
    {ContactKind.VOICE, ContactKind.SMS, ContactKind.CHAT, ContactKind.EMAIL}
)


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


class Told(Enum):
    """How whoever proposes an entry knows what it says."""

    CALLED_BACK = "called_back"
    BY_THE_SERVICE = "by_the_service"
    OTHERWISE = "otherwise"


class Reply(Enum):
    """What a focal point answers to "still right?" with one tap."""

    RIGHT = "right"
    CHANGED = "changed"
    CLOSED = "closed"


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
    """A "still right?" sent to a focal point, who has until then to answer (aware moments).

    `to` is the focal point's id, empty where a member of staff asked in another way.
    """

    sent_at: datetime
    until: datetime
    to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToAsk:
    """A "still right?" that is to be sent to this focal point; its time has not begun yet."""

    to: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """Taken out by one person; `returns` are those who agreed to put it back."""

    at: datetime
    by: str
    why: PullReason
    returns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An entry as somebody would have it; it is shown to nobody until another has checked it.

    `device` is the browser it was written in, where that is known.
    """

    service: Service
    by: str
    at: datetime
    told: Told = Told.OTHERWISE
    device: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One act: who, when, what. `what` is a name of the closed set of moves.

    `how` says how it is known, for what was proposed or checked: a value of Told or Method, or
    `focal_point`; empty for everything else and in what was kept before it was written down.
    """

    at: datetime
    by: str
    what: str
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Everything known about the truth of one entry.

    `checks` are those of the content as it is now, oldest first; `earlier` those of what it said
    before. `asks` are the unanswered ones since the last good check, `to_ask` one that nobody has
    sent yet. `entered_by` wrote the content down and so cannot be the one who checks it first.
    `numbers` are those the last good check was about; `intake` is what holds for a while.
    """

    entered_by: str = ""
    checks: tuple[Verification, ...] = ()
    earlier: tuple[Verification, ...] = ()
    numbers: tuple[str, ...] | None = None
    asks: tuple[Ask, ...] = ()
    to_ask: ToAsk | None = None
    intake: Intake = field(default_factory=Intake)
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


def numbers_of(service: Service) -> tuple[str, ...]:
    """Everything by which the service is called or written to, in order."""
    return tuple(sorted(one.value for one in service.contacts if one.kind in _REACHES_THEM))
