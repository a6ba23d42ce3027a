"""Referrals that wait, for coordinators: id, service and clock; nothing else is shown or read."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from console.entries import Entry
from console.frame import frame_of
from console.guard import signed_in
from console.pages import page
from handlers.case_words import voice_of
from handlers.desk import Desk
from handlers.pending import FIRST, MOST, pending
from handlers.staff import SignedIn
from referrals.roles import Role
from referrals.urgency import Urgency

PATH: Final = "/console/pending"
ENTRIES: Final = (
    Entry(
        path=PATH,
        title="pend.title",
        note="pend.note",
        roles=frozenset({Role.COORDINATOR}),
    ),
)

Coordinator = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR))]


def router(_desk: Desk) -> APIRouter:
    """GET /console/pending; ?levels=all shows levels 2 and 3 too, ?late=1 what is late alone."""
    routes = APIRouter()
    routes.add_api_route(PATH, _list, methods=["GET"])
    return routes


async def _list(request: Request, signed: Coordinator) -> Response:
    desk, asked = frame_of(request).desk, request.query_params
    every, late = asked.get("levels") == "all", asked.get("late") == "1"
    levels = frozenset(Urgency) if every else FIRST
    found = await pending(desk, signed.account.id, levels=levels, only_late=late)
    told: dict[str, Any] = {
        "found": [(one, _service(desk, one.service)) for one in found],
        "voice": await voice_of(desk, signed.account),
        "every": every,
        "late": late,
        "most": MOST if len(found) == MOST else 0,
    }
    return page(request, "pending.html", signed, **told)


def _service(desk: Desk, service_id: str) -> str:
    known = desk.services.get(service_id)
    return known.name if known else service_id
