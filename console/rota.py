"""Pages of a partner's days: calendar, hours, absences; who answers, the test, room to take in."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response

from console.forms import posted
from console.frame import frame_of
from console.guard import signed_in
from console.organisation_forms import SHIFTS, Faulty, hours_of, needed_day, people_of
from console.organisations import PATH, Looks
from console.pages import go, not_found, page
from directory.entry import NotAllowed
from directory.hours import ZONES
from directory.intake import ROOM, Says
from handlers import (
    curate,
    organisations,
    partner_calendar,
    partner_pings,
    partners,
    standing_in,
)
from handlers.case_words import voice_of
from handlers.desk import Desk
from handlers.organisations import Standing
from handlers.partner_acts import PartnerRefused
from handlers.partner_calendar import Absence
from handlers.partners import Partner
from handlers.staff import SignedIn
from handlers.staff_accounts import accounts_of
from handlers.who_hears import missing
from referrals.roles import Role
from referrals.rota import Shift

ROWS: Final = 4  # people a page offers at least to name
_RECEIVES: Final = frozenset({Role.FOCAL_POINT, Role.CASEWORKER})

Acts = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR, Role.SUPERVISOR, Role.FOCAL_POINT))]
Asks = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR, Role.SUPERVISOR))]


def router(_desk: Desk) -> APIRouter:
    """GET .../rota and .../answering of an organisation, and what is posted from them."""
    routes = APIRouter()
    one = f"{PATH}/{{organisation}}"
    routes.add_api_route(f"{one}/rota", _rota, methods=["GET"])
    routes.add_api_route(f"{one}/rota/hours", _hours, methods=["POST"])
    routes.add_api_route(f"{one}/rota/day", _day, methods=["POST"])
    routes.add_api_route(f"{one}/rota/absence", _absence, methods=["POST"])
    routes.add_api_route(f"{one}/answering", _answering, methods=["GET"])
    routes.add_api_route(f"{one}/answering", _name, methods=["POST"])
    routes.add_api_route(f"{one}/answering/ping", _ping, methods=["POST"])
    routes.add_api_route(f"{one}/answering/room", _room, methods=["POST"])
    return routes


async def _rota(request: Request, signed: Looks, organisation: str) -> Response:
    return await _rota_page(request, signed, organisation)


async def _hours(request: Request, signed: Acts, organisation: str) -> Response:
    desk, form = frame_of(request).desk, await posted(request)
    partner = await partners.look(desk, signed.account.id, organisation)
    if partner is None:
        return not_found(request, signed)
    try:
        shifts = hours_of(form)
        await partners.set_rota(desk, signed.account.id, organisation, shifts, partner.off)
    except (Faulty, PartnerRefused) as no:
        return await _rota_page(request, signed, organisation, no.phrase)
    return go(f"{PATH}/{organisation}/rota")


async def _day(request: Request, signed: Acts, organisation: str) -> Response:
    """A day off, or a day of work again."""
    desk, form = frame_of(request).desk, await posted(request)
    try:
        off, on = form.one("off") == "yes", needed_day(form, "day")
        await partner_calendar.set_off(desk, signed.account.id, organisation, on, off=off)
    except (Faulty, PartnerRefused) as no:
        return await _rota_page(request, signed, organisation, no.phrase)
    return go(f"{PATH}/{organisation}/rota")


async def _absence(request: Request, signed: Acts, organisation: str) -> Response:
    """Somebody is away, or is there after all."""
    desk, form, by = frame_of(request).desk, await posted(request), signed.account.id
    try:
        start = needed_day(form, "start")
        absence = Absence(person=form.one("person"), start=start, end=needed_day(form, "end"))
        if form.one("drop") == "yes":
            await partner_calendar.drop_absence(desk, by, organisation, absence)
        else:
            await partner_calendar.add_absence(desk, by, organisation, absence)
    except ValueError:
        return await _rota_page(request, signed, organisation, "org_bad.day")
    except (Faulty, PartnerRefused) as no:
        return await _rota_page(request, signed, organisation, no.phrase)
    return go(f"{PATH}/{organisation}/rota")


async def _answering(request: Request, signed: Looks, organisation: str) -> Response:
    return await _answering_page(request, signed, organisation)


async def _name(request: Request, signed: Acts, organisation: str) -> Response:
    desk, form = frame_of(request).desk, await posted(request)
    try:
        people = people_of(form)
        await partners.name_focal_points(desk, signed.account.id, organisation, people)
    except (Faulty, PartnerRefused) as no:
        return await _answering_page(request, signed, organisation, no.phrase)
    return go(f"{PATH}/{organisation}/answering")


async def _ping(request: Request, signed: Asks, organisation: str) -> Response:
    person = (await posted(request)).one("person")
    try:
        await partner_pings.ping(frame_of(request).desk, signed.account.id, organisation, person)
    except PartnerRefused as refused:
        return await _answering_page(request, signed, organisation, refused.phrase)
    return go(f"{PATH}/{organisation}/answering")


async def _room(request: Request, signed: Acts, organisation: str) -> Response:
    desk, form = frame_of(request).desk, await posted(request)
    partner = await partners.look(desk, signed.account.id, organisation)
    if partner is None:
        return not_found(request, signed)
    try:
        says = next((one for one in ROOM if one.value == form.one("says")), Says.CALL)
        until = _end_of(needed_day(form, "until"), partner)
        about = partners.About(organisation=organisation, services=(form.one("service"),))
        statement = curate.Statement(says=says, until=until)
        await partners.state_capacity(desk, signed.account.id, about, statement)
    except Faulty as fault:
        return await _answering_page(request, signed, organisation, fault.phrase)
    except (PartnerRefused, NotAllowed):
        return await _answering_page(request, signed, organisation, "org_bad.room")
    return go(f"{PATH}/{organisation}/answering")


async def _rota_page(
    request: Request, signed: SignedIn, organisation: str, wrong: str = ""
) -> Response:
    desk = frame_of(request).desk
    found = await organisations.standing(desk, signed.account.id, organisation)
    if found is None:
        return not_found(request, signed)
    first = _month(request, _today(desk, found.partner))
    told = await _told(desk, signed, found) | {
        "days": partner_calendar.month(found.partner, first.year, first.month),
        "first": first,
        "before": f"{first - timedelta(days=1):%Y-%m}",
        "after": f"{first + timedelta(days=31):%Y-%m}",
        "week": _week(found.partner),
        "absences": sorted(found.partner.absences, key=lambda one: one.start),
        "wrong": wrong,
    }
    return page(request, "rota.html", signed, 409 if wrong else 200, **told)


async def _answering_page(
    request: Request, signed: SignedIn, organisation: str, wrong: str = ""
) -> Response:
    desk = frame_of(request).desk
    found = await organisations.standing(desk, signed.account.id, organisation)
    if found is None:
        return not_found(request, signed)
    async with desk.store.turn() as turn:
        active = await accounts_of(turn, desk, organisation)
    people = found.partner.organisation.focal_points
    told = await _told(desk, signed, found) | {
        "people": people,
        "able": [one for one in active if one.roles & _RECEIVES],
        "rows": range(max(ROWS, len(people) + 1)),
        "says": tuple(one.value for one in Says if one in ROOM),
        "asks": bool(signed.account.roles & {Role.COORDINATOR, Role.SUPERVISOR}),
        "wrong": wrong,
    }
    return page(request, "answering.html", signed, 409 if wrong else 200, **told)


async def _told(desk: Desk, signed: SignedIn, found: Standing) -> dict[str, Any]:
    own = signed.account.organisation == found.partner.id
    at = desk.clock()
    async with desk.store.turn() as turn:
        people = await accounts_of(turn, desk, found.partner.id)
        gone = await missing(turn, desk, found.partner, at)
    named = own or Role.COORDINATOR in signed.account.roles
    acts = {Role.COORDINATOR, Role.SUPERVISOR, Role.FOCAL_POINT}
    return {
        "standing": found,
        "partner": found.partner,
        "voice": await voice_of(desk, signed.account),
        "names": {one.id: one.name or one.id for one in people if named},
        "acts": bool(signed.account.roles & acts),
        "today": _today(desk, found.partner),
        "away": standing_in.away(found.partner, at),
        "answers": standing_in.answering(found.partner, gone),
        "deserted": standing_in.is_deserted(found.partner, gone),
    }


def _month(request: Request, today: date) -> date:
    """The first day of the month that is asked for, as 2026-11; of this one otherwise."""
    asked = request.query_params.get("month", "")
    try:
        asked_for = datetime.strptime(asked, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        return today.replace(day=1)
    near = abs((asked_for - today).days) < 800  # nobody plans further
    return asked_for if near else today.replace(day=1)


def _week(partner: Partner) -> list[list[tuple[str, str]]]:
    """Start and end of each shift a page offers, by day of the week."""
    week = []
    for weekday in range(7):
        own = sorted((one for one in partner.hours if one.weekday == weekday), key=_start)
        told = [(f"{s.start:%H:%M}", f"{s.until:%H:%M}" if s.until else "00:00") for s in own]
        week.append([*told, *[("", "")] * SHIFTS][: max(SHIFTS, len(told))])
    return week


def _start(shift: Shift) -> time:
    return shift.start


def _today(desk: Desk, partner: Partner) -> date:
    return standing_in.day_at(partner, desk.clock())


def _end_of(day: date, partner: Partner) -> datetime:
    """The end of a day at the place. Raises Faulty for the last day there is."""
    zone = ZoneInfo(ZONES[partner.country])
    try:
        return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    except OverflowError:
        raise Faulty("org_bad.room") from None
