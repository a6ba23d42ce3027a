"""The sealed form of a draft: items sealed in the browser of its owner, and a link for a guest."""

from dataclasses import dataclass, replace
from typing import Any, TypeVar

from handlers import case_audit, case_file, guest_links
from handlers.case_file import Case
from handlers.desk import Desk
from handlers.guest_links import GuestOffer
from handlers.partners import receiver
from handlers.sealing import Sealed, SealRefusal, Typing, add_typed, drop_items, for_typing
from handlers.staff_values import SignedIn
from privacy.audit import StaffAct
from referrals.items import Item
from referrals.states import State
from storage import referrals
from storage.store import Turn

_BEFORE_SENDING = frozenset({State.DRAFT, State.CONSENT_PENDING, State.CONSENTED})

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedForm:
    """What the owner's browser needs to seal an item for the receiver of a draft."""

    sender: str
    receiver: str
    typing: Typing


async def sealed_form(desk: Desk, by: SignedIn, referral: str) -> SealedForm | SealRefusal | None:
    """For the owner, before sending; None for everybody else, as for an unknown id."""
    async with desk.store.turn() as turn:
        case = await _own(turn, desk, by, referral)
        if case is None:
            return None
        place = place_of(case)
        allowed = await for_typing(turn, desk, place)
    if isinstance(allowed, SealRefusal):
        return allowed
    return SealedForm(sender=place.sender, receiver=place.receiver, typing=allowed)


async def keep_typed(
    desk: Desk, by: SignedIn, referral: str, part: Any
) -> SealRefusal | int | None:
    """Keep one sealed item; the row's version afterwards. None as above."""
    async with desk.store.turn() as turn:
        case = await _own(turn, desk, by, referral)
        if case is None:
            return None
        parts = await add_typed(turn, desk, place_of(case), part)
        if isinstance(parts, SealRefusal):
            return await _noted(turn, desk, by, (case, "type"), parts)
        row = await referrals.keep(turn, replace(case.row, parts=parts))
        return await _noted(turn, desk, by, (case, "type"), row.version)


async def drop_typed(desk: Desk, by: SignedIn, referral: str, item: Item) -> int | None:
    """Take a typed item out of a draft again; the row's version afterwards. None as above."""
    async with desk.store.turn() as turn:
        case = await _own(turn, desk, by, referral)
        if case is None:
            return None
        row = replace(case.row, parts=drop_items(case.row.parts, [item]))
        row = await referrals.keep(turn, row)
        return await _noted(turn, desk, by, (case, "untype"), row.version)


async def make_guest_link(
    desk: Desk, by: SignedIn, referral: str, offer: GuestOffer
) -> float | None:
    """A link for the receiver of a draft, who has no account; when it ends. None as above.

    And None where people there have accounts: whoever makes link and PIN could answer for them.
    """
    async with desk.store.turn() as turn:
        case = await _own(turn, desk, by, referral)
        if case is None or not await _by_link(turn, desk, case):
            return None
        ends = await guest_links.make(turn, desk, place_of(case), offer)
        if ends is None:
            return None
        return await _noted(turn, desk, by, (case, "guest"), ends)


def place_of(case: Case) -> Sealed:
    """A case as sealing sees it: in a draft the receiver is the one chosen in the form."""
    row = case.row
    return Sealed(
        id=row.id,
        sender=row.sender,
        receiver=row.receiver or case.form.receiver,
        state=row.state,
        parts=row.parts,
        share=row.share,
        version=row.version,
    )


async def _by_link(turn: Turn, desk: Desk, case: Case) -> bool:
    partner = await receiver(turn, desk, place_of(case).receiver)
    return partner is not None and partner.by_link


async def _own(turn: Turn, desk: Desk, by: SignedIn, referral: str) -> Case | None:
    account = by.account
    if by.duress or not account.organisation:
        return None
    case = await case_file.read(turn, desk, referral)
    if case is None or case.row.owner != account.id or case.row.sender != account.organisation:
        return None
    return case if State(case.row.state) in _BEFORE_SENDING else None


async def _noted(
    turn: Turn, desk: Desk, by: SignedIn, act: tuple[Case, str], outcome: Done
) -> Done:
    """Into the audit chain, refused or done; gives the outcome back. Call it last in the turn."""
    case, what = act
    refused = isinstance(outcome, SealRefusal)
    entry = StaffAct(
        by=by.account.id,
        what=f"{case_audit.KIND}.{what}",
        result="refused" if refused else "done",
        reason=outcome.value if isinstance(outcome, SealRefusal) else "",
    )
    await case_audit.record(turn, desk, entry, case.id)
    return outcome
