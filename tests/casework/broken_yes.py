"""Ways in which a yes can be none: as it is given, and in the rows once it was given."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import delete, select, update

from referrals.consent import Consent, Interpreter, Purpose, TextShown
from referrals.items import Item, Sector
from referrals.pressure import Pressure
from storage.rows import consents, referrals
from storage.store import Turn

Change = Callable[[Consent, Random], Consent | None]


def _asked(**changes: Any) -> Change:
    return lambda made, random: replace(made, asked=replace(made.asked, **changes))


def _receiver(**changes: Any) -> Change:
    return lambda made, random: replace(made, receiver=replace(made.receiver, **changes))


def _hex(random: Random, length: int) -> str:
    return f"{random.getrandbits(4 * length):0{length}x}"


def _ended(made: Consent, random: Random) -> Consent:
    back = timedelta(days=random.randint(31, 90))
    return replace(made, given_at=made.given_at - back, ends_at=made.given_at - timedelta(hours=1))


# What she, or whoever plays her, hands in at AGREE. None of these is her yes.
GIVEN: dict[str, Change] = {
    "missing": lambda made, random: None,
    "expired": _ended,
    "withdrawn": lambda made, random: replace(made, withdrawn_at=made.given_at),
    "not yet": lambda made, random: replace(
        made,
        given_at=made.given_at + timedelta(hours=2),
        ends_at=made.given_at + timedelta(days=30),
    ),
    "other organisation asked": _asked(organisation="demo-kite"),
    "other receiver": _receiver(organisation="demo-kite"),
    "other sector": _receiver(sector=Sector.POLICE),
    "other country": _receiver(country="MM"),
    "other purpose": lambda made, random: replace(
        made, purpose=random.choice([one for one in Purpose if one is not made.purpose])
    ),
    "other person": lambda made, random: replace(made, subject=_hex(random, 64)),
    "other referral": lambda made, random: replace(made, referral=_hex(random, 32)),
    "other terms": lambda made, random: replace(made, terms=_hex(random, 64)),
    "other danger": lambda made, random: replace(made, danger=(made.danger + 1) % 4),
    "unknown text": lambda made, random: replace(
        made, text=TextShown(language="my", version="1", digest=_hex(random, 64))
    ),
    "an item more": lambda made, random: replace(made, items=made.items | {Item.ALERTS}),
    "not alone": _asked(alone=False),
    "limits not explained": _asked(limits_explained=False),
    "not understood": _asked(understood=False),
    "no secret word": _asked(secret_word_checked=False, interpreter=Interpreter.NONE),
    "another person there": lambda made, random: replace(
        made, pressure=replace(made.pressure, other_person=True)
    ),
    "shown too often": lambda made, random: replace(made, pressure=Pressure(views=4)),
}


@dataclass(frozen=True)
class Other:
    """Another woman's referral with a yes of hers, to steal from."""

    id: str
    consent: str


Tamper = Callable[[Turn, str, Other], Awaitable[None]]


async def _document(turn: Turn, ref_id: str, old: str, new: str) -> None:
    wanted = select(referrals.c.document).where(referrals.c.id == ref_id)
    document = (await turn.execute(wanted)).scalar_one()
    assert old in document
    mine = referrals.c.id == ref_id
    changed = document.replace(old, new)
    await turn.execute(update(referrals).where(mine).values(document=changed))


async def _consent_of(turn: Turn, ref_id: str) -> str:
    wanted = select(consents.c.id).where(consents.c.referral == ref_id)
    return str((await turn.execute(wanted)).scalars().first())


async def _gone(turn: Turn, ref_id: str, other: Other) -> None:
    await turn.execute(delete(consents).where(consents.c.referral == ref_id))


async def _null(turn: Turn, ref_id: str, other: Other) -> None:
    mine = await _consent_of(turn, ref_id)
    await _document(turn, ref_id, f'"consent":"{mine}"', '"consent":""')


async def _stolen(turn: Turn, ref_id: str, other: Other) -> None:
    """Point at another woman's yes, and say that it is of this referral."""
    mine = await _consent_of(turn, ref_id)
    await _document(turn, ref_id, f'"consent":"{mine}"', f'"consent":"{other.consent}"')
    theirs = consents.c.id == other.consent
    await turn.execute(update(consents).where(theirs).values(referral=ref_id))


async def _swapped(turn: Turn, ref_id: str, other: Other) -> None:
    """Put another woman's sealed record and its key under this one's name."""
    wanted = select(consents.c.sealed, consents.c.key).where(consents.c.id == other.consent)
    sealed, key = (await turn.execute(wanted)).one()
    mine = consents.c.referral == ref_id
    await turn.execute(update(consents).where(mine).values(sealed=sealed, key=key))


async def _changed_byte(turn: Turn, ref_id: str, other: Other) -> None:
    mine = consents.c.referral == ref_id
    sealed = (await turn.execute(select(consents.c.sealed).where(mine))).scalars().first()
    assert sealed
    forged = sealed[:-1] + bytes([sealed[-1] ^ 1])
    await turn.execute(update(consents).where(mine).values(sealed=forged))


async def _unlinked(turn: Turn, ref_id: str, other: Other) -> None:
    """Let the chain be asked from behind the entry that names the record."""
    wanted = select(referrals.c.document).where(referrals.c.id == ref_id)
    document = (await turn.execute(wanted)).scalar_one()
    after = document.partition('"linked_after":')[2].partition(",")[0]
    later = '"linked_after":999999999'
    await _document(turn, ref_id, f'"linked_after":{after}', later)


async def _other_receiver(turn: Turn, ref_id: str, other: Other) -> None:
    await _document(turn, ref_id, '"organisation":"demo-boat"', '"organisation":"demo-kite"')
    mine = referrals.c.id == ref_id
    await turn.execute(update(referrals).where(mine).values(receiver="demo-kite"))


async def _other_form(turn: Turn, ref_id: str, other: Other) -> None:
    """Another woman's sealed answers under this one's name."""
    wanted = select(referrals.c.sealed, referrals.c.key).where(referrals.c.id == other.id)
    sealed, key = (await turn.execute(wanted)).one()
    mine = referrals.c.id == ref_id
    await turn.execute(update(referrals).where(mine).values(sealed=sealed, key=key))


# What a thief who may write into the database does to a referral she has agreed to.
TAMPERED: dict[str, Tamper] = {
    "record gone": _gone,
    "null": _null,
    "stolen": _stolen,
    "swapped": _swapped,
    "forged": _changed_byte,
    "not in the chain": _unlinked,
    "another receiver": _other_receiver,
    "another form": _other_form,
}
