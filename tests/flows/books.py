"""The real book with something changed, for the checks that must notice it."""

from dataclasses import replace
from functools import cache
from typing import Any

from flows.book import DATA, FlowBook, read_book
from flows.nodes import Pick, Search, Tree, Variant, kind_of, read_pick


@cache
def real() -> FlowBook:
    return read_book(DATA)


def pick(text: str) -> Pick:
    return Pick.model_validate(read_pick(text))


def changed(node_id: str, book: FlowBook | None = None, **keys: Any) -> FlowBook:
    """One node with other values; `more=("icon label -> a.b",)` adds answers to it."""
    book = book or real()
    node = book.nodes[node_id]
    if more := keys.pop("more", ()):
        keys["pick"] = (*getattr(node, "pick", ()), *map(pick, more))
    return _with(book, node_id, node.model_copy(update=keys))


def written(node_id: str, book: FlowBook | None = None, **body: Any) -> FlowBook:
    """A node written anew, or added to the end of its tree."""
    book = book or real()
    content = {"sign_off": "A", **body}
    return _with(book, node_id, kind_of(content).model_validate({"id": node_id, **content}))


def without(node_id: str) -> FlowBook:
    book = real()
    nodes = {name: node for name, node in book.nodes.items() if name != node_id}
    tree = book.tree_of(node_id)
    kept = tuple(node for node in tree.nodes if node.id != node_id)
    return _with_tree(replace(book, nodes=nodes), tree.model_copy(update={"nodes": kept}))


def with_tree(name: str, **keys: Any) -> FlowBook:
    return _with_tree(real(), real().trees[name].model_copy(update=keys))


def with_rules(**keys: Any) -> FlowBook:
    return replace(real(), rules=replace(real().rules, **keys))


def with_screen(name: str, node: str) -> FlowBook:
    return with_rules(screens={**real().rules.screens, name: node})


def with_variant(kind: str, name: str, case: str, text: str, src: tuple[str, ...]) -> FlowBook:
    book = real()
    cases = {**book.variants[kind].get(name, {}), case: Variant(say=text, src=src)}
    return replace(book, variants={**book.variants, kind: {**book.variants[kind], name: cases}})


def search(*sectors: str, need: tuple[str, ...] = ()) -> Search:
    return Search(sector=sectors, need=need)


def _with(book: FlowBook, node_id: str, node: Any) -> FlowBook:
    tree = book.tree_of(node_id)
    known = {one.id: one for one in tree.nodes} | {node_id: node}
    nodes = {**book.nodes, node_id: node}
    return _with_tree(
        replace(book, nodes=nodes), tree.model_copy(update={"nodes": tuple(known.values())})
    )


def _with_tree(book: FlowBook, tree: Tree) -> FlowBook:
    return replace(book, trees={**book.trees, tree.tree: tree})
