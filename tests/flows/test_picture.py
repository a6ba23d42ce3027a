"""Pictures of trees: every node and answer is in them, and they can be read."""

import xml.etree.ElementTree as ET
from itertools import combinations

import pytest

from flows.nodes import Ask
from flows.picture import COLOURS, INK, PAPER, edges, mermaid, svg
from flows.picture_layout import Box, laid_out
from tests.flows.books import changed, real

SVG = "{http://www.w3.org/2000/svg}"
TREES = sorted(real().trees)


def drawn(tree: str) -> ET.Element:
    return ET.fromstring(svg(real(), tree))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (WCAG 2.2, 1.4.3)."""

    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("tree", TREES)
def test_a_picture_is_whole_and_shows_every_node(tree: str) -> None:
    texts = {text.text for text in drawn(tree).iter(f"{SVG}text")}

    assert {node.id for node in real().trees[tree].nodes} <= texts


def test_a_picture_needs_nothing_else_and_says_what_it_is() -> None:
    root = drawn("sv")
    source = svg(real(), "sv")

    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == "title about"
    assert root.findtext(f"{SVG}title") == "sv: Forced or unwanted sex - health care and time"
    assert "20 nodes" in (root.findtext(f"{SVG}desc") or "")
    assert not any(word in source for word in ("<script", "<image", "href", "@import", "url("))


def test_every_answer_stands_in_its_box_with_its_target() -> None:
    texts = "\n".join(text.text or "" for text in drawn("sv").iter(f"{SVG}text"))

    for node in real().trees["sv"].nodes:
        for pick in node.pick if isinstance(node, Ask) else ():
            assert f"{pick.icon} {pick.label} → {pick.target}" in texts


def test_lines_bear_the_icon_of_their_answer() -> None:
    own = {node.id for node in real().trees["sv"].nodes}
    wanted = [
        e.icon for n in real().trees["sv"].nodes for e in edges(real(), n) if e.target in own
    ]
    icons = [t.text for t in drawn("sv").iter(f"{SVG}text") if t.get("class") == "icon"]

    assert sorted(icons, key=str) == sorted(wanted)


def test_no_box_covers_another() -> None:
    for tree in TREES:
        nodes = real().trees[tree].nodes
        boxes = []
        for node in nodes:
            signs = tuple((edge.icon, edge.target) for edge in edges(real(), node))
            boxes.append(Box(node.id, "Ask", ("a",) * 3, ("b",) * len(signs), signs))
        placed = laid_out(boxes, real().trees[tree].entry).boxes

        assert len(placed) == len(nodes)
        for one, two in combinations(placed, 2):
            beside = one.x + one.width <= two.x or two.x + two.width <= one.x
            assert beside or one.y + one.height <= two.y or two.y + two.height <= one.y


def test_a_line_back_is_dashed() -> None:
    paths = [path.attrib for path in drawn("sv").iter(f"{SVG}path")]

    assert any("stroke-dasharray" in path for path in paths)


def test_every_kind_has_a_colour_on_which_white_can_be_read() -> None:
    assert len(set(COLOURS.values())) == len(COLOURS) == 6
    assert all(contrast(colour, PAPER) >= 7 for colour in COLOURS.values())
    assert contrast(INK, PAPER) >= 7


def test_what_a_text_holds_cannot_break_out_of_the_picture() -> None:
    book = changed("sv.1", say='<script> & "quotes" ]] {x}')

    assert ET.fromstring(svg(book, "sv")) is not None
    assert "<script>" not in mermaid(book, "sv")


@pytest.mark.parametrize("tree", TREES)
def test_mermaid_names_every_node_and_draws_every_way(tree: str) -> None:
    lines = mermaid(real(), tree).splitlines()
    nodes = real().trees[tree].nodes

    assert lines[0] == "flowchart LR"
    assert all(any(f"<b>{node.id}</b>" in line for line in lines) for node in nodes)
    ways = sum(len([*edges(real(), node)]) for node in nodes)
    assert sum(1 for line in lines if "-->" in line) == ways


def test_mermaid_puts_the_icon_on_the_line() -> None:
    assert '  n_sv_1 -->|"❌"| n_sv_2' in mermaid(real(), "sv").splitlines()
