"""Reads what Messenger pushes: what was said to our page, and nothing about who said it."""

import re
from collections.abc import Iterator

from bot.doors.meta import event_of, listed, of, typed
from bot.taps import COMMANDS, tapped
from handlers.messages import Address, Attachment, Incoming, Pressed, Said, Text
from handlers.poster_codes import code_in

NAME = "messenger"

_SCOPED = re.compile(r"[0-9]{1,32}")  # a page-scoped id is digits (Meta: "Page-scoped IDs")


def read(update: object) -> Iterator[Incoming]:
    """Every message and tap of a batch; echoes of our own, deliveries, reads are nothing."""
    if of(update, "object") != "page":
        return
    for entry in listed(update, "entry"):
        found = (_incoming(event, of(entry, "id")) for event in listed(entry, "messaging"))
        yield from (one for one in found if one)


def _incoming(event: object, page: object) -> Incoming | None:
    sender = of(of(event, "sender"), "id")
    if not isinstance(sender, str) or not _SCOPED.fullmatch(sender) or sender == page:
        return None
    message, tap = of(event, "message"), of(event, "postback")
    said = _tapped(of(tap, "payload")) if message is None else _said(message)
    name = event_of(of(tap if message is None else message, "mid"))
    if said is None or name is None:
        return None
    return Incoming(
        address=Address(NAME, sender),
        said=said,
        event_id=name,
        going_on=of(message, "is_unsupported") is True,
        # What an m.me link carries comes with Get Started (Meta: "Using m.me Links").
        campaign=code_in(of(of(tap, "referral"), "ref")),
    )


def _said(message: object) -> Said | None:
    if of(message, "is_echo") is True or of(message, "is_deleted") is True:
        return None
    if (answer := of(message, "quick_reply")) is not None:
        return _tapped(of(answer, "payload"))
    if (words := typed(of(message, "text"))) is not None:
        return Text(words)
    if listed(message, "attachments") or of(message, "is_unsupported") is True:
        return Attachment()
    return None


def _tapped(payload: object) -> Said | None:
    """A button of a screen, or one that stands there always: Get Started and the menu."""
    if (said := tapped(payload)) is not None:
        return said
    command = COMMANDS.get(payload) if isinstance(payload, str) else None
    return Pressed(command) if command else None
