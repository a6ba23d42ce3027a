"""The facts of one act: gathered from what is kept, and from a person only what one can know."""

from dataclasses import replace
from datetime import timedelta

from directory.service import Service
from handlers import case_consent
from handlers.case_border import OF_CHILD, RISK, border, may_go, signs
from handlers.case_doing import Doing
from handlers.case_file import Case
from handlers.case_people import absent, with_people
from handlers.case_refusals import may_be_asked
from handlers.case_travel import with_travel
from handlers.case_values import Asking, Warm
from handlers.case_world import World
from handlers.casework_form import Form, missing
from handlers.desk import Desk
from handlers.partners import may_know
from referrals.consent import Consent, Extra, allows
from referrals.corridor import Block
from referrals.facts import Facts
from referrals.freetext import faults
from referrals.holding import Holds, Why, reasons
from referrals.items import Item
from referrals.states import Act, DeclineReason, Question
from storage.store import Turn

ANSWER_WITHIN = {
    Asking.BESIDE: timedelta(minutes=20),  # 3.8, decisions 24
    Asking.REMOTE: timedelta(hours=24),
    Asking.SCRIPT: timedelta(hours=24),
}
MOST_DECLINE_WORDS = 20  # 3.3
_AGES = {
    "u12": (0, 11),
    "12_14": (12, 14),
    "15_17": (15, 17),
    "18_24": (18, 24),
    "25_49": (25, 49),
    "50up": (50, 200),
}
# What she agrees to at ARRANGE; that she was met and is well is looked at afterwards (3.10).
_BEFORE_MEETING = frozenset(Warm) - {Warm.CHECK}


async def gathered(turn: Turn, desk: Desk, doing: Doing, world: World) -> Facts:
    """Everything the guards ask. What this act does not ask stays at its "no"."""
    facts = _said(desk, doing, world)
    facts = replace(facts, clocks=world.clocks, absent=await absent(turn, desk, doing, world))
    match doing.act:
        case Act.EDIT | Act.HAND_ON | Act.ASSIGN:
            return await with_people(turn, desk, doing, world, facts)
        case Act.ASK_CONSENT | Act.ASK_NEW_ITEM:
            once_more = doing.act is Act.ASK_NEW_ITEM
            asked = await may_be_asked(turn, desk, doing.case, once_more=once_more)
            return _before_asking(replace(facts, may_be_asked=asked), doing, world)
        case Act.AGREE:
            return await _her_yes(turn, facts, doing, world)
        case _:
            facts = await with_travel(turn, desk, doing, world, facts)
            held = await case_consent.now(turn, desk, doing.case, world)
            return _with_yes(facts, doing, world, held if isinstance(held, Holds) else None)


def _said(desk: Desk, doing: Doing, world: World) -> Facts:
    given, clear = doing.given, doing.case.clear
    return Facts(
        seen=given.seen,
        called_first=given.called_first,
        nobody_opened=not clear.looked,
        both_sides=bool(clear.sending_yes),
        decline=given.decline,
        words_checked=given.decline is DeclineReason.OTHER and bool(given.words),
        question=given.question,
        agreed_with_her=given.arranged >= _BEFORE_MEETING,
        right_service=given.right_service,
        closing=given.closing,
        follow_up_done=given.follow_up,
        no_other_try=given.no_other_try,
        urgency=given.urgency,
        reason_given=given.lower is not None,
        receiver_ready=_ready(desk, doing, world),
        receiver_stands=world.stands,
        fits_age=fits_age(doing.case.form.age, world.service),
    )


def _ready(desk: Desk, doing: Doing, world: World) -> bool:
    """A hidden receiver is not there for whoever may not know that it exists (R44)."""
    known = doing.account is None or (
        world.receiver is not None and may_know(desk, doing.account, world.receiver)
    )
    return world.ready and known


def fits_age(band: str, service: Service | None) -> bool:
    """Whether the service takes anybody of this band; where it says nothing, all ages."""
    if service is None or band not in _AGES:
        return False
    youngest, oldest = _AGES[band]
    rule = service.eligibility
    return (rule.age_min or 0) <= oldest and youngest <= (rule.age_max or oldest)


def _before_asking(facts: Facts, doing: Doing, world: World) -> Facts:
    form, asking = doing.case.form, doing.given.asking
    if doing.case.referral.child:
        asking = Asking.SCRIPT if asking else None  # no code for a child (3.15)
    return replace(
        facts,
        complete=not missing(form) and not signs(doing.case, world),
        answer_until=world.at + ANSWER_WITHIN[asking] if asking else None,
    )


async def _her_yes(turn: Turn, facts: Facts, doing: Doing, world: World) -> Facts:
    """Whether the record holds. A quick yes counts; she says it back before it is sent."""
    consent, case = doing.consent, doing.case
    if consent is None or not consent.agreed <= case.form.items:
        return facts
    case = narrowed(case, consent)
    seen = await case_consent.facts_now(turn, case, consent, world)
    if seen is None:
        return facts
    return replace(
        facts,
        consent_complete=set(reasons(consent, seen, world.at)) <= {Why.SAY_BACK},
        consent_until=consent.ends_at,
        outcome=allows(consent, Extra.OUTCOME),
        check_ins=allows(consent, Extra.CHECK_IN),
    )


def narrowed(case: Case, consent: Consent) -> Case:
    """The case with those items alone that she agreed to: nothing else is ever sent."""
    items = case.form.items & consent.agreed
    return case.keeping(form=replace(case.form, items=items))


def _with_yes(facts: Facts, doing: Doing, world: World, held: Holds | None) -> Facts:
    """What follows from a yes that holds; without one everything stays "no"."""
    blocks = set(border(doing.case, world, held))
    return replace(
        facts,
        consent_holds=held is not None,
        within_items=held is not None and _within(doing, held.consent),
        agreement=not blocks - RISK - OF_CHILD - {Block.NO_CONSENT},
        second_yes=held is not None and Block.NO_CONSENT not in blocks,
        risk_cleared=not blocks & RISK,
        state_yes=held is not None and held.consent.state_yes,
        best_interests=not blocks & OF_CHILD and may_go(doing.case),
    )


def _within(doing: Doing, consent: Consent) -> bool:
    """The answer, and what was asked for, are items she agreed to."""
    question, answer = doing.case.referral.question, doing.given.answer
    if question is None or answer is None:
        return False
    return {item_of(question), *answer.of} <= consent.agreed


def item_of(question: Question) -> Item:
    """The item a question is about; both sets use the same words."""
    return Item(question.value)


def wrong_words(desk: Desk, form: Form, words: str) -> bool:
    """Whether free text of a form, or of a decline, could tell of her (3.3, 3.5, 3.6)."""
    too_many = len(words.split()) > MOST_DECLINE_WORDS
    texts = (form.words, words)
    return too_many or any(faults(text, desk.free_words) for text in texts if text)
