"""Two editors of one node: both versions beside each other, to choose from key by key."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from console.forms import Posted, posted
from console.pages import go, not_found, page
from console.tree_page import View, tree_page, view_of
from console.tree_scene import PATH, Writes, scene_of, whole
from flows.trial_node import NodeFaulty, node_of
from flows.yaml_text import Raw
from handlers import drafts
from handlers.draft_values import Change, Conflict, NotAllowed
from handlers.staff_accounts import account

MOST: Final = 30_000  # letters of a version that a form carries


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One key that the versions differ in; `mine_first`: only this person changed it."""

    key: str
    mine: str
    theirs: str
    mine_first: bool


def router() -> APIRouter:
    """POST /console/trees/TREE/merge: what was chosen from two versions."""
    routes = APIRouter()
    routes.add_api_route(f"{PATH}/{{tree}}/merge", _merge, methods=["POST"])
    return routes


async def conflict_page(
    request: Request, view: View, form: Posted, both: tuple[Conflict, Raw]
) -> Response:
    """Whose change came first, and both versions; nothing is lost, nothing is kept yet."""
    conflict, mine = both
    theirs = conflict.now if isinstance(conflict.now, dict) else {}
    shown: dict[str, Any] = {
        "view": view,
        "scene": view.scene,
        "who": await _name(view, conflict.by),
        "at": datetime.fromtimestamp(conflict.at, UTC) if conflict.at else None,
        "mine": json.dumps(mine, ensure_ascii=False),
        "theirs": json.dumps(theirs, ensure_ascii=False),
        "gone": conflict.now is None,
        "choices": tuple(choices(before_of(form), mine, theirs)),
        "seen": conflict.theirs.version if conflict.theirs else 0,
        "minor": form.one("minor"),
    }
    return page(request, "tree_conflict.html", view.scene.signed, 409, **shown)


def choices(before: Raw, mine: Raw, theirs: Raw) -> Iterator[Choice]:
    """Every key that differs, in the order of the form; who alone changed it is proposed."""
    for key in dict.fromkeys((*mine, *theirs)):
        if mine.get(key) != theirs.get(key):
            yield Choice(
                key=key,
                mine=_shown(mine, key),
                theirs=_shown(theirs, key),
                mine_first=theirs.get(key) == before.get(key),
            )


def merged(mine: Raw, theirs: Raw, take: Mapping[str, str]) -> Raw:
    """The version chosen key by key; what is not chosen stays as theirs."""
    found: Raw = {}
    for key in dict.fromkeys((*theirs, *mine)):
        source = mine if take.get(key) == "mine" else theirs
        if key in source:
            found[key] = source[key]
    return found


def before_of(form: Posted) -> Raw:
    """The node as the form showed it first; empty where that cannot be read."""
    return read_version(form.exact("before"))


def read_version(text: str) -> Raw:
    """A node that a form of ours carries as JSON; empty for anything else."""
    try:
        found = json.loads(text) if len(text) <= MOST else None
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


async def _merge(request: Request, signed: Writes, tree: str) -> Response:
    form = await posted(request)
    scene = await scene_of(request, signed, form.one("draft"))
    mine, theirs = read_version(form.exact("mine")), read_version(form.exact("theirs"))
    node = form.one("node")
    if tree not in scene.book.trees or not node.startswith(f"{tree}.") or not mine:
        return not_found(request, signed)
    view = view_of(request, scene, tree, node)
    take = {key: form.one(f"take.{key}") for key in (*mine, *theirs)}
    body = merged(mine, theirs, take)
    try:
        node_of(scene.book.trees[tree], node, body)
    except NodeFaulty:
        return await tree_page(request, replace(view, wrong="tree.merge_faulty"))
    change = Change(kind="node", key=node, value=body, seen=whole(form, "seen"))
    try:
        await drafts.save(
            scene.desk,
            signed.account,
            scene.draft_id,
            replace(change, minor=form.one("minor") == "yes"),
        )
    except Conflict as conflict:
        return await conflict_page(request, view, form, (conflict, body))
    except NotAllowed as refused:
        return await tree_page(request, replace(view, wrong=refused.reason))
    return go(scene.url(tree, node=node, then="#node"))


async def _name(view: View, account_id: str) -> str:
    """What colleagues call the person who was quicker."""
    desk = view.scene.desk
    async with desk.store.turn() as turn:
        person = await account(turn, desk, account_id) if account_id else None
    return (person.name or person.id) if person else ""


def _shown(body: Raw, key: str) -> str:
    """A key in lines, as the form has it; empty where it is absent."""
    match body.get(key):
        case None:
            return ""
        case True:
            return "✓"
        case list(values):
            return "\n".join(map(_line, values))
        case dict(pairs):
            return "\n".join(f"{name}: {_line(value)}" for name, value in pairs.items())
        case value:
            return str(value)


def _line(value: object) -> str:
    match value:
        case {"if": rule, "next": target}:
            return f"{rule} → {target}"
        case list(values):
            return ", ".join(map(str, values))
        case _:
            return str(value).replace(" -> ", " → ")
