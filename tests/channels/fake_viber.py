"""A Viber REST API on 127.0.0.1 for tests, with the chats of the people who use the bot.

    async with FakeViber(transport=…) as fake:      # fake.base and fake.token for the bot
        await fake.she_opens("A1=")                 # what the hook answers is shown to her
        await fake.she_taps("A1=", "▶")             # reaches the bot signed, until it says 200
        await fake.until(lambda: "Hello" in fake.visible("A1=")[-1].text)

It keeps the rules of viber_rules.py, signs as Viber does and calls again for an hour of its clock
until it is answered 200. Known differences: it calls again after milliseconds, one after another;
and a name is sent to the bot although the bot asked for none, so that tests see it dropped.
"""

import asyncio
import hmac
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from typing import Any, Self

import httpx
import orjson
from aiohttp import web

from tests.channels import viber_rules as rules
from tests.channels.viber_chats import HOUR, Chat, Clock, Message
from tests.channels.viber_rules import Json, Refusal

TOKEN = "4fake1111aaaa2222-bbbb3333cccc4444-dddd5555eeee6666"
SECONDS = 6.0  # for an answer; the figure, Viber's pages name none
ALWAYS = ("message", "subscribed", "unsubscribed", "webhook")
FILTERED = ("delivered", "seen", "failed", "conversation_started")
HER_NAME = "Canary Name"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the API: method, what it brought, and the status answered."""

    method: str
    values: Json
    status: int


class FakeViber:
    """One bot's Viber. `transport` carries callbacks to an ASGI app in this process."""

    def __init__(
        self,
        clock: Clock = lambda: datetime.now(UTC),
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.token = TOKEN
        self.base = ""
        self.middlewares: list[Any] = []  # what stands before it, as tests/rig/trouble.py
        self.calls: list[Call] = []
        self.attempts: list[tuple[str, int]] = []  # event and status of each callback
        self.failed: list[str] = []  # what phones could not show
        self.slowest = 0.0  # seconds of the longest answer of the hook
        self.account: dict[str, Any] = {"name": "Info", "uri": "info mekong", "icon": "https://i"}
        self.webhook: dict[str, Any] = {}
        self.pending: list[tuple[datetime, bytes]] = []
        self.redeliver_seconds = 0.02
        self._chats: dict[str, Chat] = {}
        self._clock, self._transport = clock, transport
        self._tokens = count(5_741_311_803_571_721_087)
        self._failures: list[web.Response | int] = []
        self._changed = asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=10**7, middlewares=self.middlewares)
        app.router.add_post("/pa/{method}", self._respond)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}/pa"
        self._client = httpx.AsyncClient(transport=self._transport, trust_env=False)
        self._delivering = asyncio.create_task(self._deliver())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._delivering.cancel()
        await asyncio.gather(self._delivering, return_exceptions=True)
        await self._client.aclose()
        await self._runner.cleanup()

    def chat(self, person: str) -> Chat:
        """The chat of a person; she is made where there is none."""
        return self._chats.setdefault(person, Chat(person))

    def visible(self, person: str) -> list[Message]:
        """The messages that stand in the chat, oldest first."""
        return self.chat(person).messages

    def called(self, method: str) -> list[Call]:
        """The calls of one method, in order."""
        return [call for call in self.calls if call.method == method]

    async def until(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        """Wait until the condition holds; TimeoutError after `seconds`."""
        async with asyncio.timeout(seconds):
            while not condition():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), 0.05)
                self._changed.clear()

    async def settled(self) -> None:
        """Wait until every callback was answered 200, or given up."""
        await self.until(lambda: not self.pending)

    # What a person does.

    async def she_opens(self, person: str, context: str = "") -> None:
        """She opens the chat by a link or the bot's page; the answer is shown to her."""
        chat = self.chat(person)
        user = {"id": person, "name": HER_NAME, "country": "MM", "language": "my"}
        body = self._callback("conversation_started", user=user, type="open", context=context)
        status, answer = await self._post(body)
        if status == 200 and answer:
            self.failed += chat.take(next(self._tokens), orjson.loads(answer), self._clock())

    async def she_says(self, person: str, words: str) -> int:
        """She types; the token of her message."""
        return self._message(person, {"type": "text", "text": words}, words)

    async def she_sends(self, person: str, kind: str, **fields: object) -> int:
        """She sends what is not typed: picture, video, file, sticker, contact, url, location."""
        return self._message(person, {"type": kind, **fields}, kind)

    async def she_taps(self, person: str, start: str) -> int:
        """She taps the button whose face begins so, on the keyboard that is shown."""
        chat = self.chat(person)
        key = chat.tapped(start)
        shows = "" if chat.silent and key.get("Silent") else key["ActionBody"]
        return self._message(person, {"type": "text", "text": key["ActionBody"]}, shows)

    def she_leaves(self, person: str) -> None:
        """She ends her subscription, or blocks the bot."""
        self.chat(person).subscribed = False
        self.push(self._callback("unsubscribed", user_id=person))

    def push(self, body: bytes) -> None:
        """Queue a callback as it is, unless the bot did not ask for its kind."""
        event = orjson.loads(body)["event"]
        if event in ALWAYS or event in self.webhook.get("event_types", FILTERED):
            self.pending.append((self._clock(), body))

    def signed(self, body: bytes) -> dict[str, str]:
        """The header that proves a callback."""
        digest = hmac.new(self.token.encode(), body, sha256).hexdigest()
        return {"X-Viber-Content-Signature": digest}

    # Trouble on demand.

    def fail_next(self, status: int = 0, *, code: int = 0, retry_after: int | None = None) -> None:
        """Refuse the next call: with a status of the API, or with an HTTP code."""
        headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
        page = (
            web.Response(status=code or 200, headers=headers, text="<h1>gateway</h1>")
            if code
            else None
        )
        self._failures.append(page or status)

    def _message(self, person: str, message: Json, shows: str) -> int:
        token, chat = next(self._tokens), self.chat(person)
        if shows:
            chat.says(token, shows)
        chat.subscribed = True
        chat.unanswered.clear()
        sender = {"id": person, "name": HER_NAME, "avatar": "https://avatar", "api_version": 10}
        message = {**message, "tracking_data": chat.tracking} if chat.tracking else message
        body = self._callback("message", token, sender=sender, message=message, silent=not shows)
        self.push(body)
        return token

    def _callback(self, event: str, token: int | None = None, **fields: object) -> bytes:
        at = int(self._clock().timestamp() * 1000)
        number = token or next(self._tokens)
        frame = {"event": event, "timestamp": at, "chat_hostname": "SN-CHAT-01_"}
        return orjson.dumps({**frame, "message_token": number, **fields})

    async def _deliver(self) -> None:
        """Oldest first, each again and again until 200, or until an hour has gone by."""
        while True:
            now = self._clock()
            self.pending = [each for each in self.pending if now - each[0] < HOUR]
            if not self.pending or not self.webhook:
                await asyncio.sleep(0.01)
                continue
            waiting = self.pending[0]
            status, _ = await self._post(waiting[1])
            if status == 200:
                self.pending = [each for each in self.pending if each is not waiting]
            else:
                await asyncio.sleep(self.redeliver_seconds)

    async def _post(self, body: bytes) -> tuple[int, bytes]:
        begun = asyncio.get_running_loop().time()
        try:
            answer = await self._client.post(
                self.webhook["url"], content=body, headers=self.signed(body), timeout=SECONDS
            )
            status, content = answer.status_code, answer.content
        except httpx.HTTPError:
            status, content = 0, b""
        self.slowest = max(self.slowest, asyncio.get_running_loop().time() - begun)
        self.attempts.append((orjson.loads(body)["event"], status))
        self._changed.set()
        return status, content

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        failure = self._failures.pop(0) if self._failures else None
        if isinstance(failure, web.Response):
            return failure
        raw, method, status = await request.read(), request.match_info["method"], rules.OK
        told: Json = {}
        try:
            if failure is not None:
                raise Refusal(failure)
            if request.headers.get("X-Viber-Auth-Token") != self.token:
                raise Refusal(rules.INVALID_TOKEN)
            told = await self._done(method, _values(raw))
        except Refusal as refusal:
            status = refusal.status
        self.calls.append(Call(method, orjson.loads(raw), status))
        self._changed.set()
        words = f"status {status}" if status else "ok"
        return web.json_response({"status": status, "status_message": words, **told})

    async def _done(self, method: str, values: Json) -> Json:
        match method:
            case "send_message":
                return self._sent(values)
            case "set_webhook":
                return await self._set(values)
            case "get_account_info":
                members = [{"id": "A", "name": "An Admin", "role": "admin"}]
                hook = self.webhook.get("url", "")
                return {"id": "pa:1", **self.account, "webhook": hook, "members": members}
            case _:
                raise Refusal(rules.BAD_DATA)

    def _sent(self, values: Json) -> Json:
        if not isinstance(values.get("receiver"), str):
            raise Refusal(rules.MISSING_DATA)
        chat = self._chats.get(values["receiver"])
        if chat is None:
            raise Refusal(rules.NOT_REGISTERED)
        if not chat.subscribed:
            raise Refusal(rules.NOT_SUBSCRIBED)
        token = next(self._tokens)
        faults = chat.take(token, values, self._clock())
        self.failed += faults
        for event in ("failed",) if faults else ("delivered", "seen"):
            self.push(self._callback(event, token, user_id=chat.id))
        return {"message_token": token, "chat_hostname": "SN-CHAT-01_", "billing_status": 1}

    async def _set(self, values: Json) -> Json:
        if not str(values.get("url", "")).startswith("https://"):
            raise Refusal(rules.INVALID_URL)
        if set(values.get("event_types", FILTERED)) - {*FILTERED, *ALWAYS}:
            raise Refusal(rules.BAD_DATA)
        before, self.webhook = self.webhook, dict(values)
        status, _ = await self._post(self._callback("webhook"))
        if status != 200:
            self.webhook = before
            raise Refusal(rules.INVALID_URL)
        return {"event_types": [*values.get("event_types", FILTERED), *ALWAYS[:3]]}


def _values(raw: bytes) -> Json:
    try:
        values = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise Refusal(rules.BAD_DATA) from None
    if not isinstance(values, dict) or len(raw) > rules.LARGEST:
        raise Refusal(rules.BAD_DATA)
    return values
