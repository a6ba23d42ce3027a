"""Meta's Graph API on 127.0.0.1 for tests: what fake_whatsapp.py and fake_messenger.py share.

    async with FakeWhatsApp(transport=…) as fake:     # fake.block opens the door
        await fake.says(HER, "hello")                 # reaches the bot signed
        await fake.taps(HER, "English")               # a key's title, or its beginning
        await fake.until(lambda: "…" in fake.visible(HER)[-1].text)

It asks a hook its question before it calls it, signs with the app's secret, escapes letters as
Meta does, calls three times until it is answered 200, and `repeats` a call it was answered for.
Known differences: it calls again at once, not over hours or days; whom somebody blocked is told
at once, where WhatsApp often tells it by a later status.
"""

import asyncio
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from types import TracebackType
from typing import Any, Self

import httpx
from aiohttp import web

Clock = Callable[[], datetime]
Json = dict[str, Any]

TOKEN = "EAAfakeTokenOfTests"
APP, SECRET, VERIFY = "4242424242", "0f" * 16, "Vv1-" * 12
WINDOW = timedelta(hours=24)
TRIES = 3
HER_NAME = "Canary Name"


class Refusal(Exception):
    """What Meta answers instead: an error object, or a page of a gateway for 5xx."""

    def __init__(self, code: int, subcode: int = 0, *, status: int = 400, after: int = 0) -> None:
        super().__init__(code)
        self.status = status
        self.headers = {"Retry-After": str(after)} if after else {}
        self.error: Json = {"message": "…", "type": "OAuthException", "code": code}
        if subcode:
            self.error["error_subcode"] = subcode


@dataclass(frozen=True)
class Message:
    """What stands in a chat: who sent it, its words, and its keys as (data, title, note)."""

    id: str
    sender: str
    text: str
    keys: tuple[tuple[str, str, str], ...] = ()
    form: str = "text"
    sound: str = ""
    opens: str = ""


@dataclass
class Chat:
    """One person's: what stands in it, when she last did something, whether she blocked us."""

    messages: list[Message] = field(default_factory=list)
    heard: datetime | None = None
    blocked: bool = False


@dataclass(frozen=True)
class Call:
    """One call of ours: what it asked, and the status answered."""

    method: str
    path: str
    body: Json
    status: int


class FakeGraph:
    """One app's side of Meta. `transport` carries its calls to an ASGI app in this process."""

    def __init__(
        self,
        clock: Clock = lambda: datetime.now(UTC),
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.clock = clock
        self.base = ""
        self.hook = ""
        self.calls: list[Call] = []
        self.attempts: list[int] = []  # what the hook answered, call by call
        self.chats: dict[str, Chat] = {}
        self.numbers = count(1)
        self._transport = transport
        self._failures: list[Refusal | None] = []
        self._last: tuple[bytes, str] = (b"", "")
        self._pulse = asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/v25.0/{path:.*}", self._respond)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.base = f"http://{host}:{port}/v25.0"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    @property
    def block(self) -> dict[str, str]:
        """The settings' block that opens the door here."""
        return {"token": TOKEN, "app_secret": SECRET, "verify": VERIFY, "api": self.base}

    def chat(self, person: str) -> Chat:
        return self.chats.setdefault(person, Chat())

    def chat_of(self, person: str) -> Chat:
        """Her chat, which she has opened just now."""
        chat = self.chat(person)
        chat.heard = self.clock()
        return chat

    def visible(self, person: str) -> list[Message]:
        """What stands in her chat now, oldest first."""
        return list(self.chat(person).messages)

    def fail_next(self, refusal: Refusal, *, after: int = 0) -> None:
        """Refuse the next call of ours, or one `after` so many that are taken."""
        self._failures += [*[None] * after, refusal]

    async def until(self, true: Callable[[], bool], seconds: float = 15) -> None:
        """Wait for calls of ours until it is so."""
        async with asyncio.timeout(seconds):
            while not true():
                self._pulse.clear()
                await self._pulse.wait()

    async def says(self, person: str, words: str) -> str:
        """She writes."""
        return await self.does(person, Message(self.new_id(), "her", words), self.written(words))

    async def taps(self, person: str, start: str) -> str:
        """She taps the newest key that begins so; its title is posted as a message of hers."""
        for message in reversed(self.chat(person).messages):
            for data, title, note in message.keys:
                if title.startswith(start):
                    hers = Message(self.new_id(), "her", title)
                    return await self.does(person, hers, self.tapped(message, data, title, note))
        raise AssertionError(f"no key begins with {start}")

    async def does(self, person: str, hers: Message, said: Json) -> str:
        """A message of hers stands, and comes to the hook."""
        chat = self.chat(person)
        chat.heard = self.clock()
        chat.messages.append(hers)
        await self.push(self.brought(person, hers.id, said))
        return hers.id

    def new_id(self) -> str:
        """The platform's id of a message."""
        raise NotImplementedError

    def written(self, words: str) -> Json:
        """The part of a webhook for words of hers."""
        raise NotImplementedError

    def tapped(self, message: Message, data: str, title: str, note: str) -> Json:
        """The part of a webhook for a tap."""
        raise NotImplementedError

    def brought(self, person: str, message_id: str, said: Json) -> Json:
        """The webhook's whole body."""
        raise NotImplementedError

    async def answer(self, method: str, path: str, request: web.Request, body: Json) -> Json:
        """The answer to one call. Raises Refusal."""
        raise NotImplementedError

    async def push(self, body: Json) -> None:
        """Bring it to the hook, signed, until it is answered 200."""
        content = json.dumps(body).encode()  # letters beyond ASCII escaped, as Meta sends them
        self._last = (content, signature(content))
        for _ in range(TRIES if self.hook else 0):
            if await self.repeats() == 200:
                return

    async def repeats(self) -> int:
        """The last call once more, byte for byte; what it was answered."""
        content, seal = self._last
        headers = {"X-Hub-Signature-256": seal, "Content-Type": "application/json"}
        async with self._client() as client:
            answer = await client.post(self.hook, content=content, headers=headers)
        self.attempts.append(answer.status_code)
        return answer.status_code

    async def verify(self, hook: str, word: str) -> None:
        """Ask a hook whether it is theirs. Raises Refusal."""
        challenge = str(1158201444 + next(self.numbers))
        query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": word}
        async with self._client() as client:
            answer = await client.get(hook, params=query)
        if answer.status_code != 200 or answer.text != challenge:
            raise Refusal(2200, 1526011)

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=self._transport, trust_env=False)

    async def _respond(self, request: web.Request) -> web.Response:
        path = "/" + request.match_info["path"]
        try:
            body = json.loads(await request.read() or b"{}")
        except ValueError:
            body = {}
        try:
            if self._failures and (refused := self._failures.pop(0)):
                raise refused
            answered = await self.answer(request.method, path, request, body)
        except Refusal as refusal:
            self._note(Call(request.method, path, body, refusal.status))
            if refusal.status >= 500:
                return web.Response(status=refusal.status, text="<html>Sorry</html>")
            error = {"error": refusal.error}
            return web.json_response(error, status=refusal.status, headers=refusal.headers)
        self._note(Call(request.method, path, body, 200))
        return web.json_response(answered)

    def _note(self, call: Call) -> None:
        self.calls.append(call)
        self._pulse.set()

    def may_write(self, person: str, *, closed: Refusal, gone: Refusal) -> Chat:
        """Her chat, where she may be written to now. Raises one of the two."""
        chat = self.chats.get(person)
        if chat is None or chat.blocked:
            raise gone
        if chat.heard is None or self.clock() - chat.heard > WINDOW:
            raise closed
        return chat


class Hook(httpx.AsyncBaseTransport):
    """A hook of ours, as far as Meta's question goes."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        known = request.url.params["hub.verify_token"] == VERIFY
        return httpx.Response(200 if known else 404, text=request.url.params["hub.challenge"])


def signature(body: bytes, secret: str = SECRET) -> str:
    """The header's value for a body."""
    return "sha256=" + hmac.new(secret.encode(), body, sha256).hexdigest()


def bearer(request: web.Request) -> str:
    """The token of a call; none may stand in its address."""
    assert "access_token" not in request.query_string
    return request.headers.get("Authorization", "").removeprefix("Bearer ")
