"""Pages of people: who works where, invites with QR, leaving, freezing, opening anew for one."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

import segno
from fastapi import APIRouter, Depends, Request, Response
from markupsafe import Markup

from console.forms import posted
from console.frame import frame_of
from console.guard import signed_in
from console.organisations import PATH as ORGANISATIONS
from console.pages import go, not_found, page
from handlers import partners, people, staff
from handlers.case_words import voice_of
from handlers.desk import Desk
from handlers.organisations import standing
from handlers.partner_acts import PartnerRefused
from handlers.staff import NETWORK, READING, Invite, SignedIn, StaffRefused
from referrals.roles import Role

PATH: Final = "/console/people"
ACTS: Final = ("freeze", "thaw", "vouch", "suspend", "resume")

Looks = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR, Role.SUPERVISOR))]
Fresh = Annotated[SignedIn, Depends(signed_in(Role.COORDINATOR, Role.SUPERVISOR, fresh=True))]


def router(_desk: Desk) -> APIRouter:
    """The routes under /console/people, and the people of one organisation."""
    routes = APIRouter()
    routes.add_api_route(PATH, _network, methods=["GET"])
    routes.add_api_route(f"{PATH}/looked", _looked, methods=["POST"])
    routes.add_api_route(f"{PATH}/invite", _asking, methods=["GET"])
    routes.add_api_route(f"{PATH}/invite", _invite, methods=["POST"])
    routes.add_api_route(f"{ORGANISATIONS}/{{organisation}}/people", _of, methods=["GET"])
    routes.add_api_route(f"{PATH}/{{person}}", _one, methods=["GET"])
    routes.add_api_route(f"{PATH}/{{person}}/act", _act, methods=["POST"])
    routes.add_api_route(f"{PATH}/{{person}}/leave", _leaving, methods=["GET"])
    routes.add_api_route(f"{PATH}/{{person}}/leave", _leave, methods=["POST"])
    return routes


async def _network(request: Request, signed: Looks) -> Response:
    """People of the network; a supervisor sees those of the own organisation."""
    if Role.COORDINATOR not in signed.account.roles:
        return await _listed(request, signed, signed.account.organisation or "-")
    return await _listed(request, signed, "")


async def _of(request: Request, signed: Looks, organisation: str) -> Response:
    return await _listed(request, signed, organisation)


async def _looked(request: Request, signed: Looks) -> Response:
    """All who stand there still work there."""
    organisation = (await posted(request)).one("organisation")
    try:
        await people.review(frame_of(request).desk, signed.account.id, organisation)
    except PartnerRefused:
        return not_found(request, signed)
    return go(f"{ORGANISATIONS}/{organisation}/people" if organisation else PATH)


async def _asking(request: Request, signed: Looks) -> Response:
    return await _invite_page(request, signed)


async def _invite(request: Request, signed: Fresh) -> Response:
    """The code is shown on this page, once."""
    form, desk = await posted(request), frame_of(request).desk
    role = next((one for one in _roles(signed) if one.value == form.one("role")), None)
    if role is None:
        return await _invite_page(request, signed, wrong="staff_no.role")
    organisation = form.one("organisation") if role in READING else ""
    try:
        made = await staff.invite(desk, signed.account.id, role, organisation)
    except StaffRefused as refused:
        return await _invite_page(request, signed, wrong=f"staff_no.{refused.why.value}")
    return await _code_page(request, signed, made, "people.invited")


async def _one(request: Request, signed: Looks, person: str) -> Response:
    return await _person_page(request, signed, person)


async def _act(request: Request, signed: Fresh, person: str) -> Response:
    """Freeze, thaw, say who one is, rest and work again."""
    what, desk, by = (await posted(request)).one("act"), frame_of(request).desk, signed.account.id
    if what not in ACTS:
        return not_found(request, signed)
    try:
        if what == "vouch" and (made := await staff.vouch(desk, by, person)):
            return await _code_page(request, signed, made, "people.reset")
        await _carried_out(desk, by, what, person)
    except StaffRefused as refused:
        return await _person_page(request, signed, person, f"staff_no.{refused.why.value}")
    return go(f"{PATH}/{person}")


async def _carried_out(desk: Desk, by: str, what: str, person: str) -> None:
    match what:
        case "freeze":
            await staff.freeze(desk, by, person)
        case "thaw":
            await staff.thaw(desk, by, person)
        case "suspend":
            await staff.suspend(desk, by, person)
        case "resume":
            await staff.resume(desk, by, person)


async def _leaving(request: Request, signed: Fresh, person: str) -> Response:
    """What must be handed on, and to whom, before anybody says yes."""
    return await _leaving_page(request, signed, person)


async def _leave(request: Request, signed: Fresh, person: str) -> Response:
    """One act: from now on this person reaches nothing."""
    desk, by = frame_of(request).desk, signed.account.id
    try:
        before = await people.leaving(desk, by, person)
        await staff.off_board(desk, by, person)
    except StaffRefused as refused:
        return await _person_page(request, signed, person, f"staff_no.{refused.why.value}")
    voice = await voice_of(desk, signed.account)
    return page(request, "leaving.html", signed, leaving=before, done=True, voice=voice)


@dataclass(frozen=True, slots=True)
class _Place:
    """The organisation whose people are shown; empty for the network."""

    id: str
    name: str
    looked_at: date | None = None


async def _listed(request: Request, signed: SignedIn, organisation: str) -> Response:
    desk, by = frame_of(request).desk, signed.account.id
    found = await people.colleagues(desk, by, organisation)
    place = await _place(desk, by, organisation)
    if place is None or (organisation and not found and not await _may(desk, by, organisation)):
        return not_found(request, signed)
    voice = await voice_of(desk, signed.account)
    late = _late(desk, place)
    told: dict[str, Any] = {"found": found, "place": place, "voice": voice, "late": late}
    return page(request, "people.html", signed, **told)


async def _place(desk: Desk, by: str, organisation: str) -> _Place | None:
    if not organisation:
        async with desk.store.turn() as turn:
            known = await staff.account(turn, desk, by)
            return _Place("", "", await people.looked_at(turn, "") if known else None)
    found = await standing(desk, by, organisation)
    return _Place(organisation, found.partner.name, found.looked_at) if found else None


async def _may(desk: Desk, by: str, organisation: str) -> bool:
    return await standing(desk, by, organisation) is not None


def _late(desk: Desk, place: _Place) -> bool:
    today = desk.clock().date()
    return place.looked_at is None or today - place.looked_at > people.LOOKED_AT_EVERY


async def _person_page(
    request: Request, signed: SignedIn, person: str, wrong: str = ""
) -> Response:
    desk = frame_of(request).desk
    found = await people.colleague(desk, signed.account.id, person)
    if found is None:
        return not_found(request, signed)
    told: dict[str, Any] = {
        "found": found,
        "one": found.account,
        "acts": _acts(found, signed),
        "mine": {what for what, who in found.wants if who == signed.account.id},
        "wanted": {what for what, _ in found.wants},
        "voice": await voice_of(desk, signed.account),
        "wrong": wrong,
    }
    return page(request, "person.html", signed, 409 if wrong else 200, **told)


def _acts(found: people.Colleague, signed: SignedIn) -> tuple[str, ...]:
    """What makes sense with this person now; who may is asked when it is done."""
    if found.account.id == signed.account.id or found.waits:
        return ()
    if found.frozen:
        return ("thaw",)
    if found.account.state == "suspended":
        return ("resume", "vouch", "freeze")
    return ("vouch", "suspend", "freeze")


async def _leaving_page(request: Request, signed: SignedIn, person: str) -> Response:
    desk = frame_of(request).desk
    try:
        before = await people.leaving(desk, signed.account.id, person)
    except StaffRefused:
        return not_found(request, signed)
    voice = await voice_of(desk, signed.account)
    return page(request, "leaving.html", signed, leaving=before, done=False, voice=voice)


async def _invite_page(request: Request, signed: SignedIn, wrong: str = "") -> Response:
    desk = frame_of(request).desk
    known = await partners.listed(desk, signed.account.id)
    if Role.COORDINATOR not in signed.account.roles:
        known = tuple(one for one in known if one.id == signed.account.organisation)
    told: dict[str, Any] = {
        "roles": _roles(signed),
        "known": sorted(known, key=lambda one: one.name.casefold()),
        "chosen": request.query_params.get("organisation", ""),
        "wrong": wrong,
    }
    return page(request, "invite.html", signed, 409 if wrong else 200, **told)


async def _code_page(request: Request, signed: SignedIn, made: Invite, title: str) -> Response:
    """A code, the picture of its link, until when it works; shown once and kept nowhere."""
    frame = frame_of(request)
    link = f"{frame.site.origin_of(request)}/desk/set-up/{made.code}"
    voice = await voice_of(frame.desk, signed.account)
    until = voice.time(datetime.fromtimestamp(made.expires_at, UTC))
    told: dict[str, Any] = {"made": made, "link": link, "picture": _picture(link)}
    return page(request, "invited.html", signed, heading=title, until=until, **told)


def _roles(signed: SignedIn) -> tuple[Role, ...]:
    """Roles this person may give; coordinators are made at the server alone (staff_roles.py)."""
    every = READING | NETWORK if Role.COORDINATOR in signed.account.roles else READING
    return tuple(sorted(every - {Role.COORDINATOR}, key=lambda one: (one in NETWORK, one.value)))


def _picture(link: str) -> Markup:
    """The QR of a link of ours, as SVG without styles; nothing typed is in it."""
    return Markup(segno.make_qr(link).svg_inline(scale=4, border=3, omitsize=True))  # noqa: S704
