"""Reads one Viber callback: what was said, and nothing about who said it."""

import re
from collections.abc import Mapping
from dataclasses import replace

import orjson

from bot.taps import tapped
from handlers.messages import (
    MAX_TYPED,
    WAVE,
    Address,
    Attachment,
    Incoming,
    Pressed,
    Said,
    Text,
)
from handlers.poster_codes import code_in

NAME = "viber"
MARK = f"{WAVE} "  # before what a button carries: nobody types it, and shown it says little

_TOKEN_BELOW = 2**64
_ID = re.compile(r"[A-Za-z0-9+/=_-]{1,64}")  # as in the REST API's examples; longer by our choice


def read(body: bytes) -> Incoming | None:
    """What she did in the chat with us ("message", REST API); None for all other callbacks.

    Of delivered, seen, failed, subscribed, unsubscribed and webhook nothing is wanted.
    Never raises.
    """
    callback = _loaded(body)
    if _of(callback, "event") != "message" or _of(callback, "chat_id"):
        return None  # a chat_id names a chat with others in it
    person, token = _of(_of(callback, "sender"), "id"), _of(callback, "message_token")
    said = _said(_of(callback, "message"))
    known = isinstance(person, str) and _ID.fullmatch(person)
    counted = type(token) is int and 0 <= token < _TOKEN_BELOW
    if not known or not counted or said is None:
        return None
    return Incoming(
        address=Address(NAME, str(person)),
        said=said,
        event_id=str(token),
        campaign=code_in(_of(_of(callback, "message"), "tracking_data")),
    )


def opens(body: bytes) -> str | None:
    """Of somebody who only opened the chat: the poster's code that her link carried, "" for
    none; our answer's body is then shown there. None for everything else.

    Source: creators.viber.com, "The Welcome Message" and "Conversation Started" (context).
    """
    callback = _loaded(body)
    if _of(callback, "event") != "conversation_started":
        return None
    return code_in(_of(callback, "context"))


def _said(message: object) -> Said | None:
    kind, words = _of(message, "type"), _of(message, "text")
    if not isinstance(kind, str):
        return None
    if kind != "text":
        return Attachment()
    if not isinstance(words, str) or not words.strip():
        return None
    return _tap(words) or Text(words[:MAX_TYPED])


def _tap(words: str) -> Said | None:
    """A tapped button comes as its words. The one that begins belongs to no screen of ours."""
    if not words.startswith(MARK):
        return None
    said = tapped(words.removeprefix(MARK))
    if isinstance(said, Pressed) and said.command == "start":
        return replace(said, step=None)
    return said


def _loaded(body: bytes) -> object:
    try:
        return orjson.loads(body)  # refuses deep nesting and half characters by itself
    except orjson.JSONDecodeError:
        return None


def _of(mapping: object, key: str) -> object:
    return mapping.get(key) if isinstance(mapping, Mapping) else None
