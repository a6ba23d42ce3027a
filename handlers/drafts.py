"""Drafts: changes to the trees and texts, made item by item against the live edition.

`desk.checks` (handlers/checks.py) is how the checks of app/checking.py, which know the channels,
are reached from here; app/wiring.py gives them. Reading a draft as an edition, its problems and
its differences stand in handlers/draft_contents.py and are named here too.
"""

import json
import secrets
from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final

from pydantic import TypeAdapter

from handlers.desk import Desk
from handlers.draft_acts import (
    acting,
    draft_act,
    draft_of,
    is_open,
    item_of,
    kept_item,
    reads,
    row_of,
)
from handlers.draft_contents import check as check
from handlers.draft_contents import classes
from handlers.draft_contents import contents as contents
from handlers.draft_contents import differences as differences
from handlers.draft_contents import live_content as live_content
from handlers.draft_shapes import check_shape
from handlers.draft_values import WRITES, Change, Draft, Item, NotAllowed, Value, digest
from handlers.draft_values import Conflict as Conflict
from handlers.edition_content import Content
from handlers.staff_values import Account
from handlers.text_rules import ruled
from storage import drafts as rows
from storage.store import Turn

MAX_TITLE: Final = 80  # characters
_OPEN: Final = ("open", "submitted")
_ITEM: TypeAdapter[Item] = TypeAdapter(Item)


async def open_draft(desk: Desk, account: Account, title: str) -> Draft:
    """Begin a draft. Raises NotAllowed."""
    title = " ".join(title.split())[:MAX_TITLE]
    if not title:
        raise NotAllowed("draft.no_title")
    draft = Draft(
        id=f"d-{secrets.token_hex(6)}",
        title=title,
        by=account.id,
        made_at=desk.now(),
        state="open",
        base=desk.shelf.live.number,
    )

    async def act(turn: Turn) -> Draft:
        await acting(turn, desk, account, frozenset().union(*WRITES.values()))
        await rows.keep(turn, row_of(draft))
        return replace(draft, version=1)

    return await draft_act(desk, account, "draft.open", draft.id, act)


async def drafts(desk: Desk, account: Account, *, closed: bool = False) -> tuple[Draft, ...]:
    """Every draft that is not published or dropped (`closed`: those), the newest first."""
    states = ("published", "dropped") if closed else _OPEN
    async with desk.store.turn() as turn:
        if not await reads(turn, desk, account):
            return ()
        found = await rows.read_all(turn, states)
        items = await rows.items(turn, *(row.id for row in found))
    mine = {row.id: [one for one in items if one.draft == row.id] for row in found}
    return tuple(sorted((draft_of(row, mine[row.id]) for row in found), key=lambda d: -d.made_at))


async def draft(desk: Desk, account: Account, draft_id: str) -> Draft | None:
    """One draft, whatever its state; None for an unknown id and for whom it is not for."""
    async with desk.store.turn() as turn:
        if not await reads(turn, desk, account):
            return None
        row = await rows.read(turn, draft_id)
        return draft_of(row, await rows.items(turn, draft_id)) if row else None


async def save(desk: Desk, account: Account, draft_id: str, change: Change) -> Item:
    """Keep one change. Raises Conflict where somebody was quicker, and NotAllowed."""
    (item,) = await save_all(desk, account, draft_id, (change,))
    return item


async def save_all(
    desk: Desk, account: Account, draft_id: str, changes: Collection[Change]
) -> tuple[Item, ...]:
    """Keep changes that belong together: all of them or none, taken back in one step.

    Raises Conflict where somebody was quicker with one of them, and NotAllowed.
    """
    live = await live_content(desk)
    for change in changes:
        check_shape(change)
        if change.minor and _is_class_a(live, change):
            raise NotAllowed("draft.minor_a")

    async def act(turn: Turn) -> tuple[Item, ...]:
        row = await is_open(turn, draft_id)
        kept, steps = [], []
        for change in changes:
            person = await acting(turn, desk, account, WRITES[change.kind])
            there = await rows.item(turn, draft_id, change.kind, change.key)
            old = item_of(there) if there else None
            item = _item(change, old, live.value(change.kind, change.key), person)
            item = replace(item, at=desk.now(), version=row.version + 1)
            await rows.put_item(turn, kept_item(draft_id, item))
            kept.append(item)
            steps.append(_step(item, old))
        await rows.keep(turn, row)
        await rows.add_step(turn, draft_id, account.id, json.dumps(steps))
        return tuple(kept)

    return await draft_act(desk, account, "draft.save", draft_id, act)


async def undo(desk: Desk, account: Account, draft_id: str) -> Item | None:
    """Take back the last save of this person; the item as it is then, None where it is gone.

    Raises NotAllowed where there is nothing to take back, and Conflict where somebody changed
    that item since.
    """

    async def act(turn: Turn) -> Item | None:
        await acting(turn, desk, account, frozenset().union(*WRITES.values()))
        row = await is_open(turn, draft_id)
        step = await rows.last_step(turn, draft_id, account.id)
        if step is None:
            raise NotAllowed("draft.nothing_to_undo")
        before = None
        for told in json.loads(step.document):
            before = await _taken_back(turn, draft_id, told)
        await rows.drop_step(turn, step.id)
        await rows.keep(turn, row)
        return before

    return await draft_act(desk, account, "draft.undo", draft_id, act)


async def drop(desk: Desk, account: Account, draft_id: str) -> None:
    """Give a draft up; it stays in the list of closed ones. Raises NotAllowed."""

    async def act(turn: Turn) -> None:
        await acting(turn, desk, account, frozenset().union(*WRITES.values()))
        row = await is_open(turn, draft_id)
        await rows.keep(turn, replace(row, state="dropped"))
        await rows.forget_steps(turn, draft_id)

    await draft_act(desk, account, "draft.drop", draft_id, act)


def _by(old: Item | None, account_id: str) -> tuple[str, ...]:
    """Everybody who had a hand in it, whoever saved last at the end."""
    return (*(one for one in (old.by if old else ()) if one != account_id), account_id)


def _item(change: Change, old: Item | None, now: Value, person: Account) -> Item:
    """The item that a change makes. Raises Conflict where the page showed another one."""
    if (old.version if old else 0) != change.seen:
        raise Conflict(old, old.value if old else now)
    return Item(
        kind=change.kind,
        key=change.key,
        value=ruled(change, old.value if old else now, person),
        base=old.base if old else digest(now),
        by=_by(old, person.id),
        at=0.0,
        version=0,
        minor=change.minor and _all_minor(old, person.id),
    )


def _all_minor(old: Item | None, account_id: str) -> bool:
    """Nobody can say of what others changed before that it was a typing error only."""
    return old is None or old.minor or old.by == (account_id,)


def _step(item: Item, old: Item | None) -> dict[str, Any]:
    before = _ITEM.dump_python(old, mode="json") if old else None
    return {"kind": item.kind, "key": item.key, "after": item.version, "before": before}


async def _taken_back(turn: Turn, draft_id: str, told: dict[str, Any]) -> Item | None:
    """One item as it was before the save. Raises Conflict where it was changed since."""
    there = await rows.item(turn, draft_id, told["kind"], told["key"])
    if there is None or there.version != told["after"]:
        raise Conflict(item_of(there) if there else None, None)
    if not told["before"]:
        await rows.drop_item(turn, draft_id, told["kind"], told["key"])
        return None
    before = _ITEM.validate_python(told["before"])
    await rows.put_item(turn, kept_item(draft_id, before))
    return before


def _is_class_a(live: Content, change: Change) -> bool:
    """Of class A nothing is minor: a specialist looks at it (coordination.md 5.2)."""
    wished = change.value.get("sign_off") if isinstance(change.value, dict) else None
    known = classes(live.book, change.kind, change.key) if live.book else ()
    return wished == "A" or "A" in known
