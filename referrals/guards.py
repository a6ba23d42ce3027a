"""Guards of the table of moves: each gives the reason to refuse one trial, or None."""

from collections.abc import Callable
from datetime import timedelta

from referrals.clocks import UNSENT, end_of
from referrals.facts import Trial
from referrals.outcomes import Reason
from referrals.roles import Role
from referrals.states import DeclineReason
from referrals.urgency import Urgency

Guard = Callable[[Trial], Reason | None]

LONGEST_CODE = timedelta(hours=24)  # remote; beside her caseworker it is 20 minutes (3.8)
LONGEST_CONSENT = timedelta(days=90)  # 3.8


def over(trial: Trial) -> Reason | None:
    """The timer ends nothing before its time, and only by the act that is due."""
    end = end_of(trial.referral, trial.facts.clocks)
    is_over = end is not None and end.act is trial.act and trial.at >= end.at
    return None if is_over else Reason.EARLY


def minimum_data(trial: Trial) -> Reason | None:
    """3.5."""
    return None if trial.facts.complete else Reason.MISSING


def receiver_ready(trial: Trial) -> Reason | None:
    """Chosen, verified and active (3.3, R48)."""
    ready = trial.referral.receiver() and trial.facts.receiver_ready
    return None if ready else Reason.RECEIVER


def receiver_stands(trial: Trial) -> Reason | None:
    """Who is suspended or raided takes nobody; whose vetting ran out goes on with who is there."""
    return None if trial.facts.receiver_stands else Reason.RECEIVER


def fits_age(trial: Trial) -> Reason | None:
    """The service takes her age band."""
    return None if trial.facts.fits_age else Reason.AGE


def child_focal_point(trial: Trial) -> Reason | None:
    """Under 18 only with a child focal point assigned (3.15)."""
    referral = trial.referral
    return Reason.CHILD if referral.child and not referral.child_focal_point else None


def no_recent_no(trial: Trial) -> Reason | None:
    """No second request within 7 days of a "no", unless she asks herself (3.12)."""
    return None if trial.facts.may_be_asked else Reason.ASKED


def time_to_answer(trial: Trial) -> Reason | None:
    """The code or script ends, and within 24 hours (3.8)."""
    until = trial.facts.answer_until
    fits = until is not None and trial.at < until <= trial.at + LONGEST_CODE
    return None if fits else Reason.MISSING


def still_asked(trial: Trial) -> Reason | None:
    """An answer after the code is over counts for nothing."""
    until = trial.referral.answer_until
    return None if until is not None and trial.at < until else Reason.NO_CONSENT


def child_not_by_code(trial: Trial) -> Reason | None:
    """A child's consent is taken in person by its focal point, never by code (3.15)."""
    by_code = trial.by.role is not Role.CHILD_FOCAL_POINT
    return Reason.CHILD if trial.referral.child and by_code else None


def consent_recorded(trial: Trial) -> Reason | None:
    """The record of 3.8 is complete, and ends within 90 days."""
    until = trial.facts.consent_until
    ends = until is not None and trial.at < until <= trial.at + LONGEST_CONSENT
    return None if trial.facts.consent_complete and ends else Reason.NO_CONSENT


def consent_runs(trial: Trial) -> Reason | None:
    """Her yes holds at this moment, for this receiver, purpose and these items."""
    until = trial.referral.consent_until
    runs = until is not None and trial.at < until
    return None if runs and trial.facts.consent_holds else Reason.NO_CONSENT


def consent_fresh(trial: Trial) -> Reason | None:
    """Not sent within 72 h: she is asked again (3.8)."""
    agreed = trial.referral.agreed_at
    return None if agreed is not None and trial.at - agreed < UNSENT else Reason.ASK_AGAIN


def child_approved(trial: Trial) -> Reason | None:
    """The child focal point has approved; across a border step 6 of the eight is done (3.15)."""
    referral = trial.referral
    if not referral.child:
        return None
    decided = trial.facts.best_interests or not referral.abroad()
    return None if referral.approved and decided else Reason.CHILD


def called_first(trial: Trial) -> Reason | None:
    """Levels 0 and 1 begin with a call, even one that nobody answered (3.4, 3.17)."""
    waits = trial.referral.urgency >= Urgency.MEDIUM
    return None if waits or trial.facts.called_first else Reason.CALL_FIRST


def across_border(trial: Trial) -> Reason | None:
    """A basis between the countries, her second yes, and no high risk left open (3.13)."""
    if not trial.referral.abroad():
        return None
    if not trial.facts.agreement:
        return Reason.AGREEMENT
    if not trial.facts.second_yes:
        return Reason.NO_CONSENT
    return None if trial.facts.risk_cleared else Reason.RISK


def body_of_a_state(trial: Trial) -> Reason | None:
    """Police, state team and embassy each only with their own yes (3.7, 3.14)."""
    target = trial.referral.target
    to_state = target is not None and target.state_body
    return Reason.STATE_BODY if to_state and not trial.facts.state_yes else None


def unopened(trial: Trial) -> Reason | None:
    """Sent by mistake can be called back only while nobody has looked."""
    return None if trial.facts.nobody_opened else Reason.OPENED


def both_sides(trial: Trial) -> Reason | None:
    """Across a border the focal points of both sides accept (3.13)."""
    one_side = trial.referral.abroad() and not trial.facts.both_sides
    return Reason.AGREEMENT if one_side else None


def decline_reason(trial: Trial) -> Reason | None:
    """A code of the list; words beside "other" only when checked."""
    code = trial.facts.decline
    bare_other = code is DeclineReason.OTHER and not trial.facts.words_checked
    return Reason.MISSING if code is None or bare_other else None


def question_given(trial: Trial) -> Reason | None:
    """One of the fixed list."""
    return None if trial.facts.question else Reason.MISSING


def within_items(trial: Trial) -> Reason | None:
    """The answer uses only what she agreed to."""
    return None if trial.facts.within_items else Reason.NEW_ITEM


def agreed_with_her(trial: Trial) -> Reason | None:
    """Time band, way, language and escort are hers."""
    return None if trial.facts.agreed_with_her else Reason.NOT_WITH_HER


def travel_ready(trial: Trial) -> Reason | None:
    """Across a border: a window, company, a safe place till then, a follow-up on both sides."""
    lacking = trial.referral.abroad() and not trial.facts.travel_ready
    return Reason.TRAVEL if lacking else None


def travel_confirmed(trial: Trial) -> Reason | None:
    """Across a border she said once more, alone, 24 to 48 h before, that she wants to go."""
    unasked = trial.referral.abroad() and not trial.facts.travel_confirmed
    return Reason.UNCONFIRMED if unasked else None


def met_her(trial: Trial) -> Reason | None:
    """She was met and says that it is the right service."""
    return None if trial.facts.right_service else Reason.NOT_WITH_HER


def closing_code(trial: Trial) -> Reason | None:
    """Closing says how it ended."""
    return None if trial.facts.closing else Reason.MISSING


def followed_up(trial: Trial) -> Reason | None:
    """Follow-up is done, or she refused it."""
    return None if trial.facts.follow_up_done else Reason.FOLLOW_UP


def another_try_or_time(trial: Trial) -> Reason | None:
    """After a decline: she wants no other try, or 14 days went by without a draft."""
    if trial.by.role is Role.TIMER:
        return over(trial)
    if not trial.facts.no_other_try:
        return Reason.NOT_WITH_HER
    return closing_code(trial)


def lower(trial: Trial) -> Reason | None:
    """Only down, and with a reason (3.2); up means asking her again."""
    new = trial.facts.urgency
    is_lower = new is not None and new > trial.referral.urgency
    return None if is_lower and trial.facts.reason_given else Reason.MISSING


def same_receiver(trial: Trial) -> Reason | None:
    """Who has had the card stays the receiver until that is ended and told."""
    new = trial.facts.target
    moved = new is not None and new.organisation != trial.referral.receiver()
    return Reason.RECEIVER if trial.referral.reached and moved else None


def somebody_takes_over(trial: Trial) -> Reason | None:
    """The person is named, active there and in a role that may."""
    return None if trial.facts.person and trial.facts.takes_over else Reason.MISSING


def known_focal_point(trial: Trial) -> Reason | None:
    """A child focal point who is named is active, in that role."""
    named = trial.facts.child_focal_point
    return Reason.MISSING if named and not trial.facts.takes_over else None


def stays_child(trial: Trial) -> Reason | None:
    """Only the child focal point may say that she is not under 18 after all."""
    grows = trial.referral.child and trial.facts.child is False
    allowed = trial.by.role is Role.CHILD_FOCAL_POINT
    return Reason.CHILD if grows and not allowed else None
