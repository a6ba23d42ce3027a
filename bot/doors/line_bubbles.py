"""Draws a screen for LINE: bubbles whose rows are tapped, every label whole, no word outside."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import orjson

from bot.render import fit
from bot.taps import carried
from handlers.messages import WAVE, Abilities, Outgoing

Json = dict[str, Any]
Row = Sequence[tuple[str, str]]  # what stands on each button, and its data

BUBBLE_BYTES = 30_000  # of JSON (Messaging API reference, "Bubble": 30 KB)
CALM, FAINT, INK, BLUE = "#E8EEF4", "#F4F6F8", "#1F2933", "#1A5FA8"

# A line of a card that is a number to call (handlers.cards). Plain messages turn numbers into
# links by themselves, bubbles do not (Messaging API reference, "URI action": tel).
_CALL = re.compile(r"☎ (\+?[0-9][0-9 ()./-]*[0-9])")


def drawn(screen: Outgoing, abilities: Abilities) -> tuple[Json, ...]:
    """The screen's messages in order, choices and standard row in the last.

    Bubbles and not quick replies: their labels wrap, they stay in the chat, LINE for PC shows
    them, and a tap need not put her answer into the chat, as `displayText` would. Raises
    ValueError for a screen that LINE would refuse.
    """
    fitted = fit(screen, abilities)
    *early, last = fitted.texts
    choices = len(screen.choices)
    rows = [
        [(each.face, carried(screen, each.id, row=at >= choices)) for each in row]
        for at, row in enumerate(fitted.rows)
    ]
    bubbles = [_bubble(text, (), ()) for text in early]
    bubbles.append(_bubble(last, rows[:choices], rows[choices:]))
    if any(len(orjson.dumps(bubble)) > BUBBLE_BYTES for bubble in bubbles):
        raise ValueError(f"{screen.node}: more than LINE takes in one bubble")
    return tuple(_message(bubble) for bubble in bubbles)


def plain(line: str) -> Json:
    """One line without anything to tap."""
    return _message(_bubble(line, (), ()))


def _message(bubble: Json) -> Json:
    """The other text is what notifications, the list of talks and quotes show."""
    return {"type": "flex", "altText": WAVE, "contents": bubble}


def _bubble(text: str, choices: Sequence[Row], actions: Sequence[Row]) -> Json:
    body = [*_texts(text), *(_tapped(row, CALM, "md") for row in choices)]
    bubble: Json = {"type": "bubble", "size": "giga", "body": _box("vertical", "md", body)}
    if actions:
        below = [_tapped(row, FAINT, "sm") for row in actions]
        bubble["footer"] = _box("vertical", "sm", below)
    return bubble


def _texts(text: str) -> Iterator[Json]:
    """The text as it is, each number to call in a line of its own that calls it."""
    for calls, lines in groupby(text.split("\n"), lambda line: bool(_CALL.fullmatch(line))):
        if calls:
            yield from map(_number, lines)
        elif words := "\n".join(lines).strip("\n"):
            yield {**_words(words, "md"), "color": INK}


def _number(line: str) -> Json:
    digits = re.sub(r"[^0-9+]", "", line)
    look = {"color": BLUE, "decoration": "underline"}
    return {**_words(line, "lg"), **look, "action": {"type": "uri", "uri": f"tel:{digits}"}}


def _tapped(row: Row, colour: str, size: str) -> Json:
    """Boxes side by side, each with its own words and data."""
    return _box("horizontal", "sm", [_button(face, data, colour, size) for face, data in row])


def _button(face: str, data: str, colour: str, size: str) -> Json:
    label = {**_words(face, size), "color": INK}
    label |= {"align": "center", "gravity": "center"} if size == "sm" else {}
    return {
        **_box("vertical", "none", [label]),
        "backgroundColor": colour,
        "cornerRadius": "md",
        "paddingAll": "md",
        "justifyContent": "center",
        "action": {"type": "postback", "data": data},
    }


def _words(words: str, size: str) -> Json:
    """Text that wraps, as large as she has set the letters of the app."""
    return {"type": "text", "text": words, "wrap": True, "size": size, "scaling": True}


def _box(layout: str, spacing: str, contents: Sequence[Json]) -> Json:
    return {"type": "box", "layout": layout, "spacing": spacing, "contents": list(contents)}
