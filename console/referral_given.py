"""Reads the form of an act into what only this person can say; what is looked up is not here."""

from enum import Enum
from typing import TypeVar

from console.forms import Posted
from console.referral_border import travel_given
from console.referral_lines import answering
from handlers import drafting
from handlers.case_values import Asking, Given, LowerReason, View, Warm
from handlers.desk import Desk
from handlers.drafting_setting import setting
from handlers.staff_values import Account
from referrals.items import Item
from referrals.states import Act, ClosingCode, DeclineReason, Question
from referrals.urgency import Urgency
from referrals.values import Values

_Code = TypeVar("_Code", bound=Enum)


class Faulty(Exception):
    """Something in the form has to be mended; `phrase` says what. Holds nothing typed."""

    def __init__(self, phrase: str) -> None:
        """The id of a staff phrase."""
        super().__init__()
        self.phrase = phrase


async def given_of(desk: Desk, account: Account, view: View, act: Act, form: Posted) -> Given:
    """What the form says. Raises Faulty where a needed choice is missing."""
    seen = form.one("seen")
    urgency = form.one("urgency")
    return Given(
        seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1,
        asking=_code(Asking, form.one("asking")),
        urgency=Urgency(int(urgency)) if urgency in ("0", "1", "2", "3") else None,
        lower=_code(LowerReason, form.one("lower")),
        decline=_code(DeclineReason, form.one("decline")),
        words=form.one("words"),
        question=_code(Question, form.one("question")),
        answer=await _answer(desk, account, view, act, form),
        closing=_code(ClosingCode, form.one("closing")),
        no_other_try=form.one("no_other_try") == "yes",
        person=form.one("person"),
        called_first=form.one("called_first") == "yes",
        arranged=frozenset(one for one in Warm if one.value in form.many("arranged")),
        travel=travel_given(form) if act is Act.ARRANGE else None,
        right_service=form.one("right_service") == "yes",
        came_unasked=form.one("came_unasked") == "yes",
        follow_up=form.one("follow_up") == "yes",
    )


async def _answer(
    desk: Desk, account: Account, view: View, act: Act, form: Posted
) -> Values | None:
    """An answer to the receiver's question, in the codes of a draft's own question."""
    if act not in (Act.ANSWER, Act.ASK_NEW_ITEM) or view.form is None or view.question is None:
        return None
    item = Item(view.question.value)
    question = await answering(desk, account, view)
    chosen = tuple(one for one in form.many("answer") if one)
    if question is None or not chosen:
        known = view.form.values(frozenset({item}))
        return known if known.of else None
    found = await setting(desk, account.id, view.form)
    try:
        told = drafting.answered(view.form, question.id, chosen, found)
    except drafting.NotOffered:
        raise Faulty("reason.missing") from None
    return told.values(frozenset({item}))


def _code(kind: type[_Code], value: str) -> _Code | None:
    return next((one for one in kind if one.value == value), None)
