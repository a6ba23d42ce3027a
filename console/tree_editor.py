"""Keeps what was typed into the form of a node or a tree's head; tells while somebody types."""

from dataclasses import replace
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from console.forms import MAX_FIELDS, Posted, posted, posted_json
from console.node_fields import KINDS, of_form, plain
from console.node_room import english
from console.node_words import Told, told_faults
from console.node_writing import Fault, body_of, fault, faults_of
from console.pages import go, not_found
from console.tree_conflict import before_of, conflict_page
from console.tree_page import View, by_field, said_of, tree_page, view_of
from console.tree_scene import PATH, Writes, save_all, scene_of, whole
from flows.edits import EditFaulty, file_of
from flows.moving_nodes import head_edit
from flows.trial_node import NodeFaulty, node_of
from flows.yaml_text import Raw
from handlers import drafts
from handlers.draft_values import Change, Conflict, NotAllowed

AUDIENCES: Final = ("all", "adult", "child")
CLASSES: Final = ("A", "B", "C")
_UNKNOWN: Final = "draft.faulty"


def router() -> APIRouter:
    """POST /console/trees/TREE/save, /check (JSON), /new, /head, /undo."""
    routes = APIRouter()
    for path, act in (
        ("save", _save),
        ("check", _check),
        ("new", _new),
        ("head", _head),
        ("undo", _undo),
    ):
        routes.add_api_route(f"{PATH}/{{tree}}/{path}", act, methods=["POST"])
    return routes


async def _save(request: Request, signed: Writes, tree: str) -> Response:
    form = await posted(request)
    scene = await scene_of(request, signed, form.one("draft"))
    node = form.one("node")
    if tree not in scene.content.names.trees or not _is_of(tree, node):
        return not_found(request, signed)
    view = replace(view_of(request, scene, tree, node), filled=of_form(form))
    body = body_of(view.form, before_of(form) or view.body)
    if faults := tuple(_faults(view, body)):
        return await tree_page(request, replace(view, faults=faults))
    return await keep_node(request, view, form, body)


async def keep_node(request: Request, view: View, form: Posted, body: Raw) -> Response:
    """Save a node and show it; where somebody was quicker, both versions."""
    scene, seen = view.scene, whole(form, "seen")
    minor = form.one("minor") == "yes"
    change = Change(kind="node", key=view.node, value=body, seen=seen, minor=minor)
    try:
        await drafts.save(scene.desk, scene.signed.account, scene.draft_id, change)
    except Conflict as conflict:
        return await conflict_page(request, view, form, (conflict, body))
    except NotAllowed as refused:
        return await tree_page(request, replace(view, wrong=refused.reason))
    return go(scene.url(view.tree, node=view.node, path=",".join(view.path), then="#node"))


async def _check(request: Request, signed: Writes, tree: str) -> Response:
    """What a script asks while somebody types; nothing is kept."""
    form = await _posted_json(request)
    scene = await scene_of(request, signed, form.one("draft"))
    node = form.one("node")
    if tree not in scene.content.names.trees or not _is_of(tree, node):
        return JSONResponse({"error": "not_found"}, 404)
    view = replace(view_of(request, scene, tree, node), filled=of_form(form))
    body = body_of(view.form, view.body)
    found = tuple(_faults(view, body)) or said_of(view, body)
    count = english(view.form)
    told = {
        "problems": {
            field: [one.words for one in each] for field, each in by_field(found).items()
        },
        "text": count.text,
        "answers": count.answers,
        "grade": count.grade,
        "hard": count.too_hard,
    }
    return JSONResponse(told)


async def _new(request: Request, signed: Writes, tree: str) -> Response:
    """On to the empty form of a node that is not there yet; nothing is kept before it is saved."""
    form = await posted(request)
    scene = await scene_of(request, signed, form.one("draft"))
    node, kind = form.one("node"), form.one("new")
    if tree not in scene.content.names.trees:
        return not_found(request, signed)
    if not _is_of(tree, node) or kind not in KINDS or scene.content.names.node(node):
        view = view_of(request, scene, tree)
        return await tree_page(request, replace(view, wrong="tree.new_name"))
    return go(scene.url(tree, node=node, new=kind, then="#node"))


async def _head(request: Request, signed: Writes, tree: str) -> Response:
    """Title, audience, entry, class and "Numbers now" of a tree."""
    form = await posted(request)
    scene = await scene_of(request, signed, form.one("draft"))
    if tree not in scene.content.names.trees:
        return not_found(request, signed)
    changed: Raw = {
        "title": plain(form.one("title")),
        "audience": form.one("audience"),
        "entry": form.one("entry"),
        "sign_off": form.one("sign_off"),
    }
    view = view_of(request, scene, tree)
    faulty = changed["audience"] not in AUDIENCES or changed["sign_off"] not in CLASSES
    if faulty or not changed["title"] or scene.content.names.node(changed["entry"]) is None:
        return await tree_page(request, replace(view, wrong="tree.head_faulty"))
    numbers = {"numbers": True} if form.one("numbers") else {}
    edit = head_edit(scene.content.names, tree, changed | numbers)
    if not numbers:
        edit.value.pop("numbers", None)
    return await kept(request, view, (edit,), scene.url(tree))


async def _undo(request: Request, signed: Writes, tree: str) -> Response:
    form = await posted(request)
    scene = await scene_of(request, signed, form.one("draft"))
    if tree not in scene.content.names.trees:
        return not_found(request, signed)
    view = view_of(request, scene, tree)
    try:
        await drafts.undo(scene.desk, signed.account, scene.draft_id)
    except Conflict:
        return await tree_page(request, replace(view, wrong="tree.undo_late"))
    except NotAllowed as refused:
        return await tree_page(request, replace(view, wrong=refused.reason))
    return go(scene.url(tree))


async def kept(request: Request, view: View, edits: Any, then: str) -> Response:
    """Save several changes of the trees; the page again where one could not be kept."""
    try:
        await save_all(view.scene, edits)
    except Conflict:
        return await tree_page(request, replace(view, wrong="tree.others_changed"))
    except NotAllowed as refused:
        return await tree_page(request, replace(view, wrong=refused.reason))
    return go(then)


def _faults(view: View, body: Raw) -> tuple[Told, ...]:
    """What cannot be kept: a row without words, a key that no file could hold."""
    found: list[Fault] = list(faults_of(view.form))
    tree = view.scene.book.trees.get(view.tree)
    if not found and tree is not None:
        try:
            node_of(tree, view.node, body)
        except NodeFaulty as faulty:
            fields = [str(keys[0]) if keys else "" for keys in faulty.keys] or [""]
            found = [fault(_SHOWN.get(one, one), "form") for one in dict.fromkeys(fields)]
    return tuple(told_faults(found, view.say))


_SHOWN: Final = {"pick": "picks", "gate": "gates", "find": "find.sector"}


def _is_of(tree: str, node: str) -> bool:
    try:
        return file_of("node", node) == file_of("tree", tree)
    except EditFaulty:
        return False


async def _posted_json(request: Request) -> Posted:
    """The fields of a form as a script sends them: name -> list of texts."""
    given = await posted_json(request)
    if len(given) > MAX_FIELDS:
        return Posted({})
    return Posted(
        {
            str(name): tuple(str(value) for value in values)
            for name, values in given.items()
            if isinstance(values, list)
        }
    )
