"""What each act orders and leaves behind."""

from dataclasses import replace
from datetime import datetime

import pytest

from referrals.facts import Facts
from referrals.moves import begin, move
from referrals.outcomes import Effect, Moved, Reason, Refused
from referrals.referral import Referral, Target
from referrals.states import FINAL, Act, ClosingCode, State
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
    asked_to_delete,
    child,
    facts,
    for_her,
    moved,
    referral,
)

CONSENTED = referral(State.CONSENTED)
SENT = referral(State.SENT)
RECEIVED = referral(State.RECEIVED)
MORE = referral(State.MORE_INFO)
ACCEPTED = referral(State.ACCEPTED)
ARRANGED = referral(State.HANDOVER_ARRANGED)
MET = referral(State.MET)


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
