"""What goes in and out of casework: what a person says about an act, and what a person may see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum

from handlers.casework_form import Form
from privacy.sealing import Part
from referrals.children import ReturnSteps
from referrals.clocks import Step
from referrals.contact_terms import Band
from referrals.corridor import CrossingPoint
from referrals.items import Item
from referrals.reading import Sight
from referrals.referral import Target
from referrals.states import Act, ClosingCode, DeclineReason, Question, State
from referrals.travel import Travel
from referrals.urgency import Urgency
from referrals.values import Values


class Warm(Enum):
    """The five points of a warm hand-over (referral protocol 3.10); `arrange.<value>`."""

    SPOKE = "spoke"
    KNOWS = "knows"
    NOT_ALONE = "not_alone"
    NO_STORY = "no_story"
    CHECK = "check"


class Asking(Enum):
    """How she is asked for her yes, by which the time to answer differs (3.8, decisions 24)."""

    BESIDE = "beside"  # a code, her caseworker with her
    REMOTE = "remote"  # a code, she is somewhere else
    SCRIPT = "script"  # by phone or face to face


class LowerReason(Enum):
    """Why the urgency is lowered; "own, reason" (3.2). `lower.<value>` is its phrase."""

    SAFER_NOW = "safer_now"
    WINDOW_OVER = "window_over"
    HER_WISH = "her_wish"
    MISTAKE = "mistake"


class ReadReason(Enum):
    """Why a supervisor opens what others own: "on request, logged" (3.2). `read.<value>`."""

    STANDS_IN = "stands_in"
    SUPPORT = "support"
    COMPLAINT = "complaint"
    SAFETY = "safety"


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelGiven:
    """Travel as it was agreed with her: days where she is, part of the day, kind of crossing.

    `ours` and `theirs` follow up, one on each side; `safe`: she has a safe place until then.
    """

    first: date | None = None
    last: date | None = None
    band: Band | None = None
    point: CrossingPoint | None = None
    ours: str = ""
    theirs: str = ""
    safe: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What only the person who acts can say; whatever can be looked up is looked up.

    `seen` is the version that was shown. `words` stand beside "other" when declining.
    `arranged`: the points that are done. `follow_up`: done, or she does not want it.
    `came_unasked`: she stands there and was not asked again before she crossed the border.
    """

    seen: int
    asking: Asking | None = None
    urgency: Urgency | None = None
    lower: LowerReason | None = None
    decline: DeclineReason | None = None
    words: str = field(default="", repr=False)
    question: Question | None = None
    answer: Values | None = field(default=None, repr=False)
    closing: ClosingCode | None = None
    no_other_try: bool = False
    person: str = ""
    called_first: bool = False
    arranged: frozenset[Warm] = frozenset()
    travel: TravelGiven | None = None
    right_service: bool = False
    came_unasked: bool = False
    follow_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The triage card: what is needed, and of her items those in codes that she agreed to."""

    services: tuple[str, ...]
    sender: str
    values: Mapping[Item, tuple[str, ...]] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One thing that time will bring: when, and what."""

    at: datetime
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Safer:
    """Where a danger of the return is high: what is said so far, and what this person may do.

    `adviser` is the legal adviser who was asked; the two yeses are of supervisor and adviser.
    """

    supervisor_yes: bool = False
    adviser: str = ""
    adviser_yes: bool = False
    may_invite: bool = False
    may_agree: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A referral as one person may see it now; whatever is not for that person is not in it.

    `state` is None for an organisation that only has to confirm that it deleted. `asks_deletion`:
    this organisation must. `by_phone`: for the sending side, which writes down what a partner
    without an account says by telephone. `sending_yes`: the sending side of a border has
    accepted. `blocks` are codes of what still stands against sending (`block.` of a border,
    `trafficking.`, `lacks.` of the form, `why.` of her yes). `steps`: of a child across a border,
    `may_mark` the open one. `travel`: when, with whom after it; `may_confirm`: she can be asked
    again now. `may_ask_later`: she can be asked now about checks after 90 and 180 days, `later`
    that she wants them. `her_no`: it ended because she said no. `lost`: it ended by a fault of
    ours, and is to be sent again. `consent_code` stands in the answer to ASK_CONSENT and never
    again.
    """

    id: str
    code: str
    version: int
    sight: Sight
    state: State | None
    urgency: Urgency
    clocks: tuple[Clock, ...] = ()
    target: Target | None = None
    owner: str = ""
    assigned: str = ""
    sent_at: datetime | None = None
    contact_at: datetime | None = None
    time_to_contact: timedelta | None = None
    acts: frozenset[Act] = frozenset()
    card: Card | None = None
    form: Form | None = field(default=None, repr=False)
    question: Question | None = None
    decline: DeclineReason | None = None
    decline_words: str = field(default="", repr=False)
    arranged: frozenset[Warm] = frozenset()
    deletions: tuple[str, ...] = ()
    asks_deletion: bool = False
    sending_yes: bool = False
    by_phone: bool = False
    blocks: tuple[str, ...] = ()
    her_no: bool = False
    lost: bool = False
    safer: Safer | None = None
    steps: ReturnSteps | None = None
    may_mark: bool = False
    travel: Travel | None = None
    may_confirm: bool = False
    may_ask_later: bool = False
    later: bool = False
    consent_code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a reader with a right to it gets: the sender's side the form, the receiver's the parts.

    `share` is the server's half of the key; the other half is in the reader's browser only.
    """

    id: str
    version: int
    form: Form | None = field(default=None, repr=False)
    parts: tuple[Part, ...] = field(default=(), repr=False)
    share: bytes = field(default=b"", repr=False)
