"""The picture of a tree as part of a page: small, and each node a link that reads its text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise

from flows.book import FlowBook
from flows.picture import box_of
from flows.picture_layout import Layout, Line, Placed, laid_out

_HEAD, _LEFT = 24, 10
_ARROW = (
    '<marker id="head" viewBox="0 0 7 8" refX="7" refY="4" markerWidth="7" markerHeight="8" '
    'markerUnits="userSpaceOnUse" orient="auto"><path class="a" d="M0 0l7 4-7 4z"/></marker>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What the picture shows beside the tree itself.

    `href` is where a node's link leads, `{}` standing for its name. `kinds` says each kind of
    node in the reader's language, `label` what the picture is. `here` is the chosen node, `path`
    the nodes walked through, `notes` a word in a node's head: who left there.
    """

    href: str
    kinds: Mapping[str, str]
    label: str
    here: str = ""
    path: tuple[str, ...] = ()
    changed: frozenset[str] = frozenset()
    faulty: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


def page_svg(book: FlowBook, tree: str, marks: Marks) -> str:
    """The tree as an SVG element; colours and fonts are the page's (console/static/tree.css).

    Empty where the tree has no node yet.
    """
    whole = book.trees[tree]
    if not whole.nodes:
        return ""
    entry = whole.entry if whole.entry in book.nodes else whole.nodes[0].id
    layout = laid_out([box_of(book, node) for node in whole.nodes], entry)
    return "".join(_parts(layout, marks))


def _parts(layout: Layout, marks: Marks) -> Iterator[str]:
    size = f'viewBox="0 60 {layout.width} {layout.height - 60}"'
    yield f'<svg id="picture" class="picture" {size} role="group" '
    yield f'width="{layout.width}" height="{layout.height - 60}" '
    yield f'aria-label="{escape(marks.label)}">'
    steps = frozenset(pairwise(marks.path))
    yield f'<defs>{_ARROW}</defs><g aria-hidden="true" marker-end="url(#head)">'
    yield from (_line(line, line.ends in steps) for line in layout.lines)
    yield "</g>"
    yield from (_node(placed, marks) for placed in layout.boxes)
    yield "</svg>"


def _node(placed: Placed, marks: Marks) -> str:
    box = placed.box
    name, href = escape(box.id), escape(marks.href.format(box.id))
    classes = " ".join((box.kind, *_states(box.id, marks)))
    current = ' aria-current="true"' if box.id == marks.here else ""
    note = escape(marks.faulty.get(box.id) or marks.notes.get(box.id) or "")
    return (
        f'<a class="{classes}" href="{href}"'
        f'{current} transform="translate({placed.x} {placed.y})">'
        f'<rect width="{placed.width}" height="{placed.height}" rx="6"/>'
        f'<path d="M0 {_HEAD}v-18a6 6 0 0 1 6-6h{placed.width - 12}a6 6 0 0 1 6 6v18z"/>'
        f'<text class="h" x="{_LEFT}" y="17">{name} · {escape(marks.kinds[box.kind])}</text>'
        f"{_note(placed, note)}{_words(placed)}</a>"
    )


def _states(name: str, marks: Marks) -> Iterator[str]:
    for word, holds in (
        ("here", name == marks.here),
        ("path", name in marks.path),
        ("changed", name in marks.changed),
        ("faulty", name in marks.faulty),
    ):
        if holds:
            yield word


def _note(placed: Placed, note: str) -> str:
    end = placed.width - _LEFT
    return f'<text class="h e" x="{end}" y="17">{note}</text>' if note else ""


def _words(placed: Placed) -> str:
    """The text in one element, then a line and the words of each answer."""
    lines = zip(placed.text_at, placed.box.text, strict=True)
    text = "".join(
        f'<tspan x="{_LEFT}" y="{at - placed.y}">{escape(line)} </tspan>' for at, line in lines
    )
    rows = tuple(zip(placed.row_at, placed.box.rows, strict=True))
    rules = "".join(f"M1 {at - placed.y - 15}h{placed.width - 2}" for at, _ in rows)
    answers = "".join(
        f'<tspan x="{_LEFT}" y="{at - placed.y}">{escape(line)} </tspan>' for at, line in rows
    )
    ruled = f'<path class="r" d="{rules}"/>' if rules else ""
    return f"{ruled}<text>{text}{answers}</text>"


def _line(line: Line, walked: bool) -> str:
    (x1, y1), (x2, y2) = line.start, line.end
    classes = " ".join((*(("b",) if line.back else ()), *(("p",) if walked else ())))
    named = f' class="{classes}"' if classes else ""
    if line.back:
        bow = 36 + abs(y2 - y1) // 12
        return f'<path{named} d="M{x1} {y1}C{x1 + bow} {y1} {x2 + bow} {y2} {x2} {y2}"/>'
    half = (x2 - x1) // 2
    return f'<path{named} d="M{x1} {y1}C{x1 + half} {y1} {x2 - half} {y2} {x2} {y2}"/>'
