"""Moves as rows: the code with which a conversation goes on elsewhere, as a keyed hash."""

from dataclasses import dataclass, field

from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import moves


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRow:
    """`person` and `key` are those of the conversation that goes on; times are Unix seconds."""

    person: str
    code: str = field(repr=False)
    key: str
    sealed: bytes = field(repr=False)
    expires_at: float


async def keep(turn: AsyncConnection, row: MoveRow) -> None:
    """Keep it; an older code of this person works no more."""
    await turn.execute(delete(moves).where(moves.c.person == row.person))
    await turn.execute(
        insert(moves).values(
            person=row.person,
            code=row.code,
            key=row.key,
            sealed=row.sealed,
            expires_at=row.expires_at,
            version=1,
        )
    )


async def take(turn: AsyncConnection, codes: tuple[str, ...], now: float) -> MoveRow | None:
    """Use a code up. The same one statement whether it is there, was once, or never was."""
    taken = await turn.execute(
        delete(moves)
        .where(moves.c.code.in_(codes), moves.c.expires_at > now)
        .returning(moves.c.person, moves.c.code, moves.c.key, moves.c.sealed, moves.c.expires_at)
    )
    row = taken.mappings().first()
    return MoveRow(**row) if row else None
