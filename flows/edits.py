"""Changes of an edition's trees, item by item: YAML text in, YAML text out, nothing lost."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from flows.book import DATA, FlowBook, book_of
from flows.nodes import Tree
from flows.raw_ways import leads_to
from flows.yaml_text import Raw, read_mapping, written

TREES: Final = "trees/"
"""Where the files of flows/data stand within an edition, rules and variants among them."""
PHRASES: Final = "phrases.yaml"
VARIANTS: Final = ("country_text", "platform_text")
_TREE: Final = re.compile(r"[a-z]{2}")
_NODE: Final = re.compile(r"[a-z]{2}\.\w+(?:\.\w+)*", re.ASCII)
_VARIANT: Final = re.compile(rf"(?:{'|'.join(VARIANTS)})\.\w+\.\w+", re.ASCII)
_NO_TREES: Final = frozenset({"rules.yaml", *(f"{kind}.yaml" for kind in VARIANTS)})

RawTree = Raw
"""One tree file as its mapping; `nodes` holds each node's mapping by its id, in order."""
Files = Mapping[str, str]
"""The files of an edition: path -> text."""


class Item(Protocol):
    """One changed thing. A `value` of None takes it out.

    | kind    | key                      | value                                               |
    |---------|--------------------------|-----------------------------------------------------|
    | tree    | tk                       | the head of the file; `nodes` is the list of its ids |
    | node    | tk.1                     | the node's mapping                                  |
    | variant | country_text.wage_claim.TH | {say, src, add}                                   |
    | phrase  | row.leave                | the English                                         |

    Other kinds change no file of the trees and are passed over.
    """

    @property
    def kind(self) -> str:
        """Which kind of thing."""

    @property
    def key(self) -> str:
        """Its name."""

    @property
    def value(self) -> Any:
        """What it becomes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeEdit:
    """An item of the trees, where none is kept in a draft."""

    kind: str
    key: str
    value: Any


class EditFaulty(ValueError):
    """An item whose key or value is not of its kind; holds neither."""


def shipped(folder: Path = DATA) -> dict[str, str]:
    """The files of a folder like flows/data, by their paths within an edition."""
    return {f"{TREES}{path.name}": path.read_text("utf-8") for path in folder.glob("*.yaml")}


def read_raw(folder: Path = DATA) -> dict[str, RawTree]:
    """Every tree of a folder by its name, as it stands there. Raises Unreadable."""
    return raw_trees(shipped(folder))


def raw_trees(files: Files) -> dict[str, RawTree]:
    """Every tree of an edition by its name. Raises Unreadable."""
    return {tree: _read(files, path) for path, tree in _trees(files)}


def trees_book(files: Files, known: Mapping[str, Tree] | None = None) -> FlowBook:
    """The book of an edition's trees; `known` as in `book_of`. Raises BookFaulty."""
    data = {p.removeprefix(TREES): text.encode() for p, text in files.items() if _is_data(p)}
    return book_of(data, known)


def value_of(files: Files, kind: str, key: str) -> Any:
    """What an item of this kind and key would hold now; None where there is nothing."""
    raw = _read(files, file_of(kind, key))
    match kind:
        case "tree":
            return {**raw, "nodes": list(raw.get("nodes") or {})} if raw else None
        case "node":
            return (raw.get("nodes") or {}).get(key)
        case "variant":
            text, case = _variant(key)
            return ((raw.get(key.partition(".")[0]) or {}).get(text) or {}).get(case)
        case _:
            return _english(raw.get(key))


def file_of(kind: str, key: str) -> str:
    """The file in which such an item stands. Raises EditFaulty for a kind or key of none."""
    match kind:
        case "tree" if _TREE.fullmatch(key):
            return f"{TREES}{key}.yaml"
        case "node" if _NODE.fullmatch(key):
            return f"{TREES}{key.partition('.')[0]}.yaml"
        case "variant" if _VARIANT.fullmatch(key):
            return f"{TREES}{key.partition('.')[0]}.yaml"
        case "phrase":
            return PHRASES
        case _:
            raise EditFaulty


def apply(files: Files, items: Iterable[Item]) -> dict[str, str]:
    """The files with these items changed, in whatever order they are given.

    A file of which nothing changes stays as it is, to the letter. Raises EditFaulty, Unreadable.
    """
    changed = dict(files)
    by_file: dict[str, list[Item]] = {}
    for item in items:
        if item.kind in ("tree", "node", "variant", "phrase"):
            by_file.setdefault(file_of(item.kind, item.key), []).append(item)
    for path, found in sorted(by_file.items()):
        raw = _read(files, path)
        after = _changed(raw, path, sorted(found, key=lambda one: (one.kind, one.key)))
        if not after:
            changed.pop(path, None)
        elif after != raw or _order(after) != _order(raw):
            changed[path] = written(after, 0 if path == PHRASES else 2)
    return changed


def _changed(raw: Raw, path: str, items: list[Item]) -> Raw:
    match items[0].kind:
        case "phrase":
            return _with_phrases(raw, items)
        case "variant":
            return _with_variants(raw, items)
        case _:
            return _with_nodes(raw, path, items)


def _with_nodes(raw: RawTree, path: str, items: list[Item]) -> RawTree:
    heads = [item.value for item in items if item.kind == "tree"]
    if heads and heads[0] is None:
        return {}
    head = _mapping(heads[0]) if heads else {**raw, "nodes": list(raw.get("nodes") or {})}
    nodes = dict(raw.get("nodes") or {})
    for item in items:
        if item.kind == "node" and item.value is None:
            nodes.pop(item.key, None)
        elif item.kind == "node":
            nodes[item.key] = dict(_mapping(item.value))
    name = path.removeprefix(TREES).removesuffix(".yaml")
    return {"tree": name, **head, "nodes": dict(_ordered(nodes, head.get("nodes") or ()))}


def _ordered(nodes: Mapping[str, Raw], order: Iterable[object]) -> Iterator[tuple[str, Raw]]:
    """Nodes in the wished order; one it does not name stands after the first to lead there."""
    wished = [str(name) for name in order if name in nodes]
    for name in sorted(nodes.keys() - set(wished)):
        first = next((at for at, one in enumerate(wished) if name in leads_to(nodes[one])), None)
        wished.insert(len(wished) if first is None else first + 1, name)
    for name in dict.fromkeys(wished):
        yield name, nodes[name]


def _with_variants(raw: Raw, items: list[Item]) -> Raw:
    kind = items[0].key.partition(".")[0]
    texts = {name: dict(cases or {}) for name, cases in (raw.get(kind) or {}).items()}
    for item in items:
        text, case = _variant(item.key)
        cases = texts.setdefault(text, {})
        if item.value is None:
            cases.pop(case, None)
        else:
            cases[case] = dict(_mapping(item.value))
    return {kind: {name: cases for name, cases in texts.items() if cases}}


def _with_phrases(raw: Raw, items: list[Item]) -> Raw:
    """A phrase that may be missing in a language stays one that may (translations/phrases.py)."""
    changed = dict(raw)
    for item in items:
        if item.value is None:
            changed.pop(item.key, None)
        elif not isinstance(item.value, str):
            raise EditFaulty
        else:
            is_optional = isinstance(raw.get(item.key), dict)
            changed[item.key] = {"optional": item.value} if is_optional else item.value
    return changed


def _english(phrase: object) -> object:
    return phrase.get("optional") if isinstance(phrase, dict) else phrase


def _variant(key: str) -> tuple[str, str]:
    _, text, case = key.split(".")
    return text, case


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise EditFaulty
    return value


def _order(raw: Raw) -> list[str]:
    return list(raw.get("nodes") or {})


def _read(files: Files, path: str) -> Raw:
    return read_mapping(files[path].encode()) if path in files else {}


def _trees(files: Files) -> Iterator[tuple[str, str]]:
    for path in sorted(files):
        if _is_data(path) and path.removeprefix(TREES) not in _NO_TREES:
            yield path, path.removeprefix(TREES).removesuffix(".yaml")


def _is_data(path: str) -> bool:
    return path.startswith(TREES) and path.endswith(".yaml")
