"""Women who ask for a caseworker: the list for those on duty, and taking one of it."""

from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from console.entries import Entry
from console.forms import posted
from console.frame import frame_of
from console.guard import signed_in
from console.pages import page
from handlers import caseworker_requests
from handlers.case_words import span, voice_of
from handlers.caseworker_requests import Request as Asked
from handlers.caseworker_requests import is_on_duty
from handlers.desk import Desk
from handlers.staff import SignedIn
from referrals.roles import Role

PATH: Final = "/desk/requests"
ENTRIES: Final = (
    Entry(
        path=PATH,
        title="requests.title",
        note="requests.note",
        roles=frozenset({Role.CASEWORKER, Role.COORDINATOR}),
    ),
)
Sees = Annotated[SignedIn, Depends(signed_in(Role.CASEWORKER, Role.COORDINATOR))]
Takes = Annotated[SignedIn, Depends(signed_in(Role.CASEWORKER))]


def router(_desk: Desk) -> APIRouter:
    """GET and POST /desk/requests."""
    routes = APIRouter()
    routes.add_api_route(PATH, _list, methods=["GET"])
    routes.add_api_route(PATH, _take, methods=["POST"])
    return routes


async def _list(request: Request, signed: Sees) -> Response:
    """A caseworker on duty sees those in her languages; a coordinator their number and age."""
    return await _page(request, signed)


async def _take(request: Request, signed: Takes) -> Response:
    """It leaves the list; what she will be asked for is shown on this answer alone."""
    desk, form = frame_of(request).desk, await posted(request)
    taken = None
    if not signed.duress:
        taken = await caseworker_requests.take(desk, signed.account, form.one("code"))
    wrong = "" if taken else "desk.changed"
    return await _page(request, signed, taken=taken, wrong=wrong)


async def _page(
    request: Request, signed: SignedIn, *, taken: Asked | None = None, wrong: str = ""
) -> Response:
    desk, account = frame_of(request).desk, signed.account
    voice = await voice_of(desk, account)
    mine: tuple[Asked, ...] = ()
    waiting: tuple[timedelta, ...] = ()
    if not signed.duress:
        async with desk.store.turn() as turn:
            mine = await caseworker_requests.open_requests(turn, desk, account)
            waiting = await caseworker_requests.unanswered(turn, desk, account)
    told: dict[str, Any] = {
        "voice": voice,
        "requests": tuple((one, span(voice, one.age(desk.clock()))) for one in mine),
        "number": len(waiting),
        "oldest": span(voice, max(waiting, default=timedelta())),
        "coordinates": Role.COORDINATOR in account.roles,
        "takes": Role.CASEWORKER in account.roles,
        "on_duty": is_on_duty(desk, account),
        "taken": taken,
        "wrong": wrong,
    }
    return page(request, "requests.html", signed, 409 if wrong else 200, **told)
