"""What LINE takes in a message, by its Messaging API reference; anything else is a refusal."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from icu4py.breakers import CharacterBreaker

TEXT, ALT_TEXT, DATA, URI, AUDIO_URL = 5_000, 1_500, 300, 1_000, 2_000  # UTF-16 units
BUBBLE_BYTES, BUTTON_LABEL, QUICK_LABEL, QUICK_REPLIES, MESSAGES = 30_000, 40, 20, 13, 5

_PIXELS = r"[0-9]+(\.[0-9]+)?(px|%)"
_SPACES = rf"none|xs|sm|md|lg|xl|xxl|{_PIXELS}"
_COLOUR = r"#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?"
# The properties that are looked at; one that is not here is an "unknown field".
_BOX = {
    "layout": "horizontal|vertical|baseline",
    "contents": None,
    "spacing": _SPACES,
    "margin": _SPACES,
    "paddingAll": _SPACES,
    "cornerRadius": _SPACES,
    "backgroundColor": _COLOUR,
    "justifyContent": "center|flex-start|flex-end|space-between|space-around|space-evenly",
    "alignItems": "center|flex-start|flex-end",
    "action": None,
    "flex": None,
}
_TEXT = {
    "text": None,
    "wrap": None,
    "scaling": None,
    "flex": None,
    "size": rf"xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl|{_PIXELS}",
    "align": "start|end|center",
    "gravity": "top|bottom|center",
    "weight": "regular|bold",
    "decoration": "none|underline|line-through",
    "color": _COLOUR,
    "margin": _SPACES,
    "action": None,
}
_BUBBLE = {"size": "nano|micro|deca|hecto|kilo|mega|giga", "body": None, "footer": None}
_POSTBACK = {"label": None, "data": None, "displayText": None}
_MESSAGES: Mapping[str, Mapping[str, str | None]] = {
    "text": {"text": None},
    "flex": {"altText": None, "contents": None},
    "audio": {"originalContentUrl": r"https://\S+", "duration": None},
}


class Wrong(Exception):
    """A property that LINE does not take: its path."""


def units(text: str) -> int:
    """UTF-16 code units ("Character counting in a text")."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check(messages: object) -> None:
    """Raises Wrong at the first property that would be refused."""
    if not isinstance(messages, list) or not 1 <= len(messages) <= MESSAGES:
        raise Wrong("messages")
    for number, message in enumerate(messages):
        _message(message, f"messages[{number}]")


def _message(message: Any, path: str) -> None:
    kind = str(message.get("type")) if isinstance(message, dict) else ""
    if kind not in _MESSAGES:
        raise Wrong(f"{path}/type")
    quick = message.get("quickReply")
    _known({k: v for k, v in message.items() if k != "quickReply"}, _MESSAGES[kind], path)
    if quick is not None:
        _quick(quick, f"{path}/quickReply")
    match kind:
        case "text":
            _words(message.get("text"), TEXT, f"{path}/text")
        case "flex":
            _words(message.get("altText"), ALT_TEXT, f"{path}/altText")
            _bubble(message.get("contents"), f"{path}/contents")
        case _:
            _words(message.get("originalContentUrl"), AUDIO_URL, f"{path}/originalContentUrl")
            if type(message.get("duration")) is not int or message["duration"] <= 0:
                raise Wrong(f"{path}/duration")


def _quick(quick: Any, path: str) -> None:
    items = quick.get("items", []) if isinstance(quick, dict) else None
    if not isinstance(items, list) or not 1 <= len(items) <= QUICK_REPLIES:
        raise Wrong(f"{path}/items")
    for item in items:
        action = item.get("action", {})
        _action(action, path)
        if not 0 < _letters(action.get("label")) <= QUICK_LABEL:
            raise Wrong(f"{path}/label")


def _bubble(bubble: Any, path: str) -> None:
    if not isinstance(bubble, dict) or bubble.get("type") != "bubble":
        raise Wrong(f"{path}/type")
    _known(bubble, _BUBBLE, path)
    if len(json.dumps(bubble, ensure_ascii=False).encode()) > BUBBLE_BYTES:
        raise Wrong(path)
    for block in ("body", "footer"):
        if block in bubble:
            if bubble[block].get("type") != "box":
                raise Wrong(f"{path}/{block}/type")
            _component(bubble[block], f"{path}/{block}")


def _component(part: Any, path: str) -> None:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind == "box":
        _known(part, _BOX, path)
        if "layout" not in part or not isinstance(part.get("contents"), list):
            raise Wrong(f"{path}/contents")
        for number, inside in enumerate(part["contents"]):
            _component(inside, f"{path}/contents/{number}")
    elif kind == "text":
        _known(part, _TEXT, path)
        _words(part.get("text"), BUBBLE_BYTES, f"{path}/text")
    elif kind == "button":
        if not 0 < _letters(part.get("action", {}).get("label")) <= BUTTON_LABEL:
            raise Wrong(f"{path}/action/label")
    else:
        raise Wrong(f"{path}/type")
    if "action" in part:
        _action(part["action"], f"{path}/action")


def _action(action: Any, path: str) -> None:
    match action.get("type") if isinstance(action, dict) else None:
        case "postback":
            _known(action, _POSTBACK, path)
            _words(action.get("data"), DATA, f"{path}/data")
            if units(action.get("displayText", "")) > DATA:
                raise Wrong(f"{path}/displayText")
        case "uri":
            _known(action, {"label": None, "uri": r"(https?://|line:|tel:)\S+"}, path)
            _words(action.get("uri"), URI, f"{path}/uri")
        case _:
            raise Wrong(f"{path}/type")
    if _letters(action.get("label")) > BUTTON_LABEL:
        raise Wrong(f"{path}/label")


def _known(part: dict[str, Any], allowed: Mapping[str, str | None], path: str) -> None:
    for name, value in part.items():
        if name == "type":
            continue
        if name not in allowed:
            raise Wrong(f"{path}/{name}")
        form = allowed[name]
        if form and not (isinstance(value, str) and re.fullmatch(form, value)):
            raise Wrong(f"{path}/{name}")


def _words(words: object, most: int, path: str) -> None:
    if not isinstance(words, str) or not 0 < units(words) <= most:
        raise Wrong(path)


def _letters(label: object) -> int:
    """Labels are counted in grapheme clusters ("Character counting in a text")."""
    return len(list(CharacterBreaker(label, "en"))) if isinstance(label, str) else 0


def texts(message: dict[str, Any]) -> Iterator[str]:
    """What can be read of a message outside its buttons."""
    if message["type"] == "text":
        yield message["text"]
    elif message["type"] == "flex":
        body = message["contents"].get("body", {"contents": []})
        yield from (part["text"] for part in body["contents"] if part["type"] == "text")


def buttons(message: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What can be tapped and comes back to the bot, top to bottom: words and action."""
    if message["type"] == "flex":
        for block in ("body", "footer"):
            if block in message["contents"]:
                yield from _tapped(message["contents"][block])
    for item in message.get("quickReply", {}).get("items", ()):
        yield item["action"]["label"], item["action"]


def _tapped(part: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    action = part.get("action", {})
    inside = part.get("contents", [])
    if action.get("type") == "postback":
        yield "\n".join(each["text"] for each in inside) or action.get("label", ""), action
        return
    for each in inside:
        yield from _tapped(each)
