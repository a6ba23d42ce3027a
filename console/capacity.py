"""The desk's page of anonymous questions for room: those to us, answered; and our own."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from console.entries import Entry
from console.forms import posted
from console.frame import frame_of
from console.guard import signed_in
from console.pages import go, page
from console.referral_border import day_of
from handlers import capacity
from handlers.capacity_values import OPEN_FOR, CapacityQuestion, Room, RoomAnswer
from handlers.capacity_words import lines_of
from handlers.case_words import voice_of
from handlers.desk import Desk
from handlers.staff import SignedIn
from referrals.roles import Role

CAPACITY: Final = "/desk/capacity"
ENTRIES: Final = (
    Entry(
        path=CAPACITY,
        title="capacity.title",
        note="capacity.note",
        roles=frozenset({Role.FOCAL_POINT, Role.CASEWORKER}),
    ),
)
Asks = Annotated[SignedIn, Depends(signed_in(Role.FOCAL_POINT, Role.CASEWORKER))]
Answers = Annotated[SignedIn, Depends(signed_in(Role.FOCAL_POINT))]


def router(_desk: Desk) -> APIRouter:
    """GET /desk/capacity, POST /desk/capacity/CODE."""
    routes = APIRouter()
    routes.add_api_route(CAPACITY, _listed, methods=["GET"])
    routes.add_api_route(f"{CAPACITY}/{{code}}", _answer, methods=["POST"])
    return routes


async def _listed(request: Request, signed: Asks) -> Response:
    return await _page(request, signed)


async def _answer(request: Request, signed: Answers, code: str) -> Response:
    """Yes, no, from a day on, or by phone; refused ones are said on the same page."""
    desk, form = frame_of(request).desk, await posted(request)
    said = next((one for one in RoomAnswer if one.value == form.one("said")), None)
    if said is None or signed.duress:
        return await _page(request, signed, wrong="reason.missing")
    day = day_of(form.one("day"))
    refused = await capacity.answer(desk, signed.account, code, said, day)
    if refused is not None:
        return await _page(request, signed, wrong=f"reason.{refused.reason.value}")
    return go(CAPACITY)


async def _page(request: Request, signed: SignedIn, wrong: str = "") -> Response:
    desk = frame_of(request).desk
    voice = await voice_of(desk, signed.account)
    to_us = () if signed.duress else await capacity.waiting_for(desk, signed.account)
    mine = () if signed.duress else await capacity.asked_by(desk, signed.account)
    ours = [(one, await lines_of(desk, signed.account, voice, one)) for one in to_us]
    asked = [
        (one, await lines_of(desk, signed.account, voice, one), _said(desk, one)) for one in mine
    ]
    told = {"ours": ours, "asked": asked, "voice": voice, "wrong": wrong}
    until = {one.code: voice.time(one.asked_at + OPEN_FOR) for one in to_us}
    status = 409 if wrong else 200
    return page(request, "capacity.html", signed, status, until=until, **told)


def _said(desk: Desk, one: CapacityQuestion) -> str:
    """The phrase for how an own question stands."""
    stands = one.stands(desk.clock())
    if stands in (Room.WAITING, Room.OVER) or one.answer is None:
        return f"capacity.{stands.value}"
    return f"capacity.{one.answer.value}"
