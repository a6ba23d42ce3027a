"""move(): one act on a referral, carried out or refused; pure, time and person passed in."""

from datetime import datetime

from referrals.changes import changed
from referrals.consequences import effects
from referrals.facts import Facts, Trial
from referrals.outcomes import Moved, Reason, Refused
from referrals.referral import Referral
from referrals.roles import By, Role, Seat, seats
from referrals.states import Act
from referrals.table import STANDS_IN, Rule, rules_of

_SUPERVISORS = frozenset({Seat.SENDER_SUPERVISOR, Seat.RECEIVER_SUPERVISOR})


def move(referral: Referral, act: Act, by: By, at: datetime, facts: Facts) -> Moved | Refused:
    """The referral after the act, with the orders that follow; or the reason why not.

    Whoever has no seat learns only ROLE. Her own stop is refused for no version: it is always in
    time. Raises ValueError for a moment without a zone.
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    trial = Trial(referral=referral, act=act, by=by, at=at, facts=facts)
    rule = _allowed(trial)
    if isinstance(rule, Reason):
        return Refused(rule)
    after = changed(trial, rule.to)
    return Moved(referral=after, effects=effects(trial, rule, after))


def begin(draft: Referral, by: By) -> Referral | Refused:
    """A new draft, which only its owner may write down, with nothing done to it yet."""
    fresh = Referral(
        id=draft.id,
        sender=by.organisation,
        owner=by.who,
        urgency=draft.urgency,
        touched_at=draft.touched_at,
        target=draft.target,
        child=draft.child,
        child_focal_point=draft.child_focal_point,
    )
    if by.role is not Role.CASEWORKER or by.for_her or fresh != draft:
        return Refused(Reason.ROLE)
    return draft


def _allowed(trial: Trial) -> Rule | Reason:
    held = seats(trial.referral, trial.by)
    if not held:
        return Reason.ROLE
    if trial.facts.seen != trial.referral.version and trial.act is not Act.WITHDRAW:
        return Reason.VERSION
    rule = rules_of(trial.referral).get((trial.referral.state, trial.act))
    if rule is None:
        return Reason.STATE
    if not _is_theirs(trial, held & rule.seats):
        return Reason.ROLE
    found = (guard(trial) for guard in rule.guards)
    return next((reason for reason in found if reason), rule)


def _is_theirs(trial: Trial, sitting: frozenset[Seat]) -> bool:
    stands_in = trial.act in STANDS_IN and sitting <= _SUPERVISORS
    return bool(sitting) and (trial.facts.absent or not stands_in)
