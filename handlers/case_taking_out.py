"""She takes items back after her yes: by word to whoever asked her, or herself with her receipt.

The rest of her yes stands. What was sent is sealed anew without them in the same act, the receiver
is told by a code, and her record says which item and when (referral protocol 3.8).
"""

from dataclasses import replace

from handlers import case_audit, case_consent, case_file, notices
from handlers.case_effects import for_sender, receiving
from handlers.case_file import Case
from handlers.case_sealing import sealed_again
from handlers.case_seats import seats_of
from handlers.case_values import View
from handlers.case_world import World, around
from handlers.desk import Desk
from handlers.notices import Kind
from handlers.removals import removed
from handlers.sealing import drop_items
from handlers.staff_values import Account
from privacy.audit import StaffAct
from privacy.removals import ITEM
from privacy.sealing import PartsFaulty
from referrals.consent import take_out
from referrals.items import Item
from referrals.outcomes import Reason, Refused
from referrals.roles import Seat
from referrals.states import WITH_RECEIVER, State
from storage.store import Turn, VersionConflict

OPEN = frozenset({State.CONSENTED, *WITH_RECEIVER})
"""Where her yes stands and something of it was sent, or will be."""
WITNESSES = frozenset({Seat.OWNER, Seat.CHILD_FOCAL_POINT})


def may_be_offered(account: Account, view: View) -> bool:
    """Whether this person's page of this referral leads to the list of her items."""
    return view.form is not None and view.state in OPEN and bool(account.organisation)


async def items_in(desk: Desk, account: Account, ref_id: str) -> tuple[Item, ...]:
    """What was sent with her yes, or will be; empty for whoever does not write down her word."""
    async with desk.store.turn() as turn:
        case = await case_file.read(turn, desk, ref_id)
        if case is None or not seats_of(case.referral, account) & WITNESSES:
            return ()
        return await items_of(turn, desk, case)


async def items_of(turn: Turn, desk: Desk, case: Case) -> tuple[Item, ...]:
    """The items she agrees to now, in one order; empty where there is no yes to take from."""
    if case.referral.state not in OPEN:
        return ()
    consent = await case_consent.read(turn, desk, case)
    return tuple(item for item in Item if consent is not None and item in consent.agreed)


async def take_out_on_her_word(
    desk: Desk, account: Account, ref_id: str, items: frozenset[Item]
) -> Refused | None:
    """She told the one who asked her. Needs no version, like a withdrawal: tried until done."""
    while True:
        try:
            async with desk.store.turn() as turn:
                outcome = await her_take_out(turn, desk, ref_id, items, account)
                return outcome if isinstance(outcome, Refused) else None
        except VersionConflict:
            continue


async def her_take_out(
    turn: Turn, desk: Desk, ref_id: str, items: frozenset[Item], by: Account | None = None
) -> Case | Refused:
    """She takes items back; call it last in the turn. `by`: who writes it down for her.

    Where what was sent cannot be sealed anew, nothing is left to be opened: an item too few harms
    less than one too many.
    """
    case = await case_file.read(turn, desk, ref_id)
    outcome: tuple[Case, tuple[StaffAct, ...]] | Refused = Refused(Reason.ROLE)
    if case is not None and (by is None or seats_of(case.referral, by) & WITNESSES):
        outcome = await _taken_out(turn, desk, case, items)
    refused = outcome if isinstance(outcome, Refused) else None
    if not isinstance(outcome, Refused):
        await _tell(turn, desk, outcome[0], by)
    others = () if isinstance(outcome, Refused) else outcome[1]
    who = by.id if by else case_audit.HER
    entry = case_audit.of(who, "take_out", refused.reason if refused else None)
    await case_audit.record(turn, desk, entry, case.id if case else "", others)
    return outcome if isinstance(outcome, Refused) else outcome[0]


async def _taken_out(
    turn: Turn, desk: Desk, case: Case, items: frozenset[Item]
) -> tuple[Case, tuple[StaffAct, ...]] | Refused:
    consent = await case_consent.read(turn, desk, case)
    if consent is None or case.referral.state not in OPEN:
        return Refused(Reason.STATE)
    if not items & consent.agreed:
        return Refused(Reason.MISSING)
    world = await around(turn, desk, case)
    smaller = take_out(consent, items, world.at)
    case = case.keeping(form=replace(case.form, items=smaller.agreed))
    terms = case_consent.terms_of(case, smaller.agreed).digest()
    smaller = replace(smaller, terms=terms)
    case, acts = await case_consent.record(turn, desk, case, smaller)
    if case.referral.state in WITH_RECEIVER:
        parts = await sealed_again(turn, desk, case, world, smaller)
    else:
        parts = _without(case.row.parts, items)
    case = replace(case, row=replace(case.row, parts=parts))
    for item in sorted(smaller.taken_out, key=lambda one: one.value):
        await removed(turn, desk, ITEM, f"{case.id}/{item.value}")  # no backup may bring it back
    return await case_file.keep(turn, desk, case, world.clocks), acts


def _without(parts: bytes, items: frozenset[Item]) -> bytes:
    """What a browser sealed before sending, dropped with its item."""
    try:
        return drop_items(parts, items) if parts else parts
    except PartsFaulty:
        return b""


async def _tell(turn: Turn, desk: Desk, case: Case, by: Account | None) -> None:
    """The receiver, where it has something; and her caseworker, where she did it elsewhere."""
    world: World = await around(turn, desk, case)
    sent = case.referral.state in WITH_RECEIVER
    people = set(await receiving(turn, desk, case, world)) if sent else set()
    if by is None or by.id != case.row.owner:
        people |= {*await for_sender(turn, desk, case)}
    for person in sorted(people):
        await notices.tell(turn, desk, person, Kind.TAKEN_OUT, case.clear.code)
