"""What a coordinator sees who needs a passkey for a weighty act, and the way on without one."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from console.forms import posted
from console.frame import frame_of
from console.guard import PASSKEY_NEEDED, signed_in
from console.pages import go, ours, page
from handlers.desk import Desk
from handlers.staff import SignedIn, StaffRefused
from handlers.staff_passkeys import Need, go_without, need_of
from referrals.roles import Role

WITHOUT: Final = f"{PASSKEY_NEEDED}/without"

Coordinator = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR))]


def router(_desk: Desk) -> APIRouter:
    """GET /desk/passkeys/needed, POST /desk/passkeys/needed/without."""
    routes = APIRouter()
    routes.add_api_route(PASSKEY_NEEDED, _needed, methods=["GET"])
    routes.add_api_route(WITHOUT, _without, methods=["POST"])
    return routes


async def _needed(request: Request, signed: Coordinator) -> Response:
    back = ours(request.query_params.get("back", ""))
    need = await need_of(frame_of(request).desk, signed)
    if need is Need.NOTHING:
        return go(back or "/console")
    return page(request, "passkey_needed.html", signed, use=need is Need.USE, back=back)


async def _without(request: Request, signed: Coordinator) -> Response:
    """For this session; every other coordinator is told."""
    back = ours((await posted(request)).one("back"))
    try:
        await go_without(frame_of(request).desk, signed)
    except StaffRefused:
        return go(f"/desk/confirm?back={PASSKEY_NEEDED}")
    return go(back or "/console")
