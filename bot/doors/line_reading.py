"""Reads what LINE pushes: what was said in a private chat, and nothing about who said it."""

import hashlib
import re
from collections.abc import Iterator, Mapping

import orjson

from bot.taps import tapped
from handlers.messages import MAX_TYPED, Address, Attachment, Incoming, Pressed, Said, Text

NAME = "line"
ID_LENGTH = 60  # characters; LINE's own ids of events are ULIDs, far shorter

_USER = re.compile(r"U[0-9a-f]{32}")  # Messaging API reference, "Request body"
_PLAIN = re.compile(r"[!-~]{1,128}")


def read(body: bytes) -> tuple[Incoming, ...]:
    """Every event of one call that a person did in her own chat with us, in order.

    Whether it is a second delivery (`deliveryContext`) is not asked: its id tells.
    """
    try:
        found = orjson.loads(body)  # refuses deep nesting by itself
    except orjson.JSONDecodeError:
        return ()
    events = _of(found, "events")
    return tuple(_read_all(events)) if isinstance(events, list) else ()


def _read_all(events: list[object]) -> Iterator[Incoming]:
    for event in events:
        address, name, said = _private(event), _of(event, "webhookEventId"), _said(event)
        if address is None or said is None or not isinstance(name, str) or not name:
            continue
        token = _of(event, "replyToken")
        yield Incoming(
            address=address,
            said=said,
            event_id=_short(name),
            callback_id=token if isinstance(token, str) and _PLAIN.fullmatch(token) else None,
        )


def _private(event: object) -> Address | None:
    """None for groups and rooms, and for chats that another bot answers ("standby")."""
    source = _of(event, "source")
    user = _of(source, "userId")
    if _of(source, "type") != "user" or _of(event, "mode") == "standby":
        return None
    return Address(NAME, user) if isinstance(user, str) and _USER.fullmatch(user) else None


def _said(event: object) -> Said | None:
    """None for what she did not say to us: a message taken back, a blocked account, a beacon …

    Of a message that she takes back nothing is kept, so there is nothing to do.
    """
    match _of(event, "type"):
        case "follow":
            return Pressed("start")
        case "postback":
            return tapped(_of(_of(event, "postback"), "data"))
        case "message":
            return _message(_of(event, "message"))
        case _:
            return None


def _message(message: object) -> Said | None:
    kind, words = _of(message, "type"), _of(message, "text")
    if kind != "text":
        return Attachment() if isinstance(kind, str) else None
    return Text(words[:MAX_TYPED]) if isinstance(words, str) and words else None


def _short(name: str) -> str:
    if len(name) <= ID_LENGTH and _PLAIN.fullmatch(name):
        return name
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()


def _of(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, Mapping) else None
