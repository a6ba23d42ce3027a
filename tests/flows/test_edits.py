"""Changing trees item by item: nothing is lost, nothing else changes, order follows the wish."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from flows.book import DATA, read_book
from flows.edits import (
    EditFaulty,
    NodeEdit,
    apply,
    read_raw,
    shipped,
    trees_book,
    value_of,
)
from flows.raw_ways import led_to, target_of, ways_of, without
from flows.yaml_text import Unreadable, read_mapping, written

TREES = sorted(read_raw())
# What a file can hold at all: no halves of a pair of surrogates.
TEXTS = some.text(some.characters(exclude_categories=["Cs"]), max_size=40)
VALUES = some.recursive(
    TEXTS | some.booleans() | some.integers() | some.none(),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
SAY: dict[str, Any] = {"say": "Are you safe now?", "next": "tk.1"}


def edit(kind: str, key: str, value: Any) -> NodeEdit:
    return NodeEdit(kind=kind, key=key, value=value)


@pytest.mark.parametrize("tree", TREES)
def test_every_tree_is_written_as_it_was_read_to_the_letter(tree: str) -> None:
    text = (DATA / f"{tree}.yaml").read_text("utf-8")

    assert written(read_mapping(text.encode())) == text


def test_all_trees_are_there() -> None:
    assert len(TREES) == 24


@given(some.dictionaries(TEXTS, VALUES, max_size=5), some.integers(0, 3))
def test_whatever_a_mapping_holds_reads_back_the_same(raw: dict[str, Any], deep: int) -> None:
    assert read_mapping(written(raw, deep).encode()) == raw


@given(some.sampled_from(["yes", "null", "1e3", "0x1", "24h", "1_0", "~", "2026-01-01", ".5"]))
def test_a_word_that_yaml_takes_for_something_else_stays_a_word(word: str) -> None:
    raw = {word: {"to": [word, {"x": word}]}}

    assert read_mapping(written(raw).encode()) == raw


def test_no_items_change_no_file() -> None:
    assert apply(shipped(), ()) == shipped()


def test_items_that_change_nothing_change_no_file() -> None:
    files = shipped()
    same = [
        edit("node", node.id, value_of(files, "node", node.id))
        for node in read_book().nodes.values()
    ]
    same += [edit("tree", tree, value_of(files, "tree", tree)) for tree in TREES]

    after = apply(files, same)

    assert after == files
    assert trees_book(after) == read_book()


def test_the_order_of_items_does_not_matter() -> None:
    items = [
        edit("node", "tk.zz", SAY),
        edit("tree", "tk", {**value_of(shipped(), "tree", "tk"), "title": "Talk"}),
        edit("node", "tk.grp", None),
        edit("variant", "country_text.wage_claim.KH", {"say": "Ask.", "src": ["K"]}),
    ]

    assert apply(shipped(), items) == apply(shipped(), reversed(items))


def test_a_new_node_stands_after_the_first_that_leads_there() -> None:
    feel = {**value_of(shipped(), "node", "tk.feel"), "pick": ["Go on -> tk.new"]}

    after = apply(shipped(), [edit("node", "tk.new", SAY), edit("node", "tk.feel", feel)])

    order = value_of(after, "tree", "tk")["nodes"]
    assert order[order.index("tk.feel") + 1] == "tk.new"


def test_an_order_is_kept_and_names_of_no_node_in_it_are_passed_over() -> None:
    head = value_of(shipped(), "tree", "tk")
    wished = [*reversed(head["nodes"]), "tk.gone"]

    after = apply(shipped(), [edit("tree", "tk", {**head, "nodes": wished})])

    assert value_of(after, "tree", "tk")["nodes"] == wished[:-1]


def test_a_new_tree_and_a_removed_one() -> None:
    head = {"title": "New", "audience": "all", "entry": "zz.1", "sign_off": "B", "nodes": []}

    after = apply(
        shipped(), [edit("tree", "zz", head), edit("node", "zz.1", SAY), edit("tree", "tk", None)]
    )

    assert trees_book(after).trees["zz"].nodes[0].id == "zz.1"
    assert "trees/tk.yaml" not in after


def test_a_phrase_that_may_be_missing_stays_one_that_may() -> None:
    files = {"phrases.yaml": "a.b: Yes\nc.d: {optional: No}\n"}

    after = apply(files, [edit("phrase", "c.d", "Not now"), edit("phrase", "a.b", "I agree: yes")])

    assert value_of(after, "phrase", "c.d") == "Not now"
    assert after["phrases.yaml"] == 'a.b: "I agree: yes"\nc.d: {optional: Not now}\n'


def test_other_kinds_of_item_change_nothing() -> None:
    assert apply(shipped(), [edit("text", "km", "…"), edit("clip", "km", None)]) == shipped()


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [
        ("node", "rules.screens", {"start": "tk.1"}),
        ("tree", "rules", {"facts": []}),
        ("node", "../rules.yaml", {}),
        ("node", "tk.1", "say: hello"),
        ("tree", "tk", ["tk.1"]),
        ("variant", "country_text.wage_claim", {}),
        ("variant", "rules.screens.start", {}),
        ("phrase", "row.leave", {"optional": "x"}),
    ],
)
def test_an_item_that_is_none_of_its_kind_is_refused(kind: str, key: str, value: Any) -> None:
    with pytest.raises(EditFaulty):
        apply({**shipped(), "phrases.yaml": "row.leave: Leave\n"}, [edit(kind, key, value)])


@pytest.mark.parametrize(
    "content", [b"a: &x [1]\nb: *x", b"a: 1\na: 2", b"\xff", b"[1]", b"a: !!python/name:os.sep"]
)
def test_yaml_of_another_kind_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_mapping(content)


def test_every_way_on_of_every_node_can_be_led_elsewhere_and_back() -> None:
    for tree in read_raw().values():
        for node in tree["nodes"].values():
            for way in ways_of(node):
                moved = led_to(node, way, "zz.1")

                assert target_of(moved, way) == "zz.1"
                assert led_to(moved, way, target_of(node, way)) == node


def test_the_ways_read_are_those_of_the_book() -> None:
    named = {
        target_of(node, way)
        for tree in read_raw().values()
        for node in tree["nodes"].values()
        for way in ways_of(node)
    }

    assert named - {"resume"} <= read_book().nodes.keys()


def test_an_answer_can_be_taken_out() -> None:
    node = {"say": "?", "pick": ["A -> tk.1", "B -> tk.2 !kids ?on_duty"]}

    assert without(node, ("pick", "0")) == {"say": "?", "pick": ["B -> tk.2 !kids ?on_duty"]}
    assert led_to(node, ("pick", "1"), "tk.3")["pick"][1] == "B -> tk.3 !kids ?on_duty"
