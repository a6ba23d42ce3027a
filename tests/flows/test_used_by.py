"""Who leads to a node, what the program itself needs, and what moving or deleting changes."""

import re
from functools import cache
from pathlib import Path

import pytest

from flows.book import read_book
from flows.edits import apply, shipped, trees_book
from flows.moving_nodes import CannotMove, free_name, removed, renamed, reordered
from flows.nodes import ways_out
from flows.structure import names as faults_of_names
from flows.used_by import FIXED, IN_PROGRAM, Kind, Names, can_go, left_alone, uses

ROOT = Path(__file__).parents[2]
PACKAGES = ("app", "bot", "console", "flows", "handlers", "referrals", "directory")


@cache
def book_names() -> Names:
    return Names.of(shipped())


def test_every_way_of_the_book_is_a_use_and_no_other() -> None:
    book = read_book()
    ways = {
        (node.id, to) for node in book.nodes.values() for to in ways_out(node) if to != node.id
    }

    found = {(use.by, node) for node in book.nodes for use in uses(book_names(), node) if use.way}

    assert found == {(by, to) for by, to in ways if to != "resume"}


def test_names_of_nodes_in_the_program_are_all_known() -> None:
    nodes = read_book().nodes
    quoted = re.compile(r'"([a-z]{2}\.[a-z0-9.]+)"')
    texts = (
        path.read_text("utf-8")
        for package in PACKAGES
        for path in (ROOT / package).glob("*.py")
        if path.name != "used_by.py"
    )

    assert {name for text in texts for name in quoted.findall(text)} & nodes.keys() == IN_PROGRAM


@pytest.mark.parametrize(
    ("node", "kind"),
    [
        ("sh.start", Kind.SCREEN),
        ("dn.1", Kind.SCREEN),
        ("ch.hurt", Kind.CHILDREN),
        ("tk.1", Kind.ADULTS),
        ("rx.danger", Kind.INTERRUPT),
        ("co.c1", Kind.PROGRAM),
        ("sv.1", Kind.ENTRY),
    ],
)
def test_what_the_program_needs_cannot_go(node: str, kind: Kind) -> None:
    found = uses(book_names(), node)

    assert kind in {use.kind for use in found} & FIXED
    assert not can_go(found)
    with pytest.raises(CannotMove):
        removed(book_names(), node, {(use.by, use.way): "tk.calm" for use in found})


def test_an_answer_is_named_by_its_words() -> None:
    use = next(use for use in uses(book_names(), "tk.calm") if use.by == "tk.feel2")

    assert (use.kind, use.words, use.way) == (Kind.ANSWER, "🫁 Calm down now", ("pick", "1"))


@pytest.mark.parametrize("node", ["tk.calm", "tf.out", "tk.f.phone", "sv.72", "tk.crisis"])
@pytest.mark.parametrize("tree", ["same", "ho"])
def test_after_a_rename_every_name_is_known_and_nothing_else_changed(node: str, tree: str) -> None:
    home = node.partition(".")[0]
    new = f"{home if tree == 'same' else tree}.moved"
    before = read_book()

    after = trees_book(apply(shipped(), renamed(book_names(), node, new)))

    assert list(faults_of_names(after)) == []
    assert after.nodes.keys() == before.nodes.keys() - {node} | {new}
    assert after.nodes[new].say == before.nodes[node].say
    if tree == "same":
        order = [one.id for one in before.trees[home].nodes]
        expected = [new if one == node else one for one in order]
        assert [one.id for one in after.trees[home].nodes] == expected


def test_the_entry_of_a_tree_keeps_being_it_under_another_name() -> None:
    after = trees_book(apply(shipped(), renamed(book_names(), "fr.1", "fr.first")))

    assert after.trees["fr"].entry == "fr.first"
    with pytest.raises(CannotMove):
        renamed(book_names(), "fr.1", "tk.first")


@pytest.mark.parametrize("new", ["tk.1", "zz.1", "co.c1"])
def test_a_name_that_cannot_be_is_refused(new: str) -> None:
    with pytest.raises(CannotMove):
        renamed(book_names(), "tk.calm", new)


def test_after_a_removal_every_way_leads_where_it_was_told() -> None:
    found = uses(book_names(), "tk.calm")

    edits = removed(book_names(), "tk.calm", {(use.by, use.way): "tk.who" for use in found})
    after = trees_book(apply(shipped(), edits))

    assert list(faults_of_names(after)) == []
    assert "tk.calm" not in after.nodes
    assert {use.by for use in found} <= {
        use.by for use in uses(Names.of(apply(shipped(), edits)), "tk.who")
    }


def test_a_removal_that_leaves_a_way_open_or_leads_to_itself_is_refused() -> None:
    places = {(use.by, use.way): "tk.who" for use in uses(book_names(), "tk.calm")}

    with pytest.raises(CannotMove):
        removed(book_names(), "tk.calm", dict(list(places.items())[1:]))
    with pytest.raises(CannotMove):
        removed(book_names(), "tk.calm", dict.fromkeys(places, "tk.calm"))


def test_what_nothing_leads_to_any_more_is_told_before() -> None:
    alone = left_alone(book_names(), "tk.feel")

    assert alone == ("tk.feel2",)


def test_a_node_changes_its_place_and_stops_at_the_ends() -> None:
    (down,) = reordered(book_names(), "tk.1", 1)
    (up,) = reordered(book_names(), "tk.1", -1)

    assert down.value["nodes"][:2] == ["tk.who", "tk.1"]
    assert up.value["nodes"][0] == "tk.1"


def test_a_free_name_is_free() -> None:
    assert free_name(book_names(), "tk") == "tk.2"


def test_after_a_change_only_what_changed_is_read_again() -> None:
    files = apply(shipped(), renamed(book_names(), "tk.calm", "ho.calm"))

    assert book_names().with_files(shipped(), files) == Names.of(files)
