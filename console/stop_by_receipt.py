"""She tells her own number to whoever meets her: one field, and what it stands for is stopped."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from console.entries import Entry
from console.forms import posted
from console.frame import frame_of
from console.guard import signed_in
from console.pages import page
from handlers.desk import Desk
from handlers.key_rules import HANDLES_REFERRALS
from handlers.staff import SignedIn
from handlers.stop_by_receipt import Heard, stop_by_receipt
from handlers.tries import WINDOW

PATH: Final = "/desk/stop"
ENTRIES: Final = (Entry(path=PATH, title="stop.title", note="stop.note", roles=HANDLES_REFERRALS),)
Hears = Annotated[SignedIn, Depends(signed_in(*HANDLES_REFERRALS))]

_STATUS: Final[Mapping[Heard, int]] = MappingProxyType(
    {Heard.STOPPED: 200, Heard.NOTHING: 409, Heard.WAIT: 429}
)


def router(_desk: Desk) -> APIRouter:
    """GET and POST /desk/stop."""
    routes = APIRouter()
    routes.add_api_route(PATH, _ask, methods=["GET"])
    routes.add_api_route(PATH, _stop, methods=["POST"])
    return routes


async def _ask(request: Request, signed: Hears) -> Response:
    return page(request, "stop.html", signed, heard="")


async def _stop(request: Request, signed: Hears) -> Response:
    """What was typed is on no page that comes back.

    Under duress too it is counted and answered: the account is then nobody's (staff_sessions.py)
    and stops nothing, and the page looks like any other.
    """
    typed = (await posted(request)).one("number")
    heard = await stop_by_receipt(frame_of(request).desk, signed.account, typed)
    told = {"heard": heard.value, "minutes": str(int(WINDOW // 60))}
    return page(request, "stop.html", signed, _STATUS[heard], **told)
