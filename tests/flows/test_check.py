"""Each check names what it is for, in a book with just that fault, and is silent otherwise."""

import ast
import inspect
from collections.abc import Callable

import pytest

from app.fault_words import in_english
from directory.taxonomy import TAGS, TAXONOMY
from flows import actions, lint, safety, structure, ways
from flows.book import FlowBook
from flows.check import problems
from flows.faults import Problem
from tests.flows.books import changed, real, search, with_rules
from tests.flows.faults import FAULTS, LABELS, Check

WALKING = {"far_from_help", "cannot_leave", "far_from_clinic", "far_from_danger"}
"""Shown to work in test_check_walks.py."""
OPEN = {("lg.polf", "source"), ("ci.f", "on_miss")}
"""True findings in today's trees, to be settled by an editor; nothing may be added here."""


def is_open(problem: Problem) -> bool:
    return (problem.node, problem.fault.kind) in OPEN


def test_the_real_trees_have_no_problem() -> None:
    found = problems(real(), TAXONOMY, TAGS, LABELS)

    assert [problem for problem in found if not is_open(problem)] == []


@pytest.mark.parametrize(
    ("check", "book", "node", "what"),
    [(check, *fault) for check, faults in FAULTS.items() for fault in faults],
    ids=lambda value: value.__name__ if callable(value) else value.replace(" ", "-"),
)
def test_a_fault_is_named_with_its_place_and_what_to_do(
    check: Check, book: Callable[[], FlowBook], node: str, what: str
) -> None:
    found = [problem for problem in check(book()) if problem.node == node]

    assert any(what in in_english(problem.fault) for problem in found), found
    assert all(problem.file.endswith(".yaml") for problem in found)


def test_faults_of_all_kinds_are_named_at_once() -> None:
    book = changed("sv.1", say="Call 1300. Why did you go?")
    book = changed("sv.72b", book=book, src=())
    book = changed("sh.idle", book=book, say="Are you safe?")
    book = changed("sv.find", book=book, find=search("HEA.MAGIC"))
    book = changed("sv.q", book=book, more=("🎈 Lost -> sv.gone",))

    named = {problem.node for problem in problems(book, TAXONOMY, TAGS, LABELS)}

    assert {"sv.1", "sv.72b", "sh.idle", "sv.find", "sv.q"} <= named


def test_a_book_that_cannot_be_walked_is_still_read_for_everything_else() -> None:
    broken = with_rules(screens={})

    files = {problem.file for problem in problems(broken, TAXONOMY, TAGS)}

    assert "rules.yaml" in files


def test_every_check_has_a_fault_that_shows_it_works() -> None:
    checks = {
        name
        for module in (structure, ways, lint, safety)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_")
        and "Problem" in str(function.__annotations__.get("return"))
        and function.__module__ == module.__name__
    }

    assert checks == {check.__name__ for check in FAULTS} | WALKING


def test_the_outcomes_are_those_of_the_docstrings() -> None:
    tree = ast.parse(inspect.getsource(actions))
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef)).body
    documented = {}
    for name, text in zip(body[1::2], body[2::2], strict=True):
        assert isinstance(name, ast.Assign)
        assert isinstance(text, ast.Expr)
        documented[ast.literal_eval(name.value)] = ast.literal_eval(text.value)

    for action, outcomes in structure.OUTCOMES.items():
        assert all(f"`{outcome}`" in documented[action] for outcome in outcomes)
        assert documented[action].count("`") == 2 * len(outcomes)
    assert structure.OUTCOMES.keys() == actions.INPUTS
