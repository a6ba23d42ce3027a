"""The ASGI app survivors and messengers reach: web chat, webhooks, health."""

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Final

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.posters import Posters
from bot.sounds import Sounds
from bot.webchat import WebChat
from bot.webhooks import HOOKS, Webhooks
from bot.webpages import greeting
from handlers.desk import Desk

log = structlog.get_logger("public")

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS: Final = (
    ("Content-Security-Policy", POLICY),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ("X-Frame-Options", "DENY"),
)
_RAW = tuple((name.lower().encode(), value.encode()) for name, value in HEADERS)
_NAMES = frozenset(name for name, _ in _RAW)
_OURS = frozenset(
    {
        *("app", "bot", "console", "directory", "flows", "handlers", "privacy", "referrals"),
        *("storage", "translations"),
    }
)


def public_app(desk: Desk) -> FastAPI:
    """Build the app; the desk stays whoever built it's to close."""
    app = PublicApp(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    chat = WebChat(desk)
    hooks = Webhooks(desk)
    app.include_router(hooks.router())
    app.include_router(chat.router())
    app.include_router(Posters(desk).router())
    app.include_router(Sounds(desk).router())
    health = Health(desk)
    app.add_api_route("/healthz", health.alive, methods=["GET"])
    app.add_api_route("/readyz", health.ready, methods=["GET"])
    app.add_exception_handler(HTTPException, _bare)
    app.add_middleware(Careful, trouble=chat.trouble)
    app.hooks = Careful(hooks, trouble=chat.trouble)
    return app


class PublicApp(FastAPI):
    """FastAPI, but for what messengers push: that is answered before any of its layers, which
    together cost as much as a step of a talk (docs/performance.md)."""

    hooks: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        knocks = scope["type"] == "http" and scope["method"] == "POST"
        if knocks and self.hooks and scope["path"].startswith(HOOKS):
            await self.hooks(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


class Health:
    """Whether the process runs, and whether it can serve."""

    def __init__(self, desk: Desk) -> None:
        """Ask this desk."""
        self._desk = desk

    async def alive(self) -> Response:
        """200 while the process answers at all."""
        return PlainTextResponse("ok")

    async def ready(self) -> Response:
        """200 when database, key store and edition are usable and no end is near, else 503; never
        why."""
        desk = self._desk
        if desk.ending.is_set():
            return JSONResponse({"ready": False}, 503)
        try:
            await desk.store.ready()
            await desk.keystore.peppers(desk.now())
            await desk.keystore.get("readyz")  # peppers may come from memory, this never does
            greeting(desk)
        except Exception as error:
            _note(error, "web")
            return JSONResponse({"ready": False}, 503)
        return JSONResponse({"ready": True})


class Careful:
    """Puts the security headers on every answer, and turns what failed into a bare 503."""

    def __init__(self, app: ASGIApp, trouble: Callable[[Request], Response]) -> None:
        """`trouble` says what the route answers when it failed."""
        self._app = app
        self._trouble = trouble

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def careful(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = with_ours(message["headers"])
            await send(message)

        scope.setdefault("state", {})
        try:
            await self._app(scope, receive, careful)
        except ClientDisconnect:
            return
        except Exception as error:
            _note(error, _channel(scope["path"]))
            if not begun:
                await self._trouble(Request(scope))(scope, receive, careful)


def with_ours(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of an answer with those of ours, which stand in place of any of their name."""
    others = [(name, value) for name, value in headers if name.lower() not in _NAMES]
    kept = any(name.lower() == b"cache-control" for name, _ in others)
    return [*others, *_RAW] if kept else [*others, *_RAW, (b"cache-control", b"no-store")]


async def _bare(request: Request, error: Exception) -> Response:
    """An unknown path or method: the status alone. No one learns which hooks there are."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if request.url.path.startswith("/hooks"):
        status = 404
    return Response(status_code=status)


def _channel(path: str) -> str:
    """Whose request it was; app/logs.py drops a name that is none of a door."""
    return path.removeprefix("/hooks/") if path.startswith("/hooks/") else "web"


def _note(error: Exception, channel: str) -> None:
    """Log the kind of an error and the place in our code; its message may hold her words."""
    place = _place(error.__traceback__)
    log.error("turn_failed", kind=type(error).__name__, channel=channel, place=place)


def _place(trace: TracebackType | None) -> str:
    """The deepest line of ours, as `module_function:line`."""
    found = "unknown"
    while trace is not None:
        *_, module = name = trace.tb_frame.f_globals.get("__name__", "").split(".")
        if name[0] in _OURS:
            found = f"{module}_{trace.tb_frame.f_code.co_name.strip('<>')}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found
