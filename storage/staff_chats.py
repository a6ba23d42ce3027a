"""Chats of staff as rows: found by a keyed hash, the address sealed under a key of its own."""

from dataclasses import dataclass, field

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import staff_chats


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRow:
    """`chat` is a keyed hash of the address; `key` names what opens `sealed`."""

    chat: str = field(repr=False)
    account: str
    key: str
    sealed: bytes = field(repr=False)
    expires_at: float


async def read(turn: AsyncConnection, chat: str, now: float) -> ChatRow | None:
    """Whose chat it is."""
    living = (staff_chats.c.chat == chat, staff_chats.c.expires_at > now)
    row = (await turn.execute(select(*staff_chats.columns).where(*living))).mappings().first()
    return ChatRow(**row) if row else None


async def of_account(turn: AsyncConnection, account: str, now: float) -> tuple[ChatRow, ...]:
    """Every chat of this person."""
    living = (staff_chats.c.account == account, staff_chats.c.expires_at > now)
    found = await turn.execute(
        select(*staff_chats.columns).where(*living).order_by(staff_chats.c.chat)
    )
    return tuple(ChatRow(**row) for row in found.mappings())


async def keep(turn: AsyncConnection, row: ChatRow) -> tuple[str, ...]:
    """Keep it in the place of what this chat was before; names of keys that are of no use now."""
    useless = await drop(turn, row.chat)
    await turn.execute(
        insert(staff_chats).values(
            chat=row.chat,
            account=row.account,
            key=row.key,
            sealed=row.sealed,
            expires_at=row.expires_at,
        )
    )
    return useless


async def drop(turn: AsyncConnection, chat: str) -> tuple[str, ...]:
    """Unlink a chat; the names of keys that are of no use now."""
    gone = await turn.execute(
        delete(staff_chats).where(staff_chats.c.chat == chat).returning(staff_chats.c.key)
    )
    return tuple(gone.scalars())


async def drop_all(turn: AsyncConnection, account: str) -> tuple[str, ...]:
    """Unlink every chat of this person; the names of keys that are of no use now."""
    gone = await turn.execute(
        delete(staff_chats).where(staff_chats.c.account == account).returning(staff_chats.c.key)
    )
    return tuple(gone.scalars())
