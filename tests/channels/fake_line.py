"""A LINE on 127.0.0.1 for tests, with the talks of the people who use the bot.

    async with FakeLine(transport=…) as fake:      # fake.base, fake.token, fake.secret
        await fake.user_follows(SHE)                # signed, to the endpoint that was set
        await fake.user_taps(SHE, "English")        # a button's words, or its data
        assert fake.visible(SHE)[-1].text == "…"

It keeps the rules of the Messaging API reference: form and size of messages, reply tokens that
live a minute and work once, 200 without delivery for who blocked the bot or is no friend for a
week, a webhook that can be tested 60 times an hour and is switched on by hand, redelivery with
the same id. What is not documented and assumed: a reply to who blocked the bot is also 200.
"""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Self

import httpx
from aiohttp import web

from tests.channels.line_chats import Message, Talks
from tests.channels.line_rules import Wrong, check

TOKEN, SECRET = "fake/token+of=Tests", "0123456789abcdef0123456789abcdef"
BOT = "U" + "b" * 32
TESTS_AN_HOUR = 60
Answer = tuple[int, dict[str, Any]]


@dataclass(slots=True)
class _Failure:
    status: int
    message: str
    retry_after: int | None
    after: bool


class FakeLine:
    """One channel. `clock` gives the aware time of tokens; `transport` leads to the bot's app.

    `calls`: (path, body, status) of every call. `deliveries`: (event id, redelivered, status).
    `active` is "Use webhook" in the console, `redelivers` its switch for redelivery.
    """

    def __init__(
        self,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.token, self.secret, self.base = TOKEN, SECRET, ""
        self.middlewares: list[Any] = []  # what stands before it, as tests/rig/trouble.py
        self.clock, self.transport = clock, transport
        self.talks = Talks(clock)
        self.calls: list[tuple[str, dict[str, Any], int]] = []
        self.deliveries: list[tuple[str, bool, int]] = []
        self.undelivered: list[dict[str, Any]] = []
        self.endpoint, self.active, self.redelivers = "", True, True
        self.info = {"userId": BOT, "basicId": "@216ru", "displayName": "Info", "chatMode": "bot"}
        self._failures: list[_Failure] = []
        self._tested: list[datetime] = []
        self._events = count(1)
        self._asked_us = asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=self.middlewares)
        app.router.add_route("*", "/{path:.*}", self._asked)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def visible(self, user: str) -> list[Message]:
        """What stands in her talk, oldest first."""
        return self.talks.visible(user)

    def called(self, end: str) -> list[tuple[str, dict[str, Any], int]]:
        """The calls whose path ends so."""
        return [call for call in self.calls if call[0].endswith(end)]

    def sign(self, body: bytes) -> str:
        """As LINE signs: base64 of the HMAC-SHA256 under the channel's secret."""
        digest = hmac.new(self.secret.encode(), body, hashlib.sha256).digest()
        return base64.b64encode(digest).decode()

    async def until(self, condition: Callable[[], bool], seconds: float = 30) -> None:
        """Look after each call until it holds; TimeoutError after `seconds`."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._asked_us.clear()
                await self._asked_us.wait()

    # What a person does.

    async def user_follows(self, user: str) -> None:
        """She adds the bot as a friend, or unblocks it."""
        again = user in self.talks.blocked
        self.talks.known.add(user)
        self.talks.friends.add(user)
        self.talks.blocked.discard(user)
        await self.happens(user, {"type": "follow", "follow": {"isUnblocked": again}})

    async def user_blocks(self, user: str) -> None:
        """She blocks the bot, which is told so."""
        self.talks.blocked.add(user)
        await self.happens(user, {"type": "unfollow"}, answerable=False)

    async def user_says(self, user: str, text: str) -> str:
        """She types; the message's id."""
        return await self.user_sends(user, {"type": "text", "text": text, "quoteToken": "q"})

    async def user_sends(self, user: str, content: dict[str, Any]) -> str:
        """She sends a message of any kind; its id."""
        message = self.talks.hers(user, content.get("text", f"({content['type']})"))
        content = {"id": message.id, **content}
        await self.happens(user, {"type": "message", "message": content})
        return message.id

    async def user_unsends(self, user: str, message_id: str) -> None:
        """She takes a message back."""
        self.talks.erase(message_id)
        unsend = {"type": "unsend", "unsend": {"messageId": message_id}}
        await self.happens(user, unsend, answerable=False)

    async def user_taps(self, user: str, button: str) -> None:
        """She taps the newest button with these words or this data."""
        action = self._action(user, button)
        if "displayText" in action:
            self.talks.hers(user, action["displayText"])
        await self.happens(user, {"type": "postback", "postback": {"data": action["data"]}})

    def event(self, user: str, what: dict[str, Any], *, answerable: bool = True) -> dict[str, Any]:
        """What LINE tells of something she did."""
        token = {"replyToken": self.talks.token(user)} if answerable else {}
        return {
            "mode": "active",
            "timestamp": int(self.clock().timestamp() * 1000),
            "source": {"type": "user", "userId": user},
            "webhookEventId": f"01FZ74A0TDDPYRVKNK77X{next(self._events):05d}",
            "deliveryContext": {"isRedelivery": False},
            **token,
            **what,
        }

    async def happens(self, user: str, what: dict[str, Any], *, answerable: bool = True) -> None:
        """Deliver it, alone in its call."""
        await self.deliver(self.event(user, what, answerable=answerable))

    async def deliver(self, *events: dict[str, Any]) -> int:
        """Deliver events in one call: its status. Those not taken wait for `redeliver`."""
        if not self.endpoint or not self.active:
            return 0
        status = await self._post({"destination": BOT, "events": list(events)})
        for event in events:
            again = event["deliveryContext"]["isRedelivery"]
            self.deliveries.append((event["webhookEventId"], again, status))
        if status != 200 and self.redelivers:
            self.undelivered += events
        return status

    async def redeliver(self) -> None:
        """Deliver again what was not taken, with the same ids and reply tokens."""
        waiting, self.undelivered = self.undelivered, []
        for event in waiting:
            if token := event.get("replyToken"):
                self.talks.delivered(token)
            await self.deliver({**event, "deliveryContext": {"isRedelivery": True}})

    # Trouble on demand.

    def fail_next(
        self,
        status: int,
        message: str = "The API rate limit has been exceeded. Try again later.",
        retry_after: int | None = None,
        *,
        after: bool = False,
    ) -> None:
        """Refuse the next call; with `after` it does its work and only the answer is lost."""
        self._failures.append(_Failure(status, message, retry_after, after))

    def _action(self, user: str, button: str) -> dict[str, Any]:
        for message in reversed(self.visible(user)):
            for words, action in message.keys:
                if button in (words, action["data"]):
                    return action
        raise LookupError(button)

    async def _post(self, call: dict[str, Any]) -> int:
        body = json.dumps(call, ensure_ascii=False).encode()
        headers = {"X-Line-Signature": self.sign(body), "Content-Type": "application/json"}
        async with httpx.AsyncClient(transport=self.transport, trust_env=False) as client:
            try:
                answer = await client.post(self.endpoint, content=body, headers=headers)
            except httpx.HTTPError:
                return 0
        return answer.status_code

    async def _asked(self, request: web.Request) -> web.Response:
        raw = await request.read()
        status, answer = 401, {"message": "Authentication failed."}
        headers = {}
        failure = self._failures.pop(0) if self._failures else None
        ours = request.headers.get("Authorization") == f"Bearer {self.token}"
        if ours and (failure is None or failure.after):
            status, answer = await self._answer(request.method, request.path, raw)
        if failure is not None:
            status, answer = failure.status, {"message": failure.message}
            headers = {"Retry-After": str(failure.retry_after)} if failure.retry_after else {}
        self.calls.append((request.path, _object(raw), status))
        self._asked_us.set()
        return web.json_response(answer, status=status, headers=headers)

    async def _answer(self, method: str, path: str, raw: bytes) -> Answer:
        body = _object(raw)
        match method, path:
            case "POST", "/v2/bot/message/reply":
                return self._replied(body)
            case "POST", "/v2/bot/message/push":
                return self._pushed(body)
            case "GET", "/v2/bot/info":
                return 200, dict(self.info)
            case "GET", "/v2/bot/channel/webhook/endpoint":
                if not self.endpoint:
                    return 404, {"message": "Webhook endpoint not found"}
                return 200, {"endpoint": self.endpoint, "active": self.active}
            case "PUT", "/v2/bot/channel/webhook/endpoint":
                return self._set(str(body.get("endpoint", "")))
            case "POST", "/v2/bot/channel/webhook/test":
                return await self._test()
            case _:
                return 404, {"message": "Not found"}

    def _replied(self, body: dict[str, Any]) -> Answer:
        if wrong := _wrong(body, {"replyToken", "messages", "notificationDisabled"}):
            return wrong
        user = self.talks.spend(str(body.get("replyToken")))
        if user is None:
            return 400, {"message": "Invalid reply token"}
        return self._sent(user, body)

    def _pushed(self, body: dict[str, Any]) -> Answer:
        if wrong := _wrong(body, {"to", "messages", "notificationDisabled"}):
            return wrong
        user = str(body.get("to"))
        if len(user) != 33 or user[0] not in "UCR":
            where = "The property, 'to', in the request body is invalid (line: -, column: -)"
            return 400, {"message": where}
        if user not in self.talks.known:
            return 400, {"message": "Failed to send messages"}
        return self._sent(user, body)

    def _sent(self, user: str, body: dict[str, Any]) -> Answer:
        silent = body.get("notificationDisabled") is True
        ids = [self.talks.ours(user, raw, silent=silent) for raw in body["messages"]]
        return 200, {"sentMessages": [{"id": each} for each in ids]}

    def _set(self, endpoint: str) -> Answer:
        if not endpoint.startswith("https://") or len(endpoint) > 500:
            return 400, {"message": "Invalid webhook endpoint URL"}
        self.endpoint = endpoint
        return 200, {}

    async def _test(self) -> Answer:
        now = self.clock()
        self._tested = [at for at in self._tested if now - at < timedelta(hours=1)]
        if len(self._tested) >= TESTS_AN_HOUR:
            return 429, {"message": "The API rate limit has been exceeded. Try again later."}
        self._tested.append(now)
        status = await self._post({"destination": BOT, "events": []})
        reason = "OK" if status == 200 else "ERROR_STATUS_CODE" if status else "COULD_NOT_CONNECT"
        found = {"success": status == 200, "statusCode": status, "reason": reason}
        return 200, {**found, "timestamp": now.isoformat(), "detail": str(status)}


def _wrong(body: dict[str, Any], allowed: set[str]) -> Answer | None:
    try:
        if not set(body) <= allowed:
            raise Wrong(", ".join(sorted(set(body) - allowed)))
        check(body.get("messages"))
    except Wrong as where:
        details = [{"message": "invalid property", "property": str(where)}]
        return 400, {"message": "The request body has 1 error(s)", "details": details}
    return None


def _object(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
