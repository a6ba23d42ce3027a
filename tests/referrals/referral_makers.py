"""Referrals, people and facts for the tests: everything is true unless a test says no."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from referrals.facts import Facts
from referrals.moves import move
from referrals.outcomes import Moved
from referrals.referral import Deletion, Referral, Target
from referrals.roles import By, Role
from referrals.states import WITH_RECEIVER, Act, ClosingCode, DeclineReason, Question, State
from referrals.urgency import Urgency

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

SHE = By(role=Role.SURVIVOR)
TIMER = By(role=Role.TIMER)
OWNER = By(role=Role.CASEWORKER, who="ma.1", organisation="home")
COLLEAGUE = By(role=Role.CASEWORKER, who="ma.2", organisation="home")
SUPERVISOR = By(role=Role.SUPERVISOR, who="su.1", organisation="home")
CHILD_POINT = By(role=Role.CHILD_FOCAL_POINT, who="ch.1", organisation="home")
OTHER_CHILD_POINT = By(role=Role.CHILD_FOCAL_POINT, who="ch.2", organisation="home")
FOCAL = By(role=Role.FOCAL_POINT, who="fo.1", organisation="away")
RECEIVING = By(role=Role.CASEWORKER, who="re.1", organisation="away")
THEIR_SUPERVISOR = By(role=Role.SUPERVISOR, who="su.2", organisation="away")
COORDINATOR = By(role=Role.COORDINATOR, who="co.1", organisation="net")
TARGET = Target(organisation="away", service="s1")

WITH_THEM = (State.ACCEPTED, State.HANDOVER_ARRANGED, State.MET)


def facts(referral: Referral, at: datetime = T0, **changes: Any) -> Facts:
    """Facts under which every guard is content, seen at the present version."""
    yes = {field.name: True for field in fields(Facts) if field.type is bool}
    rest: dict[str, Any] = {
        "seen": referral.version,
        "answer_until": at + HOUR,
        "consent_until": at + 30 * DAY,
        "decline": DeclineReason.NO_SPACE,
        "question": Question.LANGUAGE,
        "closing": ClosingCode.SERVICE_RECEIVED,
        "urgency": Urgency.NORMAL,
        "person": "xx.9",
    }
    return Facts(**{**yes, **rest, **changes})


def referral(state: State = State.DRAFT, **changes: Any) -> Referral:
    """A referral that came to `state` at T0, with every moment such a one has."""
    sent = state in WITH_RECEIVER or state in {State.DECLINED, State.CLOSED, State.WITHDRAWN}
    agreed = sent or state in {State.CONSENTED, State.EXPIRED}
    given: dict[str, Any] = {
        "id": "r1",
        "sender": "home",
        "owner": "ma.1",
        "urgency": Urgency.HIGH,
        "touched_at": T0,
        "state": state,
        "version": 3,
        "target": TARGET,
        "reached": sent,
        "opened": state in WITH_THEM,
        "assigned": "re.1" if state in WITH_THEM else "",
        "answer_until": T0 + HOUR if state is State.CONSENT_PENDING else None,
        "agreed_at": T0 if agreed else None,
        "consent_until": T0 + 90 * DAY if agreed else None,
        "sent_at": T0 if sent else None,
        "asked_at": T0 if state is State.MORE_INFO else None,
        "declined_at": T0 if state is State.DECLINED else None,
        "met_at": T0 if state is State.MET else None,
    }
    return Referral(**{**given, **changes})


def child(state: State = State.DRAFT, **changes: Any) -> Referral:
    """The same of a person under 18 whose focal point is assigned and has approved."""
    return referral(
        state, **{"child": True, "child_focal_point": "ch.1", "approved": True, **changes}
    )


def asked_to_delete(one: Referral) -> Referral:
    """The same with its receiver asked to delete."""
    return replace(one, deletions=(Deletion(organisation="away", asked_at=T0),))


def for_her(by: By) -> By:
    """This member of staff writing down her word."""
    return replace(by, for_her=True)


def moved(one: Referral, act: Act, by: By, at: datetime = T0, **changes: Any) -> Moved:
    """The move, which must be allowed."""
    outcome = move(one, act, by, at, facts(one, at, **changes))
    assert isinstance(outcome, Moved), outcome
    return outcome
