"""An SMS gateway on 127.0.0.1 as the recipe of docs/channels.md wants it, with the phones behind.

    async with FakeGateway(SECRET) as gateway:
        status = await gateway.she_writes(app, "+66800000001", "hello")   # signed, to our hook
        gateway.sent                                                     # what phones were sent

It takes nothing that is not signed by the same secret, or that has any other field.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Self

import httpx
import orjson
from aiohttp import web
from fastapi import FastAPI

HEADER = "X-Saphan-Signature"
HOOK = "/hooks/sms"


@dataclass(frozen=True, slots=True)
class Sms:
    """What a phone was sent."""

    to: str
    text: str


class FakeGateway:
    """`refused` counts what it did not take; `statuses` are answered to the next calls."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.url = ""
        self.sent: list[Sms] = []
        self.refused = 0
        self.statuses: list[int] = []
        self._numbers = count(1)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/send", self._send)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/send"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def signature(self, body: bytes) -> str:
        """The header's value for a body."""
        return hmac.new(self.secret.encode(), body, sha256).hexdigest()

    async def she_writes(self, app: FastAPI, number: str, text: str) -> int:
        """An SMS comes in and is brought to the hook; the status it was answered with."""
        return await self.brings(app, {"from": number, "text": text})

    async def she_rings(self, app: FastAPI, number: str) -> int:
        """A missed call: the same without words."""
        return await self.brings(app, {"from": number})

    async def brings(self, app: FastAPI, event: Mapping[str, object]) -> int:
        """One event under a new id."""
        body = orjson.dumps({"id": f"sms-{next(self._numbers)}", **event})
        return (await self.knocks(app, body, self.signature(body))).status_code

    async def knocks(self, app: FastAPI, body: bytes, signature: str | None) -> httpx.Response:
        """Any request to the hook."""
        headers = {} if signature is None else {HEADER.encode(): signature.encode()}
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.post(HOOK, content=body, headers=headers)

    async def _send(self, request: web.Request) -> web.Response:
        body = await request.read()
        given = request.headers.get(HEADER, "")
        message = orjson.loads(body)
        if given != self.signature(body) or set(message) != {"to", "text"}:
            self.refused += 1
            return web.Response(status=404)
        if self.statuses:
            return web.Response(status=self.statuses.pop(0), headers={"Retry-After": "7"})
        self.sent.append(Sms(message["to"], message["text"]))
        return web.Response(status=202)
