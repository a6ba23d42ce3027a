"""How an allowed act changes the referral itself: the codes and moments it leaves behind."""

from dataclasses import replace
from typing import assert_never

from referrals.clocks import OF_MEETING
from referrals.consequences import asks_deletion
from referrals.facts import Trial
from referrals.referral import Deletion, Referral
from referrals.states import Act, State


def changed(trial: Trial, to: State) -> Referral:
    """The referral after the act, one version on; receivers asked to delete are remembered."""
    before = trial.referral
    after = replace(_by_act(trial), state=to, version=before.version + 1, touched_at=trial.at)
    if to is not before.state and asks_deletion(trial, to):
        asked = Deletion(organisation=before.receiver(), asked_at=trial.at)
        after = replace(after, deletions=(*after.deletions, asked))
    return after


def _by_act(trial: Trial) -> Referral:
    match trial.act:
        case Act.ASK_CONSENT | Act.ASK_NEW_ITEM | Act.RECONSIDER | Act.AGREE:
            return _consent(trial)
        case Act.EDIT | Act.APPROVE | Act.SEND | Act.ANSWER | Act.REDRAFT:
            return _by_sender(trial)
        case Act.LOWER_URGENCY | Act.HAND_ON | Act.CLOSE:
            return _by_sender(trial)
        case Act.ACCEPT | Act.DECLINE | Act.ASK_MORE | Act.ARRANGE | Act.MEET:
            return _by_receiver(trial)
        case Act.ASSIGN | Act.CONFIRM_DELETION:
            return _by_receiver(trial)
        case Act.REFUSE | Act.WITHDRAW | Act.CANCEL | Act.RECALL | Act.LAPSE:
            return trial.referral
        case Act.RETURN_TO_ACCEPTED:
            return _not_met(trial)
        case Act.ACKNOWLEDGE:
            return trial.referral
        case _:
            assert_never(trial.act)


def _consent(trial: Trial) -> Referral:
    """Her consent asked for and given."""
    before, facts = trial.referral, trial.facts
    match trial.act:
        case Act.ASK_CONSENT | Act.ASK_NEW_ITEM:
            before = replace(before, answer_until=facts.answer_until, approved=False)
            return replace(before, agreed_at=None, consent_until=None, asked_at=None)
        case Act.RECONSIDER:
            return replace(before, answer_until=None)
        case Act.AGREE:
            before = replace(before, answer_until=None, raised=_still_owed(before))
            before = replace(before, agreed_at=trial.at, consent_until=facts.consent_until)
            return replace(before, outcome=facts.outcome, check_ins=facts.check_ins)
    return before


def _by_sender(trial: Trial) -> Referral:
    before, facts = trial.referral, trial.facts
    match trial.act:
        case Act.EDIT:
            return _edited(trial)
        case Act.APPROVE:
            return replace(before, approved=True)
        case Act.SEND:
            return replace(
                _unsent(before), sent_at=trial.at, reached=True, raised=_still_owed(before)
            )
        case Act.ANSWER:
            pause = (before.asked_at or trial.at, trial.at)
            before = replace(before, asked_at=None, question=None)
            return replace(before, pauses=(*before.pauses, pause))
        case Act.REDRAFT:
            return _redrafted(before)
        case Act.LOWER_URGENCY:
            return replace(before, urgency=facts.urgency or before.urgency)
        case Act.HAND_ON:
            return replace(before, owner=facts.person)
        case Act.CLOSE:
            return replace(before, closing=facts.closing)
    return before


def _by_receiver(trial: Trial) -> Referral:
    before, facts, at = trial.referral, trial.facts, trial.at
    match trial.act:
        case Act.ACCEPT:
            return replace(before, opened=True, assigned=trial.by.who)
        case Act.DECLINE:
            return replace(before, declined_at=at, decline=facts.decline, assigned="")
        case Act.ASK_MORE:
            raised = before.raised - {"pause_over"}
            return replace(before, asked_at=at, question=facts.question, raised=raised)
        case Act.ARRANGE:
            raised = before.raised - OF_MEETING  # another day, other clocks
            before = replace(before, contact_at=at, raised=raised)
            return replace(before, travel=facts.travel if before.abroad() else None)
        case Act.MEET:
            return replace(before, met_at=at)
        case Act.ASSIGN:
            return replace(before, assigned=facts.person)
        case Act.CONFIRM_DELETION:
            others = (one for one in before.deletions if one.organisation != trial.by.organisation)
            return replace(before, deletions=tuple(others))
    return before


def _not_met(trial: Trial) -> Referral:
    """The meeting failed or is moved: somebody has to reach her, in the time it takes anew."""
    raised = trial.referral.raised - {"contact_late"}
    before = replace(trial.referral, contact_at=None, returned_at=trial.at, raised=raised)
    return replace(before, travel=None)


def _edited(trial: Trial) -> Referral:
    """What is given replaces what stood there; what is left out stays."""
    before, facts = trial.referral, trial.facts
    return replace(
        before,
        target=facts.target or before.target,
        urgency=before.urgency if facts.urgency is None else facts.urgency,
        child=before.child if facts.child is None else facts.child,
        child_focal_point=facts.child_focal_point or before.child_focal_point,
    )


def _unsent(before: Referral) -> Referral:
    """Without anything a former sending to this receiver has left."""
    before = replace(before, contact_at=None, returned_at=None)
    return replace(before, asked_at=None, question=None, pauses=())


def _redrafted(before: Referral) -> Referral:
    """A draft for another receiver: the old yes does not count for it (3.8)."""
    fresh = Referral(
        id=before.id,
        sender=before.sender,
        owner=before.owner,
        urgency=before.urgency,
        touched_at=before.touched_at,
        child=before.child,
        child_focal_point=before.child_focal_point,
    )
    return replace(fresh, deletions=before.deletions, raised=_still_owed(before))


def _still_owed(before: Referral) -> frozenset[str]:
    """All clocks begin anew but those on deletion, which belong to a receiver of before."""
    return frozenset(key for key in before.raised if key.startswith("deletion_late."))
