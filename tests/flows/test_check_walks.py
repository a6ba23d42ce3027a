"""The checks that walk the trees with the engine, and what their walk is worth."""

from dataclasses import replace

import pytest

from flows import safety
from flows.arrive import Scene
from flows.book import FlowBook, read_book
from flows.faults import Problem, fault
from flows.reach import AGES, Crawl, age_of, beginnings, crawl
from tests.flows.books import real, written
from tests.flows.talks import BOOK


def crawled(book: FlowBook) -> Crawl:
    scene = Scene(book)
    return crawl(scene, beginnings(scene))


@pytest.fixture(scope="module")
def real_crawl() -> Crawl:
    return crawled(real())


def small(**screens: str) -> FlowBook:
    """The small book of the tests of the engine, whose walk takes no time."""
    book = read_book(BOOK)
    return replace(book, rules=replace(book.rules, screens={**book.rules.screens, **screens}))


def test_the_small_book_has_help_near_and_can_be_left() -> None:
    book = small()

    assert [*safety.far_from_help(book, crawled(book))] == []
    assert [*safety.cannot_leave(book, crawled(book))] == []


def test_help_out_of_reach_is_named() -> None:
    book = written("sh.menu", small(help="sh.menu"), say="Wait.", pick=["🎈 Again -> sh.menu"])

    found = [*safety.far_from_help(book, crawled(book))]

    assert {"sh.menu"} <= {problem.node for problem in found}
    assert any(problem.fault.kind == "no_help" for problem in found)


def test_help_too_many_taps_away_is_named() -> None:
    book = small(menu="sh.w1")
    for n in range(1, 9):
        book = written(f"sh.w{n}", book, say="Wait.", pick=[f"🎈 On -> sh.w{n + 1}"])
    book = written("sh.w9", book, say="Now.", pick=["🎈 Find -> aa.find"])

    found = [*safety.far_from_help(book, crawled(book))]

    assert Problem("sh.yaml", "sh.w3", fault("help_far", n=8, most=6, age="child")) in found
    assert not any(problem.node == "sh.w5" for problem in found)


def test_a_screen_that_cannot_be_left_is_named() -> None:
    book = small(leave="sh.after")

    found = {problem.node for problem in safety.cannot_leave(book, crawled(book))}

    assert {"sh.menu", "aa.1", "dn.1", "ch.1"} <= found


def test_danger_too_many_taps_away_is_named() -> None:
    book = small()

    found = [problem.fault for problem in safety.far_from_danger(book, crawled(book))]

    assert found == [fault("danger_far", most=2), fault("numbers_far", most=4)]


def test_a_clinic_too_many_taps_away_is_named() -> None:
    book = written("sv.72", say="Please go to a clinic.", next="sv.72b", src=["S10"])

    found = {problem.node for problem in safety.far_from_clinic(book, crawled(book))}

    assert found == {"sv.72", "sv.on"}


def test_a_health_clock_that_is_missing_is_named(real_crawl: Crawl) -> None:
    book = replace(real(), trees={})

    [problem] = safety.far_from_clinic(book, real_crawl)

    assert problem.fault.kind == "no_clock"


def test_the_crawl_reaches_every_node_that_can_be_shown(real_crawl: Crawl) -> None:
    scene = Scene(real(), real().rules.facts)
    seen = {walk.node for walk in (*real_crawl, *crawl(scene, beginnings(scene)))}
    gates = {node.id for node in real().nodes.values() if type(node).__name__ == "Gate"}
    stand_ins = {node.instead for node in real().nodes.values() if node.instead}

    only_stand_in = {real().rules.screens["not_ready"], *stand_ins} - seen
    assert real().nodes.keys() - seen - gates == only_stand_in


def test_the_crawl_walks_as_every_age(real_crawl: Crawl) -> None:
    assert {age_of(real(), walk) for walk in real_crawl} == set(AGES)


def test_no_child_is_ever_in_a_tree_for_adults_nor_an_adult_in_the_childrens(
    real_crawl: Crawl,
) -> None:
    book = real()
    exempt = set(book.rules.child_redirect.values())
    trees = {
        (age_of(book, walk), book.tree_of(walk.node).audience)
        for walk in real_crawl
        if walk.node not in exempt and not book.nodes[walk.node].system
    }

    assert ("child", "adult") not in trees
    assert ("adult", "child") not in trees
