"""The ASGI app for those who run Saphan: numbers for Prometheus, and whether the process lives."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.exceptions import HTTPException

from app.metrics import TYPE, Tally, exposition
from app.public import Careful
from handlers.desk import Desk
from storage import counts

_NAMES: Final = frozenset({"127.0.0.1", "localhost", "::1"})
# A proxy on this machine calls from the loopback address too, but says for whom.
_PASSED_ON: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


def staff_app(desk: Desk, tally: Tally) -> FastAPI:
    """Build the app; the desk stays whoever built it's to close."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    numbers = Numbers(desk, tally)
    app.add_api_route("/metrics", numbers.page, methods=["GET"])
    app.add_api_route("/healthz", _alive, methods=["GET"])
    app.add_exception_handler(HTTPException, _bare)
    app.add_middleware(Careful, trouble=lambda _request: Response(status_code=503))
    return app


class Numbers:
    """The metrics, for this machine alone."""

    def __init__(self, desk: Desk, tally: Tally) -> None:
        """Read the counters of this desk's database, and the log events of this process."""
        self._desk = desk
        self._tally = tally

    async def page(self, request: Request) -> Response:
        """Prometheus text; an empty 404 for whoever does not call from this machine."""
        if not is_local(request):
            return Response(status_code=404)
        async with self._desk.store.turn() as turn:
            counted = await counts.totals(turn)
        return Response(exposition(counted, self._tally.heard), media_type=TYPE)


def is_local(request: Request) -> bool:
    """Whether a program of this machine calls, by the machine's own name, and not for another.

    The name is looked at because a page in a browser here may give a name of its own to 127.0.0.1.
    """
    named = request.url.hostname in _NAMES
    return named and _is_loopback(request) and not _was_passed_on(request.headers)


def _is_loopback(request: Request) -> bool:
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _was_passed_on(headers: Mapping[str, str]) -> bool:
    return any(name in headers for name in _PASSED_ON)


async def _alive() -> Response:
    return PlainTextResponse("ok")


async def _bare(_request: Request, error: Exception) -> Response:
    """An unknown path or method: the status alone."""
    return Response(status_code=error.status_code if isinstance(error, HTTPException) else 500)
