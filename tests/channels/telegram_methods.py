"""The Bot API's methods as the fake Telegram answers them, refusing what the real one does."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from tests.channels.telegram_chats import Chats, Key, Message, Refusal

TEXT = 4096  # UTF-16 units of one message (Bot API, sendMessage)
DATA = 64  # bytes of callback data (Bot API, InlineKeyboardButton)
BATCH = 100  # ids in one deleteMessages
VOICE = {"file_id": "f", "file_unique_id": "u"}
LENGTHS = {"setMyName": 64, "setMyDescription": 512, "setMyShortDescription": 120}
FIELDS = {
    "setMyName": "name",
    "setMyDescription": "description",
    "setMyShortDescription": "short_description",
}


class Values:
    """The parameters of one call; they arrive as JSON or as form fields, which are all strings."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = dict(raw)

    def text(self, name: str) -> str:
        return str(self.raw.get(name, ""))

    def whole(self, name: str, default: int | None = None) -> int:
        value = self.raw.get(name, default)
        try:
            return int(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            raise Refusal(400, f"Bad Request: {name} is not specified") from None

    def flag(self, name: str) -> bool:
        return str(self.raw.get(name, "")).lower() in ("true", "1")

    def thing(self, name: str) -> Any:
        value = self.raw.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise Refusal(400, f"Bad Request: can't parse {name} JSON object") from None


class Methods:
    """The table of methods over the chats of one bot."""

    def __init__(self, chats: Chats, me: Mapping[str, object]) -> None:
        self.chats = chats
        self.me = me
        self.profile: dict[tuple[str, str], Any] = {}
        self.unanswered: dict[str, int] = {}
        self.people: dict[int, dict[str, object]] = {}
        self.seconds_between = 0.0
        self._sent: dict[int, datetime] = {}
        self.table: dict[str, Callable[[Values], Awaitable[object]]] = {
            "getMe": self._get_me,
            "getMyName": self._getter("name"),
            "getMyDescription": self._getter("description"),
            "sendMessage": self._send,
            "sendVoice": self._send_voice,
            "editMessageText": self._edit_text,
            "editMessageReplyMarkup": self._edit_buttons,
            "deleteMessage": self._delete,
            "deleteMessages": self._delete_many,
            "answerCallbackQuery": self._answer,
            "setMyCommands": self._commands,
        }
        for name, field in FIELDS.items():
            self.table[name] = self._setter(name, field)

    def person(self, chat: int) -> dict[str, object]:
        """What Telegram tells a bot about a person; canaries, unless the test set its own."""
        return self.people.setdefault(
            chat,
            {
                "first_name": f"Firstname{chat}",
                "last_name": f"Lastname{chat}",
                "username": f"username{chat}",
                "language_code": "xk",
            },
        )

    def as_json(self, message: Message) -> dict[str, object]:
        """The Bot API's Message object."""
        person = self.person(message.chat)
        about = {key: value for key, value in person.items() if key != "language_code"}
        sender = self.me if message.sender == "bot" else self.as_user(message.chat)
        answer: dict[str, object] = {
            "message_id": message.id,
            "from": dict(sender),
            "chat": {"id": message.chat, "type": "private", **about},
            "date": int(message.at.timestamp()),
        }
        if message.kind == "text":
            answer["text"] = message.text
        if message.buttons:
            rows = [
                [{"text": key.face, "callback_data": key.data} for key in row]
                for row in message.buttons
            ]
            answer["reply_markup"] = {"inline_keyboard": rows}
        return answer

    def as_user(self, chat: int) -> dict[str, object]:
        """The Bot API's User object of a person."""
        return {"id": chat, "is_bot": False, **self.person(chat)}

    async def _get_me(self, values: Values) -> object:
        return dict(self.me)

    async def _send(self, values: Values) -> object:
        chat = values.whole("chat_id")
        self.chats.writable(chat)
        text, buttons = _text(values, "message is too long"), _buttons(values)
        self._not_too_fast(chat)
        message = self.chats.add(
            chat=chat,
            sender="bot",
            text=text,
            buttons=buttons,
            silent=values.flag("disable_notification"),
            protected=values.flag("protect_content"),
        )
        return self.as_json(message)

    async def _send_voice(self, values: Values) -> object:
        """A voice message; it stands in the chat as the SHA-256 of its sound."""
        chat = values.whole("chat_id")
        self.chats.writable(chat)
        name = values.text("voice").removeprefix("attach://")
        sound: bytes = values.raw.get("files", {}).get(name, b"")
        if not sound.startswith(b"OggS") or b"OpusHead" not in sound[:64]:
            raise Refusal(400, "Bad Request: wrong type of file")
        self._not_too_fast(chat)
        message = self.chats.add(
            chat=chat,
            sender="bot",
            kind="voice",
            text=sha256(sound).hexdigest(),
            silent=values.flag("disable_notification"),
            protected=values.flag("protect_content"),
        )
        return self.as_json(message) | {"voice": VOICE | {"duration": values.whole("duration")}}

    def _not_too_fast(self, chat: int) -> None:
        now, last = self.chats.clock(), self._sent.get(chat)
        wait = timedelta(seconds=self.seconds_between)
        if last is not None and now - last < wait:
            raise Refusal(429, "Too Many Requests: retry after 1", 1)
        self._sent[chat] = now

    async def _edit_text(self, values: Values) -> object:
        chat, id = values.whole("chat_id"), values.whole("message_id")
        text, buttons = _text(values, "MESSAGE_TOO_LONG"), _buttons(values)
        return self.as_json(self.chats.edit(chat, id, text, buttons))

    async def _edit_buttons(self, values: Values) -> object:
        chat, id = values.whole("chat_id"), values.whole("message_id")
        old = self.chats.find(chat, id)
        return self.as_json(self.chats.edit(chat, id, old.text if old else "", _buttons(values)))

    async def _delete(self, values: Values) -> object:
        chat, id = values.whole("chat_id"), values.whole("message_id")
        if chat in self.chats.known and self.chats.find(chat, id) is None:
            raise Refusal(400, "Bad Request: message to delete not found")
        self.chats.delete(chat, [id])
        return True

    async def _delete_many(self, values: Values) -> object:
        ids = values.thing("message_ids")
        if not isinstance(ids, list) or not ids:
            raise Refusal(400, "Bad Request: message identifiers are not specified")
        if len(ids) > BATCH:
            raise Refusal(400, "Bad Request: too many message identifiers specified")
        self.chats.delete(values.whole("chat_id"), [int(each) for each in ids])
        return True

    async def _answer(self, values: Values) -> object:
        if self.unanswered.pop(values.text("callback_query_id"), None) is None:
            raise Refusal(
                400,
                "Bad Request: query is too old and response timeout expired "
                "or query ID is invalid",
            )
        return True

    async def _commands(self, values: Values) -> object:
        listed = values.thing("commands")
        for each in listed:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", each["command"]):
                raise Refusal(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 0 < len(each["description"]) <= 256:
                raise Refusal(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        self.profile["commands", values.text("language_code")] = listed
        return True

    def _getter(self, field: str) -> Callable[[Values], Awaitable[object]]:
        async def tell(values: Values) -> object:
            return {field: self.profile.get((field, values.text("language_code")), "")}

        return tell

    def _setter(self, name: str, field: str) -> Callable[[Values], Awaitable[object]]:
        async def keep(values: Values) -> object:
            if len(values.text(field)) > LENGTHS[name]:
                raise Refusal(400, f"Bad Request: {field} is too long")
            self.profile[field, values.text("language_code")] = values.text(field)
            return True

        return keep


def _text(values: Values, too_long: str) -> str:
    text = values.text("text").strip()
    if not text:
        raise Refusal(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > TEXT:
        raise Refusal(400, f"Bad Request: {too_long}")
    return text


def _buttons(values: Values) -> tuple[tuple[Key, ...], ...]:
    markup = values.thing("reply_markup") or {}
    if not isinstance(markup, dict) or markup.keys() - {"inline_keyboard"}:
        raise Refusal(400, "Bad Request: inline keyboard expected")
    return tuple(tuple(_key(each) for each in row) for row in markup.get("inline_keyboard", []))


def _key(button: Mapping[str, Any]) -> Key:
    face, data = str(button.get("text", "")).strip(), str(button.get("callback_data", ""))
    if not face:
        raise Refusal(400, "Bad Request: can't parse inline keyboard button: text is empty")
    if not 0 < len(data.encode()) <= DATA:
        raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
    return Key(face, data)
