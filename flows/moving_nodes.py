"""Moves a node, gives it another name, or takes it out: the items that do so in one go."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from flows.edits import NodeEdit
from flows.raw_ways import Way, led_to, target_of, ways_of
from flows.used_by import Names, Use, can_go, uses

_FIRST: Final = 1


class CannotMove(ValueError):
    """The name is taken or no name, or the program itself needs the node where it is."""


def renamed(names: Names, old: str, new: str) -> tuple[NodeEdit, ...]:
    """A node under another name, in its tree or another, and all that leads there.

    The entry of a tree may be renamed within it. Raises CannotMove.
    """
    body = names.node(old)
    tree, home = new.partition(".")[0], old.partition(".")[0]
    if body is None or names.node(new) is not None or tree not in names.trees:
        raise CannotMove
    found = uses(names, old)
    is_entry = names.trees[home].get("entry") == old
    if not can_go(tuple(use for use in found if use.kind != "entry")):
        raise CannotMove
    if is_entry and tree != home:
        raise CannotMove
    moved = _led(body, {way: new for way in ways_of(body) if target_of(body, way) == old})
    return (
        *_heads(names, old, new),
        _node(new, moved),
        _node(old, None),
        *_relinked(names, found, dict.fromkeys(_places(found), new)),
    )


def removed(
    names: Names, node: str, instead: Mapping[tuple[str, Way], str]
) -> tuple[NodeEdit, ...]:
    """Without a node; `instead` says for each (node, way) that led there where it leads now.

    Raises CannotMove where a way is not told, or the program needs the node.
    """
    found = uses(names, node)
    if names.node(node) is None or not can_go(found) or not _places(found) <= instead.keys():
        raise CannotMove
    if node in instead.values():
        raise CannotMove
    return (_node(node, None), *_relinked(names, found, instead))


def reordered(names: Names, node: str, by: int) -> tuple[NodeEdit, ...]:
    """A node so many places further down in its tree, or up; the picture follows this order."""
    tree = node.partition(".")[0]
    order = list(names.trees[tree].get("nodes") or {})
    at = order.index(node)
    order.insert(min(len(order) - 1, max(0, at + by)), order.pop(at))
    return (head_edit(names, tree, {"nodes": order}),)


def head_edit(names: Names, tree: str, changed: Mapping[str, Any]) -> NodeEdit:
    """The head of a tree with some of its keys changed."""
    raw = names.trees[tree]
    return NodeEdit(
        kind="tree", key=tree, value={**raw, "nodes": list(raw.get("nodes") or {}), **changed}
    )


def free_name(names: Names, tree: str) -> str:
    """The first name with a number that no node of the tree has."""
    taken = set(names.trees[tree].get("nodes") or {})
    number = next(n for n in range(_FIRST, len(taken) + 2) if f"{tree}.{n}" not in taken)
    return f"{tree}.{number}"


def _heads(names: Names, old: str, new: str) -> Iterator[NodeEdit]:
    """The order of the tree, which keeps the place within the same tree, and its entry."""
    home, tree = old.partition(".")[0], new.partition(".")[0]
    if tree != home:
        return
    raw = names.trees[home]
    order = [new if name == old else name for name in raw.get("nodes") or {}]
    entry = new if raw.get("entry") == old else raw.get("entry")
    yield head_edit(names, home, {"nodes": order, "entry": entry})


def _relinked(
    names: Names, found: tuple[Use, ...], to: Mapping[tuple[str, Way], str]
) -> Iterator[NodeEdit]:
    for by in dict.fromkeys(use.by for use in found if use.way):
        ways = {use.way: to[by, use.way] for use in found if use.by == by and use.way}
        yield _node(by, _led(names.node(by) or {}, ways))


def _led(body: Mapping[str, Any], to: Mapping[Way, str]) -> dict[str, Any]:
    changed = dict(body)
    for way, target in to.items():
        changed = led_to(changed, way, target)
    return changed


def _places(found: tuple[Use, ...]) -> frozenset[tuple[str, Way]]:
    return frozenset((use.by, use.way) for use in found if use.way)


def _node(key: str, value: Any) -> NodeEdit:
    return NodeEdit(kind="node", key=key, value=value)
