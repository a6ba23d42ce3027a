"""All trees of an edition: which there are, where a change of them begins, where a word stands."""

from collections.abc import Iterator
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from console import tree_conflict, tree_editor, tree_moves, tree_page, tree_variants
from console.forms import posted
from console.frame import frame_of
from console.node_fields import plain
from console.pages import go, page
from console.tree_editor import AUDIENCES, CLASSES
from console.tree_scene import PATH, Reads, Scene, Writes, asked, save_all, scene_of
from flows.edits import EditFaulty, NodeEdit, file_of
from handlers import drafts
from handlers.desk import Desk
from handlers.draft_values import ENGLISH, Conflict, NotAllowed

MOST_FOUND: Final = 50  # nodes that a search shows
_LEAST: Final = 2  # letters to search for


def router(_desk: Desk) -> APIRouter:
    """GET /console/trees; POST /begin, /search, /add below it; and everything of one tree."""
    routes = APIRouter()
    routes.add_api_route(PATH, _all, methods=["GET"])
    for path, act in (("begin", _begin), ("search", _search), ("add", _add)):
        routes.add_api_route(f"{PATH}/{path}", act, methods=["POST"])
    for part in (tree_page, tree_editor, tree_moves, tree_variants, tree_conflict):
        routes.include_router(part.router())
    return routes


async def _all(request: Request, signed: Reads) -> Response:
    return await _page(request, await scene_of(request, signed, asked(request, "draft")))


async def _page(request: Request, scene: Scene, wrong: str = "", **more: object) -> Response:
    """The list; the draft to work in is chosen on top."""
    names = scene.content.names
    trees = tuple(names.trees)
    found = scene.problems(*trees)
    mine = scene.changed_nodes()
    rows = [
        {
            "tree": tree,
            "head": raw,
            "nodes": len(raw.get("nodes") or {}),
            "problems": sum(1 for one in found if one.file == f"{tree}.yaml"),
            "changed": sum(1 for node in mine if node.startswith(f"{tree}.")),
        }
        for tree, raw in names.trees.items()
    ]
    shown: dict[str, Any] = {
        "scene": scene,
        "rows": rows,
        "drafts": await drafts.drafts(scene.desk, scene.signed.account),
        "begins": bool(scene.signed.account.roles & ENGLISH),
        "audiences": AUDIENCES,
        "classes": CLASSES,
        "results": None,
        "wrong": wrong,
    }
    status = 422 if wrong else 200
    return page(request, "trees.html", scene.signed, status, **(shown | dict(more)))


async def _begin(request: Request, signed: Writes) -> Response:
    """A new draft, to change something in."""
    form = await posted(request)
    try:
        draft = await drafts.open_draft(
            frame_of(request).desk, signed.account, form.one("draft_title")
        )
    except NotAllowed as refused:
        return await _page(request, await scene_of(request, signed, ""), refused.reason)
    return go(f"{PATH}?draft={draft.id}")


async def _search(request: Request, signed: Reads) -> Response:
    """Nodes by words of their text, answers or name; nothing typed gets into an address."""
    form = await posted(request)
    scene = await scene_of(request, signed, form.one("draft"))
    wanted = plain(form.one("words")).casefold()
    results = tuple(_found(scene, wanted))[:MOST_FOUND] if len(wanted) >= _LEAST else ()
    return await _page(request, scene, results=results)


async def _add(request: Request, signed: Writes) -> Response:
    """A new tree with its head; its first node is written next."""
    form = await posted(request)
    scene = await scene_of(request, signed, form.one("draft"))
    tree, title = form.one("tree").lower(), plain(form.one("title"))
    audience, sign_off = form.one("audience"), form.one("sign_off")
    try:
        file_of("tree", tree)
    except EditFaulty:
        return await _page(request, scene, "tree.add_name")
    if tree in scene.content.names.trees:
        return await _page(request, scene, "tree.add_taken")
    if not title or audience not in AUDIENCES or sign_off not in CLASSES:
        return await _page(request, scene, "tree.head_faulty")
    head = {"tree": tree, "title": title, "audience": audience, "entry": f"{tree}.1"}
    value = {**head, "sign_off": sign_off, "nodes": []}
    try:
        await save_all(scene, (NodeEdit(kind="tree", key=tree, value=value),))
    except (Conflict, NotAllowed):
        return await _page(request, scene, "tree.others_changed")
    return go(scene.url(tree, node=f"{tree}.1", new="Ask", then="#node"))


def _found(scene: Scene, wanted: str) -> Iterator[tuple[str, str, str]]:
    """(tree, node, text) of nodes in which the words stand."""
    for name, body in scene.content.names.nodes():
        told = " ".join((name, str(body.get("say", "")), *map(str, body.get("pick") or ())))
        if wanted in told.casefold():
            yield name.partition(".")[0], name, str(body.get("say", ""))
