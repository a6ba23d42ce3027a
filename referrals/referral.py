"""Referral: what is known in clear about one woman's way to one service; no content, no name."""

from dataclasses import dataclass
from datetime import datetime

from referrals.states import ClosingCode, DeclineReason, Question, State
from referrals.travel import Travel
from referrals.urgency import Urgency

GUEST = "guest"  # `assigned` to whoever accepted behind a link; no account has such an id


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The one receiver: organisation, its service, whether abroad, whether a body of a state.

    Embassies, police and state trafficking teams are bodies of a state.
    """

    organisation: str
    service: str
    abroad: bool = False
    state_body: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """A receiver that has been asked to delete, and has not said yet that it did."""

    organisation: str
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """One referral as its table of moves sees it; all moments are aware.

    `version` counts the acts. `owner` and `child_focal_point` belong to the `sender`
    organisation, `assigned` to the receiver, or is GUEST. `reached`: this receiver has had the
    triage card. `opened`: it has had the content. `pauses` are the questions already answered,
    each from and to; `asked_at` is the open one. `contact_at`: when her meeting was arranged;
    `returned_at`: when the one before it failed or was moved. `raised` are the steps of the clocks
    that have been carried out. `outcome` and `check_ins` are her separate yeses. `travel`: across
    a border only.
    """

    id: str
    sender: str
    owner: str
    urgency: Urgency
    touched_at: datetime
    state: State = State.DRAFT
    version: int = 0
    target: Target | None = None
    child: bool = False
    child_focal_point: str = ""
    approved: bool = False
    assigned: str = ""
    reached: bool = False
    opened: bool = False
    outcome: bool = False
    check_ins: bool = False
    answer_until: datetime | None = None
    agreed_at: datetime | None = None
    consent_until: datetime | None = None
    sent_at: datetime | None = None
    asked_at: datetime | None = None
    question: Question | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    contact_at: datetime | None = None
    returned_at: datetime | None = None
    travel: Travel | None = None
    met_at: datetime | None = None
    declined_at: datetime | None = None
    decline: DeclineReason | None = None
    closing: ClosingCode | None = None
    deletions: tuple[Deletion, ...] = ()
    raised: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.touched_at.tzinfo is None:
            raise ValueError("a moment needs its time zone")

    def receiver(self) -> str:
        """The receiving organisation, empty while none is chosen."""
        return self.target.organisation if self.target else ""

    def abroad(self) -> bool:
        """Whether she is sent to another country."""
        return self.target is not None and self.target.abroad

    def by_guest(self) -> bool:
        """Whether a partner without an account has it: nobody there can write anything down."""
        return self.assigned == GUEST
