"""The packet of a sending: packed from what she agreed to, sealed to its receiver."""

from handlers import case_consent
from handlers.case_file import Case
from handlers.case_world import World
from handlers.desk import Desk
from handlers.sealing import Sealed, SealRefusal, seal_coded, typed_items
from privacy.sealing import PartsFaulty
from referrals.consent import Consent
from referrals.contact_terms import ContactWay
from referrals.holding import Holds, Why, holds
from referrals.items import Item
from referrals.outcomes import Reason
from referrals.packet import pack
from storage.store import Turn


async def sealed_for_sending(turn: Turn, desk: Desk, case: Case, world: World) -> bytes | Reason:
    """The sealed parts as they are to be kept, or why there are none; her yes is asked anew."""
    held = await case_consent.now(turn, desk, case, world)
    if not isinstance(held, Holds):
        return Reason.NO_CONSENT
    return await _sealed(turn, desk, case, held)


async def sealed_again(
    turn: Turn, desk: Desk, case: Case, world: World, smaller: Consent
) -> bytes:
    """The parts without what she takes out by this record; nothing at all where that fails."""
    facts = await case_consent.facts_now(turn, case, smaller, world)
    held = holds(smaller, facts, world.at) if facts else Why.OTHER_RECEIVER
    parts = await _sealed(turn, desk, case, held) if isinstance(held, Holds) else b""
    return parts if isinstance(parts, bytes) else b""


async def _sealed(turn: Turn, desk: Desk, case: Case, held: Holds) -> bytes | Reason:
    consent = held.consent
    try:
        typed = typed_items(case.row.parts)
    except PartsFaulty:
        return Reason.MISSING
    if not _to_be_typed(case, consent) <= typed:
        return Reason.MISSING
    terms = case_consent.terms_of(case, consent.agreed)
    content = (terms, case.form.values(consent.agreed))
    packet = pack(consent, held.facts, held.at, content, apart=typed)
    if isinstance(packet, Why):
        return Reason.MISSING if packet is Why.ITEM_ABSENT else Reason.NO_CONSENT
    parts = await seal_coded(turn, desk, _place(case), packet)
    if isinstance(parts, SealRefusal):
        return Reason.RECEIVER if parts is SealRefusal.NO_KEY else Reason.MISSING
    return parts


def _to_be_typed(case: Case, consent: Consent) -> frozenset[Item]:
    """What she agreed to that only the sealed form can hold: her name, a number to call."""
    called = case.form.contact.way is ContactWay.PHONE
    wanted = {Item.NAME} | ({Item.CONTACT} if called else set())
    return consent.agreed & wanted


def _place(case: Case) -> Sealed:
    row = case.row
    return Sealed(
        id=row.id,
        sender=row.sender,
        receiver=row.receiver,
        state=row.state,
        parts=row.parts,
        share=row.share,
        version=row.version,
    )
