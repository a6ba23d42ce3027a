"""Requests that no report fulfils: a form of codes, the polite refusal to copy, the log."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from console.forms import posted
from console.frame import frame_of
from console.guard import signed_in
from console.pages import page
from handlers import report_requests
from handlers.report_requests import Asker, Wanted
from handlers.staff import SignedIn
from referrals.roles import Role

PATH: Final = "/console/reports/requests"

Logs = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR, Role.REPORT_READER))]


def router(_desk: object) -> APIRouter:
    """GET and POST /console/reports/requests."""
    routes = APIRouter()
    routes.add_api_route(PATH, _page, methods=["GET"])
    routes.add_api_route(PATH, _refuse, methods=["POST"])
    return routes


async def _page(request: Request, signed: Logs) -> Response:
    return await _shown(request, signed)


async def _refuse(request: Request, signed: Logs) -> Response:
    """It is refused by being asked for: what can be given stands on the menu."""
    form = await posted(request)
    wanted = next((one for one in Wanted if one.value == form.one("wanted")), None)
    asker = next((one for one in Asker if one.value == form.one("asker")), None)
    if wanted is None or asker is None or signed.duress:
        return await _shown(request, signed)
    desk = frame_of(request).desk
    await report_requests.refuse(desk, signed.account, wanted, asker)
    return await _shown(request, signed, wanted)


async def _shown(request: Request, signed: SignedIn, refused: Wanted | None = None) -> Response:
    desk = frame_of(request).desk
    log = () if signed.duress else await report_requests.refused(desk)
    return page(
        request,
        "report_requests.html",
        signed,
        wanted=tuple(Wanted),
        askers=tuple(Asker),
        refused=refused,
        log=log,
    )
