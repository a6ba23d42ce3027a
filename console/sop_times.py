"""The network's times for referrals: what holds, what is proposed, the yes of the second."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from console.entries import Entry
from console.forms import Posted, posted
from console.frame import frame_of
from console.guard import signed_in
from console.pages import go, not_found, page
from handlers import sop_times
from handlers.desk import Desk
from handlers.partner_acts import PartnerRefused
from handlers.sop_times import Sop
from handlers.staff import SignedIn
from referrals.roles import Role
from referrals.time_bounds import faults, most, times_of
from referrals.urgency import STANDARD, Urgency

PATH: Final = "/console/times"
ENTRIES: Final = (
    Entry(
        path=PATH,
        title="sop.title",
        note="sop.note",
        roles=frozenset({Role.COORDINATOR}),
    ),
)
UNITS: Final[Mapping[Urgency, tuple[str, timedelta]]] = MappingProxyType(
    {
        Urgency.NOW: ("sop.minutes", timedelta(minutes=1)),
        Urgency.HIGH: ("sop.hours", timedelta(hours=1)),
        Urgency.MEDIUM: ("sop.hours", timedelta(hours=1)),
        Urgency.NORMAL: ("sop.days", timedelta(days=1)),
    }
)

Coordinator = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR))]
Fresh = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR, fresh=True))]


def router(_desk: Desk) -> APIRouter:
    """GET /console/times, GET and POST .../level/N, POST .../agree and .../drop."""
    routes = APIRouter()
    routes.add_api_route(PATH, _all, methods=["GET"])
    routes.add_api_route(f"{PATH}/agree", _agree, methods=["POST"])
    routes.add_api_route(f"{PATH}/drop", _drop, methods=["POST"])
    routes.add_api_route(f"{PATH}/level/{{level}}", _one, methods=["GET"])
    routes.add_api_route(f"{PATH}/level/{{level}}", _propose, methods=["POST"])
    return routes


async def _all(request: Request, signed: Coordinator) -> Response:
    return await _page(request, signed)


async def _one(request: Request, signed: Coordinator, level: str) -> Response:
    return await _form(request, signed, level, {})


async def _propose(request: Request, signed: Fresh, level: str) -> Response:
    chosen, form = _level(level), await posted(request)
    if chosen is None:
        return not_found(request, signed)
    times = _times(chosen, form)
    wrong = frozenset(faults(chosen, times)) if times else frozenset({"decide"})
    if times is None or wrong:
        return await _form(request, signed, level, dict.fromkeys(wrong, True))
    try:
        await sop_times.propose(frame_of(request).desk, signed.account.id, chosen, times)
    except PartnerRefused as refused:
        return await _page(request, signed, refused.phrase)
    return go(PATH)


async def _agree(request: Request, signed: Fresh) -> Response:
    try:
        await sop_times.agree(frame_of(request).desk, signed.account.id)
    except PartnerRefused as refused:
        return await _page(request, signed, refused.phrase)
    return go(PATH)


async def _drop(request: Request, signed: Coordinator) -> Response:
    try:
        await sop_times.drop(frame_of(request).desk, signed.account.id)
    except PartnerRefused as refused:
        return await _page(request, signed, refused.phrase)
    return go(PATH)


async def _page(request: Request, signed: SignedIn, wrong: str = "") -> Response:
    sop = await _sop(request, signed)
    told: dict[str, Any] = {
        "levels": [(level.value, UNITS[level][0], _rows(sop, level)) for level in Urgency],
        "proposed": sop.proposed is not None,
        "mine": sop.by == signed.account.id,
        "wrong": wrong,
    }
    return page(request, "times.html", signed, 409 if wrong else 200, **told)


async def _form(
    request: Request, signed: SignedIn, level: str, wrong: Mapping[str, bool]
) -> Response:
    chosen = _level(level)
    if chosen is None:
        return not_found(request, signed)
    sop, unit = await _sop(request, signed), UNITS[chosen][1]
    longest = {name: at // unit for name, at in most(chosen).items()}
    told: dict[str, Any] = {
        "level": chosen.value,
        "unit": UNITS[chosen][0],
        "rows": _rows(sop, chosen),
        "longest": longest,
        "faulty": wrong,
    }
    return page(request, "times_level.html", signed, 409 if wrong else 200, **told)


async def _sop(request: Request, signed: SignedIn) -> Sop:
    """Under duress, and for an account that is none, what the protocol says."""
    try:
        return await sop_times.look(frame_of(request).desk, signed.account.id)
    except PartnerRefused:
        return Sop()


def _rows(sop: Sop, level: Urgency) -> list[dict[str, Any]]:
    """Each time of a level: now, the protocol's, and what is proposed where it differs."""
    unit = UNITS[level][1]
    now, standard = times_of(sop.levels[level]), times_of(STANDARD[level])
    wanted = times_of(sop.proposed[level]) if sop.proposed else now
    return [
        {
            "name": name,
            "now": at // unit,
            "standard": standard[name] // unit,
            "wanted": wanted[name] // unit,
            "changed": wanted[name] != at,
        }
        for name, at in now.items()
    ]


def _times(level: Urgency, form: Posted) -> dict[str, timedelta] | None:
    """What was typed, in the level's unit; None where a field is no whole number."""
    unit, found = UNITS[level][1], dict[str, timedelta]()
    for name in times_of(STANDARD[level]):
        typed = form.one(name)
        if not (typed.isascii() and typed.isdigit() and len(typed) < 5):
            return None
        found[name] = int(typed) * unit
    return found


def _level(level: str) -> Urgency | None:
    return next((one for one in Urgency if str(one.value) == level), None)
