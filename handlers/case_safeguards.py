"""What is noted beside the moves: say-back, safer than staying, a child's steps, take-outs."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from handlers import case_audit, case_consent, case_file
from handlers.case_file import Case
from handlers.case_lists import shown
from handlers.case_sealing import sealed_again
from handlers.case_seats import seats_of
from handlers.case_values import View
from handlers.case_views import without_sight
from handlers.case_world import around
from handlers.desk import Desk
from handlers.staff_values import Account
from privacy.audit import StaffAct
from referrals.children import ReturnStep
from referrals.consent import take_out
from referrals.items import Item
from referrals.outcomes import Reason, Refused
from referrals.roles import Role, Seat
from referrals.states import FINAL, WITH_RECEIVER, State
from storage.store import Turn

_BEFORE_SENDING = frozenset({State.DRAFT, State.CONSENT_PENDING, State.CONSENTED})
_WITNESSES = frozenset({Seat.OWNER, Seat.CHILD_FOCAL_POINT})

_Noted = tuple[Case, tuple[StaffAct, ...]]


async def said_back(desk: Desk, account: Account, ref_id: str, seen: int) -> View | Refused:
    """After a quick yes she said in her own words what is sent, and to whom (3.8)."""

    async def note(turn: Turn, case: Case) -> _Noted | Refused:
        consent = await case_consent.read(turn, desk, case)
        if not seats_of(case.referral, account) & _WITNESSES:
            return Refused(Reason.ROLE)
        if consent is None or case.referral.state is not State.CONSENTED:
            return Refused(Reason.STATE)
        pressure = replace(consent.pressure, said_back=True)
        return await case_consent.record(turn, desk, case, replace(consent, pressure=pressure))

    return await _noted(desk, (account, "said_back"), (ref_id, seen), note)


async def agree_safer(desk: Desk, account: Account, ref_id: str, seen: int) -> View | Refused:
    """This person agrees with her that going is safer than staying, a high risk known (3.13).

    It takes two: a supervisor of the sender, and a specialist of the network as legal adviser.
    """

    async def note(turn: Turn, case: Case) -> _Noted | Refused:
        supervises = Seat.SENDER_SUPERVISOR in seats_of(case.referral, account)
        if case.referral.state not in _BEFORE_SENDING:
            return Refused(Reason.STATE)
        if supervises:
            return case.noting(supervisor_yes=account.id), ()
        if account.works and Role.SPECIALIST in account.roles:
            return case.noting(adviser_yes=account.id), ()
        return Refused(Reason.ROLE)

    return await _noted(desk, (account, "agree_safer"), (ref_id, seen), note)


async def mark_step(
    desk: Desk, account: Account, ref_id: str, seen: int, step: ReturnStep
) -> View | Refused:
    """The child focal point marks the open one of the eight steps as done (3.15)."""

    async def note(turn: Turn, case: Case) -> _Noted | Refused:
        if Seat.CHILD_FOCAL_POINT not in seats_of(case.referral, account):
            return Refused(Reason.ROLE)
        if case.referral.state in FINAL or case.inner.steps.open is not step:
            return Refused(Reason.STATE)
        return case.keeping(steps=case.inner.steps.mark(step, account.id, desk.clock())), ()

    return await _noted(desk, (account, "mark_step"), (ref_id, seen), note)


async def her_take_out(
    turn: Turn, desk: Desk, ref_id: str, items: frozenset[Item]
) -> Case | Refused:
    """She takes items back after her yes; the rest stands. Call it last in the turn.

    What was sent is sealed anew without them, at once. Where that cannot be done nothing is left
    to be opened: an item too few harms less than one too many.
    """
    case = await case_file.read(turn, desk, ref_id)
    outcome = await _taken_out(turn, desk, case, items) if case else Refused(Reason.ROLE)
    refused = outcome if isinstance(outcome, Refused) else None
    others = () if isinstance(outcome, Refused) else outcome[1]
    entry = case_audit.of(case_audit.HER, "take_out", refused.reason if refused else None)
    await case_audit.record(turn, desk, entry, case.id if case else "", others)
    return outcome if isinstance(outcome, Refused) else outcome[0]


async def _taken_out(
    turn: Turn, desk: Desk, case: Case, items: frozenset[Item]
) -> _Noted | Refused:
    consent = await case_consent.read(turn, desk, case)
    if consent is None or case.referral.state in FINAL:
        return Refused(Reason.STATE)
    smaller = take_out(consent, items)
    case = case.keeping(form=replace(case.form, items=smaller.agreed))
    terms = case_consent.terms_of(case, smaller.agreed).digest()
    case, acts = await case_consent.record(turn, desk, case, replace(smaller, terms=terms))
    world = await around(turn, desk, case)
    if case.referral.state in WITH_RECEIVER:
        made = replace(smaller, terms=terms)
        parts = await sealed_again(turn, desk, case, world, made)
        case = replace(case, row=replace(case.row, parts=parts))
    return await case_file.keep(turn, desk, case, world.clocks), acts


async def _noted(
    desk: Desk,
    doing: tuple[Account, str],
    about: tuple[str, int],
    note: Callable[[Turn, Case], Awaitable[_Noted | Refused]],
) -> View | Refused:
    """Write down something that does not move the referral; refused from an old page."""
    (account, what), (ref_id, seen) = doing, about
    async with desk.store.turn() as turn:
        case = await case_file.read(turn, desk, ref_id)
        outcome: _Noted | Refused = Refused(Reason.ROLE)
        if case is not None and seen == case.clear.version:
            outcome = await note(turn, case)
        elif case is not None and seats_of(case.referral, account):
            outcome = Refused(Reason.VERSION)
        if not isinstance(outcome, Refused):
            world = await around(turn, desk, outcome[0])
            kept = await case_file.keep(turn, desk, outcome[0], world.clocks)
        reason = outcome.reason if isinstance(outcome, Refused) else None
        others = () if isinstance(outcome, Refused) else outcome[1]
        entry = case_audit.of(account.id, what, reason)
        await case_audit.record(turn, desk, entry, case.id if case else "", others)
        if isinstance(outcome, Refused):
            return outcome
        view = await shown(turn, desk, account, kept)  # her yes is in the chain now
    return view or without_sight(kept)
