"""Reports about a helper, for coordinators who are no colleagues of that helper."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from console.entries import Entry
from console.forms import posted
from console.frame import frame_of
from console.guard import signed_in
from console.pages import go, page
from handlers import safeguarding
from handlers.case_words import partner_name, voice_of
from handlers.desk import Desk
from handlers.safeguarding import Item
from handlers.staff import SignedIn
from referrals.roles import Role

PATH: Final = "/console/safeguarding"
ENTRIES: Final = (
    Entry(
        path=PATH,
        title="safeguarding.title",
        note="safeguarding.note",
        roles=frozenset({Role.COORDINATOR}),
    ),
)
Coordinates = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR))]
CoordinatesNow = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR, fresh=True))]


def router(_desk: Desk) -> APIRouter:
    """GET and POST /console/safeguarding."""
    routes = APIRouter()
    routes.add_api_route(PATH, _list, methods=["GET"])
    routes.add_api_route(PATH, _take, methods=["POST"])
    return routes


async def _list(request: Request, signed: Coordinates) -> Response:
    return await _page(request, signed)


async def _take(request: Request, signed: CoordinatesNow) -> Response:
    """`code`: the page asks once more; with `sure`, it is erased here."""
    desk, form = frame_of(request).desk, await posted(request)
    code = form.one("code")
    if form.one("sure") != "yes":
        return await _page(request, signed, chosen=code)
    taken = None if signed.duress else await safeguarding.take_in_hand(desk, signed.account, code)
    return go(PATH) if taken else await _page(request, signed, wrong="desk.changed")


async def _page(
    request: Request, signed: SignedIn, *, chosen: str = "", wrong: str = ""
) -> Response:
    desk = frame_of(request).desk
    found = () if signed.duress else await safeguarding.listed(desk, signed.account)
    told: dict[str, Any] = {
        "voice": await voice_of(desk, signed.account),
        "items": [(one, await _named(desk, signed, one)) for one in found],
        "chosen": chosen if chosen in {one.code for one in found} else "",
        "wrong": wrong,
    }
    return page(request, "safeguarding.html", signed, 409 if wrong else 200, **told)


async def _named(desk: Desk, signed: SignedIn, one: Item) -> str:
    """The organisation's name where it is a partner, else its id in the directory."""
    if not one.organisation:
        return ""
    return await partner_name(desk, signed.account, one.organisation) or one.organisation
