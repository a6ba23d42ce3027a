"""Every word that a page of trees may need is there; what checks say is said at its field."""

import re
from pathlib import Path

import pytest

from console import node_writing
from console.node_fields import KINDS, of_node
from console.node_words import told
from console.tree_page import CASES, URGENCY
from flows.actions import Action
from flows.faults import Fault, Problem, fault
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
    ("wrong", "field", "words"),
    [
        (fault("long", n=171, most=170, text="Are you safe?"), "say", "171"),
        (fault("long", n=40, most=31, text="✅ Yes"), "pick.0", "31"),
        (fault("long_on", most=64, text="❌ No", which="web"), "pick.1", "64"),
        (fault("word", word="safe", instead="well"), "say", "well"),
        (fault("number", text="1300"), "say", "directory"),
        (fault("placeholder", word="{x}"), "say", "{x}"),
        (fault("hard", n="9.1", most=7), "say", "9.1"),
        (fault("neutral", word="safe"), "say", "safe"),
        (fault("source", text="Are you safe?"), "src", "source"),
        (fault("nowhere", target="tk.2"), "pick.1", "tk.2"),
        (fault("name", which="kids"), "pick.1", "kids"),
        (fault("name", which="on_duty"), "pick.1", "on_duty"),
        (fault("no_variant", which="xx", field="country_text"), "country_text", "below"),
        (fault("outcome", which="done", action="item_checklist"), "outcomes", "done"),
        (fault("no_outcome", which="gone", action="item_checklist"), "outcomes", "gone"),
        (fault("many", n=7, most=6), "picks", "7"),
        (fault("twice", text="Yes"), "pick.0", "Yes"),
        (fault("unreached"), "", "Nothing leads"),
        (fault("sector", which="XX.YY"), "find.sector", "XX.YY"),
        (fault("tag", which="soft"), "find.need", "soft"),
        (fault("no_search"), "find.sector", "look"),
        (fault("no_else"), "gates", "else"),
        (fault("forget", which="strong"), "forget", "strong"),
        (fault("class_a"), "sign_off", "class A"),
        (fault("class_c"), "sign_off", "class C"),
        (fault("consent"), "", "yes"),
        (fault("resume"), "picks", "rx"),
        (fault("action_here", which="quick_exit"), "action", "screen after it"),
        (fault("action_waits", which="safe_hours"), "action", "waits"),
        (fault("circle", path="tk.1 → tk.2 → tk.1"), "", "tk.1 → tk.2 → tk.1"),
    ],
)
def test_a_problem_is_said_in_plain_words_at_its_field(
    wrong: Fault, field: str, words: str
) -> None:
    [one] = told([Problem("tk.yaml", "tk.1", wrong)], of_node(BODY), say)

    assert one.field == field
    assert words in one.words
