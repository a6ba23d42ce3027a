"""Raid mode: choose a partner or a place, read exactly what will happen, do it; take it back."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from console.entries import Entry
from console.forms import posted
from console.frame import frame_of
from console.guard import signed_in
from console.pages import go, not_found, page
from directory.taxonomy import COUNTRIES
from handlers import partner_raids, partners, raid_preview
from handlers.case_words import Voice, voice_of
from handlers.desk import Desk
from handlers.partner_acts import PartnerRefused
from handlers.partner_raids import Raid
from handlers.staff import SignedIn
from referrals.roles import Role

PATH: Final = "/console/raids"
ENTRIES: Final = (
    Entry(
        path=PATH,
        title="raid.title",
        note="raid.note",
        roles=frozenset({Role.COORDINATOR}),
    ),
)

Coordinator = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR))]
Fresh = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR, fresh=True))]


def router(_desk: Desk) -> APIRouter:
    """GET /console/raids, GET and POST .../partner/ID and .../place/ID, POST .../lift."""
    routes = APIRouter()
    routes.add_api_route(PATH, _list, methods=["GET"])
    routes.add_api_route(f"{PATH}/partner/{{organisation}}", _plan_partner, methods=["GET"])
    routes.add_api_route(f"{PATH}/partner/{{organisation}}", _raid_partner, methods=["POST"])
    routes.add_api_route(f"{PATH}/place/{{place}}", _plan_place, methods=["GET"])
    routes.add_api_route(f"{PATH}/place/{{place}}", _raid_place, methods=["POST"])
    routes.add_api_route(f"{PATH}/lift", _lift, methods=["POST"])
    return routes


async def _list(request: Request, signed: Coordinator) -> Response:
    return await _page(request, signed)


async def _plan_partner(request: Request, signed: Fresh, organisation: str) -> Response:
    desk, by = frame_of(request).desk, signed.account.id
    if any(one.organisation == organisation for one in await partner_raids.raids(desk, by)):
        return go(PATH)  # it holds already; there it is taken back
    try:
        plan = await raid_preview.plan_partner(desk, by, organisation)
    except PartnerRefused:
        return not_found(request, signed)
    partner = await partners.look(desk, by, organisation)
    return await _confirm(request, signed, plan, partner.name if partner else "")


async def _plan_place(request: Request, signed: Fresh, place: str) -> Response:
    desk, by = frame_of(request).desk, signed.account.id
    try:
        plan = await raid_preview.plan_place(desk, by, place)
    except PartnerRefused:
        return not_found(request, signed)
    return await _confirm(
        request, signed, plan, (await voice_of(desk, signed.account)).place(place)
    )


async def _raid_partner(request: Request, signed: Fresh, organisation: str) -> Response:
    try:
        await partner_raids.raid_partner(frame_of(request).desk, signed.account.id, organisation)
    except PartnerRefused as refused:
        return await _page(request, signed, refused.phrase)
    return go(PATH)


async def _raid_place(request: Request, signed: Fresh, place: str) -> Response:
    try:
        await partner_raids.raid_place(frame_of(request).desk, signed.account.id, place)
    except PartnerRefused as refused:
        return await _page(request, signed, refused.phrase)
    return go(PATH)


async def _lift(request: Request, signed: Fresh) -> Response:
    """Agree that it is over; with the second person it is."""
    raid = (await posted(request)).one("raid")
    try:
        await partner_raids.lift(frame_of(request).desk, signed.account.id, raid)
    except PartnerRefused as refused:
        return await _page(request, signed, refused.phrase)
    return go(PATH)


async def _page(request: Request, signed: SignedIn, wrong: str = "") -> Response:
    """Raids that hold; then partners, and places by country, province and district."""
    desk, by, asked = frame_of(request).desk, signed.account.id, request.query_params
    voice = await voice_of(desk, signed.account)
    known = {one.id: one.name for one in await partners.listed(desk, by)}
    country = asked.get("country", "")
    province = desk.places.get(asked.get("province", ""))
    inside = desk.places.districts(province.id) if province else ()
    provinces = desk.places.provinces(country) if country in COUNTRIES else ()
    told: dict[str, Any] = {
        "raids": [(one, _named(one, known, voice)) for one in await partner_raids.raids(desk, by)],
        "partners": sorted(known.items(), key=lambda one: one[1].casefold()),
        "countries": COUNTRIES,
        "country": country,
        "province": province,
        "places": [(one.id, voice.place(one.id)) for one in (inside or provinces)],
        "by": by,
        "voice": voice,
        "wrong": wrong,
    }
    return page(request, "raids.html", signed, 409 if wrong else 200, **told)


async def _confirm(
    request: Request, signed: SignedIn, plan: raid_preview.Plan, name: str
) -> Response:
    desk = frame_of(request).desk
    known = {one.id: one.name for one in await partners.listed(desk, signed.account.id)}
    told: dict[str, Any] = {
        "plan": plan,
        "name": name,
        "services": [desk.services[one].name for one in plan.services],
        "paused": [known.get(one, one) for one in plan.partners],
    }
    return page(request, "raid_confirm.html", signed, **told)


def _named(raid: Raid, known: dict[str, str], voice: Voice) -> str:
    return known.get(raid.organisation, "") or voice.place(raid.place)
