"""Her yes becomes a record, a receipt and an act: all of it in one turn, by chat and by voice."""

import secrets
from dataclasses import dataclass, field

from flows.walk import Opened
from handlers import consent
from handlers.case_consent import terms_of
from handlers.casework import HerWord, her_act
from handlers.consent import Receipt
from handlers.consent_question import Proposal
from handlers.consent_texts import Script, archive, scripts
from handlers.desk import Desk
from handlers.staff_values import Account
from referrals.consent import Asked, Consent, Extra, YesAbroad
from referrals.items import Item
from referrals.outcomes import Reason, Refused
from referrals.pressure import Pressure
from referrals.states import Act
from storage import codes
from storage.store import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Yes:
    """What she said yes to, and how she was asked.

    `locale` is the language of the texts, `since` when she heard or saw the first of them (Unix
    seconds). `by`: who writes it down for her; None where she tapped it herself.
    """

    locale: str
    since: float
    items: frozenset[Item]
    asked: Asked
    pressure: Pressure
    extras: frozenset[Extra] = frozenset()
    state_yes: bool = False
    abroad_yes: bool = False
    by: Account | None = field(default=None, repr=False)


async def agreed(turn: Turn, desk: Desk, asked: Proposal, yes: Yes) -> Receipt | Refused:
    """Keep it and give her receipt. Refused, nothing stands but that it was tried.

    Call it late in the turn: the audit chain is locked from here on.
    """
    ref_id, written = asked.case.id, scripts(desk, yes.locale, asked)
    given = await consent.new_receipt(desk)
    record = _record(asked, yes, given, written)
    if record is None:
        return Refused(Reason.MISSING)
    await archive(turn, *written)
    await consent.keep_receipt(turn, desk, ref_id, given)
    word = HerWord(seen=asked.referral.version, consent=record, by=yes.by)
    outcome = await her_act(turn, desk, ref_id, Act.AGREE, word)
    if isinstance(outcome, Refused):
        await consent.forget_receipt(turn, given)
        return outcome
    await consent.forget_question(turn, ref_id)
    await consent.forget_older_receipts(turn, ref_id, given)
    return given


async def views(turn: Turn, desk: Desk, asked: Proposal) -> int:
    """How often this question was opened (3.8, pressure checks)."""
    return await codes.views(turn, asked.case.id, desk.now())


def _record(
    asked: Proposal, yes: Yes, given: Receipt, written: tuple[Script, Script | None]
) -> Consent | None:
    """The record of 3.8; None where the referral does not say for whom or for what."""
    case, form, at, party = asked.case, asked.case.form, asked.world.at, asked.world.party()
    whole, risks = written
    items = yes.items & frozenset(asked.items)
    if party is None or form.purpose is None:
        return None
    abroad = YesAbroad(country=asked.abroad, risks=risks.shown, at=at) if risks else None
    return Consent(
        id=secrets.token_hex(16),
        subject=given.subject,
        referral=case.id,
        receiver=party,
        purpose=form.purpose,
        services=form.services,
        items=items,
        terms=terms_of(case, items).digest(),
        danger=int(asked.referral.urgency),
        text=whole.shown,
        asked=yes.asked,
        pressure=yes.pressure,
        extras=yes.extras,
        state_yes=yes.state_yes,
        abroad=abroad if yes.abroad_yes else None,
        child=form.child.block(form.age) if form.child and form.under_18() else None,
        given_at=at,
        ends_at=asked.ends_at(Opened(since=yes.since)),
    )
