"""Moves a node, gives it another name, takes it out: what changes with it is shown before."""

from dataclasses import dataclass, replace
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from console.forms import Posted, posted
from console.pages import not_found, page
from console.tree_editor import kept
from console.tree_page import View, lists_of, tree_page, view_of
from console.tree_scene import PATH, Writes, scene_of
from flows.edits import EditFaulty, NodeEdit, file_of
from flows.moving_nodes import CannotMove, removed, renamed, reordered
from flows.raw_ways import target_of, ways_of
from flows.used_by import Names, Use, can_go, left_alone, uses
from handlers.draft_values import WRITES
from handlers.moved_texts import moved_texts

_STEPS: Final = {"up": -1, "down": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """Something that led to a node that goes, and where it shall lead now."""

    use: Use
    field: str
    target: str


def router() -> APIRouter:
    """POST /console/trees/TREE/order, /move, /delete, /remove."""
    routes = APIRouter()
    for path, act in (
        ("order", _order),
        ("move", _move),
        ("delete", _delete),
        ("remove", _remove),
    ):
        routes.add_api_route(f"{PATH}/{{tree}}/{path}", act, methods=["POST"])
    return routes


async def _order(request: Request, signed: Writes, tree: str) -> Response:
    """One place up or down in the order of the file, which the list follows."""
    form = await posted(request)
    view = await _view(request, signed, tree, form)
    step = _STEPS.get(form.one("way"))
    if view is None or step is None:
        return not_found(request, signed)
    edits = reordered(view.scene.content.names, view.node, step)
    return await kept(request, view, edits, _here(view))


async def _move(request: Request, signed: Writes, tree: str) -> Response:
    """To another name or tree. Without `sure` the page that says what changes with it."""
    form = await posted(request)
    view = await _view(request, signed, tree, form)
    if view is None:
        return not_found(request, signed)
    new, names = form.one("to"), view.scene.content.names
    try:
        file_of("node", new)
        edits = renamed(names, view.node, new)
    except (CannotMove, EditFaulty):
        return await tree_page(request, replace(view, wrong="tree.cannot_move"))
    with_texts = bool(signed.account.roles & WRITES["text"])
    if form.one("sure") != "yes":
        found = uses(names, view.node)
        shown: dict[str, Any] = {"view": view, "new": new, "used": found}
        shown |= {"texts_move": with_texts, "scene": view.scene}
        return page(request, "tree_move.html", signed, **shown)
    texts = moved_texts(view.scene.content, view.node, new) if with_texts else ()
    then = view.scene.url(new.partition(".")[0], node=new, then="#node")
    return await kept(request, view, (*edits, *texts), then)


async def _delete(request: Request, signed: Writes, tree: str) -> Response:
    """Take a node out. Without `sure` the page that shows what breaks and asks where to lead."""
    form = await posted(request)
    view = await _view(request, signed, tree, form)
    if view is None:
        return not_found(request, signed)
    names = view.scene.content.names
    leads = _leads(names, view.node, form)
    wrong = ""
    if form.one("sure") == "yes":
        edits = _without(names, view.node, leads)
        if edits is not None:
            return await kept(request, view, edits, view.scene.url(tree))
        wrong = "tree.delete_where"
    shown: dict[str, Any] = {
        "view": view,
        "scene": view.scene,
        "leads": leads,
        "fixed": tuple(use for use in uses(names, view.node) if not use.way),
        "can_go": can_go(uses(names, view.node)),
        "alone": left_alone(names, view.node),
        "nodes": lists_of(view.scene, tree)["nodes"],
        "wrong": wrong,
    }
    return page(request, "tree_delete.html", signed, 422 if wrong else 200, **shown)


async def _remove(request: Request, signed: Writes, tree: str) -> Response:
    """Take a whole tree out, once nothing outside of it leads there."""
    form = await posted(request)
    scene = await scene_of(request, signed, form.one("draft"))
    names = scene.content.names
    if tree not in names.trees:
        return not_found(request, signed)
    view = view_of(request, scene, tree)
    inside = tuple(names.trees[tree].get("nodes") or {})
    outside = any(
        use.by.partition(".")[0] != tree or not (use.way or use.by == tree)
        for node in inside
        for use in uses(names, node)
    )
    if outside or form.one("sure") != "yes":
        wrong = "tree.remove_used" if outside else "tree.remove_sure"
        return await tree_page(request, replace(view, wrong=wrong))
    gone = NodeEdit(kind="tree", key=tree, value=None)
    return await kept(request, view, (gone,), scene.url())


async def _view(request: Request, signed: Writes, tree: str, form: Posted) -> View | None:
    scene = await scene_of(request, signed, form.one("draft"))
    node = form.one("node")
    if not node.startswith(f"{tree}.") or scene.content.names.node(node) is None:
        return None
    return view_of(request, scene, tree, node)


def _leads(names: Names, node: str, form: Posted) -> tuple[Lead, ...]:
    """Each way to the node, with where it shall lead: as told, else where the node led on."""
    body = names.node(node) or {}
    onward = (target_of(body, way) for way in ways_of(body))
    usual = next((one for one in onward if one not in (node, "resume")), "")
    told = form.one("sure") == "yes"
    return tuple(
        Lead(
            use=use,
            field=f"to.{at}",
            target=form.one(f"to.{at}") if told else usual * (usual != use.by),
        )
        for at, use in enumerate(one for one in uses(names, node) if one.way)
    )


def _without(names: Names, node: str, leads: tuple[Lead, ...]) -> tuple[NodeEdit, ...] | None:
    """The items that take it out; None where a way leads nowhere."""
    if any(names.node(lead.target) is None for lead in leads):
        return None
    try:
        return removed(names, node, {(one.use.by, one.use.way): one.target for one in leads})
    except CannotMove:
        return None


def _here(view: View) -> str:
    return view.scene.url(view.tree, node=view.node, then="#node")
