"""Reads one update of the caseworkers' bot: what was said, and nothing about who said it."""

from collections.abc import Mapping
from dataclasses import replace

from bot import telegram_updates
from handlers.messages import MAX_TYPED, Address, Incoming, Pressed, Text
from handlers.staff_talks import NAME


def read(update: Mapping[str, object]) -> Incoming | None:
    """The same few fields as of the women's bot; what follows /start is a code.

    None for what is not a message or a tap in a private chat, and for anything malformed.
    """
    found = telegram_updates.read(update)
    if found is None:
        return None
    address = Address(NAME, found.address.id)
    said = found.said
    code = _after_start(update) if said == Pressed("start") else ""
    return replace(found, address=address, said=Text(code) if code else said)


def _after_start(update: Mapping[str, object]) -> str:
    message = update.get("message")
    words = message.get("text") if isinstance(message, Mapping) else None
    if not isinstance(words, str):
        return ""
    code = words[:MAX_TYPED].strip().partition(" ")[2].strip()
    return code.encode("utf-8", "ignore").decode("utf-8")
