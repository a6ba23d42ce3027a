"""What a border adds to a referral as the sender sees it: danger, steps, travel, checks."""

from dataclasses import replace
from datetime import datetime

from handlers.case_file import Case
from handlers.case_seats import seats_of
from handlers.case_values import Safer, View
from handlers.staff_values import Account
from referrals.reading import Sight
from referrals.roles import Seat
from referrals.states import FINAL, State
from referrals.urgency import ABROAD_CHECKS

INVITES = frozenset({Seat.OWNER, Seat.SENDER_SUPERVISOR})
"""Who may ask a legal adviser about one return."""
_BEFORE_SENDING = frozenset({State.DRAFT, State.CONSENT_PENDING, State.CONSENTED})


def with_border(shown: View, case: Case, account: Account, at: datetime) -> View:
    """The view with what this person may see and do about the border."""
    reads = shown.sight >= Sight.CONTENT
    marks = Seat.CHILD_FOCAL_POINT in seats_of(case.referral, account)
    return replace(
        shown,
        safer=_safer(case, account),
        steps=case.inner.steps if case.referral.child and reads else None,
        may_mark=marks and case.referral.state not in FINAL,
        travel=case.inner.travel if reads else None,
        may_confirm=_may_confirm(case, account, at),
        may_ask_later=witnesses(case, account) and is_time_for_later(case, at),
        later=case.clear.later,
    )


def witnesses(case: Case, account: Account) -> bool:
    """Whether she says her word to this person: her caseworker, for a child its focal point."""
    wanted = Seat.CHILD_FOCAL_POINT if case.referral.child else Seat.OWNER
    return wanted in seats_of(case.referral, account)


def is_dangerous(case: Case) -> bool:
    """Whether a return that is not sent yet has a danger that she calls high."""
    told = case.form.corridor
    waits = case.referral.state in _BEFORE_SENDING and case.form.abroad()
    return waits and told is not None and told.high()


def is_time_for_later(case: Case, at: datetime) -> bool:
    """At the check of 30 days, where she wanted checks: she can be asked about later ones."""
    met, referral = case.clear.met_at, case.referral
    waits = referral.state is State.MET and referral.abroad() and referral.check_ins
    return waits and not case.clear.later and met is not None and at >= met + ABROAD_CHECKS[-1]


def _safer(case: Case, account: Account) -> Safer | None:
    """Where the return check says "high": how it stands, and what this person may do."""
    if not is_dangerous(case):
        return None
    held, clear = seats_of(case.referral, account), case.clear
    return Safer(
        supervisor_yes=bool(clear.supervisor_yes),
        adviser=clear.adviser,
        adviser_yes=bool(clear.adviser_yes),
        may_invite=bool(held & INVITES),
        may_agree=Seat.SENDER_SUPERVISOR in held and not clear.supervisor_yes,
    )


def _may_confirm(case: Case, account: Account, at: datetime) -> bool:
    travel = case.inner.travel
    if travel is None or case.referral.state is not State.HANDOVER_ARRANGED:
        return False
    waits = travel.confirmed_at is None and travel.ask_from <= at <= travel.ask_until
    return waits and witnesses(case, account)
