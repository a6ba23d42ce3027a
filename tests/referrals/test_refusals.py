"""What refuses an act, one fact at a time."""

from dataclasses import fields, replace
from typing import Any

import pytest

from referrals.facts import Facts
from referrals.moves import move
from referrals.outcomes import Reason, Refused
from referrals.referral import Referral, Target
from referrals.states import Act, DeclineReason, State
from referrals.urgency import Urgency
from tests.referrals.referral_makers import (
    DAY,
    FOCAL,
    HOUR,
    MINUTE,
    OWNER,
    RECEIVING,
    SHE,
    SUPERVISOR,
    T0,
    THEIR_SUPERVISOR,
    TIMER,
    child,
    facts,
    for_her,
    referral,
)

ABROAD = Target(organisation="away", service="s1", abroad=True)
POLICE = Target(organisation="away", service="s1", state_body=True)
OTHER = Target(organisation="third", service="s2")

DRAFT = referral(State.DRAFT)
PENDING = referral(State.CONSENT_PENDING)
CONSENTED = referral(State.CONSENTED)
SENT = referral(State.SENT)
RECEIVED = referral(State.RECEIVED)
MORE = referral(State.MORE_INFO)
ACCEPTED = referral(State.ACCEPTED)
ARRANGED = referral(State.HANDOVER_ARRANGED)
MET = referral(State.MET)
DECLINED = referral(State.DECLINED)

REFUSALS: list[tuple[Referral, Act, Any, dict[str, Any], Reason]] = [
    (replace(ACCEPTED, target=ABROAD), Act.ARRANGE, OWNER, {"travel_ready": False}, Reason.TRAVEL),
    (
        replace(ARRANGED, target=ABROAD),
        Act.MEET,
        RECEIVING,
        {"travel_confirmed": False},
        Reason.UNCONFIRMED,
    ),
    (DRAFT, Act.ASK_CONSENT, OWNER, {"complete": False}, Reason.MISSING),
    (DRAFT, Act.ASK_CONSENT, OWNER, {"receiver_ready": False}, Reason.RECEIVER),
    (replace(DRAFT, target=None), Act.ASK_CONSENT, OWNER, {}, Reason.RECEIVER),
    (DRAFT, Act.ASK_CONSENT, OWNER, {"fits_age": False}, Reason.AGE),
    (child(child_focal_point=""), Act.ASK_CONSENT, OWNER, {}, Reason.CHILD),
    (DRAFT, Act.ASK_CONSENT, OWNER, {"may_be_asked": False}, Reason.ASKED),
    (DRAFT, Act.ASK_CONSENT, OWNER, {"answer_until": None}, Reason.MISSING),
    (DRAFT, Act.ASK_CONSENT, OWNER, {"answer_until": T0}, Reason.MISSING),
    (DRAFT, Act.ASK_CONSENT, OWNER, {"answer_until": T0 + DAY + MINUTE}, Reason.MISSING),
    (replace(DRAFT, reached=True), Act.EDIT, OWNER, {"target": OTHER}, Reason.RECEIVER),
    (
        DRAFT,
        Act.EDIT,
        OWNER,
        {"child_focal_point": "ch.3", "takes_over": False},
        Reason.MISSING,
    ),
    (child(), Act.EDIT, OWNER, {"child": False}, Reason.CHILD),
    (PENDING, Act.AGREE, SHE, {"consent_complete": False}, Reason.NO_CONSENT),
    (PENDING, Act.AGREE, SHE, {"consent_until": None}, Reason.NO_CONSENT),
    (PENDING, Act.AGREE, SHE, {"consent_until": T0}, Reason.NO_CONSENT),
    (PENDING, Act.AGREE, SHE, {"consent_until": T0 + 90 * DAY + MINUTE}, Reason.NO_CONSENT),
    (replace(PENDING, answer_until=T0), Act.AGREE, SHE, {}, Reason.NO_CONSENT),
    (child(State.CONSENT_PENDING), Act.AGREE, SHE, {}, Reason.CHILD),
    (child(State.CONSENT_PENDING), Act.AGREE, for_her(OWNER), {}, Reason.ROLE),
    (CONSENTED, Act.SEND, OWNER, {"consent_holds": False}, Reason.NO_CONSENT),
    (replace(CONSENTED, consent_until=T0), Act.SEND, OWNER, {}, Reason.NO_CONSENT),
    (replace(CONSENTED, consent_until=None), Act.SEND, OWNER, {}, Reason.NO_CONSENT),
    (replace(CONSENTED, agreed_at=T0 - 72 * HOUR), Act.SEND, OWNER, {}, Reason.ASK_AGAIN),
    (CONSENTED, Act.SEND, OWNER, {"receiver_ready": False}, Reason.RECEIVER),
    (CONSENTED, Act.SEND, OWNER, {"fits_age": False}, Reason.AGE),
    (CONSENTED, Act.SEND, OWNER, {"called_first": False}, Reason.CALL_FIRST),
    (CONSENTED, Act.SEND, SUPERVISOR, {"absent": False}, Reason.ROLE),
    (child(State.CONSENTED, approved=False), Act.SEND, OWNER, {}, Reason.CHILD),
    (
        child(State.CONSENTED, target=ABROAD),
        Act.SEND,
        OWNER,
        {"best_interests": False},
        Reason.CHILD,
    ),
    (replace(CONSENTED, target=POLICE), Act.SEND, OWNER, {"state_yes": False}, Reason.STATE_BODY),
    (replace(CONSENTED, target=ABROAD), Act.SEND, OWNER, {"agreement": False}, Reason.AGREEMENT),
    (replace(CONSENTED, target=ABROAD), Act.SEND, OWNER, {"second_yes": False}, Reason.NO_CONSENT),
    (replace(CONSENTED, target=ABROAD), Act.SEND, OWNER, {"risk_cleared": False}, Reason.RISK),
    (SENT, Act.RECALL, OWNER, {"nobody_opened": False}, Reason.OPENED),
    (SENT, Act.ACKNOWLEDGE, THEIR_SUPERVISOR, {"absent": False}, Reason.ROLE),
    (SENT, Act.ACKNOWLEDGE, FOCAL, {"consent_holds": False}, Reason.NO_CONSENT),
    (replace(RECEIVED, consent_until=T0), Act.ACCEPT, RECEIVING, {}, Reason.NO_CONSENT),
    (RECEIVED, Act.ACCEPT, RECEIVING, {"consent_holds": False}, Reason.NO_CONSENT),
    (SENT, Act.ACKNOWLEDGE, RECEIVING, {"receiver_stands": False}, Reason.RECEIVER),
    (RECEIVED, Act.ACCEPT, RECEIVING, {"receiver_stands": False}, Reason.RECEIVER),
    (replace(RECEIVED, target=ABROAD), Act.ACCEPT, FOCAL, {"both_sides": False}, Reason.AGREEMENT),
    (RECEIVED, Act.DECLINE, FOCAL, {"decline": None}, Reason.MISSING),
    (
        RECEIVED,
        Act.DECLINE,
        FOCAL,
        {"decline": DeclineReason.OTHER, "words_checked": False},
        Reason.MISSING,
    ),
    (RECEIVED, Act.ASK_MORE, FOCAL, {"question": None}, Reason.MISSING),
    (MORE, Act.ANSWER, OWNER, {"within_items": False}, Reason.NEW_ITEM),
    (MORE, Act.ASK_NEW_ITEM, OWNER, {"may_be_asked": False}, Reason.ASKED),
    (ACCEPTED, Act.ARRANGE, RECEIVING, {"agreed_with_her": False}, Reason.NOT_WITH_HER),
    (ARRANGED, Act.MEET, RECEIVING, {"right_service": False}, Reason.NOT_WITH_HER),
    (MET, Act.CLOSE, OWNER, {"follow_up_done": False}, Reason.FOLLOW_UP),
    (MET, Act.CLOSE, OWNER, {"closing": None}, Reason.MISSING),
    (DECLINED, Act.CLOSE, OWNER, {"no_other_try": False}, Reason.NOT_WITH_HER),
    (DECLINED, Act.CLOSE, OWNER, {"closing": None}, Reason.MISSING),
    (DECLINED, Act.CLOSE, TIMER, {}, Reason.EARLY),
    (SENT, Act.LAPSE, TIMER, {}, Reason.EARLY),
    (SENT, Act.LOWER_URGENCY, OWNER, {"urgency": Urgency.HIGH}, Reason.MISSING),
    (SENT, Act.LOWER_URGENCY, OWNER, {"urgency": Urgency.NOW}, Reason.MISSING),
    (SENT, Act.LOWER_URGENCY, OWNER, {"reason_given": False}, Reason.MISSING),
    (ACCEPTED, Act.ASSIGN, FOCAL, {"takes_over": False}, Reason.MISSING),
    (SENT, Act.HAND_ON, SUPERVISOR, {"person": ""}, Reason.MISSING),
]


# The same guards wherever the table has them.
_ASKS = [
    (PENDING, Act.ASK_CONSENT),
    (CONSENTED, Act.ASK_CONSENT),
    (MORE, Act.ASK_NEW_ITEM),
]
_RELIES_ON_CONSENT = [
    (RECEIVED, Act.ASK_MORE, FOCAL),
    (MORE, Act.ANSWER, OWNER),
    (ACCEPTED, Act.ARRANGE, OWNER),
    (ARRANGED, Act.RETURN_TO_ACCEPTED, OWNER),
    (ARRANGED, Act.MEET, RECEIVING),
]
_WITH_RECEIVER = (SENT, RECEIVED, MORE, ACCEPTED, ARRANGED, MET)
_OPEN = (DRAFT, PENDING, CONSENTED, *_WITH_RECEIVER, DECLINED)
REFUSALS += [
    *((one, act, OWNER, {"complete": False}, Reason.MISSING) for one, act in _ASKS),
    *((one, act, OWNER, {"receiver_ready": False}, Reason.RECEIVER) for one, act in _ASKS),
    *((one, act, OWNER, {"fits_age": False}, Reason.AGE) for one, act in _ASKS),
    *((one, act, OWNER, {"may_be_asked": False}, Reason.ASKED) for one, act in _ASKS),
    *((one, act, OWNER, {"answer_until": None}, Reason.MISSING) for one, act in _ASKS),
    *((replace(one, child=True), act, OWNER, {}, Reason.CHILD) for one, act in _ASKS),
    *(
        (one, act, by, {"consent_holds": False}, Reason.NO_CONSENT)
        for one, act, by in _RELIES_ON_CONSENT
    ),
    *(
        (replace(one, consent_until=T0), act, by, {}, Reason.NO_CONSENT)
        for one, act, by in _RELIES_ON_CONSENT
    ),
    (ACCEPTED, Act.DECLINE, FOCAL, {"decline": None}, Reason.MISSING),
    *((one, Act.LAPSE, TIMER, {}, Reason.EARLY) for one in _OPEN if one is not DECLINED),
    *(
        (one, Act.LOWER_URGENCY, OWNER, {"reason_given": False}, Reason.MISSING)
        for one in _WITH_RECEIVER
    ),
    *((one, Act.HAND_ON, SUPERVISOR, {"person": ""}, Reason.MISSING) for one in _OPEN),
    *(
        (one, Act.ASSIGN, FOCAL, {"person": ""}, Reason.MISSING)
        for one in (ACCEPTED, ARRANGED, MET)
    ),
]


@pytest.mark.parametrize(("one", "act", "by", "changes", "reason"), REFUSALS)
def test_one_fact_that_is_not_so_refuses(
    one: Referral, act: Act, by: Any, changes: dict[str, Any], reason: Reason
) -> None:
    outcome = move(one, act, by, T0, facts(one, **changes))

    assert outcome == Refused(reason)


def test_what_is_left_out_refuses() -> None:
    for name in {field.name for field in fields(Facts) if field.type is bool}:
        assert getattr(Facts(), name) is False
    assert move(DRAFT, Act.ASK_CONSENT, OWNER, T0, Facts(seen=3)) == Refused(Reason.MISSING)


@pytest.mark.parametrize("seen", [-1, 2, 4])
def test_an_old_version_is_refused_whatever_else_is_true(seen: int) -> None:
    outcome = move(RECEIVED, Act.ACCEPT, RECEIVING, T0, facts(RECEIVED, seen=seen))

    assert outcome == Refused(Reason.VERSION)
