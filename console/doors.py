"""The doors women come by: which are open, where chats begin there, and shutting one at once."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from console.entries import Entry
from console.forms import posted
from console.frame import frame_of
from console.guard import signed_in
from console.pages import go, not_found, page
from handlers import open_doors
from handlers.case_words import voice_of
from handlers.desk import Desk
from handlers.partner_acts import PartnerRefused
from handlers.staff import SignedIn
from referrals.roles import Role

PATH: Final = "/console/doors"
ENTRIES: Final = (
    Entry(path=PATH, title="door.title", note="door.note", roles=frozenset({Role.COORDINATOR})),
)

Coordinator = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR))]
Fresh = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR, fresh=True))]


def router(_desk: Desk) -> APIRouter:
    """GET /console/doors, GET and POST .../shut/NAME, POST .../open/NAME."""
    routes = APIRouter()
    routes.add_api_route(PATH, _list, methods=["GET"])
    routes.add_api_route(f"{PATH}/shut/{{name}}", _confirm, methods=["GET"])
    routes.add_api_route(f"{PATH}/shut/{{name}}", _shut, methods=["POST"])
    routes.add_api_route(f"{PATH}/open/{{name}}", _open, methods=["POST"])
    return routes


async def _list(request: Request, signed: Coordinator) -> Response:
    return await _page(request, signed)


async def _confirm(request: Request, signed: Fresh, name: str) -> Response:
    """What will happen, before anything does."""
    try:
        ways = await open_doors.look(frame_of(request).desk, signed.account.id)
    except PartnerRefused:
        return not_found(request, signed)
    found = next((way for way in ways if way.name == name and way.shut is None), None)
    if found is None:
        return not_found(request, signed)
    others = [way for way in ways if way.name != name and way.shut is None]
    return page(request, "door_shut.html", signed, way=found, others=others)


async def _shut(request: Request, signed: Fresh, name: str) -> Response:
    await posted(request)
    try:
        await open_doors.shut(frame_of(request).desk, signed.account.id, name)
    except PartnerRefused as refused:
        return await _page(request, signed, refused.phrase)
    return go(PATH)


async def _open(request: Request, signed: Fresh, name: str) -> Response:
    await posted(request)
    try:
        await open_doors.open_again(frame_of(request).desk, signed.account.id, name)
    except PartnerRefused as refused:
        return await _page(request, signed, refused.phrase)
    return go(PATH)


async def _page(request: Request, signed: SignedIn, wrong: str = "") -> Response:
    desk = frame_of(request).desk
    try:
        ways = await open_doors.look(desk, signed.account.id)
    except PartnerRefused:
        return not_found(request, signed)
    voice = await voice_of(desk, signed.account)
    return page(
        request,
        "doors.html",
        signed,
        409 if wrong else 200,
        doors=ways,
        voice=voice,
        by=signed.account.id,
        wrong=wrong,
    )
