"""The desk's home page, and the files of all pages."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from console.frame import frame_of
from console.guard import signed_in
from console.pages import page
from handlers.desk import Desk
from handlers.staff import SignedIn
from referrals.roles import Role

DESK: Final = (
    Role.CASEWORKER,
    Role.FOCAL_POINT,
    Role.SUPERVISOR,
    Role.CHILD_FOCAL_POINT,
    Role.TRAFFICKING_FOCAL_POINT,
)
CONSOLE: Final = (
    Role.COORDINATOR,
    Role.STEWARD,
    Role.EDITOR,
    Role.TRANSLATOR,
    Role.REVIEWER,
    Role.SPECIALIST,
    Role.REPORT_READER,
    Role.AUDITOR,
)


def router(_desk: Desk) -> APIRouter:
    """GET /desk and the files of all pages."""
    routes = APIRouter()
    routes.add_api_route("/desk", _home, methods=["GET"])
    routes.add_api_route("/static/{name:path}", _file, methods=["GET"])
    return routes


async def _home(request: Request, signed: Annotated[SignedIn, Depends(signed_in())]) -> Response:
    """Everybody signed in has a home; whose work is on the console is sent there."""
    if not signed.account.roles & set(DESK) and signed.account.roles & set(CONSOLE):
        return RedirectResponse("/console", 303)
    return page(request, "home.html", signed, title="desk.title")


async def _file(request: Request, name: str) -> Response:
    """A style, script, icon or font: the same for everybody, packed for a browser that unpacks.

    Pages are never packed: their length would tell of what they hold.
    """
    found = frame_of(request).rendering.files.get(name)
    if found is None:
        return Response(status_code=404)
    headers = {"Cache-Control": "public, max-age=604800", "Vary": "Accept-Encoding"}
    if found.packed and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(found.packed, media_type=found.kind, headers=headers)
    return Response(found.content, media_type=found.kind, headers=headers)
