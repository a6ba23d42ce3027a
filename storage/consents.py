"""Her consents as rows: sealed, each under a key of its own, cut from the referral in time."""

from dataclasses import dataclass, field

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import audit, consents, referrals
from storage.store import VersionConflict

KIND = "consent"  # of audit entries whose object is the digest of a record


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRow:
    """One kept record; `referral` is empty once the link was cut. Times are Unix seconds."""

    id: str
    referral: str
    key: str
    sealed: bytes = field(repr=False)
    expires_at: float
    version: int = 0


async def read(turn: AsyncConnection, consent_id: str) -> ConsentRow | None:
    """The record of this id."""
    found = await turn.execute(select(*consents.columns).where(consents.c.id == consent_id))
    row = found.mappings().first()
    return ConsentRow(**row) if row else None


async def keep(turn: AsyncConnection, row: ConsentRow) -> None:
    """Insert (version 0) or replace the version that was read. Raises VersionConflict."""
    values = {
        "referral": row.referral,
        "key": row.key,
        "sealed": row.sealed,
        "expires_at": row.expires_at,
        "version": row.version + 1,
    }
    if row.version == 0:
        await turn.execute(insert(consents).values(id=row.id, **values))
        return
    same = (consents.c.id == row.id, consents.c.version == row.version)
    if (await turn.execute(update(consents).where(*same).values(values))).rowcount != 1:
        raise VersionConflict


async def newest_digest(turn: AsyncConnection, consent_id: str, since: int) -> str:
    """What the audit chain says last of this record; empty where it says nothing.

    `since` is the number of an entry before the record was first linked. Where somebody moved it
    forward nothing is found, so that it can only be made slower, never be got round.
    """
    linked = (audit.c.kind == KIND, audit.c.reason == tag(consent_id), audit.c.seq >= since)
    newest = select(audit.c.object).where(*linked).order_by(audit.c.seq.desc()).limit(1)
    return (await turn.execute(newest)).scalar_one_or_none() or ""


async def cut_links(turn: AsyncConnection) -> int:
    """Records whose referral is gone no longer say which it was; how many."""
    gone = consents.c.referral.not_in(select(referrals.c.id))
    cut = update(consents).where(consents.c.referral != "", gone).values(referral="")
    return (await turn.execute(cut)).rowcount


def tag(consent_id: str) -> str:
    """How an audit entry names a record: by its random id, which is nowhere else in clear."""
    return f"c{consent_id}"
