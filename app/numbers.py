"""`GET /metrics`: the numbers of this process and of its databases, for this machine alone."""

import time
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final

from fastapi import FastAPI, Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.metrics import AWAY, TYPE, Tally, exposition, of_process, of_system
from console.site import LOOPBACK
from handlers.desk import Desk
from storage import counts
from storage.figures import figures

# A proxy on this machine calls from the loopback address too, but says for whom.
_PASSED_ON: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


class Numbers:
    """The metrics, for this machine alone."""

    def __init__(self, desk: Desk, tally: Tally) -> None:
        """Read the counters of this desk's database, and what this process counts itself."""
        self._desk = desk
        self._tally = tally

    async def page(self, request: Request) -> Response:
        """Prometheus text; an empty 404 for whoever does not call from this machine."""
        if not is_local(request):
            return Response(status_code=404)
        own = of_process(self._tally, self._desk.outage.served)
        try:
            told = await self._system()
        except Exception:  # which one, stands in the log of what needed the database
            told = exposition({}, self._tally.heard) + AWAY
        return Response(told + own, media_type=TYPE)

    async def _system(self) -> str:
        desk, now = self._desk, self._desk.now()
        swept_at = await desk.keystore.swept_at()
        async with desk.store.turn() as turn:
            counted = await counts.totals(turn)
            found = await figures(turn, now)
        return exposition(counted, self._tally.heard) + of_system(found, swept_at, now)


class Timed:
    """Measures how long messages of women take until they are answered."""

    def __init__(self, app: ASGIApp, tally: Tally) -> None:
        """Tell this tally; what is not a message passes by."""
        self._app = app
        self._tally = tally

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def watched(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        await self._app(scope, receive, watched)
        if status < 400 or status >= 500:  # whoever is refused at a door is no message
            self._tally.answers.took(time.perf_counter() - began)


def numbers_app(desk: Desk, tally: Tally) -> FastAPI:
    """The numbers alone, for a process without the staff's pages."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.add_api_route("/metrics", Numbers(desk, tally).page, methods=["GET"])
    return app


def is_local(request: Request) -> bool:
    """Whether a program of this machine calls, by the machine's own name, and not for another.

    The name is looked at because a page in a browser here may give a name of its own to 127.0.0.1.
    """
    named = request.url.hostname in LOOPBACK
    return named and _is_loopback(request) and not _was_passed_on(request.headers)


def _is_loopback(request: Request) -> bool:
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _was_passed_on(headers: Mapping[str, str]) -> bool:
    return any(name in headers for name in _PASSED_ON)
