"""DEMO=1: sets up fictional organisations and people in a trial, and prints links to be them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.demo_data import (
    COORDINATORS,
    CORRIDOR,
    MARK,
    NETWORK_PEOPLE,
    PLACES,
    Place,
    is_alternate,
    people_of,
    receives,
)
from directory.contact import Contact
from directory.kinds import ContactKind
from directory.moves import Found
from directory.organisation import Agreement, FocalPoint, Naming, Organisation
from directory.truth import Method, Result
from handlers import curate, partner_corridors, partners
from handlers.desk import Desk
from handlers.partner_checklist import BY_ITSELF
from handlers.staff import Account, DemoPerson, demo_account, demo_link, forget_demo
from handlers.staff_accounts import accounts_of
from handlers.unit_demo import demo_unit
from referrals.corridor import Agreement as Basis
from referrals.corridor import AgreementKind
from referrals.items import Item
from referrals.roles import Role
from storage import fictional, services
from storage import partners as rows
from storage.partner_documents import Partner
from storage.partner_papers import Paper, Point
from translations.locales import LOCALES

LIVE = (
    "--demo is for a trial, on one process or its staff side: "
    "fictional organisations do not exist with SAPHAN_MODE=live"
)
NETWORK = "Network"
_YEAR = timedelta(days=365)
# No number at all: whatever could be dialled might be somebody's.
_CONTACT = Contact(kind=ContactKind.VOICE, value="DEMO: no number, say it is done")
_CHECKED = Found(method=Method.VISIT, result=Result.OK, of="proposed", through_focal_point=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One printed link: who one is with it, and the path with its single-use token.

    What stands behind the # is the organisation's private key for the browser that opens it; a
    browser never sends it.
    """

    organisation: str
    what: str
    path: str


async def set_up(desk: Desk) -> tuple[Link, ...]:
    """Make what is missing, and new links for everybody. Raises StaffRefused in live mode."""
    first, second = [await _person(desk, _coordinator(name)) for name in COORDINATORS]
    links = []
    for place in PLACES:
        team = {what: await _person(desk, who) for what, who in people_of(place).items()}
        await _partner(desk, place, team, (first.id, second.id))
        unit = (await demo_unit(desk, place.id)).hex()
        links += [
            await _link(desk, one, place.name, what, f"#unit={unit}") for what, one in team.items()
        ]
    await _corridor(desk, (first.id, second.id))
    for name, one in zip(COORDINATORS, (first, second), strict=True):
        links.append(await _link(desk, one, NETWORK, name.removeprefix(f"{MARK} "), ""))
    for name, role in NETWORK_PEOPLE.items():
        # Of every language, so that one translator and one reviewer show all of them.
        made = DemoPerson(
            roles=frozenset({role}), organisation="", name=name, languages=frozenset(LOCALES)
        )
        one = await _person(desk, made)
        links.append(await _link(desk, one, NETWORK, name.removeprefix(f"{MARK} "), ""))
    return tuple(links)


async def clear(desk: Desk) -> int:
    """Take everything fictional out; how many people there were."""
    gone = await forget_demo(desk)
    async with desk.store.turn() as turn:
        known = [one for one in await rows.read_all(turn) if one.demo]
        listed = {service for one in known for service in one.services}
        if known:
            await fictional.drop(turn, {one.id for one in known}, listed, CORRIDOR)
    for service in listed & desk.services.keys():
        del desk.services[service]
    return gone


def told(links: Iterable[Link], root: str) -> str:
    """What is printed: one block for each organisation, each link for one sign-in."""
    lines = [
        f"{MARK}: these organisations and people do not exist. Each link signs in once; open each",
        "in a browser window of its own (a private window for the second and third).",
    ]
    before = ""
    for one in links:
        if one.organisation != before:
            lines.append(f"  {one.organisation}")
            before = one.organisation
        lines.append(f"    {one.what:<18} {root}{one.path}")
    return "\n".join(lines)


def _coordinator(name: str) -> DemoPerson:
    return DemoPerson(roles=frozenset({Role.COORDINATOR}), organisation="", name=name)


async def _person(desk: Desk, wanted: DemoPerson) -> Account:
    """The same person as at the last start, else a new one."""
    async with desk.store.turn() as turn:
        known = await accounts_of(turn, desk, wanted.organisation)
    same = (one for one in known if one.demo and one.name == wanted.name)
    return next(same, None) or await demo_account(desk, wanted)


async def _partner(
    desk: Desk, place: Place, team: dict[str, Account], vetters: tuple[str, str]
) -> None:
    async with desk.store.turn() as turn:
        known = await partners.receiver(turn, desk, place.id)
        ready = known is not None and known.approved(desk.clock() + timedelta(days=30))
    if not ready:
        await partners.propose(desk, vetters[0], _document(desk, place, team))
        for one in vetters:
            await partners.approve(desk, one, place.id)
    province = desk.places.get(place.province)
    for service in place.services(province.names["en"] if province else ""):
        async with desk.store.turn() as turn:
            kept = await services.read_shown(turn, service.id)
        if kept is None:
            act = curate.Act(by=vetters[1], service=service.id)
            await curate.propose(desk, vetters[0], service)
            await curate.verify(desk, act, _CHECKED)


def _document(desk: Desk, place: Place, team: dict[str, Account]) -> Partner:
    today = desk.clock().date()
    return Partner(
        organisation=Organisation(
            id=place.id,
            legal_name=place.name,
            naming=Naming.YES,
            focal_points=tuple(
                FocalPoint(id=one.id, contact=_CONTACT, alternate=is_alternate(what))
                for what, one in team.items()
                if receives(what)
            ),
            agreement=Agreement(id=f"{place.id}-sop", since=today, until=today + _YEAR),
            conduct_signed_on=today,
        ),
        type=place.type,
        sector=place.sector,
        country=place.country,
        provinces=(place.province,),
        services=tuple(place.codes),
        languages=place.languages,
        hours=place.hours,
        second_service=place.second_service,
        papers=tuple(
            Paper(point=one, on=today, by=next(iter(team.values())).id)
            for one in Point
            if one not in BY_ITSELF
        ),
        demo=True,
    )


async def _corridor(desk: Desk, vetters: tuple[str, str]) -> None:
    today = desk.clock().date()
    async with desk.store.turn() as turn:
        if await partner_corridors.corridor(turn, "TH", "MM", today):
            return
    basis = _basis(today)
    for one in vetters:
        await partner_corridors.record(desk, one, basis)


def _basis(today: date) -> Basis:
    return Basis(
        id=CORRIDOR,
        kind=AgreementKind.CSO,
        countries=frozenset({"TH", "MM"}),
        starts=today,
        ends=today + _YEAR,
        items=frozenset(Item) - {Item.COSTS},
    )


async def _link(desk: Desk, one: Account, organisation: str, what: str, fragment: str) -> Link:
    token = await demo_link(desk, one)
    path = f"/desk/demo/{token}{fragment}"
    return Link(organisation=organisation, what=what, path=path)
