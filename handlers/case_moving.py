"""One act in one turn, carried out or refused: facts, move, keys, rows and words to people."""

from dataclasses import dataclass, replace

from handlers import capacity, case_consent, case_file, later_checks
from handlers.case_advice import without_yeses
from handlers.case_answers import answered, may_ask_for
from handlers.case_border import signs
from handlers.case_doing import Doing
from handlers.case_effects import Done, carry_out
from handlers.case_facts import gathered, narrowed, wrong_words
from handlers.case_file import Case
from handlers.case_sealing import sealed_for_sending
from handlers.case_seats import all_of
from handlers.case_travel import handed_on
from handlers.case_world import World, around
from handlers.casework_form import Form
from handlers.desk import Desk
from privacy.audit import StaffAct
from referrals.consent import withdraw
from referrals.facts import Facts
from referrals.moves import move
from referrals.outcomes import Moved, Reason, Refused
from referrals.roles import By
from referrals.states import Act
from storage.store import Turn

# Acts that write words down, or give them on; what protects her is refused for no word.
_WITH_WORDS = frozenset({Act.EDIT, Act.ASK_CONSENT, Act.ASK_NEW_ITEM, Act.SEND, Act.DECLINE})

_OF_RECEIVER = frozenset({"receiver", "items", "preview"})  # questions of a draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The case as it is kept now, what stands around it, acts on her consent for the chain."""

    case: Case
    world: World
    acts: tuple[StaffAct, ...] = ()


async def moved(turn: Turn, desk: Desk, doing: Doing, by: By | None = None) -> Kept | Refused:
    """Try it and keep what comes of it. `by` is she herself or time; without it the account acts.

    Where it is refused nothing is written. The audit entry is the caller's, last in the turn.
    """
    try:
        doing = _with_answer(doing)
    except ValueError:  # a value that does not fit the others, and is not repeated
        return Refused(Reason.MISSING)
    world = await around(turn, desk, doing.case)
    if doing.act in _WITH_WORDS and wrong_words(desk, doing.case.form, doing.given.words):
        return Refused(Reason.WORDS)
    facts = await gathered(turn, desk, doing, world)
    people = (by,) if by else all_of(doing.account, doing.act) if doing.account else ()
    outcome = _best(doing, people, facts, world)
    if isinstance(outcome, Refused):
        return outcome
    if reason := _not_sent(doing, world):
        return Refused(reason)
    return await _carried_out(turn, desk, doing, world, outcome)


def _with_answer(doing: Doing) -> Doing:
    """What the sender answers is written into the form before it is looked at."""
    if doing.act not in (Act.ANSWER, Act.ASK_NEW_ITEM) or doing.given.answer is None:
        return doing
    case = answered(doing.case, doing.given.answer, asks=doing.act is Act.ASK_NEW_ITEM)
    return replace(doing, case=case)


def _best(doing: Doing, people: tuple[By, ...], facts: Facts, world: World) -> Moved | Refused:
    """The first role in which it may be done; else the reason that says most."""
    refused = Refused(Reason.ROLE)
    for by in people:
        outcome = move(doing.case.referral, doing.act, by, world.at, facts)
        if isinstance(outcome, Moved):
            return outcome
        if refused.reason is Reason.ROLE:
            refused = outcome
    return refused


def _not_sent(doing: Doing, world: World) -> Reason | None:
    """What the table of moves does not ask: signs of trafficking, a child's age, new items."""
    case, referral = doing.case, doing.case.referral
    match doing.act:
        case Act.SEND if signs(case, world):
            of_state = referral.target is not None and referral.target.state_body
            return Reason.STATE_BODY if of_state else Reason.MISSING
        case Act.ANSWER | Act.ASK_NEW_ITEM if case.form.under_18() is not referral.child:
            return Reason.CHILD
        case Act.ASK_NEW_ITEM if not may_ask_for(case, world):
            return Reason.NEW_ITEM
        case _:
            return None


async def _carried_out(
    turn: Turn, desk: Desk, doing: Doing, world: World, outcome: Moved
) -> Kept | Refused:
    consent = await case_consent.read(turn, desk, doing.case)
    after = _noted(doing, doing.case.after(outcome.referral))
    acts: tuple[StaffAct, ...] = ()
    if doing.act is Act.EDIT:
        after = await _asking_for_room(turn, desk, after, world)
    if doing.act is Act.SEND:
        parts = await sealed_for_sending(turn, desk, doing.case, world)
        if isinstance(parts, Reason):
            return Refused(parts)
        after = replace(after, row=replace(after.row, parts=parts))
    if doing.act is Act.AGREE and doing.consent is not None:
        after, acts = await case_consent.record(turn, desk, after, doing.consent)
        after = narrowed(after, doing.consent)
    after = await carry_out(
        turn,
        desk,
        Done(
            act=doing.act,
            before=doing.case,
            after=after,
            effects=outcome.effects,
            world=world,
            consent=doing.consent or consent,
        ),
    )
    if doing.act is Act.WITHDRAW and consent is not None:
        gone = withdraw(consent, world.at)
        after, acts = await case_consent.record(turn, desk, after, gone)
    if doing.act is Act.WITHDRAW:
        await later_checks.forget(turn, desk, after.id)
    if doing.act is Act.HAND_ON and after.clear.later:
        await later_checks.hand_on(turn, desk, after)
    kept = await case_file.keep(turn, desk, after, world.clocks)
    if doing.act is Act.REDRAFT:
        world = await around(turn, desk, kept)
    return Kept(case=kept, world=world, acts=acts)


async def _asking_for_room(turn: Turn, desk: Desk, after: Case, world: World) -> Case:
    """With the question whether its receiver has room, where the form wants it asked."""
    receiver = world.receiver
    if receiver is None or after.row.receiver != receiver.id:
        return after
    form = await capacity.ask_if_wanted(turn, desk, after.form, after.row.owner, receiver)
    return after.keeping(form=form)


def _for_another(form: Form) -> Form:
    """The form for another receiver: who it is, and what goes there, is asked anew."""
    kept = tuple(one for one in form.answered if one not in _OF_RECEIVER)
    return replace(
        form,
        said_no=form.said_no | ({form.receiver} - {""}),
        receiver="",
        service="",
        items=frozenset(),
        way=None,
        together=None,
        answered=kept,
    )


def _noted(doing: Doing, after: Case) -> Case:
    """What an act leaves behind besides what the table of moves knows."""
    given = doing.given
    match doing.act:
        case Act.DECLINE:
            return after.keeping(decline_words=given.words)
        case Act.ARRANGE | Act.MEET | Act.CLOSE:
            return after.keeping(arranged=after.inner.arranged | given.arranged)
        case Act.RETURN_TO_ACCEPTED:
            return after.keeping(arranged=frozenset())
        case Act.HAND_ON:
            return handed_on(after, doing.case.row.owner)
        case Act.LOWER_URGENCY:
            form = replace(after.form, urgency=given.urgency)
            return after.keeping(form=form, lower=given.lower)
        case Act.ASK_CONSENT | Act.ASK_NEW_ITEM:
            return after.noting(consent="", linked_after=0, sending_yes="")
        case Act.REDRAFT:
            form = _for_another(after.form)
            after = after.keeping(form=form, decline_words="", arranged=frozenset())
            after = without_yeses(after.noting(adviser=""))
            return after.noting(consent="", linked_after=0, sending_yes="", looked=False)
        case _:
            return after
