"""Reads one Telegram update: what was said, and nothing about who said it."""

from collections.abc import Mapping

from bot.taps import COMMANDS, tapped
from handlers.messages import (
    MAX_TYPED,
    Address,
    Attachment,
    Incoming,
    Pressed,
    Said,
    Text,
)
from handlers.poster_codes import code_in

NAME = "telegram"
ID_BELOW = 2**53  # Telegram's ids have at most 52 significant bits (Bot API, "Chat")
CALLBACK_ID_LENGTH = 128
_FORWARDED = frozenset({"forward_origin", "forward_date"})
# What the app or Telegram itself puts into a private chat (Bot API, "Message"). Nobody said it,
# so nobody is answered: after she left, such a message must not call the bot back.
_SERVICE = frozenset(
    {
        "boost_added",
        "chat_background_set",
        "chat_shared",
        "checklist_tasks_added",
        "checklist_tasks_done",
        "connected_website",
        "gift",
        "gift_upgrade_sent",
        "managed_bot_created",
        "message_auto_delete_timer_changed",
        "new_chat_photo",
        "new_chat_title",
        "paid_message_price_changed",
        "passport_data",
        "pinned_message",
        "poll_option_added",
        "poll_option_deleted",
        "proximity_alert_triggered",
        "refunded_payment",
        "successful_payment",
        "unique_gift",
        "user_shared",
        "users_shared",
        "web_app_data",
        "write_access_allowed",
    }
)


def read(update: Mapping[str, object]) -> Incoming | None:
    """Take the few fields we use from one update (Bot API, "Update"), and nothing about her.

    None for what is not a message or a tap in a private chat, and for anything malformed.
    """
    number = _number(_of(update, "update_id"))
    if number is None:
        return None
    if (message := _of(update, "message")) is not None:
        return _read_message(str(number), message)
    if (tap := _of(update, "callback_query")) is not None:
        return _read_tap(str(number), tap)
    return None


def _read_message(event_id: str, message: object) -> Incoming | None:
    address, number = _private(message), _number(_of(message, "message_id"))
    said = _said(message)
    if address is None or number is None or said is None:
        return None
    return Incoming(
        address=address,
        said=said,
        event_id=event_id,
        message_id=str(number),
        campaign=_campaign(message, said),
    )


def _read_tap(event_id: str, tap: object) -> Incoming | None:
    card, callback_id = _of(tap, "message"), _of(tap, "id")
    address, number = _private(card), _number(_of(card, "message_id"))
    said = tapped(_of(tap, "data"))
    if address is None or number is None or said is None:
        return None
    if not isinstance(callback_id, str) or not 0 < len(callback_id) <= CALLBACK_ID_LENGTH:
        return None
    return Incoming(
        address=address,
        said=said,
        event_id=event_id,
        callback_id=callback_id,
        card_id=str(number),
    )


def _said(message: object) -> Said | None:
    if not isinstance(message, dict) or not _SERVICE.isdisjoint(message):
        return None
    if _of(_of(message, "from"), "is_bot") is True:
        return None
    if "text" not in message or not _FORWARDED.isdisjoint(message):
        return Attachment()
    words = message["text"]
    return _typed(words[:MAX_TYPED]) if isinstance(words, str) and words else None


def _campaign(message: object, said: Said) -> str:
    """What a poster's link carries follows /start (core.telegram.org/bots/features, "Deep
    linking")."""
    words = _of(message, "text")
    if said != Pressed("start") or not isinstance(words, str):
        return ""
    return code_in(words[:MAX_TYPED].partition(" ")[2])


def _typed(words: str) -> Said:
    """A command with whatever follows it dropped (/start's payload, /help@name), or text."""
    word = words.split(maxsplit=1)[0].partition("@")[0].casefold() if words.strip() else ""
    if word.startswith("/") and (command := COMMANDS.get(word[1:])):
        return Pressed(command)
    whole = words.encode("utf-8", "ignore").decode("utf-8")  # half a surrogate pair breaks stores
    return Text(whole)


def _private(message: object) -> Address | None:
    chat = _of(message, "chat")
    number = _number(_of(chat, "id"))
    return Address(NAME, str(number)) if number and _of(chat, "type") == "private" else None


def _of(thing: object, key: str) -> object:
    return thing.get(key) if isinstance(thing, dict) else None


def _number(value: object) -> int | None:
    return value if type(value) is int and 0 < value < ID_BELOW else None
