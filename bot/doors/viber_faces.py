"""What Viber is asked to show: texts as messages, buttons as the keyboard of the chat."""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from bot.doors.viber_reading import MARK
from bot.taps import carried
from handlers.messages import WAVE, Button, Outgoing

LEVEL = 7
"""The API level we write for: below it phones write each tapped button into the chat, `Silent`
or not (found by others: Bogdaan/viber-bot-php, issues 48 and 104)."""

_NAME = 28  # characters of a sender's name (creators.viber.com, "Send a Message")
_ROWS = 12  # of a keyboard held upright (developers.viber.com, FAQ)
_COLUMNS = 6  # of each row (developers.viber.com, "Keyboards", keyboard design)
_ONE_LINE = 32  # characters that fit beside each other; our choice, as in bot/render.py
_PAPER, _CHOICE, _ACTION = "#FFFFFF", "#E6EEF4", "#F2F2F2"

# Signs that would make words bold and be lost ("Text Formatting"): around a word or several.
_FORMATTED = re.compile(r"(?<!\S)(\*|_|~|```)(?=\S)([^\n]*?\S\1)(?!\w)")

Json = Mapping[str, Any]


def letter(text: str, sender: str, keys: Json | None = None) -> Json:
    """A text message, for send_message or as the answer to somebody who opened the chat."""
    under = {"keyboard": keys} if keys else {}
    return {"type": "text", "text": plain(text), **_frame(sender), **under}


def recording(url: str, size: int, sender: str) -> Json:
    """A recording as a file ("File Message"); its name tells nothing."""
    return {
        "type": "file",
        "media": url,
        "size": size,
        "file_name": "1.mp3",
        **_frame(sender),
    }


def plain(text: str) -> str:
    """The text with a space after a sign that would format it: Viber's own advice."""
    return _FORMATTED.sub(r"\1 \2", text)


def keyboard(screen: Outgoing, rows: Sequence[Sequence[Button]]) -> Json:
    """Choices one a row, then the actions side by side; a long label gets a row of twice the
    height, as far as the keyboard has room."""
    tall = [2 if any(len(each.face) > _ONE_LINE for each in row) else 1 for row in rows]
    heights = tall if sum(tall) <= _ROWS else [1] * len(rows)
    choices = len(screen.choices)
    return _keyboard(
        _button(
            each.face,
            carried(screen, each.id, row=index >= choices),
            Columns=_COLUMNS // len(row),
            Rows=height,
            BgColor=_ACTION if index >= choices else _CHOICE,
        )
        for index, (row, height) in enumerate(zip(rows, heights, strict=True))
        for each in row
    )


def beginning() -> Json:
    """One button that begins, for who has said nothing yet."""
    return _keyboard([_button("▶", "0:!start", Columns=_COLUMNS, Rows=1, BgColor=_CHOICE)])


def nothing() -> Json:
    """One sign that does nothing. The app shows the last keyboard that was sent, and no call
    takes it away ("Keyboards"): so this one takes the place of what she could tap before."""
    idle = _button(WAVE, "", Columns=_COLUMNS, Rows=1, BgColor=_PAPER)
    return _keyboard([{**idle, "ActionType": "none"}])


def for_old_phones(message: Json) -> Json:
    """The same for a phone of any age, without what such a phone refuses ("Keyboards")."""
    older = {**_without(message, "min_api_version")}
    if keys := message.get("keyboard"):
        buttons = [_without(each, "TextShouldFit") for each in keys["Buttons"]]
        older["keyboard"] = {**_without(keys, "InputFieldState"), "Buttons": buttons}
    return older


def _frame(sender: str) -> Json:
    name = sender if 0 < len(sender) <= _NAME else WAVE
    return {"sender": {"name": name}, "min_api_version": LEVEL}


def _keyboard(buttons: Iterable[Json]) -> Json:
    """She must be able to type LEAVE at any time, so the field to type in is never hidden."""
    return {
        "Type": "keyboard",
        "BgColor": _PAPER,
        "DefaultHeight": False,
        "InputFieldState": "regular",
        "Buttons": list(buttons),
    }


def _button(face: str, carries: str, **look: object) -> Json:
    """`Silent`: her tap is not written into the chat. The text is read as HTML."""
    return {
        "ActionType": "reply",
        "ActionBody": f"{MARK}{carries}",
        "Text": escape(face, quote=False),
        "TextSize": "regular",
        "TextShouldFit": True,
        "Silent": True,
        **look,
    }


def _without(thing: Json, name: str) -> Json:
    return {key: value for key, value in thing.items() if key != name}
