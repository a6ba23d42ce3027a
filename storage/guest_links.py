"""Links of partners without an account: one found by its referral, or all that still live."""

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


async def links(turn: Turn, kind: str, now: float) -> tuple[InviteRow, ...]:
    """Every living link."""
    living = (invites.c.kind == kind, invites.c.expires_at > now)
    rows = await turn.execute(select(*invites.columns).where(*living))
    return tuple(InviteRow(**row) for row in rows.mappings())
