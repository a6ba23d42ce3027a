"""Tries one changed node in a book: the book with it, and what the checks say about it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from flows import safety, structure, ways
from flows.book import FlowBook
from flows.faults import Problem
from flows.nodes import Node, Tree, kind_of


class NodeFaulty(ValueError):
    """A mapping is no node; `keys` are the places of what is wrong, as ("pick", 0)."""

    def __init__(self, keys: tuple[tuple[str | int, ...], ...]) -> None:
        """Keep the places; nothing that was typed."""
        super().__init__()
        self.keys = keys


def node_of(tree: Tree, key: str, body: Mapping[str, Any]) -> Node:
    """A node's mapping read as flows/book.py reads it. Raises NodeFaulty."""
    raw = {"id": key, "sign_off": tree.sign_off, **body}
    try:
        return kind_of(raw).model_validate(raw)
    except ValidationError as error:
        raise NodeFaulty(tuple(fault["loc"] for fault in error.errors())) from None
    except ValueError:
        raise NodeFaulty(()) from None


def with_node(book: FlowBook, node: Node) -> FlowBook:
    """The book with this node in the place of the one of its name, or at its tree's end."""
    tree = book.tree_of(node.id)
    same = node.id in book.nodes
    nodes = tuple(node if one.id == node.id else one for one in tree.nodes)
    changed = tree.model_copy(update={"nodes": nodes if same else (*nodes, node)})
    return replace(
        book,
        trees={**book.trees, tree.tree: changed},
        nodes={**book.nodes, node.id: node},
    )


def more_problems(book: FlowBook) -> Iterator[Problem]:
    """What can be said at once beside names and words: answers, classes, questions too early.

    What needs a walk through all trees is said by flows/check.py, problems().
    """
    yield from safety.before_consent(book)
    yield from safety.sign_off(book)
    if not any(True for _ in structure.names(book)):
        yield from ways.answers(book)


def of_one(found: Collection[Problem], node: str) -> tuple[Problem, ...]:
    """Those of one node."""
    return tuple(problem for problem in found if problem.node == node)
