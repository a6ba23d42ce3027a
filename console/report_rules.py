"""The rules of every report in words, and higher floors: proposed by one, agreed by another."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from console.forms import Posted, posted
from console.frame import frame_of
from console.guard import signed_in
from console.pages import go, page
from handlers import report_floors
from handlers.partner_acts import PartnerRefused
from handlers.report_floors import MOST
from handlers.staff import SignedIn
from privacy.statistics import DELAY, STEP
from referrals.roles import Role

PATH: Final = "/console/reports/rules"

Reads = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR, Role.REPORT_READER))]
Coordinates = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR))]
Fresh = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR, fresh=True))]


def router(_desk: object) -> APIRouter:
    """GET /console/reports/rules; POST it to propose, /agree and /drop below it."""
    routes = APIRouter()
    routes.add_api_route(PATH, _show, methods=["GET"])
    routes.add_api_route(PATH, _propose, methods=["POST"])
    routes.add_api_route(f"{PATH}/agree", _agree, methods=["POST"])
    routes.add_api_route(f"{PATH}/drop", _drop, methods=["POST"])
    return routes


async def _show(request: Request, signed: Reads) -> Response:
    return await _page(request, signed)


async def _propose(request: Request, signed: Fresh) -> Response:
    form = await posted(request)
    inside, outside = _number(form, "inside"), _number(form, "outside")
    desk, by = frame_of(request).desk, signed.account.id
    try:
        await report_floors.propose(desk, by, inside=inside, outside=outside)
    except PartnerRefused as refused:
        return await _page(request, signed, refused)
    return go(PATH)


async def _agree(request: Request, signed: Fresh) -> Response:
    try:
        await report_floors.agree(frame_of(request).desk, signed.account.id)
    except PartnerRefused as refused:
        return await _page(request, signed, refused)
    return go(PATH)


async def _drop(request: Request, signed: Coordinates) -> Response:
    try:
        await report_floors.drop(frame_of(request).desk, signed.account.id)
    except PartnerRefused as refused:
        return await _page(request, signed, refused)
    return go(PATH)


async def _page(
    request: Request, signed: SignedIn, refused: PartnerRefused | None = None
) -> Response:
    there = await report_floors.look(frame_of(request).desk)
    faulty = refused is not None and refused.why is report_floors.No.FAULTY
    told: dict[str, Any] = {
        "floors": there.floors,
        "proposed": there.proposed,
        "mine": there.by == signed.account.id,
        "raises": Role.COORDINATOR in signed.account.roles,
        "step": STEP,
        "days": DELAY.days,
        "most": MOST,
        "wrong": "report_rule.faulty" if faulty else refused.phrase if refused else "",
    }
    return page(request, "report_rules.html", signed, 409 if refused else 200, **told)


def _number(form: Posted, name: str) -> int:
    """A whole number as it was typed; 0, which is below every floor, for anything else."""
    typed = form.one(name)
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0
