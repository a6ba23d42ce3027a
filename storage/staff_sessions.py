"""Signed-in browsers of staff as rows; of the session's id only a hash is kept."""

from dataclasses import dataclass, field

from pydantic import TypeAdapter
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import staff_sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What is known of a browser: times in Unix seconds, `confirmed_at` of the last second factor.

    `whole`: a second factor was shown; before that the session opens nothing. `wrong` counts those
    that did not fit. `by_passkey`: the last factor was one; `excused`: no passkey is asked of this
    session. `challenge` is what a passkey must sign next, in base64; `named` the keyed
    hash of the name that was typed.
    """

    begun_at: float
    confirmed_at: float = 0
    whole: bool = False
    known: bool = False
    device: str = ""
    wrong: int = 0
    demo: bool = False
    duress: bool = False
    by_passkey: bool = False
    excused: bool = False
    named: str = field(default="", repr=False)
    challenge: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """One browser; `id` is the SHA-256 of its cookie in hex."""

    id: str = field(repr=False)
    account: str
    document: Signed
    expires_at: float


_SIGNED: TypeAdapter[Signed] = TypeAdapter(Signed)


async def add(turn: AsyncConnection, row: SessionRow) -> None:
    """Keep a new one."""
    document = _SIGNED.dump_json(row.document).decode()
    values = {"id": row.id, "account": row.account, "expires_at": row.expires_at}
    await turn.execute(insert(staff_sessions).values(values | {"document": document}))


async def read(turn: AsyncConnection, session_id: str, now: float) -> SessionRow | None:
    """The session, where it has not ended."""
    living = (staff_sessions.c.id == session_id, staff_sessions.c.expires_at > now)
    found = await turn.execute(select(*staff_sessions.columns).where(*living))
    row = found.mappings().first()
    return _row(dict(row)) if row else None


async def of_account(turn: AsyncConnection, account: str, now: float) -> tuple[SessionRow, ...]:
    """Every session of this person that has not ended, the oldest first."""
    mine = (staff_sessions.c.account == account, staff_sessions.c.expires_at > now)
    found = await turn.execute(select(*staff_sessions.columns).where(*mine))
    rows = [_row(dict(row)) for row in found.mappings()]
    return tuple(sorted(rows, key=lambda row: row.document.begun_at))


async def change(turn: AsyncConnection, row: SessionRow) -> bool:
    """Keep what has become of it; False where it has ended meanwhile."""
    values = {"document": _SIGNED.dump_json(row.document).decode(), "expires_at": row.expires_at}
    done = await turn.execute(
        update(staff_sessions).where(staff_sessions.c.id == row.id).values(values)
    )
    return bool(done.rowcount)


async def drop(turn: AsyncConnection, *session_ids: str) -> int:
    """End sessions; how many there were."""
    gone = await turn.execute(delete(staff_sessions).where(staff_sessions.c.id.in_(session_ids)))
    return gone.rowcount


async def drop_all(turn: AsyncConnection, account: str) -> int:
    """End every session of this person; how many there were."""
    gone = await turn.execute(delete(staff_sessions).where(staff_sessions.c.account == account))
    return gone.rowcount


def _row(row: dict[str, object]) -> SessionRow:
    document = _SIGNED.validate_json(str(row.pop("document")))
    return SessionRow(**row, document=document)  # type: ignore[arg-type]
