"""What every page of the trees begins with: the edition or draft it is about, and its links."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Depends, Request

from console.forms import Posted
from console.frame import frame_of
from console.guard import Turned, signed_in
from console.pages import not_found
from flows.book import FlowBook
from flows.faults import Problem
from flows.trial_node import more_problems
from handlers import drafts
from handlers.desk import Desk
from handlers.draft_values import ENGLISH, READS, Change, Draft, Item, NotAllowed
from handlers.edition_content import Content
from handlers.staff import SignedIn

PATH: Final = "/console/trees"
Reads = Annotated[SignedIn, Depends(signed_in(*READS))]
Writes = Annotated[SignedIn, Depends(signed_in(*ENGLISH))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """An edition as somebody looks at it: the live one, or with a draft in it."""

    desk: Desk
    signed: SignedIn
    content: Content
    draft: Draft | None

    @property
    def writes(self) -> bool:
        """Whether this person may change something here."""
        is_open = self.draft is not None and self.draft.state == "open"
        return is_open and bool(self.signed.account.roles & ENGLISH)

    @property
    def draft_id(self) -> str:
        """The draft as links and forms name it; empty for the live edition."""
        return self.draft.id if self.draft else ""

    @property
    def book(self) -> FlowBook:
        """The trees; those of the live edition where the draft's have a faulty form."""
        return self.content.book or self.desk.shelf.live.book

    def item(self, kind: str, key: str) -> Item | None:
        """What the draft changes of it."""
        return self.draft.item(kind, key) if self.draft else None

    def seen(self, kind: str, key: str) -> int:
        """The version that a form shown now has seen."""
        item = self.item(kind, key)
        return item.version if item else 0

    def changed_nodes(self) -> frozenset[str]:
        """The nodes that the draft changes."""
        items = self.draft.items if self.draft else ()
        return frozenset(item.key for item in items if item.kind == "node")

    def url(self, tree: str = "", *, then: str = "", **more: str) -> str:
        """A page of the trees with this draft; empty parts are left out."""
        asked = {"draft": self.draft_id, **more}
        told = urlencode({name: value for name, value in asked.items() if value})
        path = f"{PATH}/{tree}" if tree else PATH
        return f"{path}{'?' if told else ''}{told}{then}"

    def problems(self, *trees: str) -> tuple[Problem, ...]:
        """What can be said at once of these trees; everything of form where no book can be."""
        known = self.content.judged
        if trees not in known:
            known[trees] = problems_of(self.desk, self.content.book, trees)
        return known[trees] or self.content.problems


def problems_of(desk: Desk, book: FlowBook | None, trees: tuple[str, ...]) -> tuple[Problem, ...]:
    """Names, words, answers and classes of these trees, in the order of the checks."""
    if book is None:
        return ()
    found = (*desk.checks.quick(book, frozenset(trees)), *more_problems(book))
    mine = frozenset(f"{tree}.yaml" for tree in trees)
    return tuple(dict.fromkeys(one for one in found if one.file in mine))


async def scene_of(request: Request, signed: SignedIn, draft_id: str) -> Scene:
    """The edition with this draft in it. Raises Turned for a draft that is not there."""
    desk = frame_of(request).desk
    draft = await drafts.draft(desk, signed.account, draft_id) if draft_id else None
    if draft_id and draft is None:
        raise Turned(not_found(request, signed))
    try:
        content = await drafts.contents(desk, draft_id or None)
    except NotAllowed:
        raise Turned(not_found(request, signed)) from None
    return Scene(desk=desk, signed=signed, content=content, draft=draft)


async def save_all(scene: Scene, edits: Iterable[Any]) -> None:
    """Keep items of flows/edits.py that belong together, in one step.

    Raises Conflict, NotAllowed.
    """
    changes = [
        Change(
            kind=edit.kind,
            key=edit.key,
            value=edit.value,
            seen=scene.seen(edit.kind, edit.key),
        )
        for edit in edits
    ]
    if changes:
        await drafts.save_all(scene.desk, scene.signed.account, scene.draft_id, changes)


def asked(request: Request, name: str) -> str:
    """A code in the address; "" where there is none."""
    return request.query_params.get(name, "")


def whole(form: Posted, name: str) -> int:
    """A whole number of a form; 0 for anything else."""
    value = form.one(name)
    return int(value) if value.isdecimal() and len(value) < 10 else 0
