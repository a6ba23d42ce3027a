"""Pictures of a tree: Mermaid text for a page that draws it, or an SVG drawn here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from textwrap import wrap
from types import MappingProxyType

from flows.book import FlowBook
from flows.nodes import Ask, End, Find, Gate, Input, Node, Tell
from flows.picture_layout import Box, Line, Placed, laid_out

COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "Ask": "#1f4e79",
        "Tell": "#2e5d34",
        "Find": "#7a3e00",
        "Gate": "#5b3a7e",
        "Input": "#6b2147",
        "End": "#404040",
    }
)
"""The head of each kind's box; white text on them stands out 7 : 1 and more."""
INK, PAPER, FAINT = "#1b1b1b", "#ffffff", "#5f6368"
_LETTERS = 44  # characters on one line of a box


@dataclass(frozen=True, slots=True)
class Edge:
    """A way on: its sign on the line, the words beside it, the node it leads to."""

    icon: str
    words: str
    target: str


def mermaid(book: FlowBook, tree: str) -> str:
    """The tree as Mermaid text: a flow chart with the icon of each answer on its line."""
    nodes = book.trees[tree].nodes
    own = {node.id for node in nodes}
    lines = ["flowchart LR"]
    for node in nodes:
        text = "<br/>".join((f"<b>{node.id}</b>", *map(_quoted, _said(node))))
        lines.append(f'  {_name(node.id)}["{text}"]:::{type(node).__name__}')
    outside = dict.fromkeys(e.target for node in nodes for e in edges(book, node))
    lines += [f'  {_name(target)}(["{target}"])' for target in outside if target not in own]
    for node in nodes:
        for edge in edges(book, node):
            sign = _quoted(edge.icon or edge.words)
            lines.append(f'  {_name(node.id)} -->|"{sign}"| {_name(edge.target)}')
    for kind, colour in COLOURS.items():
        lines.append(
            f"  classDef {kind} fill:{PAPER},stroke:{colour},stroke-width:3px,color:{INK}"
        )
    return "\n".join(lines) + "\n"


def svg(book: FlowBook, tree: str) -> str:
    """The tree as one SVG file that needs nothing else: boxes in columns, first screen left.

    Each box holds the node's text and its answers with their targets; lines lead to the nodes of
    the same tree, dashed where they go back. Other trees are named, not drawn.
    """
    whole = book.trees[tree]
    boxes = [box_of(book, node) for node in whole.nodes]
    placed = laid_out(boxes, whole.entry)
    title = f"{tree}: {whole.title}"
    about = f"{len(boxes)} nodes. It begins at {whole.entry}. Dashed lines go back."
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {placed.width} {placed.height}" '
        f'width="{placed.width}" height="{placed.height}" role="img" '
        'aria-labelledby="title about" font-family="sans-serif" font-size="13">',
        f'<title id="title">{escape(title)}</title><desc id="about">{escape(about)}</desc>',
        f'<rect width="100%" height="100%" fill="{PAPER}"/>',
        f'<text x="24" y="30" font-size="20" font-weight="bold" fill="{INK}">'
        f"{escape(title)}</text>",
        *_legend(),
        *map(_curve, placed.lines),
        *(part for box in placed.boxes for part in _drawn(box)),
        *map(_sign, placed.lines),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def edges(book: FlowBook, node: Node) -> Iterator[Edge]:
    """Every way on from a node, the engine's own included, in order."""
    screens = book.rules.screens
    match node:
        case Ask(pick=picks):
            yield from (Edge(p.icon, p.label, p.target) for p in picks)
        case Tell(next=target):
            yield Edge("▶", "Next", target)
        case Find(hit=hit, miss=miss):
            yield Edge("✓", "when found", hit or screens["hit"])
            yield Edge("∅", "when nothing is found", miss or screens["miss"])
        case Gate(gate=lines):
            yield from (Edge("◇", line.rule.text, line.next) for line in lines)
        case Input(outcomes=outcomes, pick=picks):
            yield from (Edge("⌨", name, target) for name, target in outcomes.items())
            yield from (Edge(p.icon, p.label, p.target) for p in picks)
        case End():
            return


def _said(node: Node) -> list[str]:
    lines = wrap(node.say, _LETTERS)
    if isinstance(node, Find):
        search = node.find
        wanted = ", ".join(search.sector) or "the last search again, wider"
        lines += wrap(f"🔎 {wanted} (urgency: {search.urg})", _LETTERS)
    if node.action:
        lines.append(f"⚙ {node.action}")
    return lines


def box_of(book: FlowBook, node: Node) -> Box:
    """What the box of a node says."""
    out = tuple(edges(book, node))
    rows = tuple(f"{e.icon} {e.words} → {e.target}".strip() for e in out)
    signs = tuple((e.icon or "•", e.target) for e in out)
    return Box(node.id, type(node).__name__, tuple(_said(node)), rows, signs)


def _drawn(placed: Placed) -> Iterator[str]:
    box, x, y = placed.box, placed.x, placed.y
    colour = COLOURS[box.kind]
    yield (
        f'<rect x="{x}" y="{y}" width="{placed.width}" height="{placed.height}" rx="6" '
        f'fill="{PAPER}" stroke="{colour}" stroke-width="2"/>'
        f'<path d="M{x} {y + 24}v-18a6 6 0 0 1 6-6h{placed.width - 12}a6 6 0 0 1 6 6v18z" '
        f'fill="{colour}"/>'
        f'<text x="{x + 10}" y="{y + 17}" fill="{PAPER}" font-weight="bold">{box.id}</text>'
        f'<text x="{x + placed.width - 10}" y="{y + 17}" fill="{PAPER}" '
        f'text-anchor="end">{box.kind}</text>'
    )
    for at, line in zip(placed.text_at, box.text, strict=True):
        yield f'<text x="{x + 10}" y="{at}" fill="{INK}">{escape(line)}</text>'
    for at, line in zip(placed.row_at, box.rows, strict=True):
        yield (
            f'<path d="M{x + 1} {at - 15}h{placed.width - 2}" stroke="#d0d4d9"/>'
            f'<text x="{x + 10}" y="{at}" fill="{INK}">{escape(line)}</text>'
        )


def _curve(line: Line) -> str:
    (x1, y1), (x2, y2) = line.start, line.end
    look = f'stroke="{FAINT}" stroke-width="1.5"'
    if line.back:
        bow = 36 + abs(y2 - y1) // 12
        path = f"M{x1} {y1}C{x1 + bow} {y1} {x2 + bow} {y2} {x2} {y2}"
        return f'<path d="{path}" fill="none" {look} stroke-dasharray="5 4"/>'
    half = (x2 - x1) // 2
    path = f"M{x1} {y1}C{x1 + half} {y1} {x2 - half} {y2} {x2} {y2}"
    return f'<path d="{path}" fill="none" {look}/>'


def _sign(line: Line) -> str:
    """The icon where the line arrives, with an arrow's head."""
    x, y = line.end
    if line.back:
        return f'<path d="M{x + 1} {y}l7 -4v8z" fill="{FAINT}"/>' + _icon(x + 20, y, line.icon)
    return f'<path d="M{x - 1} {y}l-7 -4v8z" fill="{FAINT}"/>' + _icon(x - 20, y, line.icon)


def _icon(x: int, y: int, icon: str) -> str:
    return (
        f'<text class="icon" x="{x}" y="{y + 5}" text-anchor="middle" fill="{INK}" '
        f'stroke="{PAPER}" stroke-width="3" paint-order="stroke">{escape(icon)}</text>'
    )


def _legend() -> Iterator[str]:
    for place, (kind, colour) in enumerate(COLOURS.items()):
        x = 24 + place * 86
        yield (
            f'<rect x="{x}" y="42" width="76" height="20" rx="4" fill="{colour}"/>'
            f'<text x="{x + 38}" y="57" fill="{PAPER}" text-anchor="middle">{kind}</text>'
        )


def _name(node_id: str) -> str:
    """A node's name as Mermaid takes it; `end` alone would be a word of its language."""
    return f"n_{node_id.replace('.', '_')}"


def _quoted(text: str) -> str:
    return escape(text, quote=False).replace('"', "#quot;")
