"""Single-use codes of staff as rows: found by a keyed hash, gone in the act that uses them."""

from dataclasses import dataclass, field

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import invites


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteRow:
    """`code` is privacy.staff_codes.lookup; `document` says what else belongs to it."""

    code: str = field(repr=False)
    kind: str
    account: str
    expires_at: float
    document: str = ""


async def keep(turn: AsyncConnection, row: InviteRow) -> None:
    """Keep it; an older code of this kind for the same account works no more."""
    await drop(turn, row.account, row.kind)
    await turn.execute(
        insert(invites).values(
            code=row.code,
            kind=row.kind,
            account=row.account,
            document=row.document,
            expires_at=row.expires_at,
        )
    )


async def look(
    turn: AsyncConnection, code: str, kinds: tuple[str, ...], now: float
) -> InviteRow | None:
    """The code, not used up."""
    living = (invites.c.code == code, invites.c.kind.in_(kinds), invites.c.expires_at > now)
    row = (await turn.execute(select(*invites.columns).where(*living))).mappings().first()
    return InviteRow(**row) if row else None


async def take(
    turn: AsyncConnection, code: str, kinds: tuple[str, ...], now: float
) -> InviteRow | None:
    """Use a code up; of any number of tries at the same moment one alone is given it."""
    living = (invites.c.code == code, invites.c.kind.in_(kinds), invites.c.expires_at > now)
    taken = await turn.execute(delete(invites).where(*living).returning(*invites.columns))
    row = taken.mappings().first()
    return InviteRow(**row) if row else None


async def drop(turn: AsyncConnection, account: str, kind: str = "") -> None:
    """Forget the codes of this account, of one kind or of all."""
    mine = [invites.c.account == account]
    if kind:
        mine.append(invites.c.kind == kind)
    await turn.execute(delete(invites).where(*mine))


async def accounts_with(
    turn: AsyncConnection, kinds: tuple[str, ...], now: float
) -> tuple[str, ...]:
    """Accounts with a code of one of these kinds that still works at `now` (Unix seconds)."""
    living = (invites.c.kind.in_(kinds), invites.c.expires_at > now)
    found = await turn.execute(select(invites.c.account).where(*living))
    return tuple(found.scalars())
