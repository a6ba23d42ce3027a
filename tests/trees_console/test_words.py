"""Every word that a page of trees may need is there; what checks say is said at its field."""

import re
from pathlib import Path

import pytest

from console import node_writing
from console.node_fields import KINDS, of_node
from console.node_words import told
from console.tree_page import CASES, URGENCY
from flows.actions import Action
from flows.book import Problem
from flows.used_by import Kind
from translations.locales import LOCALES
from translations.phrases import Phrases

CONSOLE = Path(node_writing.__file__).parent
PHRASES = Phrases.of_staff()
BODY = {
    "say": "Are you safe?",
    "pick": ["✅ Yes -> tk.1", "❌ No -> tk.2 !kids ?on_duty"],
    "src": ["K"],
}


def say(phrase: str, **fields: str) -> str:
    """The phrase, and every placeholder of it filled in."""
    return PHRASES[phrase].format(**fields)


def test_names_of_closed_lists_have_words() -> None:
    wanted = [f"action.{one.value}" for one in Action]
    wanted += [f"use.{one.value}" for one in Kind]
    wanted += [f"kind.{one}" for one in KINDS]
    wanted += [f"urg.{one}" for one in URGENCY]
    wanted += [f"case.{case}" for cases in CASES.values() for case in cases]
    wanted += [f"lang.{one}" for one in LOCALES]
    wanted += [f"key.{one}" for one in node_writing.ORDER]
    wanted += [f"class.{one}" for one in "ABC"]

    assert [one for one in wanted if one not in PHRASES] == []


def test_every_phrase_that_the_templates_and_pages_name_is_there() -> None:
    named = set()
    for path in (*CONSOLE.glob("templates/tree*.html"), *CONSOLE.glob("tree*.py")):
        named |= set(re.findall(r'"((?:tree|node|conflict)\.[a-z_]+)"', path.read_text("utf-8")))

    assert len(named) > 100
    assert [one for one in named if one not in PHRASES and not one.endswith((".html", "_"))] == []


@pytest.mark.parametrize(
    ("what", "field", "words"),
    [
        ("171 characters where 170 are allowed: “Are you safe?”", "say", "171"),
        ("40 characters where 31 are allowed: “✅ Yes”", "pick.0", "31"),
        ("“❌ No” has over 64 characters, the most on web", "pick.1", "64"),
        ("says “safe”", "say", "well"),
        ("a phone number is typed in: 1300", "say", "directory"),
        ("the placeholder {x} is not known", "say", "{x}"),
        ("reads at grade 9.1, over 7", "say", "9.1"),
        ("a neutral screen says “safe”", "say", "safe"),
        ("a fact without a source: “Are you safe?”", "src", "source"),
        ("leads to tk.2, which does not exist", "pick.1", "tk.2"),
        ("the flag kids is not known", "pick.1", "kids"),
        ("the condition on_duty is not known", "pick.1", "on_duty"),
        ("there is no country_text xx", "country_text", "below"),
        ("the outcome done of item_checklist leads nowhere", "outcomes", "done"),
        ("item_checklist has no outcome gone", "outcomes", "gone"),
        ("7 answers where 6 are allowed", "picks", "7"),
        ("two answers read “Yes”", "pick.0", "Yes"),
        ("nothing leads here", "", "Nothing leads"),
        ("XX.YY is no kind of help", "find.sector", "XX.YY"),
        ("soft is no tag", "find.need", "soft"),
        ("the search looks for nothing", "find.sector", "look"),
        ("its last line, and only that, must be else", "gates", "else"),
        ("the counter strong is read and kept", "forget", "strong"),
        ("is of a tree of class A, and has not sign_off: A", "sign_off", "class A"),
        ("states a fact and has sign_off: C", "sign_off", "class C"),
        ("asks who she is before she agreed to it", "", "yes"),
        ("resume outside the tree rx", "picks", "rx"),
        ("quick_exit is never done here", "action", "screen after it"),
        ("safe_hours waits for an answer", "action", "waits"),
    ],
)
def test_a_problem_is_said_in_plain_words_at_its_field(what: str, field: str, words: str) -> None:
    problem = Problem("tk.yaml", "tk.1", what, "Write: well.")

    [one] = told([problem], of_node(BODY), say)

    assert one.field == field
    assert words in one.words
    assert one.words != f"{what}. Write: well."


def test_a_problem_without_words_of_its_own_is_said_as_it_is() -> None:
    [one] = told([Problem("tk.yaml", "tk.1", "is odd", "Mend it.")], of_node(BODY), say)

    assert (one.field, one.words) == ("", "is odd. Mend it.")
