"""The link of a partner without an account: found by its referral, where something is sealed."""

from sqlalchemy import select

from storage.invites import InviteRow
from storage.rows import invites
from storage.store import Turn


async def link_of(turn: Turn, referral: str, kind: str, now: float) -> InviteRow | None:
    """The living link of this referral; its row names the referral as its account."""
    living = (
        invites.c.account == referral,
        invites.c.kind == kind,
        invites.c.expires_at > now,
    )
    row = (await turn.execute(select(*invites.columns).where(*living))).mappings().first()
    return InviteRow(**row) if row else None
