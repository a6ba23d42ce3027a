"""The register of agreements: on data with each organisation, and between two countries."""

import secrets
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from console.entries import Entry
from console.forms import Posted, posted
from console.frame import frame_of
from console.guard import signed_in
from console.organisation_forms import Faulty, needed_day
from console.pages import go, page
from directory.taxonomy import COUNTRIES
from handlers import organisations, partner_corridors
from handlers.case_words import voice_of
from handlers.desk import Desk
from handlers.partner_acts import PartnerRefused
from handlers.staff import SignedIn
from referrals.corridor import Agreement, AgreementKind
from referrals.items import Item
from referrals.roles import Role

PATH: Final = "/console/corridors"
ENTRIES: Final = (
    Entry(
        path=PATH,
        title="corr.title",
        note="corr.note",
        roles=frozenset({Role.COORDINATOR}),
    ),
)

Coordinator = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR))]
Fresh = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR, fresh=True))]


def router(_desk: Desk) -> APIRouter:
    """GET and POST /console/corridors, POST .../yes and .../end."""
    routes = APIRouter()
    routes.add_api_route(PATH, _list, methods=["GET"])
    routes.add_api_route(PATH, _record, methods=["POST"])
    routes.add_api_route(f"{PATH}/yes", _yes, methods=["POST"])
    routes.add_api_route(f"{PATH}/end", _end, methods=["POST"])
    return routes


async def _list(request: Request, signed: Coordinator) -> Response:
    return await _page(request, signed)


async def _record(request: Request, signed: Fresh) -> Response:
    desk, form = frame_of(request).desk, await posted(request)
    try:
        await partner_corridors.record(desk, signed.account.id, _agreement(form))
    except ValueError:
        return await _page(request, signed, "corr.faulty")
    except (Faulty, PartnerRefused) as no:
        return await _page(request, signed, no.phrase)
    return go(PATH)


async def _yes(request: Request, signed: Fresh) -> Response:
    """The very same, said by a second coordinator."""
    named = (await posted(request)).one("agreement")
    try:
        await partner_corridors.agree(frame_of(request).desk, signed.account.id, named)
    except PartnerRefused as refused:
        return await _page(request, signed, refused.phrase)
    return go(PATH)


async def _end(request: Request, signed: Fresh) -> Response:
    named = (await posted(request)).one("agreement")
    try:
        await partner_corridors.end(frame_of(request).desk, signed.account.id, named)
    except PartnerRefused as refused:
        return await _page(request, signed, refused.phrase)
    return go(PATH)


async def _page(request: Request, signed: SignedIn, wrong: str = "") -> Response:
    desk, by = frame_of(request).desk, signed.account.id
    try:
        register = await partner_corridors.register(desk, by)
    except PartnerRefused:
        register = ()
    data = await organisations.standings(desk, by)
    told: dict[str, Any] = {
        "register": sorted(register, key=lambda one: (one.ended_on is not None, one.basis.ends)),
        "data": sorted(data, key=_ends),
        "kinds": tuple(one.value for one in AgreementKind),
        "items": tuple(one.value for one in Item),
        "countries": COUNTRIES,
        "day": desk.clock().date(),
        "soon": organisations.SOON,
        "voice": await voice_of(desk, signed.account),
        "by": by,
        "wrong": wrong,
    }
    return page(request, "corridors.html", signed, 409 if wrong else 200, **told)


def _ends(one: organisations.Standing) -> str:
    agreement = one.partner.organisation.agreement
    return agreement.until.isoformat() if agreement else ""


def _agreement(form: Posted) -> Agreement:
    """What was typed, under a new id. Raises Faulty, and ValueError where it does not fit."""
    here, there = form.one("here"), form.one("there")
    if not {here, there} <= set(COUNTRIES) or here == there:
        raise Faulty("corr.two")
    kind = AgreementKind(form.one("kind"))
    items = frozenset(Item(one) for one in form.many("items"))
    return Agreement(
        id=f"{here}-{there}-{secrets.token_hex(3)}".lower(),
        kind=kind,
        countries=frozenset({here, there}),
        starts=needed_day(form, "starts"),
        ends=needed_day(form, "ends"),
        items=frozenset() if kind is AgreementKind.INFORMAL else items,
    )
