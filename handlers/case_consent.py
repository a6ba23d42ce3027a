"""Whether her yes holds now: the record, the chain, the texts and the receiver as they are."""

from dataclasses import replace
from datetime import datetime

from pydantic import TypeAdapter

from handlers.case_file import Case
from handlers.case_world import World
from handlers.desk import Desk
from privacy.audit import StaffAct, known
from privacy.vault import SealBroken, open_sealed, seal
from referrals.consent import Consent
from referrals.consent_digest import digest
from referrals.contact_terms import ContactTerms, ContactWay
from referrals.corridor import agreed_items
from referrals.holding import Holds, ReferralFacts, Why, holds
from referrals.items import Item
from referrals.packet import Terms
from referrals.padding import padded, unpadded
from referrals.states import FINAL, WITH_RECEIVER
from storage import audit, consents, referrals
from storage.consents import ConsentRow
from storage.store import Turn

_CONSENT: TypeAdapter[Consent] = TypeAdapter(Consent)


def terms_of(case: Case, items: frozenset[Item]) -> Terms:
    """How she is reached and what she was told, as her consent names it by digest alone.

    Without her yes to contact nothing stands there but what must never be done (3.5). A number is
    not in it: it is typed and sealed apart (decisions 25).
    """
    form, contact = case.form, case.form.contact
    told = ContactTerms(do_not=contact.do_not)
    if Item.CONTACT in items:
        told = ContactTerms(
            way=contact.way or ContactWay.CASEWORKER,
            bands=contact.bands,
            secret=contact.secret,
            do_not=contact.do_not,
        )
    return Terms(contact=told, words=form.words, expects=form.expects, salt=case.inner.salt)


async def read(turn: Turn, desk: Desk, case: Case) -> Consent | None:
    """The record of the yes this referral stands on; None where there is none to be read."""
    row = await consents.read(turn, case.clear.consent) if case.clear.consent else None
    key = await desk.keystore.get(row.key) if row else None
    if row is None or key is None or row.referral != case.id:
        return None
    try:
        return _CONSENT.validate_json(unpadded(open_sealed(key, row.sealed, _place(row.id))))
    except (SealBroken, ValueError):
        return None


async def now(turn: Turn, desk: Desk, case: Case, world: World) -> Holds | Why:
    """Whether it holds at this moment. Everything is read anew; nobody can say so instead."""
    consent = await read(turn, desk, case)
    if consent is None:
        return Why.MISSING
    newest = await consents.newest_digest(turn, consent.id, case.clear.linked_after)
    facts = await facts_now(turn, case, consent, world)
    return holds(consent, replace(facts, newest=newest), world.at) if facts else Why.OTHER_RECEIVER


async def facts_now(
    turn: Turn, case: Case, consent: Consent, world: World
) -> ReferralFacts | None:
    """The referral as it is, for a record whose digest is not in the chain yet."""
    receiver, form, referral = world.party(), case.form, case.referral
    if receiver is None or form.purpose is None:
        return None
    # Whose seat it is stands in clear, whom she chose is sealed: both must be the same.
    if {referral.receiver(), case.row.receiver} != {receiver.organisation}:
        return None
    receipts = await referrals.receipts(turn, case.id)
    shown = {consent.text.digest} | ({consent.abroad.risks.digest} if consent.abroad else set())
    day = world.at.date()
    crosses = receiver.country != form.country
    passes = agreed_items(world.basis, form.country, receiver.country, day) if crosses else None
    return ReferralFacts(
        referral=case.id,
        subject=consent.subject if consent.subject in receipts else "",
        sender=case.row.sender,
        receiver=receiver,
        purpose=form.purpose,
        wanted=form.items,
        terms=terms_of(case, form.items).digest(),
        danger=int(referral.urgency),
        newest=digest(consent),
        texts=await referrals.published_texts(turn, frozenset(shown)),
        country=form.country,
        agreed_items=passes if world.basis is not None else None,
        under_18=referral.child,
        children_focal_point=referral.child_focal_point,
        fears_state=bool(form.corridor and form.corridor.fears_state),
        sent_at=_sent_with(case, consent),
        closed_at=referral.touched_at if referral.state in FINAL else None,
    )


async def record(
    turn: Turn, desk: Desk, case: Case, consent: Consent
) -> tuple[Case, tuple[StaffAct, ...]]:
    """Keep a record, new or changed, and the act that links its digest in the chain.

    The act must be written in this same turn: until then the record counts for nothing.
    """
    row = await consents.read(turn, consent.id)
    if row is None:
        linked_after = (await audit.head(turn)).seq
        case = case.noting(consent=consent.id, linked_after=linked_after)
        until = desk.now() + desk.keep.audit
        name, key = await desk.keystore.new(until)
        row = ConsentRow(id=consent.id, referral=case.id, key=name, sealed=b"", expires_at=until)
    else:
        found = await desk.keystore.get(row.key)
        if found is None:
            return case, ()
        key = found
    content = padded(_CONSENT.dump_json(consent))
    await consents.keep(turn, replace(row, sealed=seal(key, content, _place(row.id))))
    return case, (_linked(consent),)


def _linked(consent: Consent) -> StaffAct:
    return StaffAct(
        by=known(consent.asked.caseworker),
        what="consent.withdrawn" if consent.withdrawn_at else "consent.recorded",
        kind=consents.KIND,
        object=digest(consent),
        reason=consents.tag(consent.id),
    )


def _sent_with(case: Case, consent: Consent) -> datetime | None:
    """When it went out with this yes; an older sending was with another."""
    sent, with_them = case.referral.sent_at, case.referral.state in WITH_RECEIVER
    return sent if sent is not None and with_them and sent >= consent.given_at else None


def _place(consent_id: str) -> str:
    return f"consents/{consent_id}"
