"""Shelf: the editions that serve now, the live one and those that conversations began on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final

from flows.book import FlowBook
from flows.nodes import Ask, Input, Node, Pick
from translations.recordings import Recordings
from translations.translator import Translator

STAYS: Final = 60 * 60.0
"""Seconds an edition stays on the shelf after another took its place: no conversation is older."""
_MARK: Final = "~"  # parts an edition's name from the mark of what was pulled from it


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What women read and hear: the trees, their texts and the recordings of these.

    Number 0 came with the program.
    """

    number: int
    book: FlowBook
    translator: Translator
    recordings: Recordings = field(default_factory=dict, repr=False)


class Shelf:
    """Holds editions in memory. What is pulled is out of every one of them at once."""

    def __init__(self, live: Edition, kept: Path | None = None) -> None:
        """Begin with the edition that came with the program.

        `kept` is the folder where the last good editions are kept for the next start.
        """
        self.shipped: Final = live
        self.kept: Final = kept
        self.live = live
        self.pulled: frozenset[str] = frozenset()
        self.statement, self.serial = "", 0
        """The signed statement that put them up, and its number (handlers/edition_serving.py)."""
        self.refused = ""
        """The statement that was refused last, so that it is not looked at again and again."""
        self.whole: Mapping[int, Edition] = MappingProxyType({live.number: live})
        """The editions by number, with everything that was pulled still in them."""
        self._by_name = {live.book.edition: live}

    def of(self, name: str) -> Edition | None:
        """The edition a walk began on (`Walk.edition`), or None where it is no longer here."""
        return self._by_name.get(name.partition(_MARK)[0])

    def put(self, editions: Mapping[int, Edition], live: int, pulled: frozenset[str]) -> None:
        """From now on these serve, without what is pulled."""
        self.whole = MappingProxyType(dict(editions))
        cut = {number: without(one, pulled) for number, one in editions.items()}
        self._by_name = {_name(one): one for one in cut.values()}
        self.pulled, self.live = pulled, cut[live]

    def fixed(self, edition: Edition) -> "Shelf":
        """A shelf on which this edition is the live one, for one conversation."""
        return Shelf(edition)


def without(edition: Edition, pulled: frozenset[str]) -> Edition:
    """The edition without these: `sv.72b` is a node, `sv.q/Call a clinic` one answer of a node.

    A pulled node counts as one that has no text in any language: whoever stood there, or is led
    there, comes to the helplines. The name of the edition changes, so that a button which was
    shown before never means another answer (flows/engine.py, `rebased`).
    """
    here = frozenset(key for key in pulled if key.partition("/")[0] in edition.book.nodes)
    if not here:
        return edition
    gone = frozenset(key for key in here if "/" not in key)
    book = edition.book
    nodes = {name: _cut(node, gone, here) for name, node in book.nodes.items()}
    trees = {
        name: tree.model_copy(update={"nodes": tuple(nodes[node.id] for node in tree.nodes)})
        for name, tree in book.trees.items()
    }
    locales = frozenset(edition.translator.catalogues)
    unready = {name: book.unready.get(name, frozenset()) | gone for name in locales}
    mark = sha256("\n".join(sorted(here)).encode()).hexdigest()[:8]
    cut = replace(book, edition=f"{book.edition}{_MARK}{mark}", nodes=nodes, trees=trees)
    return replace(edition, book=cut.in_languages(unready, book.offered))


def answer_key(node: str, label: str) -> str:
    """How one answer of a node is named among what is pulled."""
    return f"{node}/{label}"


def _cut(node: Node, gone: frozenset[str], here: frozenset[str]) -> Node:
    if not isinstance(node, Ask | Input):
        return node
    kept = tuple(pick for pick in node.pick if not _is_pulled(node.id, pick, gone, here))
    if len(kept) == len(node.pick):
        return node
    return node.model_copy(update={"pick": kept})


def _is_pulled(node: str, pick: Pick, gone: frozenset[str], here: frozenset[str]) -> bool:
    return pick.target in gone or answer_key(node, pick.label) in here


def _name(edition: Edition) -> str:
    return edition.book.edition.partition(_MARK)[0]
