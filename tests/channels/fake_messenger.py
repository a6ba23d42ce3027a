"""Messenger's side of the Graph API on 127.0.0.1 for tests: one page and the chats with it."""

import secrets
from dataclasses import replace
from datetime import UTC, datetime

import httpx
from aiohttp import web

from tests.channels.fake_graph import (
    APP,
    SECRET,
    TOKEN,
    Clock,
    FakeGraph,
    Json,
    Message,
    Refusal,
    bearer,
)

PAGE = "100841475479486"
PUSHES = ("REGULAR", "SILENT_PUSH", "NO_PUSH")
KNOWN = ("default", "en_US", "th_TH", "vi_VN")  # of Messenger's locales, those that we may meet


class FakeMessenger(FakeGraph):
    """People are named by their page-scoped id. `notified` is what showed on lock screens."""

    def __init__(
        self,
        clock: Clock = lambda: datetime.now(UTC),
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(clock, transport)
        self.notified: list[str] = []
        self.profile: Json = {"ice_breakers": ["old"]}
        self.subscribed = ""

    def new_id(self) -> str:
        return "m_" + secrets.token_urlsafe(60)

    def written(self, words: str) -> Json:
        return {"message": {"text": words}}

    def tapped(self, message: Message, data: str, title: str, note: str) -> Json:
        return {"message": {"text": title, "quick_reply": {"payload": data}}}

    def visible(self, person: str) -> list[Message]:
        """Quick replies stand under the newest message alone."""
        found = super().visible(person)
        return [*(replace(each, keys=()) for each in found[:-1]), *found[-1:]]

    def brought(self, person: str, message_id: str, said: Json) -> Json:
        for part in ("message", "postback"):
            if part in said:
                said[part]["mid"] = message_id
        now = int(self.clock().timestamp() * 1000)
        event = {"sender": {"id": person}, "recipient": {"id": PAGE}, "timestamp": now, **said}
        return self.batch([event])

    def batch(self, events: list[Json]) -> Json:
        """A webhook of our page that brings these events."""
        return {"object": "page", "entry": [{"id": PAGE, "time": 1, "messaging": events}]}

    async def begins(self, person: str, payload: str = "start") -> None:
        """She taps Get Started, or something of the menu."""
        said: Json = {"postback": {"title": "Get Started", "payload": payload}}
        await self.does(person, Message(self.new_id(), "her", "Get Started"), said)

    async def answer(self, method: str, path: str, request: web.Request, body: Json) -> Json:
        wanted = f"{APP}|{SECRET}" if path.endswith("/subscriptions") else TOKEN
        if bearer(request) != wanted:
            raise Refusal(190, status=401)
        match method, path:
            case "POST", "/me/messages":
                return self._sent(body)
            case "GET", "/app":
                return {"id": APP}
            case "GET", "/me":
                return {"id": PAGE, "name": "Info", "username": "info.mekong"}
            case "POST", "/me/subscribed_apps":
                self.subscribed = body["subscribed_fields"]
                return {"success": True}
            case _, "/me/messenger_profile":
                return self._profiled(method, body)
        if path == f"/{APP}/subscriptions":
            return await self._subscribed(method, body)
        raise Refusal(100, 33)

    async def _subscribed(self, method: str, body: Json) -> Json:
        if method == "GET":
            hooks = {"object": "page", "callback_url": self.hook, "active": bool(self.hook)}
            return {
                "data": [{"object": "user", "callback_url": "https://x", "active": True}, hooks]
            }
        if body.get("object") != "page" or "messages" not in body.get("fields", ""):
            raise Refusal(100)
        await self.verify(body["callback_url"], body["verify_token"])
        self.hook = body["callback_url"]
        return {"success": True}

    def _profiled(self, method: str, body: Json) -> Json:
        if method == "GET":
            return {"data": [{"greeting": self.profile.get("greeting", [])}]}
        if method == "DELETE":
            for name in body["fields"]:
                self.profile.pop(name, None)
            return {"result": "success"}
        for name in ("greeting", "persistent_menu"):
            locales = [each["locale"] for each in body[name]]
            if "default" not in locales or not set(locales) <= set(KNOWN):
                raise Refusal(100, 2018145)
        if any(len(each["text"]) > 160 for each in body["greeting"]):
            raise Refusal(100)
        if body["persistent_menu"] and not (body["get_started"] or self.profile["get_started"]):
            raise Refusal(100, 2018145)
        self.profile |= body
        return {"result": "success"}

    def _sent(self, body: Json) -> Json:
        if body.get("messaging_type") != "RESPONSE" or body["notification_type"] not in PUSHES:
            raise Refusal(100)
        person = body["recipient"]["id"]
        gone, closed = Refusal(551, 1545041), Refusal(10, 2018278)
        chat = self.may_write(person, closed=closed, gone=gone)
        message = self._made(body["message"])
        chat.messages.append(message)
        if body["notification_type"] != "NO_PUSH":
            self.notified.append(message.text)
        return {"recipient_id": person, "message_id": message.id}

    def _made(self, made: Json) -> Message:
        if "attachment" in made:
            sound = made["attachment"]["payload"]["url"]
            if made["attachment"]["type"] != "audio" or not sound.startswith("https://"):
                raise Refusal(100, 2018047)
            return Message(self.new_id(), "bot", "", form="audio", sound=sound)
        replies = made.get("quick_replies", [])
        if not 0 < len(made["text"]) <= 2000 or len(replies) > 13:
            raise Refusal(100)
        for each in replies:
            titled = each["content_type"] == "text" and 0 < len(each["title"]) <= 20
            if not titled or not 0 < len(each["payload"]) <= 1000:
                raise Refusal(100)
        keys = tuple((each["payload"], each["title"], "") for each in replies)
        return Message(self.new_id(), "bot", made["text"], keys=keys)
