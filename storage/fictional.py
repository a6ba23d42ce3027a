"""Takes out the rows of fictional organisations, which a trial had for its demo."""

from collections.abc import Collection

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import (
    agreements,
    codes,
    consents,
    organisations,
    partners,
    referrals,
    services,
    truths,
)


async def drop(
    turn: AsyncConnection, theirs: Collection[str], listed: Collection[str], agreement: str
) -> None:
    """These organisations with their services, their agreement, and what was ever sent there."""
    between = or_(referrals.c.sender.in_(theirs), referrals.c.receiver.in_(theirs))
    ids = tuple((await turn.execute(select(referrals.c.id).where(between))).scalars())
    await turn.execute(delete(consents).where(consents.c.referral.in_(ids)))
    await turn.execute(delete(codes).where(codes.c.referral.in_(ids)))
    await turn.execute(delete(referrals).where(referrals.c.id.in_(ids)))
    await turn.execute(delete(partners).where(partners.c.id.in_(theirs)))
    await turn.execute(delete(organisations).where(organisations.c.id.in_(theirs)))
    await turn.execute(delete(agreements).where(agreements.c.id == agreement))
    await turn.execute(delete(services).where(services.c.id.in_(listed)))
    await turn.execute(delete(truths).where(truths.c.service.in_(listed)))
