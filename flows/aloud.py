"""What is read aloud to whoever listens: the texts of a place, then its answers in order."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from flows.actions import LEAVING
from flows.book import FlowBook
from flows.nodes import Find, Gate, Input, Node
from flows.screens import draw, waits_for_words
from flows.talk import Option, Show, Text
from flows.walk import Walk

_VARIANTS = (("country_text", "in_"), ("platform_text", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one recording says. `place` names it: a node, a variant of its text, or a phrase.

    `choices` are numbered from 1, as they stand on the screen. What a search finds, and what a
    list offers her alone, is in no recording.
    """

    place: str
    texts: tuple[Text, ...]
    choices: tuple[Option, ...] = ()


def readings(book: FlowBook) -> Iterator[Reading]:
    """One for each place of the trees, as somebody sees it of whom nothing is known yet.

    A variant that several nodes show is read as the first of them shows it.
    """
    seen: set[str] = set()
    for node in book.nodes.values():
        if isinstance(node, Gate) or node.action in LEAVING:
            continue
        for show in _faces(book, node):
            own = read_on(book, show)[-1]
            if own.place not in seen and (node.say or own.place != node.id):
                seen.add(own.place)
                yield own


def read_on(book: FlowBook, show: Show) -> tuple[Reading, ...]:
    """A screen as it is read: advice that stands above it first, the screen itself last.

    What is repeated above a screen that waits for typed words (R37) is read only where it stands
    alone: its recording ends with answers that are not on this screen.
    """
    node, told = book.nodes[show.node], book.nodes.get(book.rules.screens.get("private", ""))
    own = tuple(text for text in show.texts if _is_own(node, text))
    above = (
        text
        for text in show.texts
        if text not in own and not (told is not None and _is_own(told, text))
    )
    others = groupby(above, key=lambda text: text.context)
    advice = (Reading(place=place, texts=tuple(texts)) for place, texts in others)
    place = own[-1].context if own else node.id
    choices = show.choices if _reads_choices(node) else ()
    return (*advice, Reading(place=place, texts=own, choices=choices))


def _reads_choices(node: Node) -> bool:
    """Whether its answers are the same for everybody, so that they can be recorded."""
    return not isinstance(node, Find) and (not isinstance(node, Input) or waits_for_words(node))


def _is_own(node: Node, text: Text) -> bool:
    names = ((kind, getattr(node, kind)) for kind, _ in _VARIANTS)
    prefixes = tuple(f"{kind}.{name}." for kind, name in names if name)
    return text.context in (node.id, *node.phrases) or text.context.startswith(prefixes)


def _faces(book: FlowBook, node: Node) -> Iterator[Show]:
    """The node as it is without a country or messenger that is known, and as each variant."""
    fresh = Walk(edition=book.edition, step=0, node=node.id)
    yield _drawn(book, fresh, node)
    for kind, prefix in _VARIANTS:
        for case in book.variants.get(kind, {}).get(getattr(node, kind) or "", {}):
            flags = frozenset({f"{prefix}{case}"} if prefix else ())
            walk = Walk(edition=book.edition, step=0, node=node.id, flags=flags)
            yield _drawn(book, walk, node, platform="" if prefix else case)


def _drawn(book: FlowBook, walk: Walk, node: Node, platform: str = "") -> Show:
    return draw(book, walk, node, facts=frozenset(), platform=platform)
