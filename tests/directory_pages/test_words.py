"""Whatever the directory can say to staff has a phrase: fields, closed sets, refusals."""

import ast
from enum import Enum
from pathlib import Path

import pytest

import directory
import handlers
from console.directory_frame import WAYS
from console.directory_words import slug
from directory.entry_fields import CONTACT_CHOICES, CONTACT_PARTS, GROUPS, PLACE_PARTS
from directory.gaps import NONE_LISTED
from directory.intake import AlertKind, Says
from directory.overview import Show
from directory.reports import FIXES, Declined, Heard
from directory.taxonomy import RECORDED_TAGS
from directory.truth import Method, PullReason, Result, Told
from directory.verification_queue import DIFFERS, PRIORITIES
from handlers.directory_gaps import FAMILIES, REASONS
from translations.phrases import Phrases

SETS: dict[str, type[Enum]] = {
    "show": Show,
    "pull": PullReason,
    "says": Says,
    "alert": AlertKind,
    "heard": Heard,
    "why_not": Declined,
    "told": Told,
    "tell": Told,
    "called": Result,
    "asked": Result,
    "seen": Result,
    "how": Method,
}
CODES = {
    "way": tuple(WAYS),
    "group": tuple(GROUPS),
    "due": tuple(PRIORITIES),
    "family": FAMILIES,
    "gap": (*REASONS, NONE_LISTED),
    "tag": tuple(RECORDED_TAGS),
    "how": ("focal_point", *(one.value for one in Told)),
    "double": ("same_phone", "same_name", "similar_name"),
    "mark": ("proposed", "please_ask", "due", "full", "alert"),
    "level": ("0", "1", "2", "3"),
}
NOT_SAID = frozenset(  # what no page of the directory can lead to
    {
        "a staff id has 2 to 40 small letters, digits, dots or hyphens",
        "only a focal point of this organisation answers that",
        "a statement is made by who says it, from now on",
        "an alert is raised by who says it, from now on",
        "it waits to be sent already",
        "nobody has checked it yet; that comes before asking",
        "an ask is still open",
        "two asks were not answered; somebody must check",
        "nobody asked",
    }
)


def lacking(ids: list[str]) -> list[str]:
    phrases = Phrases.of_staff()
    return [one for one in ids if f"dir.{one}" not in phrases]


@pytest.mark.parametrize("name", SETS)
def test_every_value_of_a_closed_set_has_a_phrase(name: str) -> None:
    assert lacking([f"{name}.{one.value}" for one in SETS[name]]) == []


@pytest.mark.parametrize("name", CODES)
def test_every_code_has_a_phrase(name: str) -> None:
    assert lacking([f"{name}.{one}" for one in CODES[name]]) == []


def test_every_field_and_every_choice_of_it_has_a_phrase() -> None:
    fields = [field for group in GROUPS.values() for field in group]
    named = [f"field.{field.column}" for field in fields]
    named += [f"field.contact_{part}" for part in (*CONTACT_PARTS, "e164", "short_code")]
    named += [f"field.location_{part}" for part in (*PLACE_PARTS, "confidential")]
    ours = [one for one in fields if one.options and one.column not in _BY_OTHERS]
    chosen = [
        f"opt.{_set_of(field.column)}.{value}"
        for field in ours
        for value in field.options
        if value not in ("", "yes", "no", "unknown")
    ]
    chosen += [f"opt.kind.{value}" for value in CONTACT_CHOICES["kind"]]

    assert lacking([*named, *chosen]) == []


def test_every_refusal_of_the_directory_has_a_phrase() -> None:
    told = {text for folder in (directory, handlers) for text in _refusals(folder)} - NOT_SAID

    assert len(told) > 12
    assert lacking([f"why.{slug(one)}" for one in sorted(told)]) == []
    assert lacking([f"why.{slug(one)}" for one in (*FIXES.values(), DIFFERS)]) == []


_BY_OTHERS = frozenset(
    {"codes", "country", "nationalities", "state_of", "languages", "interpreter_languages"}
)


def _set_of(column: str) -> str:
    return "duty" if column.startswith("must_report") else column


def _refusals(package: object) -> set[str]:
    """What is given to NotAllowed as it stands."""
    folder = Path(str(getattr(package, "__file__", ""))).parent
    files = folder.glob("*.py") if package is directory else folder.glob("directory_*.py")
    found = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "NotAllowed":
                found |= {one.value for one in node.args if isinstance(one, ast.Constant)}
    return {one for one in found if isinstance(one, str)}
