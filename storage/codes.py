"""Codes and receipts a woman was given, as keyed hashes: kept, found, dropped (decisions 24)."""

import secrets
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import codes
from storage.seen import insert_or_leave

Kind = Literal["consent", "receipt", "view"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRow:
    """`code` is a keyed hash; `expires_at` in Unix seconds.

    A `view` is no code: it stands for one time that a consent was opened (3.8, pressure), with a
    random value in place of the hash.
    """

    code: str = field(repr=False)
    kind: Kind
    referral: str
    expires_at: float


async def keep(turn: AsyncConnection, row: CodeRow) -> bool:
    """Keep it; False, and nothing kept, where this hash is taken."""
    values = {
        "code": row.code,
        "kind": row.kind,
        "referral": row.referral,
        "expires_at": row.expires_at,
    }
    new = insert_or_leave(turn, codes).values(values).on_conflict_do_nothing()
    return (await turn.execute(new.returning(codes.c.code))).first() is not None


async def find(turn: AsyncConnection, hashes: tuple[str, ...], now: float) -> CodeRow | None:
    """The living code with one of these hashes. One statement, whether there is one or not."""
    wanted = select(*codes.columns).where(
        codes.c.code.in_(hashes), codes.c.expires_at > now, codes.c.kind != "view"
    )
    row = (await turn.execute(wanted)).mappings().first()
    return CodeRow(**row) if row else None


async def lives(turn: AsyncConnection, code: str, now: float) -> bool:
    """Whether this code still works."""
    return await find(turn, (code,), now) is not None


async def drop(turn: AsyncConnection, referral: str, *kinds: Kind, but: str = "") -> None:
    """All of these kinds for this referral work no more, `but` one of them."""
    mine = (codes.c.referral == referral, codes.c.kind.in_(kinds), codes.c.code != but)
    await turn.execute(delete(codes).where(*mine))


async def drop_code(turn: AsyncConnection, code: str) -> None:
    """This one works no more."""
    await turn.execute(delete(codes).where(codes.c.code == code))


async def add_view(turn: AsyncConnection, referral: str, until: float) -> None:
    """Her consent was opened once more."""
    view = CodeRow(code=secrets.token_hex(32), kind="view", referral=referral, expires_at=until)
    await keep(turn, view)


async def views(turn: AsyncConnection, referral: str, now: float) -> int:
    """How often it was opened since she was first asked."""
    mine = (codes.c.referral == referral, codes.c.kind == "view", codes.c.expires_at > now)
    return (await turn.execute(select(func.count()).select_from(codes).where(*mine))).scalar_one()
