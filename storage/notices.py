"""Notices as rows: posted with the act they tell of, taken by whoever sends, then dropped."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import notices

LEASE = 30.0  # seconds a notice stays with the process that took it, unless it says so again


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """One notice; `id` is 0 before it was kept. Times are Unix seconds."""

    id: int = 0
    account: str
    kind: str
    code: str
    due_at: float
    expires_at: float


async def add(turn: AsyncConnection, row: NoticeRow) -> None:
    """Post it."""
    values = asdict(row)
    del values["id"]
    await turn.execute(insert(notices).values(values))


async def take_due(
    turn: AsyncConnection, now: float, most: int, without: Collection[str] = ()
) -> tuple[NoticeRow, ...]:
    """Those due, leased, so that two processes do not send one twice; none of these people."""
    wanted = (
        select(notices.c.id)
        .where(notices.c.due_at <= now, notices.c.expires_at > now)
        .where(notices.c.account.not_in(without))
        .order_by(notices.c.due_at, notices.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    ids = tuple((await turn.execute(wanted)).scalars())
    taken = update(notices).where(notices.c.id.in_(ids)).values(due_at=now + LEASE)
    rows = (await turn.execute(taken.returning(*notices.columns))).mappings()
    return tuple(sorted((NoticeRow(**row) for row in rows), key=lambda one: one.id))


async def renew(turn: AsyncConnection, ids: Iterable[int], now: float) -> frozenset[int]:
    """These are still in hand: nobody else may take them for another while. Which there are."""
    held = update(notices).where(notices.c.id.in_(tuple(ids))).values(due_at=now + LEASE)
    return frozenset((await turn.execute(held.returning(notices.c.id))).scalars())


async def of_account(turn: AsyncConnection, account: str, now: float) -> tuple[NoticeRow, ...]:
    """What waits for one person, the oldest first."""
    mine = (notices.c.account == account, notices.c.expires_at > now)
    found = await turn.execute(select(*notices.columns).where(*mine).order_by(notices.c.id))
    return tuple(NoticeRow(**row) for row in found.mappings())


async def drop(turn: AsyncConnection, ids: Iterable[int]) -> None:
    """Forget those that were sent."""
    await turn.execute(delete(notices).where(notices.c.id.in_(tuple(ids))))
