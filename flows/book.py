"""An edition of all trees: read from a folder, checked for form, held as frozen values."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from flows.faults import Problem, fault
from flows.nodes import Node, Tree, Variant, kind_of
from flows.yaml_text import Raw, Unreadable, read_mapping

_RULES = "rules.yaml"
_VARIANTS = ("country_text.yaml", "platform_text.yaml")

DATA = Path(__file__).parent / "data"

_Known = TypeVar("_Known")


class BookFaulty(Exception):
    """The trees cannot be used; `problems` names every fault at once."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep all problems."""
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for every tree; see flows/data/rules.yaml."""

    child_redirect: Mapping[str, str]
    adult_redirect: Mapping[str, str]
    child_flags: frozenset[str]
    adult_flag: str
    groups: Mapping[str, frozenset[str]]
    single: frozenset[str]
    counters: frozenset[str]
    facts: frozenset[str]
    screens: Mapping[str, str]
    either: tuple[frozenset[str], ...] = ()

    def group_of(self, flag: str) -> frozenset[str]:
        """The flags that `flag` replaces when it is set."""
        return next((group for group in self.groups.values() if flag in group), frozenset())

    @property
    def flags(self) -> frozenset[str]:
        """Every flag a pick may set."""
        return self.single.union(*self.groups.values())


@dataclass(frozen=True, slots=True)
class FlowBook:
    """All trees of one edition.

    `edition` is a hash of their content; `unready[locale]` holds the nodes that have no text in
    that language yet, so that the engine leads to the helpline screen instead of to English;
    `offered` the languages that may be chosen (None: all).
    """

    edition: str
    trees: Mapping[str, Tree]
    nodes: Mapping[str, Node]
    variants: Mapping[str, Mapping[str, Mapping[str, Variant]]]
    rules: Rules
    unready: Mapping[str, frozenset[str]] = field(default_factory=dict)
    offered: frozenset[str] | None = None
    _known: dict[Callable[["FlowBook"], Any], Any] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def once(self, work: Callable[["FlowBook"], _Known]) -> _Known:
        """What follows from this book alone, worked out when it is first asked for."""
        if work not in self._known:
            self._known[work] = work(self)
        known: _Known = self._known[work]
        return known

    def tree_of(self, node_id: str) -> Tree:
        """The tree a node stands in."""
        return self.trees[node_id.partition(".")[0]]

    def in_languages(
        self,
        unready: Mapping[str, frozenset[str]],
        offered: frozenset[str] | None = None,
    ) -> "FlowBook":
        """The same edition, knowing what is not there yet in which language."""
        return replace(self, unready=MappingProxyType(dict(unready)), offered=offered)


def read_book(folder: Path = DATA) -> FlowBook:
    """Read an edition. Raises BookFaulty with every fault of form in every file."""
    return book_of({path.name: path.read_bytes() for path in sorted(folder.glob("*.yaml"))})


def book_of(files: Mapping[str, bytes], known: Mapping[str, Tree] | None = None) -> FlowBook:
    """The edition that files hold, by their names in flows/data ("tk.yaml", "rules.yaml" …).

    `known`: trees by file name that were read from this very text before. Raises BookFaulty with
    every fault of form in every file.
    """
    problems: list[Problem] = []
    known = known or {}
    fresh = (name for name in sorted(files) if name not in known)
    raw = {name: _read_yaml(name, files[name], problems) for name in fresh}
    rules = _read_rules(raw.pop(_RULES, {}), problems)
    variants = _read_variants({name: raw.pop(name, {}) for name in _VARIANTS}, problems)
    read = {name: _tree(name, content, problems) for name, content in raw.items()} | dict(known)
    trees = {tree.tree: tree for _, tree in sorted(read.items()) if tree}
    nodes = {node.id: node for tree in trees.values() for node in tree.nodes}
    if problems or rules is None:
        raise BookFaulty(tuple(problems))
    edition = hashlib.sha256(b"".join(files[name] for name in sorted(files))).hexdigest()[:16]
    return FlowBook(edition, trees, nodes, variants, rules)


def _read_yaml(name: str, content: bytes, problems: list[Problem]) -> Raw:
    try:
        return read_mapping(content)
    except Unreadable as error:
        where = f"line {error.line}" if error.line else "the file"
        problems.append(Problem(name, where, fault("unreadable", what=error.what)))
        return {}


class _RulesFile(BaseModel):
    """What rules.yaml holds, before the lists become sets."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    child_redirect: dict[str, str]
    adult_redirect: dict[str, str]
    child_flags: frozenset[str]
    adult_flag: str
    groups: dict[str, frozenset[str]]
    single: frozenset[str]
    counters: frozenset[str]
    facts: frozenset[str]
    screens: dict[str, str]
    either: tuple[frozenset[str], ...] = ()


def _read_rules(raw: dict[str, Any], problems: list[Problem]) -> Rules | None:
    try:
        return Rules(**dict(_RulesFile.model_validate(raw)))
    except ValidationError as error:
        problems.extend(_faults(_RULES, "the file", error))
        return None


def _read_variants(
    files: Mapping[str, dict[str, Any]], problems: list[Problem]
) -> Mapping[str, Mapping[str, Mapping[str, Variant]]]:
    variants: dict[str, dict[str, dict[str, Variant]]] = {}
    for name, content in files.items():
        kind = name.removesuffix(".yaml")
        for surplus in content.keys() - {kind}:
            problems.append(Problem(name, str(surplus), fault("not_read", which=f"{kind}:")))
        for text, cases in _mapping(name, kind, content.get(kind), problems).items():
            for case, raw in _mapping(name, text, cases, problems).items():
                try:
                    variant = Variant.model_validate(raw)
                except ValidationError as error:
                    problems.extend(_faults(name, f"{text}.{case}", error))
                else:
                    variants.setdefault(kind, {}).setdefault(text, {})[case] = variant
    return variants


def _mapping(file: str, where: str, raw: Any, problems: list[Problem]) -> dict[Any, Any]:
    if isinstance(raw, dict) or raw is None:
        return raw or {}
    problems.append(Problem(file, where, fault("not_lines")))
    return {}


def _tree(file: str, raw: dict[str, Any], problems: list[Problem]) -> Tree | None:
    if not raw:
        return None
    default = raw.get("sign_off", "B")
    nodes = []
    for node_id, body in _mapping(file, "nodes", raw.get("nodes"), problems).items():
        try:
            if not isinstance(body, dict):
                raise ValueError("a node is a mapping")
            kind = kind_of(body)
            nodes.append(kind.model_validate({"id": node_id, "sign_off": default, **body}))
        except ValidationError as error:
            problems.extend(_faults(file, node_id, error))
        except ValueError as error:
            problems.append(Problem(file, node_id, fault("no_screen", what=error)))
    try:
        tree = Tree.model_validate({**raw, "nodes": tuple(nodes)})
    except ValidationError as error:
        problems.extend(_faults(file, "the head of the file", error))
        return None
    if file != f"{tree.tree}.yaml":
        problems.append(Problem(file, "tree", fault("file_name", which=f"{tree.tree}.yaml")))
    return tree


def _faults(file: str, node: str, error: ValidationError) -> list[Problem]:
    return [
        Problem(
            file,
            node,
            fault("key", which=".".join(str(part) for part in one["loc"]), what=one["msg"]),
        )
        for one in error.errors(include_input=False, include_url=False)
    ]
