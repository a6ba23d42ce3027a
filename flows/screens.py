"""What a node looks like now: its texts, the answers on this page and the standard row."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from flows.actions import LEAVING, TICKED, TYPED
from flows.book import FlowBook
from flows.nodes import Ask, End, Find, Gate, Input, Node, Pick, Tell
from flows.talk import MORE, NEXT, PHRASE, Option, Row, Show, Text
from flows.walk import Walk

_T = TypeVar("_T")

CARDS = 3  # services on one page
PAGE = 5  # answers on one page of a longer list, besides "more"
MAX_CHOICES = 6

_MORE = Option(MORE, Text("row.more", "More"), "➕")
_NEXT = Option(NEXT, Text("row.next", "Next"), "▶")


def draw(book: FlowBook, walk: Walk, node: Node, *, facts: frozenset[str], platform: str) -> Show:
    """The screen of a node, in message ids; sentences are made by the translator.

    Where nothing on it is of one person alone it is drawn once (docs/performance.md).
    """
    if isinstance(node, Find | Input):
        return _drawn(book, walk, node, facts, platform)
    case = walk.value_of("in") if node.country_text else ""
    depends = isinstance(node, Ask) and _picks(book, node)[1]
    held = offered(book, walk, node, facts) if depends else ()
    picks = tuple((pick.label, pick.icon) for _, pick in held)
    key = (node.id, platform, case, picks, _row(book, walk, node))
    known = book.once(_screens_drawn)
    found = known.get(key)
    if found is None or found[0] is not node:
        found = known[key] = (node, _drawn(book, walk, node, facts, platform))
    return found[1]


def _screens_drawn(_: FlowBook) -> dict[tuple[object, ...], tuple[Node, Show]]:
    return {}


def _drawn(book: FlowBook, walk: Walk, node: Node, facts: frozenset[str], platform: str) -> Show:
    cards = _page(walk.results, walk.page, CARDS) if isinstance(node, Find) else ()
    return Show(
        node=node.id,
        texts=tuple(_texts(book, walk, node, platform)),
        choices=_choices(book, walk, node, facts),
        row=_row(book, walk, node),
        services=tuple(cards),
        neutral=node.neutral,
    )


def offered(
    book: FlowBook, walk: Walk, node: Node, facts: frozenset[str]
) -> tuple[tuple[str, Pick], ...]:
    """The answers of a node that hold now, numbered; those the row draws anyway are left out."""
    if not isinstance(node, Ask | Input):
        return ()
    numbered, depends = _picks(book, node)
    if not depends:
        return numbered
    known = walk.flags | facts
    return _numbered(pick for _, pick in numbered if _holds(pick, known))


def _picks(book: FlowBook, node: Ask | Input) -> tuple[tuple[tuple[str, Pick], ...], bool]:
    """The answers that the row does not draw; and whether any of them depends on what holds."""
    known = book.once(_picks_sorted_out)
    found = known.get(node.id)
    if found is None or found[0] is not node:
        kept = [pick for pick in node.pick if not in_row(book, pick) and not _silent(book, pick)]
        found = (node, _numbered(kept), any(pick.conditions for pick in kept))
        known[node.id] = found
    return found[1:]


def _numbered(picks: Iterable[Pick]) -> tuple[tuple[str, Pick], ...]:
    return tuple((str(number), pick) for number, pick in enumerate(picks, start=1))


def _picks_sorted_out(_: FlowBook) -> dict[str, tuple[Node, tuple[tuple[str, Pick], ...], bool]]:
    return {}


def in_row(book: FlowBook, pick: Pick) -> bool:
    """Whether a tree's own answer only repeats a button of the standard row (decisions 8)."""
    screens = book.rules.screens
    return (
        (pick.icon == "✖" and pick.target == screens["leave"] and pick.label == "Leave")
        or (pick.icon == "☰" and pick.target == screens["menu"])
        or (pick.icon == "↩" and pick.label == "Back")
    ) and not pick.flags


def _silent(book: FlowBook, pick: Pick) -> bool:
    """Whether it chooses a language whose safety set is not complete."""
    languages = {flag.removeprefix("lang_") for flag in pick.flags if flag.startswith("lang_")}
    return book.offered is not None and bool(languages - book.offered)


def _holds(pick: Pick, known: frozenset[str]) -> bool:
    return all((c.removeprefix("!") in known) is not c.startswith("!") for c in pick.conditions)


def _choices(book: FlowBook, walk: Walk, node: Node, facts: frozenset[str]) -> tuple[Option, ...]:
    picks = tuple(
        Option(number, Text(node.id, pick.label), pick.icon)
        for number, pick in offered(book, walk, node, facts)
    )
    match node:
        case Tell():
            return (_NEXT,)
        case Find():
            more = (_MORE,) if (walk.page + 1) * CARDS < len(walk.results) else ()
            return (*more, _NEXT)
        case Input():
            offers = tuple(Option(offer.id, offer.label) for offer in walk.offers)
            after = (*picks, *((_NEXT,) if node.action in TICKED else ()))
            return (*_paged(offers, walk.page, room=MAX_CHOICES - len(after)), *after)
        case Ask() | End() | Gate():
            return picks


def _paged(options: tuple[Option, ...], page: int, *, room: int) -> tuple[Option, ...]:
    """All of them where there is room, else pages of five or fewer and More; the last wraps."""
    if len(options) <= room:
        return options
    size = max(1, min(PAGE, room - 1))
    pages = -(-len(options) // size)
    return (*_page(options, page % pages, size), _MORE)


def _page(items: tuple[_T, ...], page: int, size: int) -> tuple[_T, ...]:
    return items[page * size : (page + 1) * size]


def _texts(book: FlowBook, walk: Walk, node: Node, platform: str) -> Iterator[Text]:
    country = walk.value_of("in") if node.country_text else ""
    for kind, name, case in (
        ("country_text", node.country_text, country),
        ("platform_text", node.platform_text, platform),
    ):
        cases = book.variants.get(kind, {}).get(name, {}) if name else {}
        chosen = case if case in cases else "default"
        if variant := cases.get(chosen):
            if variant.add and node.say:
                yield Text(node.id, node.say)
            yield Text(f"{kind}.{name}.{chosen}", variant.say)
            return
    if node.say:
        yield Text(node.id, node.say)
    yield from (Text(phrase, PHRASE) for phrase in node.phrases)


def _row(book: FlowBook, walk: Walk, node: Node) -> tuple[Row, ...]:
    if walk.ended or node.action in LEAVING:
        return ()
    if node.neutral or not walk.locale:
        return ("leave", "listen")
    back: tuple[Row, ...] = ("back",) if len(walk.trail) > 1 else ()
    numbers: tuple[Row, ...] = ("numbers",) if book.tree_of(node.id).numbers else ()
    return ("leave", *back, "menu", "listen", *numbers)


def waits_for_words(node: Node) -> bool:
    """Whether what she types now is an answer of its own: a place, a code, a number."""
    return node.action in TYPED
