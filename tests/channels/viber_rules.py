"""What Viber takes: its API's answers to a message, and what a phone makes of a keyboard.

Sources: creators.viber.com/docs/bots-api (Message, Keyboards, Send a Message, Common Errors) and
developers.viber.com/docs (Keyboards, FAQ).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]

OK, INVALID_URL, INVALID_TOKEN, BAD_DATA, MISSING_DATA = 0, 1, 2, 3, 4
NOT_REGISTERED, NOT_SUBSCRIBED, NO_WEBHOOK, TOO_MANY, TOO_OLD, NOT_OF_LEVEL = 5, 6, 10, 12, 13, 14

LARGEST = 30_000  # bytes of any request (FAQ)
TEXT, NAME, LABEL, ROWS, COLUMNS = 7_000, 28, 250, 12, 6
LEVELS = {"InputFieldState": 4, "TextShouldFit": 6, "Frame": 6, "CustomDefaultHeight": 3}
TAGS = re.compile(r"</?(b|i|u|s|br|font)\b[^>]*>")
SIZE = 52_428_800  # bytes of a file


class Refusal(Exception):
    """A status other than 0."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def check(message: Json) -> None:
    """What the API itself refuses. Raises Refusal."""
    name = _mapping(message.get("sender")).get("name")
    if not isinstance(name, str) or not name or not message.get("type"):
        raise Refusal(MISSING_DATA)
    if len(name) > NAME:
        raise Refusal(BAD_DATA)
    match message["type"]:
        case "text":
            if not message.get("text"):
                raise Refusal(MISSING_DATA)
            if not isinstance(message["text"], str) or len(message["text"]) > TEXT:
                raise Refusal(BAD_DATA)
        case "file":
            _check_file(message)
        case _:
            raise Refusal(BAD_DATA)
    if "keyboard" in message:
        _check_keyboard(message["keyboard"], message.get("min_api_version", 1))


def cropped(keyboard: Json) -> Iterator[str]:
    """What a phone cannot show of a keyboard as it was meant."""
    rows, left = 0, 0
    for button in keyboard["Buttons"]:
        width, text = button.get("Columns", COLUMNS), button.get("Text", "")
        if width > left:
            rows, left = rows + button.get("Rows", 1), COLUMNS
        left -= width
        if len(text) > LABEL:
            yield "a label over 250 characters"
        if "<" in TAGS.sub("", text):
            yield "a tag that is none"
    if rows > ROWS:
        yield f"{rows} rows"


def _check_file(message: Json) -> None:
    if not all(message.get(name) for name in ("media", "size", "file_name")):
        raise Refusal(MISSING_DATA)
    ends = re.search(r"\.[a-z0-9]{2,4}$", message["media"])
    if not ends or not message["file_name"].endswith(ends[0]) or message["size"] > SIZE:
        raise Refusal(BAD_DATA)


def _check_keyboard(keyboard: object, level: int) -> None:
    fields = _mapping(keyboard)
    if fields.get("Type") != "keyboard" or not fields.get("Buttons"):
        raise Refusal(BAD_DATA)
    if fields.get("InputFieldState", "regular") not in ("regular", "minimized", "hidden"):
        raise Refusal(BAD_DATA)
    for button in fields["Buttons"]:
        sized = button.get("Columns", 6) in range(1, 7) and button.get("Rows", 1) in (1, 2)
        known = button.get("ActionType", "reply") in ("reply", "open-url", "none")
        shown = any(button.get(name) for name in ("Text", "BgMedia", "Image", "BgColor"))
        if not (sized and known and shown and button.get("ActionBody")):
            raise Refusal(BAD_DATA)
    used = {name for part in (fields, *fields["Buttons"]) for name in part}
    if any(LEVELS.get(name, 1) > level for name in used):
        raise Refusal(NOT_OF_LEVEL)


def _mapping(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}
