"""Printed links that sign a fictional person in; there are none outside of a demo."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from console.forms import posted
from console.frame import frame_of
from console.guard import Open
from console.newcomers import Newcomer
from console.pages import entry_page, go
from handlers.desk import Desk
from handlers.staff import redeem_demo

DEMO: Final = "/desk/demo"
_MOST_TOKEN: Final = 80  # characters

Who = Annotated[Newcomer, Depends(Open())]


def router(_desk: Desk) -> APIRouter:
    """GET /desk/demo/TOKEN (nothing is used up by it), POST /desk/demo."""
    routes = APIRouter()
    routes.add_api_route(f"{DEMO}/{{token}}", _linked, methods=["GET"])
    routes.add_api_route(DEMO, _redeem, methods=["POST"])
    return routes


async def _linked(request: Request, token: str, who: Who) -> Response:
    """A button: what only looks at a link must not use it up."""
    shown = token[:_MOST_TOKEN] if frame_of(request).demo else ""
    return entry_page(request, who, "demo.html", 200 if shown else 404, token=shown)


async def _redeem(request: Request, who: Who) -> Response:
    """Signed in, once. What stands behind the # of the link stays with the browser."""
    frame, form = frame_of(request), await posted(request)
    token = form.one("token")[:_MOST_TOKEN]
    cookie = await redeem_demo(frame.desk, token) if frame.demo else None
    if cookie is None:
        return entry_page(request, who, "demo.html", 404, token="")  # none
    answer = go("/desk")
    frame.site.keep_session(answer, cookie)
    return answer
