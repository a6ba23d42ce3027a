"""One audited act on a draft: who may do it, its rows as values, tried again when raced."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter
from pydantic_core import from_json, to_json

from handlers.desk import Desk
from handlers.draft_values import READS, Conflict, Draft, Item, NotAllowed, Review
from handlers.staff_accounts import account as account_now
from handlers.staff_accounts import opened
from handlers.staff_values import Account
from privacy.audit import StaffAct, known, known_id
from referrals.roles import Role
from storage import accounts, audit
from storage import drafts as rows
from storage.drafts import DraftRow, ItemRow
from storage.store import Turn, VersionConflict

MAX_TRIES: Final = 5  # acts done again because somebody else was quicker
_ITEM: Final[TypeAdapter[Item]] = TypeAdapter(Item)
_REVIEW: Final[TypeAdapter[Review]] = TypeAdapter(Review)

Done = TypeVar("Done")

DRAFT: Final = "d-"  # how the ids of drafts begin


async def draft_act(
    desk: Desk, account: Account, what: str, draft_id: str, act: Callable[[Turn], Awaitable[Done]]
) -> Done:
    """Do it in one turn with its entry in the audit chain; again where another was quicker.

    What is refused is written down too. Raises Conflict, NotAllowed and, in the end,
    VersionConflict.
    """
    for tries_left in reversed(range(MAX_TRIES)):
        try:
            async with desk.store.turn() as turn:
                done = await act(turn)
                await audit.record(turn, _written(account, what, draft_id), at=desk.now())
        except (NotAllowed, Conflict) as refused:
            await _refused(desk, account, what, draft_id, refused)
            raise
        except VersionConflict:
            if not tries_left:
                raise
        else:
            return done
    raise VersionConflict


async def whole(turn: Turn, draft_id: str) -> Draft:
    """A draft with its items. Raises NotAllowed for an unknown id."""
    row = await rows.read(turn, draft_id)
    if row is None:
        raise NotAllowed("draft.unknown")
    return draft_of(row, await rows.items(turn, draft_id))


async def people_with(turn: Turn, desk: Desk, roles: frozenset[Role]) -> tuple[Account, ...]:
    """Everybody at work who has one of these roles."""
    kept = [one for one in await accounts.read_many(turn) if roles & set(one.document.roles)]
    return tuple([found for one in kept if (found := await opened(turn, desk, one)).works])


async def acting(turn: Turn, desk: Desk, account: Account, roles: frozenset[Role]) -> Account:
    """Who acts, as the rows know that person now. Raises NotAllowed for another role."""
    person = await account_now(turn, desk, account.id)
    if person is None or not person.works or not person.roles & roles:
        raise NotAllowed("draft.not_yours")
    return person


async def reads(turn: Turn, desk: Desk, account: Account) -> bool:
    """Whether drafts and editions are for this person; under duress they are for nobody."""
    person = await account_now(turn, desk, account.id)
    return person is not None and person.works and bool(person.roles & READS)


async def is_open(turn: Turn, draft_id: str) -> DraftRow:
    """The draft's row while it may be changed. Raises NotAllowed."""
    row = await rows.read(turn, draft_id)
    if row is None:
        raise NotAllowed("draft.unknown")
    if row.state != "open":
        raise NotAllowed("draft.closed")
    return row


def draft_of(row: DraftRow, items: Iterable[ItemRow]) -> Draft:
    """A draft as it is kept."""
    told: dict[str, Any] = from_json(row.document)
    return Draft(
        id=row.id,
        title=told["title"],
        by=told["by"],
        made_at=told["made_at"],
        state=row.state,  # type: ignore[arg-type]  # what row_of and set_state wrote
        base=told["base"],
        items=tuple(item_of(one) for one in items),
        version=row.version,
        review=_REVIEW.validate_python(told["review"]) if told.get("review") else None,
    )


def row_of(draft: Draft) -> DraftRow:
    """A draft as it will be kept; items are rows of their own."""
    told = {"title": draft.title, "by": draft.by, "made_at": draft.made_at, "base": draft.base}
    if draft.review is not None:
        told["review"] = _REVIEW.dump_python(draft.review)
    document = to_json(told).decode()
    return DraftRow(id=draft.id, state=draft.state, document=document, version=draft.version)


def item_of(row: ItemRow) -> Item:
    """An item as it is kept."""
    return _ITEM.validate_json(row.document)


def kept_item(draft_id: str, item: Item) -> ItemRow:
    """An item as it will be kept."""
    return ItemRow(
        draft=draft_id,
        kind=item.kind,
        key=item.key,
        document=_ITEM.dump_json(item).decode(),
        version=item.version,
    )


async def _refused(
    desk: Desk, account: Account, what: str, draft_id: str, refused: NotAllowed | Conflict
) -> None:
    reason = refused.reason if isinstance(refused, NotAllowed) else "conflict"
    async with desk.store.turn() as turn:
        there = not draft_id.startswith(DRAFT) or await rows.read(turn, draft_id)
        entry = _written(account, what, draft_id if there else "", reason)
        await audit.record(turn, entry, at=desk.now())


def _written(account: Account, what: str, about: str, refused: str = "") -> StaffAct:
    return StaffAct(
        by=known(account.id),
        what=what,
        kind="draft" if about.startswith(DRAFT) else "edition",
        object=known_id(about),
        result="refused" if refused else "done",
        reason=refused[:40],
    )
