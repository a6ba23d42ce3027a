"""The ASGI app for staff: the desk and the console, numbers for Prometheus, and health."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse
from starlette.exceptions import HTTPException

from app.metrics import TYPE, Tally, exposition
from app.public import Careful
from bot.webpages import WEB
from console.frame import Frame
from console.guard import Turned
from console.headers import Bounded, Headers, Readable
from console.pages import not_found, refused
from console.rendering import Rendering
from console.routes import all_entries, staff_routes
from console.site import LOOPBACK, Site
from handlers.desk import Desk
from storage import counts

# A proxy on this machine calls from the loopback address too, but says for whom.
_PASSED_ON: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
_FOR_PEOPLE: Final = ("/desk", "/console")


def staff_app(
    desk: Desk, tally: Tally, site: Site | None = None, *, demo: bool = False
) -> FastAPI:
    """Build the app; the desk stays whoever built it's to close.

    Without `site` the pages answer this machine alone. `demo` lets printed links sign people in.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.frame = Frame(
        desk=desk,
        site=site or Site(),
        rendering=Rendering(desk.translator, WEB),
        entries=all_entries(),
        demo=demo and desk.mode == "trial",
    )
    for routes in staff_routes(desk):
        app.include_router(routes)
    numbers = Numbers(desk, tally)
    app.add_api_route("/metrics", numbers.page, methods=["GET"])
    app.add_api_route("/healthz", _alive, methods=["GET"])
    app.add_exception_handler(Turned, _turned)
    app.add_exception_handler(RequestValidationError, _not_there)
    app.add_exception_handler(HTTPException, _not_there)
    app.add_middleware(Readable)
    app.add_middleware(Bounded)
    app.add_middleware(Careful, trouble=_trouble)
    app.add_middleware(Headers)  # outermost: these are the headers that stay
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
    named = request.url.hostname in LOOPBACK
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


async def _turned(_request: Request, turned: Exception) -> Response:
    """What a rule of console/guard.py answers instead of the page."""
    return turned.answer if isinstance(turned, Turned) else Response(status_code=500)


async def _not_there(request: Request, error: Exception) -> Response:
    """An unknown path, method or form of an id: the same page for all, elsewhere the status."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    if status == 404 and _is_for_people(request):
        return not_found(request, None)
    return Response(status_code=status)


def _trouble(request: Request) -> Response:
    """We are broken: 503, in words where a person reads them."""
    if _is_for_people(request):
        return refused(request, None, "sign.broken", 503)
    return Response(status_code=503)


def _is_for_people(request: Request) -> bool:
    site: Site = request.app.state.frame.site
    return request.url.path.startswith(_FOR_PEOPLE) and site.serves(request)
