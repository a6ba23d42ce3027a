"""Reads what WhatsApp pushes: what was said to our number, and nothing about who said it."""

import re
from collections.abc import Iterator

from bot.doors.meta import event_of, listed, of, typed
from bot.taps import tapped
from handlers.messages import Address, Attachment, Incoming, Said, Text

NAME = "whatsapp"

# Meta: "Webhooks, messages" and "Business-scoped user IDs": her number without a plus, and two
# letters, a point, up to 128 letters and digits.
_NUMBER = re.compile(r"[0-9]{5,20}")
_SCOPED = re.compile(r"[A-Z]{2}\.[A-Za-z0-9]{1,128}")
_REPLIES = frozenset({"button_reply", "list_reply"})
_DROPPED = frozenset(
    {"audio", "contacts", "document", "image", "location", "order", "sticker", "video"}
)


def read(update: object, phone_id: str) -> Iterator[Incoming]:
    """Every message of a batch that came to our own number; statuses and all else are nothing.

    One app may serve several numbers: what came to another one is not ours to answer.
    """
    if of(update, "object") != "whatsapp_business_account":
        return
    for entry in listed(update, "entry"):
        for change in listed(entry, "changes"):
            value = of(change, "value")
            ours = of(of(value, "metadata"), "phone_number_id") == phone_id
            if of(change, "field") == "messages" and ours:
                found = (_incoming(message) for message in listed(value, "messages"))
                yield from (one for one in found if one)


def _incoming(message: object) -> Incoming | None:
    address, event, said = _from(message), event_of(of(message, "id")), _said(message)
    if address is None or event is None or said is None or of(message, "group_id") is not None:
        return None
    # What WhatsApp itself could not pass on: perhaps she said nothing, so it calls nobody back
    # who has left.
    going_on = of(message, "type") == "unsupported"
    return Incoming(address=address, said=said, event_id=event, going_on=going_on)


def _from(message: object) -> Address | None:
    """Meta's id of her for this business where it sends one, so that her number stays outside."""
    for given, form in (
        (of(message, "from_user_id"), _SCOPED),
        (of(message, "from"), _NUMBER),
    ):
        if isinstance(given, str) and form.fullmatch(given):
            return Address(NAME, given)
    return None


def _said(message: object) -> Said | None:
    match of(message, "type"):
        case "text":
            return _text(message)
        case "interactive":
            reply = of(message, "interactive")
            kind = of(reply, "type")
            is_tap = isinstance(kind, str) and kind in _REPLIES
            return tapped(of(of(reply, kind), "id")) if is_tap else None
        case str(kind) if kind in _DROPPED or kind == "unsupported":
            return Attachment()
        case _:  # reactions, what the app itself tells (a new number), anything new
            return None


def _text(message: object) -> Said | None:
    """Her own words; what she passed on of somebody else's is an attachment, as on Telegram."""
    context = of(message, "context")
    if of(context, "forwarded") is True or of(context, "frequently_forwarded") is True:
        return Attachment()
    words = typed(of(of(message, "text"), "body"))
    return Text(words) if words else None
