"""What goes in and out of casework: what a person says about an act, and what a person may see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from handlers.casework_form import Form
from privacy.sealing import Part
from referrals.clocks import Step
from referrals.items import Item
from referrals.reading import Sight
from referrals.referral import Target
from referrals.states import Act, ClosingCode, DeclineReason, Question, State
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
class Given:
    """What only the person who acts can say; whatever can be looked up is looked up.

    `seen` is the version that was shown. `words` stand beside "other" when declining.
    `arranged`: the points that are done. `follow_up`: done, or she does not want it.
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
    right_service: bool = False
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
class View:
    """A referral as one person may see it now; whatever is not for that person is not in it.

    `state` is None for an organisation that only has to confirm that it deleted. `asks_deletion`:
    this organisation must. `sending_yes`: the sending side of a border has accepted. `blocks` are
    codes of what still stands against sending (`block.` of a border, `trafficking.`, `lacks.` of
    the form, `why.` of her yes). `consent_code` stands in the answer to ASK_CONSENT and never
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
    blocks: tuple[str, ...] = ()
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
