"""The ASGI app for staff: the desk and the console, numbers for Prometheus, and health."""

from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from app.metrics import Tally
from app.numbers import Numbers
from app.public import Careful, Health
from bot.webpages import WEB
from console.frame import Frame
from console.guard import Turned
from console.headers import Bounded, Headers, Readable
from console.pages import not_found, refused
from console.rendering import Rendering
from console.routes import all_entries, staff_routes
from console.site import Site
from handlers.desk import Desk

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
    health = Health(desk)
    app.add_api_route("/healthz", health.alive, methods=["GET"])
    app.add_api_route("/readyz", health.ready, methods=["GET"])
    app.add_exception_handler(Turned, _turned)
    app.add_exception_handler(RequestValidationError, _not_there)
    app.add_exception_handler(HTTPException, _not_there)
    app.add_middleware(Readable)
    app.add_middleware(Bounded)
    app.add_middleware(Careful, trouble=_trouble)
    app.add_middleware(Headers)  # outermost: these are the headers that stay
    return app


async def _turned(_request: Request, turned: Exception) -> Response:
    """What a rule of console/guard.py answers instead of the page."""
    return turned.answer if isinstance(turned, Turned) else Response(status_code=500)


async def _not_there(request: Request, error: Exception) -> Response:
    """An unknown path, method or form of an id: the same page for all, elsewhere the status."""
    is_hook = request.url.path.startswith("/hooks")  # no one learns which hooks there are
    status = error.status_code if isinstance(error, HTTPException) and not is_hook else 404
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
