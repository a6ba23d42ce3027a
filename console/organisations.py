"""Pages of organisations: the list, one organisation with its checklist, what it is, the yes."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from console.entries import Entry
from console.forms import Posted, posted
from console.frame import frame_of
from console.guard import signed_in
from console.organisation_forms import Faulty, changed_partner, day, needed_day, new_partner
from console.pages import go, not_found, page
from directory.kinds import Kind
from directory.organisation import Agreement, Naming
from directory.taxonomy import COUNTRIES
from handlers import organisations, partner_checklist, partner_pings, partners
from handlers.case_words import voice_of
from handlers.desk import Desk
from handlers.drafting_need import LANGUAGES
from handlers.organisations import Standing
from handlers.partner_acts import PartnerRefused
from handlers.partner_checklist import BY_ITSELF, Point
from handlers.partners import Partner
from handlers.people import colleagues
from handlers.staff import SignedIn
from referrals.consent import ReceiverType
from referrals.items import Sector
from referrals.roles import Role

PATH: Final = "/console/organisations"
OWN: Final = "/desk/organisation"
ENTRIES: Final = (
    Entry(
        path=PATH,
        title="org.title",
        note="org.note",
        roles=frozenset({Role.COORDINATOR, Role.STEWARD}),
    ),
    Entry(
        path=OWN,
        title="org.own",
        note="org.own_note",
        roles=frozenset({Role.SUPERVISOR, Role.FOCAL_POINT}),
    ),
)

Network = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR, Role.STEWARD))]
Looks = Annotated[
    SignedIn,
    Depends(signed_in(Role.COORDINATOR, Role.STEWARD, Role.SUPERVISOR, Role.FOCAL_POINT)),
]
Own = Annotated[SignedIn, Depends(signed_in(Role.SUPERVISOR, Role.FOCAL_POINT))]
Coordinator = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR))]
Fresh = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR, fresh=True))]


def router(_desk: Desk) -> APIRouter:
    """The routes under /console/organisations that are about what an organisation is."""
    routes = APIRouter()
    routes.add_api_route(PATH, _list, methods=["GET"])
    routes.add_api_route(PATH, _begin, methods=["POST"])
    routes.add_api_route(f"{PATH}/new", _new, methods=["GET"])
    routes.add_api_route(OWN, _own, methods=["GET"])
    routes.add_api_route(f"{OWN}/here", _here, methods=["POST"])
    one = f"{PATH}/{{organisation}}"
    routes.add_api_route(one, _one, methods=["GET"])
    routes.add_api_route(f"{one}/profile", _profile, methods=["GET"])
    routes.add_api_route(f"{one}/profile", _change, methods=["POST"])
    routes.add_api_route(f"{one}/check", _check, methods=["POST"])
    routes.add_api_route(f"{one}/agreement", _agreement, methods=["POST"])
    routes.add_api_route(f"{one}/approve", _approve, methods=["POST"])
    routes.add_api_route(f"{one}/suspend", _suspend, methods=["POST"])
    return routes


async def _list(request: Request, signed: Network) -> Response:
    desk = frame_of(request).desk
    found = await organisations.standings(desk, signed.account.id)
    voice = await voice_of(desk, signed.account)
    return page(request, "organisations.html", signed, found=found, voice=voice)


async def _new(request: Request, signed: Network) -> Response:
    return await _beginning(request, signed)


async def _begin(request: Request, signed: Network) -> Response:
    """Written down with what is needed to find it again; the rest is asked on its own page."""
    desk, form = frame_of(request).desk, await posted(request)
    try:
        partner = new_partner(form)
        await partners.propose(desk, signed.account.id, partner)
    except (Faulty, PartnerRefused) as no:
        return await _beginning(request, signed, form, no.phrase)
    return go(f"{PATH}/{partner.id}")


async def _own(request: Request, signed: Own) -> Response:
    """The organisation one works for; under duress there is none to show."""
    if not signed.account.organisation:
        return not_found(request, signed)
    return go(f"{PATH}/{signed.account.organisation}")


async def _here(request: Request, signed: Own) -> Response:
    """The one tap that answers a test."""
    await partner_pings.answer(frame_of(request).desk, signed.account)
    return go(OWN)


async def _one(request: Request, signed: Looks, organisation: str) -> Response:
    return await one_page(request, signed, organisation)


async def _profile(request: Request, signed: Network, organisation: str) -> Response:
    return await _form(request, signed, organisation)


async def _change(request: Request, signed: Network, organisation: str) -> Response:
    desk, form = frame_of(request).desk, await posted(request)
    partner = await partners.look(desk, signed.account.id, organisation)
    if partner is None:
        return not_found(request, signed)
    try:
        await partners.propose(desk, signed.account.id, changed_partner(desk, partner, form))
    except (Faulty, PartnerRefused) as no:
        return await _form(request, signed, organisation, no.phrase)
    return go(f"{PATH}/{organisation}")


async def _check(request: Request, signed: Coordinator, organisation: str) -> Response:
    """One line of the checklist: the day it was signed or done."""
    form, by = await posted(request), signed.account.id
    point = next((one for one in Point if one.value == form.one("point")), None)
    if point is None:
        return await one_page(request, signed, organisation, "org_bad.choose")
    try:
        on = day(form, "on")
        await partner_checklist.see(frame_of(request).desk, by, organisation, point, on)
    except (Faulty, PartnerRefused) as no:
        return await one_page(request, signed, organisation, no.phrase)
    return go(f"{PATH}/{organisation}")


async def _agreement(request: Request, signed: Coordinator, organisation: str) -> Response:
    form, by = await posted(request), signed.account.id
    try:
        since, until = needed_day(form, "since"), needed_day(form, "until")
        signed_one = Agreement(id=f"{organisation}-{since:%Y%m}", since=since, until=until)
        await partner_checklist.agree_on(frame_of(request).desk, by, organisation, signed_one)
    except ValueError:
        return await one_page(request, signed, organisation, "org_bad.day")
    except (Faulty, PartnerRefused) as no:
        return await one_page(request, signed, organisation, no.phrase)
    return go(f"{PATH}/{organisation}")


async def _approve(request: Request, signed: Fresh, organisation: str) -> Response:
    try:
        await partners.approve(frame_of(request).desk, signed.account.id, organisation)
    except PartnerRefused as refused:
        return await one_page(request, signed, organisation, refused.phrase)
    return go(f"{PATH}/{organisation}")


async def _suspend(request: Request, signed: Fresh, organisation: str) -> Response:
    try:
        await partners.suspend(frame_of(request).desk, signed.account.id, organisation)
    except PartnerRefused as refused:
        return await one_page(request, signed, organisation, refused.phrase)
    return go(f"{PATH}/{organisation}")


async def one_page(
    request: Request, signed: SignedIn, organisation: str, wrong: str = ""
) -> Response:
    """One organisation: what is missing, what is next, and everything one may do."""
    desk = frame_of(request).desk
    found = await organisations.standing(desk, signed.account.id, organisation)
    if found is None:
        return not_found(request, signed)
    test = await partner_pings.waiting(desk, signed.account)
    told: dict[str, Any] = {
        "standing": found,
        "partner": found.partner,
        "voice": await voice_of(desk, signed.account),
        "coordinates": Role.COORDINATOR in signed.account.roles,
        "network": bool(signed.account.roles & {Role.COORDINATOR, Role.STEWARD}),
        "mine": signed.account.id in found.yes,
        "own": signed.account.organisation == organisation,
        "names": await _names(desk, signed, found),
        "by_itself": BY_ITSELF,
        "waits": test is not None,
        "today": desk.clock().date().isoformat(),
        "wrong": wrong,
    }
    return page(request, "organisation.html", signed, 409 if wrong else 200, **told)


async def _names(desk: Desk, signed: SignedIn, found: Standing) -> dict[str, str]:
    """Names of its people, for those who look after them."""
    people = await colleagues(desk, signed.account.id, found.partner.id)
    return {one.account.id: one.account.name or one.account.id for one in people}


async def _beginning(
    request: Request, signed: SignedIn, form: Posted | None = None, wrong: str = ""
) -> Response:
    told: dict[str, Any] = {
        "countries": COUNTRIES,
        "types": tuple(one.value for one in ReceiverType),
        "sectors": tuple(one.value for one in Sector),
        "form": form or Posted({}),
        "voice": await voice_of(frame_of(request).desk, signed.account),
        "wrong": wrong,
    }
    return page(request, "organisation_new.html", signed, 409 if wrong else 200, **told)


async def _form(
    request: Request, signed: SignedIn, organisation: str, wrong: str = ""
) -> Response:
    desk = frame_of(request).desk
    every = await partners.listed(desk, signed.account.id)
    partner = next((one for one in every if one.id == organisation), None)
    if partner is None:
        return not_found(request, signed)
    voice = await voice_of(desk, signed.account)
    provinces = desk.places.provinces(partner.country)
    told: dict[str, Any] = {
        "partner": partner,
        "voice": voice,
        "others": [one for one in every if one.id != organisation],
        "provinces": [(one.id, voice.place(one.id)) for one in provinces],
        "services": _own_services(desk, partner),
        "languages": LANGUAGES,
        "types": tuple(one.value for one in ReceiverType),
        "sectors": tuple(one.value for one in Sector),
        "kinds": tuple(one.value for one in Kind),
        "namings": tuple(one.value for one in Naming),
        "wrong": wrong,
    }
    return page(request, "organisation_profile.html", signed, 409 if wrong else 200, **told)


def _own_services(desk: Desk, partner: Partner) -> list[tuple[str, str]]:
    """Services of the directory that are its own, and those it has named."""
    own = {one.id: one.name for one in desk.services.values() if one.organisation_id == partner.id}
    named = {one: desk.services[one].name for one in partner.services if one in desk.services}
    return sorted((own | named).items())
