"""Referrals as rows: read one to change it, keep it if nobody was quicker, find those due."""

from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, false, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from referrals.states import FINAL, WITH_RECEIVER
from storage.rows import codes, network, referrals
from storage.store import VersionConflict

_FINAL = tuple(state.value for state in FINAL)
_WITH_RECEIVER = tuple(sorted(state.value for state in WITH_RECEIVER))
_LONGEST_NAME = 60  # of a row of `network`
_CLEAR = tuple(one for one in referrals.columns if one.name not in ("sealed", "parts"))
_MOST = 500  # rows of one list: nobody reads more, and nobody may carry off everything


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One kept referral; times are Unix seconds, version 0 was never kept.

    `document` holds what decisions 29 let stand in clear. `key` opens `sealed`; `parts` need the
    key named `share` and one of the receiving organisation. After an end both are destroyed, and
    `sealed` and `parts` are empty.
    """

    id: str
    sender: str
    receiver: str
    owner: str
    state: str
    due_at: float | None
    document: str
    parts: bytes = field(default=b"", repr=False)
    share: str
    key: str
    sealed: bytes = field(default=b"", repr=False)
    expires_at: float
    version: int = 0


async def read(turn: AsyncConnection, referral_id: str) -> Row | None:
    """The row, held until the end of the turn: whoever else wants it waits (R41, R46)."""
    wanted = select(*referrals.columns).where(referrals.c.id == referral_id)
    return _first(await turn.execute(wanted.with_for_update()))


async def keep(turn: AsyncConnection, row: Row) -> Row:
    """Insert (version 0) or replace the version that was read. Raises VersionConflict."""
    after = replace(row, version=row.version + 1)
    values = {name: getattr(after, name) for name in Row.__slots__}
    if row.version == 0:
        try:
            await turn.execute(insert(referrals).values(values))
        except IntegrityError:
            raise VersionConflict from None
        return after
    same = (referrals.c.id == row.id, referrals.c.version == row.version)
    done = await turn.execute(update(referrals).where(*same).values(values))
    if done.rowcount != 1:
        raise VersionConflict
    return after


async def of_organisation(
    turn: AsyncConnection, organisation: str, *, whole: bool = False
) -> tuple[Row, ...]:
    """What an organisation sends, receives or was asked to delete, open ones first.

    What is sealed of them is read where they are wanted `whole`.
    """
    named = referrals.c.document.contains(f'"organisation":"{organisation}"', autoescape=True)
    sends, receives = referrals.c.sender == organisation, referrals.c.receiver == organisation
    return await _listed(turn, or_(sends, receives, named), whole=whole)


async def of_person(turn: AsyncConnection, account: str) -> tuple[Row, ...]:
    """Those that have not ended and are somebody's own or assigned to that person."""
    assigned = referrals.c.document.contains(f'"assigned":"{account}"', autoescape=True)
    hers = or_(referrals.c.owner == account, assigned)
    return await _listed(turn, and_(hers, referrals.c.state.not_in(_FINAL)))


async def all_ids(turn: AsyncConnection, states: frozenset[str]) -> tuple[str, ...]:
    """The ids of every referral in one of these states, however many there are."""
    wanted = select(referrals.c.id).where(referrals.c.state.in_(sorted(states)))
    return tuple((await turn.execute(wanted.order_by(referrals.c.id))).scalars())


async def open_ones(turn: AsyncConnection) -> tuple[Row, ...]:
    """All that have not ended, the next clock first; for coordinators, who see no content."""
    return await _listed(turn, referrals.c.state.not_in(_FINAL))


async def of_adviser(turn: AsyncConnection, adviser: str) -> tuple[Row, ...]:
    """Whole, those that have not ended and that this legal adviser was asked about."""
    named = referrals.c.document.contains(f'"adviser":"{adviser}"', autoescape=True)
    return await _listed(turn, and_(named, referrals.c.state.not_in(_FINAL)), whole=True)


async def pending(turn: AsyncConnection, levels: frozenset[int], most: int) -> tuple[Row, ...]:
    """With the receiver and not ended, of these levels of urgency, the next clock first.

    No levels are all. Nothing sealed is read: the rows have no content in them.
    """
    document = referrals.c.document
    named = or_(
        false(), *(document.contains(f'"urgency":{one},', autoescape=True) for one in levels)
    )
    # Not by the index of states: nearly all are of these, and the clocks' index has the order.
    state = func.coalesce(referrals.c.state, "")
    which = (state.in_(_WITH_RECEIVER), *((named,) if levels else ()))
    wanted = select(*_CLEAR).where(*which).order_by(referrals.c.due_at, referrals.c.id).limit(most)
    return tuple(Row(**row) for row in (await turn.execute(wanted)).mappings())


async def still_with(turn: AsyncConnection, receivers: tuple[str, ...]) -> dict[str, int]:
    """How many that have not ended are with these receivers, by who sent them."""
    there = (referrals.c.receiver.in_(receivers), referrals.c.state.in_(_WITH_RECEIVER))
    wanted = select(referrals.c.owner, func.count()).where(*there).group_by(referrals.c.owner)
    return {owner: number for owner, number in await turn.execute(wanted)}


async def due(turn: AsyncConnection, now: float, most: int) -> tuple[str, ...]:
    """Ids of referrals whose clock has come, the longest waiting first."""
    found = await turn.execute(
        select(referrals.c.id)
        .where(referrals.c.due_at <= now)
        .order_by(referrals.c.due_at, referrals.c.id)
        .limit(most)
    )
    return tuple(found.scalars())


async def look_again(turn: AsyncConnection, now: float) -> None:
    """Let the clockwork look at all that have not ended: what their times are has changed."""
    waits = (referrals.c.state.not_in(_FINAL), referrals.c.due_at > now)
    await turn.execute(update(referrals).where(*waits).values(due_at=now))


async def take_due(turn: AsyncConnection, referral_id: str, now: float) -> Row | None:
    """The row if its clock still waits and no other process has it in hand."""
    wanted = select(*referrals.columns).where(
        referrals.c.id == referral_id, referrals.c.due_at <= now
    )
    return _first(await turn.execute(wanted.with_for_update(skip_locked=True)))


async def id_of_code(turn: AsyncConnection, code: str) -> str:
    """The id of the referral that people call so and that has not ended, or nothing."""
    named = referrals.c.document.contains(f'"code":"{code}"', autoescape=True)
    wanted = select(referrals.c.id).where(named, referrals.c.state.not_in(_FINAL)).limit(1)
    return (await turn.execute(wanted)).scalar_one_or_none() or ""


async def receipts(turn: AsyncConnection, referral_id: str) -> frozenset[str]:
    """The keyed hashes of the receipts she was given for this referral."""
    mine = (codes.c.referral == referral_id, codes.c.kind == "receipt")
    return frozenset((await turn.execute(select(codes.c.code).where(*mine))).scalars())


async def published_texts(turn: AsyncConnection, digests: frozenset[str]) -> frozenset[str]:
    """Which of these digests are of texts that were archived for consent ("text/<digest>")."""
    names = {digest: f"text/{digest}"[:_LONGEST_NAME] for digest in digests}
    wanted = select(network.c.id).where(network.c.id.in_(sorted(names.values())))
    found = set((await turn.execute(wanted)).scalars())
    return frozenset(digest for digest, name in names.items() if name in found)


async def _listed(
    turn: AsyncConnection, which: ColumnElement[bool], *, whole: bool = False
) -> tuple[Row, ...]:
    open_first = referrals.c.state.in_(_FINAL), referrals.c.due_at, referrals.c.id
    columns = tuple(referrals.columns) if whole else _CLEAR
    wanted = select(*columns).where(which).order_by(*open_first).limit(_MOST)
    return tuple(Row(**row) for row in (await turn.execute(wanted)).mappings())


def _first(found: CursorResult[Any]) -> Row | None:
    row = found.mappings().first()
    return Row(**row) if row else None
