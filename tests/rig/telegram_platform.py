"""The strict fake Telegram of the rig: the tests' own methods and rules, and trouble."""

import time
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import orjson
from aiohttp import web

from tests.channels.telegram_chats import Message, Refusal
from tests.channels.telegram_methods import Methods, Values
from tests.rig.chats import ManyChats
from tests.rig.posting import Posting, Update
from tests.rig.trouble import Answered, Pause, Trouble, answered

TOKEN = "4242:fake-token_of-Tests"
SECRET = "k3Jd9QmZ7xV1bN5tR8wYc2LfH6pG4sAaEuXoIiTjKhM"
SHOWS = frozenset({"sendMessage", "sendVoice", "editMessageText"})
SENDS = frozenset({"sendMessage", "sendVoice"})
BATCH = 100  # updates in one getUpdates


class TelegramPlatform:
    """One bot's Telegram. `moved`: seconds by which its calendar is ahead of the machine's."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token, self.moved = token, 0.0
        self.trouble = Trouble(time.monotonic, SHOWS, SENDS)
        self.chats = ManyChats(self.now)
        me = {"id": int(token.partition(":")[0]), "is_bot": True, "first_name": "Bot"}
        self.methods = Methods(self.chats, {**me, "username": "fake_bot"})
        self._posting = Posting(self._seconds, self._headers)
        self.posting = self._posting
        self.steered = False  # whether the test says where to post to, whatever the bot says
        self._secret = ""
        self._updates, self._taps = count(500_001), count(1)
        self._table = {
            **self.methods.table,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._webhook_info,
        }
        self._names = {name.lower(): name for name in self._table}

    def now(self) -> datetime:
        """The platform's time."""
        return datetime.now(UTC) + timedelta(seconds=self.moved)

    def routes(self, app: web.Application) -> None:
        """The Bot API."""
        app.router.add_route("*", "/bot{token}/{method}", self._asked)

    # What people do. A message gives its id, a tap the id of its callback query.

    def says(self, chat: int, text: str) -> str:
        """She types; a word such as /start is a command."""
        self.chats.known.add(chat)
        message = self.chats.add(chat=chat, sender="person", kind="text", text=text)
        fields = {"text": text} | (
            {"entities": [{"type": "bot_command", "offset": 0, "length": len(text)}]}
            if text.startswith("/")
            else {}
        )
        self._push(chat, {"message": {**self.methods.as_json(message), **fields}})
        return str(message.id)

    def taps(self, chat: int, button: str, on: int = 0) -> str:
        """She taps a button by its face, what its face begins with, or its callback data; on an
        old message too (`on`). Raises LookupError."""
        card, data = self._button(chat, button) if not on else (on, button)
        query = str(next(self._taps))
        self.methods.unanswered[query] = chat
        found = self.chats.find(chat, card)
        carried = self.methods.as_json(found) if found else {"message_id": card, "date": 0}
        message = {**carried, "chat": {"id": chat, "type": "private"}}
        user = self.methods.as_user(chat)
        tap = {"id": query, "from": user, "chat_instance": "1", "data": data, "message": message}
        self._push(chat, {"callback_query": tap})
        return query

    def chat(self, chat: int) -> Mapping[str, Any]:
        """What stands there, and everything that ever happened there, in order."""
        past = (one for one in self.chats.history if one.message.chat == chat)
        return {
            "visible": [_plain(one) for one in self.chats.visible(chat)],
            "history": [
                {"what": one.what, **_plain(one.message), "bots": one.bots} for one in past
            ],
        }

    def posts_to(self, urls: list[str], secret: str) -> None:
        """Whatever the bot registers."""
        self.steered, self._secret = True, secret
        self._posting.hooks[:] = urls

    def becomes(self, chat: int, what: str) -> None:
        """`blocked`, `deactivated`, `gone` (chat not found), or `back`."""
        self.chats.known.add(chat)
        for name, group in (
            ("blocked", self.chats.blocked),
            ("deactivated", self.chats.deactivated),
        ):
            (group.add if what == name else group.discard)(chat)
        if what == "gone":
            self.chats.known.discard(chat)

    def _push(self, chat: int, update: dict[str, Any]) -> None:
        number = next(self._updates)
        body = orjson.dumps({"update_id": number, **update})
        self._posting.push(Update(str(number), str(chat), body, self._seconds()))

    def _button(self, chat: int, button: str) -> tuple[int, str]:
        for message in reversed(self.chats.visible(chat)):
            for key in message.keys:
                if button == key.data or key.face.startswith(button):
                    return message.id, key.data
        raise LookupError(button)

    def _seconds(self) -> float:
        return time.monotonic() + self.moved

    def _headers(self, _: bytes) -> dict[str, str]:
        return {"X-Telegram-Bot-Api-Secret-Token": self._secret} if self._secret else {}

    # The Bot API.

    async def _asked(self, request: web.Request) -> web.StreamResponse:
        method = self._names.get(request.match_info["method"].lower(), "")
        values = await _values(request)
        chat, status, rule = values.text("chat_id"), 0, None
        try:
            rule = await self.trouble.meet(method, chat)
            whole = await self._called(request.match_info["token"], method, values)
            status = 0 if rule else whole.status
            return await answered(request, whole, rule)
        except Pause as pause:
            status = 429
            return _refused(
                Refusal(429, f"Too Many Requests: retry after {pause.seconds}", pause.seconds)
            )
        except Answered as gateway:
            status = gateway.code
            return web.Response(status=status, text="<h1>gateway</h1>", content_type="text/html")
        finally:
            self.trouble.note(method, chat, status)

    async def _called(self, token: str, method: str, values: Values) -> web.Response:
        try:
            if token != self.token:
                raise Refusal(401, "Unauthorized")
            if method not in self._table:
                raise Refusal(404, "Not Found")
            result = await self._table[method](values)
        except Refusal as refusal:
            return _refused(refusal)
        return web.json_response({"ok": True, "result": result})

    async def _set_webhook(self, values: Values) -> object:
        if not self.steered:
            url, self._secret = values.text("url"), values.text("secret_token")
            self._posting.hooks[:] = [url] if url else []
        return True

    async def _delete_webhook(self, values: Values) -> object:
        if not self.steered:
            self._posting.hooks.clear()
        return True

    async def _webhook_info(self, values: Values) -> object:
        hooks = self._posting.hooks
        return {
            "url": hooks[0] if hooks else "",
            "has_custom_certificate": False,
            "pending_update_count": self._posting.waiting,
        }


def _plain(message: Message) -> dict[str, Any]:
    told = asdict(message)
    return {
        "id": told["id"],
        "sender": told["sender"],
        "text": told["text"],
        "kind": told["kind"],
        "at": message.at.timestamp(),
        "buttons": [[key.face, key.data] for key in message.keys],
    }


def _refused(refusal: Refusal) -> web.Response:
    answer: dict[str, Any] = {
        "ok": False,
        "error_code": refusal.code,
        "description": refusal.description,
    }
    if refusal.retry_after is not None:
        answer["parameters"] = {"retry_after": refusal.retry_after}
    return web.json_response(answer, status=refusal.code)


async def _values(request: web.Request) -> Values:
    values: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        values |= orjson.loads(await request.read() or b"{}")
    elif request.content_type.startswith(("application/x-www", "multipart/")):
        posted = await request.post()
        values |= {name: one for name, one in posted.items() if isinstance(one, str)}
        files = {n: one for n, one in posted.items() if isinstance(one, web.FileField)}
        values["files"] = {name: one.file.read() for name, one in files.items()}
    return Values(values)
