"""Casework: start a referral, fill it in, do one thing with it; every try is written down."""

import secrets
from dataclasses import dataclass, field, replace

from handlers import case_audit, case_file, consent
from handlers.case_advice import (
    advice_asked,
    agree_safer,
    disagree,
    invite_adviser,
    with_form,
)
from handlers.case_doing import Doing
from handlers.case_effects import tell_sender
from handlers.case_file import Case, Clear, Inner
from handlers.case_lists import listed, look, shown
from handlers.case_moving import Kept, moved
from handlers.case_reading import content
from handlers.case_safeguards import mark_step, said_back
from handlers.case_seats import may_confirm_side, seats_of
from handlers.case_taking_out import her_take_out
from handlers.case_travel import companions, confirm_travel
from handlers.case_values import Asking, Content, Given, ReadReason, View, Warm
from handlers.case_views import without_sight
from handlers.case_world import clocks_of
from handlers.casework_form import Form
from handlers.consent_texts import languages_for_code
from handlers.desk import Desk
from handlers.notices import Kind
from handlers.staff_values import Account
from referrals.children import ChildYes
from referrals.clocks import Clocks
from referrals.consent import Consent
from referrals.outcomes import Reason, Refused
from referrals.roles import By, Role, Seat
from referrals.states import Act, State
from referrals.urgency import Urgency
from storage import referrals
from storage.referrals import Row
from storage.store import Turn, VersionConflict

__all__ = [
    "Content",
    "Given",
    "HerWord",
    "ReadReason",
    "View",
    "Warm",
    "act",
    "advice_asked",
    "agree_safer",
    "companions",
    "confirm_travel",
    "content",
    "disagree",
    "fill",
    "her_act",
    "her_take_out",
    "invite_adviser",
    "listed",
    "look",
    "mark_step",
    "said_back",
    "start",
]

MAX_TRIES = 5  # acts done again because somebody else was quicker with the same row
PAPER_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that looks like another
_SHORTEST, _LONGEST = 4, 5  # letters of the code that people call a referral by
PAPER_LONG = 6  # letters of a code that was printed before there was a referral
_SHE = By(role=Role.SURVIVOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class HerWord:
    """Her answer: the version she was shown, the record of her yes, who writes it down for her."""

    seen: int = -1
    consent: Consent | None = field(default=None, repr=False)
    by: Account | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What somebody wants to be done."""

    account: Account
    referral: str
    act: Act
    given: Given
    form: Form | None = field(default=None, repr=False)


async def start(desk: Desk, account: Account, paper: str = "") -> View | Refused:
    """A new draft of this caseworker; nobody else may begin one.

    `paper` is the code of a printed block that stands on a form filled in without network (3.17).
    """
    may = account.works and Role.CASEWORKER in account.roles and account.organisation
    async with desk.store.turn() as turn:
        view = None
        code = await _paper_code(turn, paper) if paper else await _free_code(turn)
        if may and code:
            fresh = await _fresh(desk, account, code)
            case = await case_file.keep(turn, desk, fresh, Clocks())
            view = await shown(turn, desk, account, case)
        entry = case_audit.of(account.id, "start", None if view else Reason.ROLE)
        await case_audit.record(turn, desk, entry, view.id if view else "")
    return view or Refused(Reason.ROLE)


async def fill(
    desk: Desk, account: Account, ref_id: str, given: Given | int, form: Form
) -> View | Refused:
    """Change the coded answers of a draft; `given` is the version seen, or names a focal point.

    Refused where its free words could tell of her.
    """
    said = Given(seen=given) if isinstance(given, int) else given
    order = _Order(account=account, referral=ref_id, act=Act.EDIT, given=said, form=form)
    return await _ordered(desk, order)


async def act(
    desk: Desk, account: Account, ref_id: str, what: Act, given: Given
) -> View | Refused:
    """Do one thing with a referral. What can be looked up is looked up; nothing goes round it."""
    return await _ordered(desk, _Order(account=account, referral=ref_id, act=what, given=given))


async def her_act(turn: Turn, desk: Desk, ref_id: str, what: Act, word: HerWord) -> Case | Refused:
    """What she says, in the turn of whoever hears it; call it last in that turn.

    She may AGREE (with the record, once her receipt is kept), REFUSE, RECONSIDER and WITHDRAW. A
    withdrawal needs no version and no proof of who she is; its keys go before its rows.
    """
    case = await case_file.read(turn, desk, ref_id)
    if case is None:
        return Refused(Reason.ROLE)
    given = Given(seen=word.seen)
    doing = Doing(case=case, act=what, account=word.by, given=given, consent=word.consent)
    outcome = await moved(turn, desk, doing, None if word.by else _SHE)
    by = word.by.id if word.by else case_audit.HER
    await _written(turn, desk, (by, what), case.id, outcome)
    return outcome if isinstance(outcome, Refused) else outcome.case


async def _ordered(desk: Desk, order: _Order) -> View | Refused:
    for _ in range(MAX_TRIES):
        try:
            async with desk.store.turn() as turn:
                return await _in_turn(turn, desk, order)
        except VersionConflict:
            continue
    return Refused(Reason.VERSION)


async def _in_turn(turn: Turn, desk: Desk, order: _Order) -> View | Refused:
    by, about = order.account.id, order.referral
    case = await case_file.read(turn, desk, about)
    if case is None:
        await _written(turn, desk, (by, order.act), "", Refused(Reason.ROLE))
        return Refused(Reason.ROLE)
    if order.act is Act.ACCEPT and may_confirm_side(case, order.account):
        return await _side_confirmed(turn, desk, order, case)
    outcome = await _tried(turn, desk, order, case)
    code = ""
    if isinstance(outcome, Kept) and _asks_by_code(order, outcome.case):
        until = outcome.case.clear.answer_until
        code = await consent.issue_code(turn, desk, case.id, until) if until else ""
    view = None
    if isinstance(outcome, Kept):
        view = await shown(turn, desk, order.account, outcome.case, outcome.world)
    await _written(turn, desk, (by, order.act), case.id, outcome)
    if isinstance(outcome, Refused):
        return outcome
    return replace(view, consent_code=code) if view else without_sight(outcome.case)


async def _tried(turn: Turn, desk: Desk, order: _Order, case: Case) -> Kept | Refused:
    """What is the child focal point's to say in a form, nobody else changes (3.15)."""
    if order.form is not None:
        held = seats_of(case.referral, order.account)
        if _of_child(order.form) != _of_child(case.form) and Seat.CHILD_FOCAL_POINT not in held:
            return Refused(Reason.CHILD if held else Reason.ROLE)
        case = with_form(case, order.form)
    if _asks_by_code(order, case) and not await languages_for_code(turn, desk, case):
        return Refused(Reason.LANGUAGE)
    doing = Doing(case=case, act=order.act, account=order.account, given=order.given)
    return await moved(turn, desk, doing)


def _of_child(form: Form) -> tuple[bool, frozenset[ChildYes]]:
    child = form.child
    return (child.best_interests_done, child.yeses) if child else (False, frozenset())


def _asks_by_code(order: _Order, case: Case) -> bool:
    asks = order.act in (Act.ASK_CONSENT, Act.ASK_NEW_ITEM)
    by_code = order.given.asking in (Asking.BESIDE, Asking.REMOTE)
    return asks and by_code and not case.inner.child


async def _side_confirmed(turn: Turn, desk: Desk, order: _Order, case: Case) -> View | Refused:
    """The sending side's yes across a border stands beside the referral, which does not move."""
    refused = None if order.given.seen == case.clear.version else Refused(Reason.VERSION)
    if refused is None:
        noted = case.noting(sending_yes=order.account.id)
        case = await case_file.keep(turn, desk, noted, await clocks_of(turn, desk, case))
        await tell_sender(turn, desk, case, Kind.ACCEPTED)
    view = await shown(turn, desk, order.account, case)
    reason = refused.reason if refused else None
    entry = case_audit.of(order.account.id, "accept_side", reason)
    await case_audit.record(turn, desk, entry, case.id)
    return refused or view or without_sight(case)


async def _written(
    turn: Turn, desk: Desk, tried: tuple[str, Act], about: str, outcome: Kept | Refused
) -> None:
    by, what = tried
    reason = outcome.reason if isinstance(outcome, Refused) else None
    others = () if isinstance(outcome, Refused) else outcome.acts
    await case_audit.record(turn, desk, case_audit.of_act(by, what, reason), about, others)


async def _fresh(desk: Desk, account: Account, code: str) -> Case:
    """An empty draft: random id, a code, a key for what is hers, a share for what is sent."""
    until = desk.now() + desk.keep.referral
    key, _ = await desk.keystore.new(until)
    share, _ = await desk.keystore.new(until)
    at = desk.clock()
    clear = Clear(code=code, made_at=at, urgency=Urgency.NORMAL, touched_at=at)
    row = Row(
        id=secrets.token_hex(16),
        sender=account.organisation,
        receiver="",
        owner=account.id,
        state=State.DRAFT.value,
        due_at=None,
        document="",
        share=share,
        key=key,
        expires_at=until,
    )
    return Case(row=row, clear=clear, inner=Inner(salt=secrets.token_hex(16)))


async def _paper_code(turn: Turn, paper: str) -> str:
    """Of a printed block, and not typed in yet; else empty. Longer than ours, so never both."""
    if len(paper) != PAPER_LONG or not set(paper) <= set(PAPER_LETTERS):
        return ""
    return "" if await referrals.id_of_code(turn, paper) else paper


async def _free_code(turn: Turn) -> str:
    """A code that no open referral has; a letter longer where short ones are taken."""
    length = _SHORTEST
    while True:
        code = "".join(secrets.choice(PAPER_LETTERS) for _ in range(length))
        if not await referrals.id_of_code(turn, code):
            return code
        length = min(length + 1, _LONGEST)
