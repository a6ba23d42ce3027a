"""The texts of a node that differ by country or messenger: one form for all cases of a name."""

from collections.abc import Iterator
from dataclasses import replace

from fastapi import APIRouter, Request, Response

from console.forms import Posted, posted
from console.node_fields import plain
from console.pages import not_found
from console.tree_editor import kept
from console.tree_page import CASES, tree_page, view_of
from console.tree_scene import PATH, Scene, Writes, scene_of
from flows.edits import VARIANTS, EditFaulty, NodeEdit, file_of, value_of
from flows.yaml_text import Raw


def router() -> APIRouter:
    """POST /console/trees/TREE/variants."""
    routes = APIRouter()
    routes.add_api_route(f"{PATH}/{{tree}}/variants", _keep, methods=["POST"])
    return routes


async def _keep(request: Request, signed: Writes, tree: str) -> Response:
    """Keep every case whose words or sources changed; an emptied one is taken out."""
    form = await posted(request)
    scene = await scene_of(request, signed, form.one("draft"))
    node, kind, name = form.one("node"), form.one("variant_kind"), form.one("variant_name")
    if scene.content.names.node(node) is None or not node.startswith(f"{tree}."):
        return not_found(request, signed)
    view = view_of(request, scene, tree, node)
    try:
        if kind not in VARIANTS:
            raise EditFaulty
        file_of("variant", f"{kind}.{name}.default")
        edits = tuple(_changed(scene, form, kind, name))
    except EditFaulty:
        return await tree_page(request, replace(view, wrong="tree.variant_faulty"))
    return await kept(request, view, edits, scene.url(tree, node=node, then="#node"))


def _changed(scene: Scene, form: Posted, kind: str, name: str) -> Iterator[NodeEdit]:
    for case in CASES[kind]:
        key = f"{kind}.{name}.{case}"
        before = value_of(scene.content.files, "variant", key)
        say = plain(form.one(f"say.{case}"))
        after: Raw | None = {"say": say} if say else None
        if after is not None and form.one(f"add.{case}"):
            after["add"] = True
        if after is not None and (src := form.one(f"src.{case}").replace(",", " ").split()):
            after["src"] = src
        if after != before:
            yield NodeEdit(kind="variant", key=key, value=after)
