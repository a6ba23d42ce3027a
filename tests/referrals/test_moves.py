"""What refuses an act, one fact at a time, and what each act orders."""

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

import pytest

from referrals.facts import Facts
from referrals.moves import begin, move
from referrals.outcomes import Effect, Moved, Reason, Refused
from referrals.referral import Referral, Target
from referrals.states import FINAL, Act, ClosingCode, DeclineReason, State
from referrals.urgency import Urgency
from tests.referrals.referral_makers import (
    CHILD_POINT,
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
    asked_to_delete,
    child,
    facts,
    for_her,
    moved,
    referral,
)

ABROAD = Target(organisation="away", service="s1", abroad=True)
POLICE = Target(organisation="away", service="s1", state_body=True)
OTHER = Target(organisation="third", service="s2")

DRAFT, PENDING, CONSENTED = (
    referral(State.DRAFT),
    referral(State.CONSENT_PENDING),
    referral(State.CONSENTED),
)
SENT, RECEIVED, MORE = (
    referral(State.SENT),
    referral(State.RECEIVED),
    referral(State.MORE_INFO),
)
ACCEPTED, ARRANGED, MET = (
    referral(State.ACCEPTED),
    referral(State.HANDOVER_ARRANGED),
    referral(State.MET),
)
DECLINED = referral(State.DECLINED)

REFUSALS: list[tuple[Referral, Act, Any, dict[str, Any], Reason]] = [
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


def test_her_stop_is_always_in_time() -> None:
    for state in set(State) - FINAL:
        one = referral(state)
        outcome = move(one, Act.WITHDRAW, SHE, T0, Facts())

        assert isinstance(outcome, Moved)
        assert outcome.referral.state is State.WITHDRAWN
        assert outcome.effects[:2] == (Effect.DESTROY_SHARE, Effect.ERASE_CONTENT)


def test_the_childs_focal_point_writes_down_her_yes_and_approves() -> None:
    one = child(State.CONSENT_PENDING, approved=False)
    yes = moved(one, Act.AGREE, for_her(CHILD_POINT)).referral
    approved = moved(yes, Act.APPROVE, CHILD_POINT).referral

    assert moved(approved, Act.SEND, OWNER).referral.state is State.SENT


def test_a_new_question_takes_the_approval_back() -> None:
    asked = moved(child(State.CONSENTED), Act.ASK_CONSENT, OWNER).referral

    assert not asked.approved
    assert asked.consent_until is None


def test_content_opens_at_acceptance_and_not_before() -> None:
    assert Effect.OPEN_CARD in moved(CONSENTED, Act.SEND, OWNER).effects
    assert Effect.OPEN_CONTENT not in moved(SENT, Act.ACKNOWLEDGE, FOCAL).effects
    accepted = moved(RECEIVED, Act.ACCEPT, RECEIVING)
    assert Effect.OPEN_CONTENT in accepted.effects
    assert accepted.referral.assigned == "re.1"


@pytest.mark.parametrize("one", [SENT, RECEIVED, MORE, ACCEPTED, ARRANGED, MET])
def test_withdrawal_closes_tells_and_asks_for_deletion(one: Referral) -> None:
    stopped = moved(one, Act.WITHDRAW, SHE)

    assert stopped.effects == (
        Effect.DESTROY_SHARE,
        Effect.ERASE_CONTENT,
        Effect.CLOSE_CONTENT,
        Effect.ASK_DELETION,
        Effect.TELL_RECEIVER,
        Effect.TELL_SENDER,
        Effect.COUNT,
        Effect.START_CLOCKS,  # 72 hours for the answer
    )
    assert [gone.organisation for gone in stopped.referral.deletions] == ["away"]


def test_a_withdrawal_before_sending_tells_no_receiver() -> None:
    effects = moved(CONSENTED, Act.WITHDRAW, SHE).effects

    assert Effect.TELL_RECEIVER not in effects
    assert Effect.ASK_DELETION not in effects
    assert effects[-1] is Effect.STOP_CLOCKS


def test_a_decline_closes_what_was_open_and_offers_others() -> None:
    late = moved(ACCEPTED, Act.DECLINE, RECEIVING)
    wanted = {
        *(Effect.CLOSE_CONTENT, Effect.ASK_DELETION, Effect.TELL_SUPERVISOR),
        *(Effect.TELL_SENDER, Effect.TELL_STEWARD, Effect.OFFER_OTHERS, Effect.COUNT),
    }

    assert wanted <= set(late.effects)
    assert Effect.TELL_SUPERVISOR not in moved(RECEIVED, Act.DECLINE, RECEIVING).effects
    assert len(moved(late.referral, Act.WITHDRAW, SHE).referral.deletions) == 1


def test_a_new_draft_after_a_decline_remembers_nothing_of_the_old_receiver() -> None:
    declined = moved(ACCEPTED, Act.DECLINE, RECEIVING).referral
    again = moved(declined, Act.REDRAFT, OWNER)

    assert Effect.DESTROY_SHARE in again.effects
    one = again.referral
    assert (one.target, one.consent_until, one.reached, one.opened) == (None, None, False, False)
    assert [gone.organisation for gone in one.deletions] == ["away"]
    assert moved(one, Act.CONFIRM_DELETION, FOCAL).referral.deletions == ()


def test_of_the_meeting_the_sender_hears_only_if_she_wants_that() -> None:
    wanted = moved(replace(ARRANGED, outcome=True), Act.MEET, RECEIVING).effects
    silent = moved(ARRANGED, Act.MEET, RECEIVING).effects

    assert Effect.TELL_SENDER in wanted
    assert Effect.TELL_SENDER not in silent


def test_a_death_is_told_to_the_supervisor_and_not_counted() -> None:
    effects = moved(MET, Act.CLOSE, OWNER, closing=ClosingCode.DIED).effects

    assert Effect.TELL_SUPERVISOR in effects
    assert Effect.COUNT not in effects


def test_a_mistake_called_back_reaches_the_data_protection_officer() -> None:
    effects = moved(SENT, Act.RECALL, OWNER).effects

    assert {Effect.ERASE_CONTENT, Effect.TELL_DATA_PROTECTION, Effect.TELL_RECEIVER} <= set(
        effects
    )
    assert Effect.ASK_DELETION not in effects


def test_a_new_item_takes_the_card_away_until_she_has_agreed_and_clocks_begin_anew() -> None:
    asked = moved(MORE, Act.ASK_NEW_ITEM, OWNER, T0 + HOUR)
    agreed = moved(asked.referral, Act.AGREE, SHE, T0 + HOUR + MINUTE).referral
    again = moved(agreed, Act.SEND, OWNER, T0 + 2 * HOUR).referral

    assert Effect.CLOSE_CONTENT in asked.effects
    assert again.sent_at == T0 + 2 * HOUR
    assert (again.asked_at, again.pauses) == (None, ())


def test_a_no_to_the_new_item_tells_the_receiver_that_it_is_over() -> None:
    asked = moved(MORE, Act.ASK_NEW_ITEM, OWNER).referral

    assert Effect.TELL_RECEIVER in moved(asked, Act.REFUSE, SHE).effects


def test_deletion_is_confirmed_only_by_who_was_asked() -> None:
    one = asked_to_delete(referral(State.WITHDRAWN))

    assert moved(one, Act.CONFIRM_DELETION, FOCAL).referral.deletions == ()
    assert move(one, Act.CONFIRM_DELETION, OWNER, T0, facts(one)) == Refused(Reason.ROLE)


def test_who_takes_over_takes_the_seat() -> None:
    handed = moved(SENT, Act.HAND_ON, SUPERVISOR, person="ma.2").referral

    assert move(handed, Act.LOWER_URGENCY, OWNER, T0, facts(handed)) == Refused(Reason.ROLE)


def test_nobody_answers_the_own_referral() -> None:
    inside = replace(SENT, target=Target(organisation="home", service="s1"))

    assert move(inside, Act.ACKNOWLEDGE, OWNER, T0, facts(inside)) == Refused(Reason.ROLE)


def test_a_draft_begins_only_as_its_owners_and_untouched() -> None:
    one = Referral(id="r1", sender="home", owner="ma.1", urgency=Urgency.NOW, touched_at=T0)

    assert begin(one, OWNER) == one
    for faulty in (SUPERVISOR, FOCAL, SHE, for_her(OWNER)):
        assert begin(one, faulty) == Refused(Reason.ROLE)
    assert begin(replace(one, state=State.SENT), OWNER) == Refused(Reason.ROLE)
    assert begin(replace(one, consent_until=T0 + DAY), OWNER) == Refused(Reason.ROLE)


def test_a_moment_without_a_zone_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="zone"):
        move(SENT, Act.ACKNOWLEDGE, FOCAL, datetime(2026, 3, 2), facts(SENT))  # noqa: DTZ001
