"""Every text of the trees with its context and the note for the translator."""

from collections.abc import Iterator
from dataclasses import dataclass

from flows.book import FlowBook
from flows.nodes import Ask, Input, Node

SHORT = 17  # LINE takes 20 characters on a button, icon and space among them
SHORT_FORM = " (short)"  # ends the context of a short form


@dataclass(frozen=True, slots=True)
class TreeText:
    """A text and where it stands; `owner` is the node that cannot be shown without it.

    `optional`: the short form of a label, for channels whose buttons take few characters.
    """

    context: str
    msgid: str
    note: str
    owner: str
    optional: bool = False


def tree_texts(book: FlowBook) -> Iterator[TreeText]:
    """All texts of an edition, in the order of the trees; each (context, text) once.

    The language names on the first screen are the same in every language and left out.
    """
    for tree in book.trees.values():
        for node in tree.nodes:
            yield from _of_node(book, node)
    for kind, texts in book.variants.items():
        for name, cases in texts.items():
            for case, variant in cases.items():
                context = f"{kind}.{name}.{case}"
                note = f"class A. variant of {name} for {case}"
                yield TreeText(context, variant.say, note, "")


def unready(book: FlowBook, missing: frozenset[str]) -> frozenset[str]:
    """The nodes that need a context which a language does not have yet, variants included."""
    return frozenset(
        node.id
        for node in book.nodes.values()
        if node.id in missing or any(name in missing for name in _variants_of(book, node))
    )


def _of_node(book: FlowBook, node: Node) -> Iterator[TreeText]:
    note = f"class {node.sign_off}. {node.note}".strip()
    if node.say:
        yield TreeText(node.id, node.say, note, node.id)
    if not isinstance(node, Ask | Input) or node.id == book.rules.screens["start"]:
        return
    for label in dict.fromkeys(pick.label for pick in node.pick):
        icon = next(pick.icon for pick in node.pick if pick.label == label)
        yield TreeText(node.id, label, f"class {node.sign_off}. button {icon}", node.id)
        note = f"class {node.sign_off}. button {icon} in at most {SHORT} characters, where longer"
        yield TreeText(f"{node.id}{SHORT_FORM}", label, note, node.id, optional=True)


def _variants_of(book: FlowBook, node: Node) -> Iterator[str]:
    for kind, name in (("country_text", node.country_text), ("platform_text", node.platform_text)):
        for case in book.variants.get(kind, {}).get(name or "", {}):
            yield f"{kind}.{name}.{case}"
