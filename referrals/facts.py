"""Facts: what the handlers have found out before an act; whatever is left out refuses."""

from dataclasses import dataclass, field
from datetime import datetime

from referrals.clocks import Clocks
from referrals.referral import Referral, Target
from referrals.roles import By
from referrals.states import Act, ClosingCode, DeclineReason, Question
from referrals.travel import Travel
from referrals.urgency import Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What an act brings along, and what is known to be true when it is tried.

    `seen` is the version that the person had before her or his eyes. Every other field means
    "no" or "not given" when it is left out; there is none that lets a refused act through.
    """

    seen: int = -1
    clocks: Clocks = field(default_factory=Clocks)
    # to ask for consent (3.3, 3.5, 3.12)
    complete: bool = False  # the minimum data is there
    receiver_ready: bool = False  # verified, active, two coordinators, key words confirmed
    receiver_stands: bool = False  # neither suspended nor paused by a raid
    fits_age: bool = False
    may_be_asked: bool = False  # no "no" to this receiver for 7 days, unless she asks herself
    answer_until: datetime | None = None  # end of the code, or of the time for the script
    # her answer (3.8); consent_holds is asked anew at each act that relies on it
    consent_complete: bool = False
    consent_holds: bool = False
    consent_until: datetime | None = None
    outcome: bool = False
    check_ins: bool = False
    # to send (3.13-3.17)
    called_first: bool = False
    agreement: bool = False  # a basis for this pair of countries that allows these items
    second_yes: bool = False  # her own yes to this country
    risk_cleared: bool = False  # no "high", or SUP and legal adviser agreed with her
    state_yes: bool = False  # her own yes to this body of a state
    best_interests: bool = False  # step 6 of the eight is done
    nobody_opened: bool = False
    # from the receiver
    absent: bool = False  # those a supervisor stands in for are not there
    both_sides: bool = False
    decline: DeclineReason | None = None
    words_checked: bool = False  # those beside "other": 20 at most and nothing about her
    question: Question | None = None
    within_items: bool = False
    agreed_with_her: bool = False  # time band, way, language, escort
    travel: Travel | None = None  # its window, across a border
    travel_ready: bool = False  # and who follows up on both sides, company, a safe place till then
    travel_confirmed: bool = False  # she said again, 24 to 48 h before, that she wants to go
    right_service: bool = False  # she was met, and says so
    # to end, and to change
    closing: ClosingCode | None = None
    follow_up_done: bool = False  # or refused by her
    no_other_try: bool = False
    urgency: Urgency | None = None
    reason_given: bool = False
    target: Target | None = None
    child: bool | None = None
    child_focal_point: str = ""
    person: str = ""  # who takes over
    takes_over: bool = False  # this person is active there, in a role that may


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One act being tried: what the guards look at."""

    referral: Referral
    act: Act
    by: By
    at: datetime
    facts: Facts
