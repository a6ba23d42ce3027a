"""Who leads to a node, and what breaks if it goes: answers, rules, and the program itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, get_args

from flows.edits import TREES, Files, RawTree, raw_trees
from flows.raw_ways import Way, target_of, way_words, ways_of
from flows.structure import INTERRUPTS
from flows.talk import Signal
from flows.yaml_text import Raw, read_mapping

RULES: Final = f"{TREES}rules.yaml"
IN_PROGRAM: Final = frozenset(
    {
        *("co.ab1", "co.ab2", "co.c1", "co.c2", "co.c3", "co.c4", "co.c5", "co.c6"),
        *("co.out", "co.outs", "co.st1", "co.st2", "co.st3", "co.st4", "co.x1"),
        *("rx.cover", "sh.start"),
    }
)
"""Nodes that the program leads to or reads by their name; tests/flows/test_used_by.py looks."""


class Kind(StrEnum):
    """How something leads to a node."""

    ANSWER = "answer"
    NEXT = "next"
    HIT = "hit"
    MISS = "miss"
    RULE = "rule"
    OUTCOME = "outcome"
    INSTEAD = "instead"
    ENTRY = "entry"
    SCREEN = "screen"
    CHILDREN = "children"
    ADULTS = "adults"
    INTERRUPT = "interrupt"
    PROGRAM = "program"


FIXED: Final = frozenset(
    {Kind.SCREEN, Kind.CHILDREN, Kind.ADULTS, Kind.INTERRUPT, Kind.PROGRAM, Kind.ENTRY}
)
"""What no other node can be put in the place of by changing a node."""
_KINDS: Final[Mapping[str, Kind]] = {
    "next": Kind.NEXT,
    "hit": Kind.HIT,
    "miss": Kind.MISS,
    "instead": Kind.INSTEAD,
    "pick": Kind.ANSWER,
    "gate": Kind.RULE,
    "outcomes": Kind.OUTCOME,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One thing that leads to a node.

    `by` is the node, tree or name in rules.yaml; `words` what stands on the answer, the rule or
    the outcome; `way` its place in the node's mapping, empty where it stands in no node.
    """

    kind: Kind
    by: str
    words: str = ""
    way: Way = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The trees and rules of an edition, as they stand in its files."""

    trees: Mapping[str, RawTree]
    rules: Raw

    @classmethod
    def of(cls, files: Files) -> "Names":
        """Read them. Raises Unreadable."""
        rules = read_mapping(files[RULES].encode()) if RULES in files else {}
        return cls(trees=raw_trees(files), rules=rules)

    def with_files(self, before: Files, after: Files) -> "Names":
        """The same after a change: only files that differ are read. Raises Unreadable."""
        changed = {path: text for path, text in after.items() if before.get(path) != text}
        fresh = raw_trees(changed)
        kept = {tree: raw for tree, raw in self.trees.items() if f"{TREES}{tree}.yaml" in after}
        rules = Names.of(changed).rules if RULES in changed else self.rules
        return Names(trees={**kept, **fresh}, rules=rules)

    def nodes(self) -> Iterator[tuple[str, Raw]]:
        """Every node with its mapping, in the order of the trees."""
        for tree in self.trees.values():
            yield from (tree.get("nodes") or {}).items()

    def node(self, key: str) -> Raw | None:
        """A node's mapping."""
        found: Raw | None = (self.trees.get(key.partition(".")[0], {}).get("nodes") or {}).get(key)
        return found


def uses(names: Names, node: str) -> tuple[Use, ...]:
    """Everything that leads to a node, other nodes first; not the node to itself."""
    return (*_from_nodes(names, node), *_from_heads(names, node), *_from_program(names, node))


def can_go(found: tuple[Use, ...]) -> bool:
    """Whether a node with these uses can be deleted or renamed, its answers led elsewhere."""
    return not any(use.kind in FIXED for use in found)


def left_alone(names: Names, node: str) -> tuple[str, ...]:
    """The nodes that nothing leads to once this one is gone."""
    body = names.node(node) or {}
    targets = dict.fromkeys(target_of(body, way) for way in ways_of(body))
    return tuple(
        target
        for target in targets
        if target != node
        and names.node(target) is not None
        and not (names.node(target) or {}).get("system")
        and all(use.by == node for use in uses(names, target))
    )


def _from_nodes(names: Names, node: str) -> Iterator[Use]:
    for by, body in names.nodes():
        for way in ways_of(body) if by != node else ():
            if target_of(body, way) == node:
                yield Use(kind=_KINDS[way[0]], by=by, words=way_words(body, way), way=way)


def _from_heads(names: Names, node: str) -> Iterator[Use]:
    for tree, raw in names.trees.items():
        if raw.get("entry") == node:
            yield Use(kind=Kind.ENTRY, by=tree, words=str(raw.get("title", "")))


def _from_program(names: Names, node: str) -> Iterator[Use]:
    for key, kind in (
        ("screens", Kind.SCREEN),
        ("child_redirect", Kind.CHILDREN),
        ("adult_redirect", Kind.ADULTS),
    ):
        for name, target in (names.rules.get(key) or {}).items():
            if target == node:
                yield Use(kind=kind, by=str(name))
    signal = node.removeprefix(f"{INTERRUPTS}.")
    if signal != node and signal in get_args(Signal):
        yield Use(kind=Kind.INTERRUPT, by=signal)
    if node in IN_PROGRAM:
        yield Use(kind=Kind.PROGRAM, by=node)
