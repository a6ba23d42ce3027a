"""The HTTP side of the fake Telegram: token and method in the path, JSON or form in the body."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tests.channels.telegram_chats import Refusal
from tests.channels.telegram_methods import Values

Answer = Callable[[str, str, Values], Awaitable[object]]


class _Server(uvicorn.Server):
    """Uvicorn that says when it listens, and leaves the test run's signals alone."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class BotApiServer:
    """Listens on 127.0.0.1 at a free port; `answer(token, method, values)` gives the result."""

    def __init__(self, answer: Answer) -> None:
        self._answer_call = answer
        # asyncio switches Nagle off (40 ms an answer) only where the protocol is named.
        self._listening = socket.socket(proto=socket.IPPROTO_TCP)
        self._listening.bind(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        route = Route("/bot{token}/{method}", self._respond, methods=["GET", "POST"])
        config = uvicorn.Config(
            Starlette(routes=[route]),
            log_config=None,
            log_level="critical",
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config)
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._listening]))
        await self._server.ready.wait()

    async def stop(self) -> None:
        self._server.should_exit = True
        if self._serving is not None:
            await self._serving

    async def _respond(self, request: Request) -> Response:
        path = request.path_params
        try:
            result = await self._answer_call(path["token"], path["method"], await _values(request))
        except Refusal as refusal:
            return _refusal(refusal)
        return JSONResponse({"ok": True, "result": result})


async def _values(request: Request) -> Values:
    """Query and body together; uploaded files stand under `files`, by their part's name."""
    values: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        values |= json.loads(await request.body() or b"{}")
    elif kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        async with request.form() as form:
            values |= {name: value for name, value in form.items() if isinstance(value, str)}
            uploads = {n: one for n, one in form.items() if not isinstance(one, str)}
            values["files"] = {name: await one.read() for name, one in uploads.items()}
    return Values(values)


def _refusal(refusal: Refusal) -> Response:
    if refusal.code >= 500:  # such answers come from a gateway before Telegram, as pages
        page = f"<html><h1>{refusal.code} {refusal.description}</h1></html>"
        return HTMLResponse(page, refusal.code)
    answer: dict[str, Any] = {
        "ok": False,
        "error_code": refusal.code,
        "description": refusal.description,
    }
    if refusal.retry_after is not None:
        answer["parameters"] = {"retry_after": refusal.retry_after}
    return JSONResponse(answer, refusal.code)


async def call(client: httpx.AsyncClient, method: str, **values: Any) -> dict[str, Any]:
    """Call a method as a bare client whose base URL holds the token; the whole answer."""
    answer: dict[str, Any] = (await client.post(method, json=values)).json()
    return answer
