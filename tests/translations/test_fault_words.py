"""Every kind of fault that a check can name has a phrase for staff, with fields that are given."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from app.fault_words import in_english
from flows import book
from flows.faults import fault
from translations.phrases import Phrases
from translations.staff_texts import StaffTexts

ROOT = Path(book.__file__).parents[1]
PHRASES = Phrases.of_staff()
# Kinds whose name is put together where they are made: kind -> the fields given there.
MADE = {f"other_{name}": {"missing", "added"} for name in ("placeholders", "numbers", "links")}
MADE |= {"other_signs": {"missing", "added"}, "danger_far": {"most"}, "numbers_far": {"most"}}


def named() -> Iterator[tuple[str, set[str]]]:
    """(kind, fields given) of every fault that the code makes."""
    for folder in ("flows", "app", "handlers"):
        for path in sorted((ROOT / folder).glob("*.py")):
            for call in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(call, ast.Call) or not call.args:
                    continue
                name = call.func.id if isinstance(call.func, ast.Name) else ""
                name = call.func.attr if isinstance(call.func, ast.Attribute) else name
                first = call.args[0]
                if name in ("fault", "problem") and isinstance(first, ast.Constant):
                    given = {one.arg for one in call.keywords if one.arg}
                    spread = any(one.arg is None for one in call.keywords)
                    yield str(first.value), given | ({"now", "before"} if spread else set())
    yield from MADE.items()


def fields_of(kind: str) -> set[str]:
    """What its phrase needs."""
    return {name for _, name, _, _ in Formatter().parse(PHRASES[f"fault.{kind}"]) if name}


def test_every_kind_of_fault_has_a_phrase_and_its_fields() -> None:
    found = list(named())
    wordless = {kind for kind, _ in found if f"fault.{kind}" not in PHRASES}
    unfilled = {kind for kind, given in found if kind not in wordless and fields_of(kind) - given}

    assert len({kind for kind, _ in found}) > 70
    assert (wordless, unfilled) == (set(), set())


def test_a_fault_is_said_in_the_language_of_the_reader_with_what_was_typed() -> None:
    english = PHRASES["fault.word"]
    khmer = StaffTexts(PHRASES, {"km": {("fault.word", english): "កុំ {word} → {instead}"}})
    wrong = fault("word", word="{x}", instead="well")

    def say(phrase: str, **fields: str) -> str:
        return khmer.say("km", phrase, fields)

    assert wrong.said(say) == "កុំ {x} → well"
    assert in_english(wrong) == 'Do not say "{x}". Write: well.'


def test_in_a_list_a_fault_names_what_its_phrase_leaves_to_the_place() -> None:
    assert in_english(fault("long_on", most=20, text="Now", which="line")).endswith(
        "(“Now”, “line”)"
    )
    assert in_english(fault("twice", text="Now")) == 'Two answers read "Now".'
