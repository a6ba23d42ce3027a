"""What a change looks like to a woman: the screen before and after, in one language."""

from dataclasses import dataclass, replace
from typing import Any

from flows.nodes import read_pick
from flows.raw_ways import target_of, ways_of
from handlers.draft_values import Difference, Value
from handlers.edition_content import Changed, Content
from translations.locales import SOURCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One side of a change.

    `missing`: this language cannot say it, so English stands here; `outdated`: it says what the
    English said before.

    `answers` are (icon and label, where it leads); `more` are other keys that are set, as they
    stand in the file.
    """

    text: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    more: tuple[tuple[str, str], ...] = ()
    missing: bool = False
    outdated: bool = False
    gone: bool = False


_SHOWN = frozenset({"say", "pick", "nodes"})
_ENGLISH = ("node", "variant", "phrase")


def screens(made: Changed, change: Difference, locale: str) -> tuple[Screen, Screen]:
    """Before and after, in this language where it can be said."""
    before = _screen(made.base, change, change.before, locale)
    after = _screen(made, change, change.after, locale)
    if locale != SOURCE and change.kind in _ENGLISH and before.text == after.text:
        after = replace(after, outdated=_english(change.before) != _english(change.after))
    return before, after


def _screen(content: Content, change: Difference, value: Value, locale: str) -> Screen:
    if value is None:
        return Screen(gone=True)
    if isinstance(value, str):
        return _said(content, locale, change.key, value)
    match change.kind:
        case "text":
            return Screen(text=str(value["text"]), missing=bool(value.get("outdated")))
        case "clip":
            return Screen(text="♪")
        case "tree":
            order = " → ".join(str(one) for one in value.get("nodes") or ())
            return Screen(text=order, more=_more(value))
        case _:
            return _node(content, locale, change.key, value)


def _english(value: Value) -> object:
    return value.get("say") if isinstance(value, dict) else value


def _node(content: Content, locale: str, context: str, value: dict[str, Any]) -> Screen:
    shown = _said(content, locale, context, str(value.get("say", "")))
    answers, missing = [], shown.missing
    for way in ways_of(value):
        if way[0] == "pick":
            pick = _pick(value["pick"][int(way[1])])
            label = _said(content, locale, context, pick[1])
            missing = missing or label.missing
            answers.append((f"{pick[0]} {label.text}".strip(), target_of(value, way)))
        elif (target := target_of(value, way)) != "":
            answers.append((".".join(way), target))
    return Screen(text=shown.text, answers=tuple(answers), more=_more(value), missing=missing)


def _pick(line: object) -> tuple[str, str]:
    try:
        read = read_pick(line)
    except ValueError:
        return "", str(line)
    return (read["icon"], read["label"]) if isinstance(read, dict) else ("", str(line))


def _said(content: Content, locale: str, context: str, english: str) -> Screen:
    if not english or locale == SOURCE:
        return Screen(text=english)
    if content.translator.has(locale, context, english):
        return Screen(text=content.translator.say(locale, context, english))
    return Screen(text=english, missing=True)


def _more(value: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((key, str(one)) for key, one in value.items() if key not in _SHOWN)
