"""Drafts as rows: each a document with a version, its items, and the steps that can be undone."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.edition_rows import draft_items, draft_steps, drafts
from storage.store import VersionConflict


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """One draft; version 0 was never kept."""

    id: str
    state: str
    document: str
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One changed thing of a draft. Its version is the draft's at the moment of the save."""

    draft: str
    kind: str
    key: str
    document: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One save, so that whoever made it can take it back."""

    id: int
    document: str


async def read(turn: AsyncConnection, draft_id: str) -> DraftRow | None:
    """One draft; None for an unknown id."""
    found = await turn.execute(select(*drafts.columns).where(drafts.c.id == draft_id))
    row = found.mappings().first()
    return DraftRow(**row) if row else None


async def read_all(turn: AsyncConnection, states: Collection[str]) -> tuple[DraftRow, ...]:
    """Every draft in one of these states, by id."""
    wanted = select(*drafts.columns).where(drafts.c.state.in_(states)).order_by(drafts.c.id)
    return tuple(DraftRow(**row) for row in (await turn.execute(wanted)).mappings())


async def keep(turn: AsyncConnection, row: DraftRow) -> DraftRow:
    """Keep a draft; as it is kept now. Raises VersionConflict."""
    kept = DraftRow(id=row.id, state=row.state, document=row.document, version=row.version + 1)
    if row.version == 0:
        try:
            await turn.execute(insert(drafts).values(asdict(kept)))
        except IntegrityError:
            raise VersionConflict from None
        return kept
    same = (drafts.c.id == row.id, drafts.c.version == row.version)
    done = await turn.execute(update(drafts).where(*same).values(asdict(kept)))
    if done.rowcount != 1:
        raise VersionConflict
    return kept


async def items(turn: AsyncConnection, *draft_ids: str) -> tuple[ItemRow, ...]:
    """Every item of these drafts, by draft, kind and key."""
    columns = draft_items.c
    wanted = select(*draft_items.columns).where(columns.draft.in_(draft_ids))
    found = await turn.execute(wanted.order_by(columns.draft, columns.kind, columns.key))
    return tuple(ItemRow(**row) for row in found.mappings())


async def item(turn: AsyncConnection, draft_id: str, kind: str, key: str) -> ItemRow | None:
    """One item; None where the draft changes no such thing."""
    wanted = select(*draft_items.columns).where(*_same(draft_id, kind, key))
    row = (await turn.execute(wanted)).mappings().first()
    return ItemRow(**row) if row else None


async def put_item(turn: AsyncConnection, row: ItemRow) -> None:
    """Keep an item; the draft, kept in the same turn, says whether somebody was quicker."""
    await drop_item(turn, row.draft, row.kind, row.key)
    await turn.execute(insert(draft_items).values(asdict(row)))


async def drop_item(turn: AsyncConnection, draft_id: str, kind: str, key: str) -> None:
    """The draft changes this no more."""
    await turn.execute(delete(draft_items).where(*_same(draft_id, kind, key)))


async def add_step(turn: AsyncConnection, draft_id: str, by: str, document: str) -> None:
    """Remember a save."""
    await turn.execute(insert(draft_steps).values(draft=draft_id, by=by, document=document))


async def last_step(turn: AsyncConnection, draft_id: str, by: str) -> StepRow | None:
    """The newest save of this person that was not taken back."""
    wanted = (
        select(draft_steps.c.id, draft_steps.c.document)
        .where(draft_steps.c.draft == draft_id, draft_steps.c.by == by)
        .order_by(draft_steps.c.id.desc())
        .limit(1)
    )
    row = (await turn.execute(wanted)).mappings().first()
    return StepRow(**row) if row else None


async def drop_step(turn: AsyncConnection, step_id: int) -> None:
    """It was taken back."""
    await turn.execute(delete(draft_steps).where(draft_steps.c.id == step_id))


async def forget_steps(turn: AsyncConnection, draft_id: str) -> None:
    """Nothing of this draft can be taken back any more."""
    await turn.execute(delete(draft_steps).where(draft_steps.c.draft == draft_id))


def _same(draft_id: str, kind: str, key: str) -> tuple[Any, ...]:
    columns = draft_items.c
    return columns.draft == draft_id, columns.kind == kind, columns.key == key
