"""Makes a small network on a desk: people in every role, and partners that are ready."""

from dataclasses import dataclass, replace
from datetime import timedelta

from directory.access import Access, Start
from directory.contact import Contact
from directory.kinds import ContactKind
from directory.moves import Found
from directory.organisation import Agreement, FocalPoint, Naming, Organisation
from directory.service import Service
from directory.truth import Method, Result
from handlers import curate, partners
from handlers.desk import Desk
from handlers.partner_checklist import BY_ITSELF
from handlers.staff import Account, DemoPerson, demo_account
from handlers.unit_demo import demo_unit
from referrals.consent import ReceiverType
from referrals.items import Sector
from referrals.roles import Role
from storage.partner_documents import Lack, Partner
from storage.partner_papers import Paper, Point

PHONE = Contact(kind=ContactKind.VOICE, value="on the test's own line 1", e164="+000000001")
OTHER_PHONE = Contact(kind=ContactKind.VOICE, value="line 2", e164="+000000002")
SECRET_NAME = "Quiet Lantern Foundation of Testing"
_CHECKED = Found(method=Method.VISIT, result=Result.OK, of="proposed", through_focal_point=True)


async def person(desk: Desk, role: Role, organisation: str = "") -> Account:
    """Somebody at work."""
    named = f"{organisation or 'network'} {role.value}"
    who = DemoPerson(roles=frozenset({role}), organisation=organisation, name=named)
    return await demo_account(desk, who)


@dataclass(frozen=True, slots=True)
class Vetters:
    """Two coordinators."""

    first: str
    second: str


async def vetters(desk: Desk) -> Vetters:
    one = await person(desk, Role.COORDINATOR)
    other = await person(desk, Role.COORDINATOR)
    return Vetters(one.id, other.id)


def organisation(desk: Desk, name: str, people: tuple[str, str]) -> Organisation:
    """An organisation that may share information from today on."""
    today = desk.clock().date()
    return Organisation(
        id=name,
        legal_name=f"Test {name}",
        naming=Naming.YES,
        focal_points=(
            FocalPoint(id=people[0], contact=PHONE),
            FocalPoint(id=people[1], contact=OTHER_PHONE, alternate=True),
        ),
        agreement=Agreement(id=f"{name}-sop", since=today, until=today + timedelta(days=365)),
        conduct_signed_on=today,
    )


async def document(desk: Desk, name: str, **changes: object) -> Partner:
    """A partner with everything but the approvals, nothing of it kept but its people."""
    people = [await person(desk, Role.FOCAL_POINT, name) for _ in range(2)]
    plain = Partner(
        organisation=organisation(desk, name, (people[0].id, people[1].id)),
        type=ReceiverType.NGO,
        sector=Sector.MHPSS,
        country="TH",
        provinces=("TH-63",),
        services=(f"{name}-talk",),
        languages=("my",),
        papers=tuple(
            Paper(point=one, on=desk.clock().date(), by=people[0].id)
            for one in Point
            if one not in BY_ITSELF
        ),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


async def ready_partner(desk: Desk, by: Vetters, name: str, **changes: object) -> Partner:
    """A partner that may receive, with one service of counselling in its province."""
    partner = await document(desk, name, **changes)
    await partners.propose(desk, by.first, partner)
    await partners.approve(desk, by.first, name)
    await partners.approve(desk, by.second, name)
    await demo_unit(desk, name)
    await offers(desk, by, partner)
    return partner


async def offers(desk: Desk, by: Vetters, partner: Partner, *codes: str) -> None:
    """Its first service stands in the directory, checked."""
    province = desk.places.get(partner.provinces[0])
    service = Service(
        id=partner.services[0],
        organisation=partner.name,
        organisation_id=partner.id,
        name=f"Talking at {partner.id}",
        country=partner.country,
        admin1=province.names["en"] if province else "",
        city="Mae Sot",
        codes=frozenset(codes or ("PSS.COUNSEL",)),
        languages=frozenset(partner.languages),
        access=Access(starts=frozenset({Start.CASEWORKER})),
    )
    await curate.propose(desk, by.first, service)
    await curate.verify(desk, curate.Act(by=by.second, service=service.id), _CHECKED)


async def lacking(desk: Desk, name: str) -> tuple[Lack, ...] | None:
    """What the partner still lacks; None where there is none."""
    async with desk.store.turn() as turn:
        partner = await partners.receiver(turn, desk, name)
        return await partners.ready(turn, desk, partner) if partner else None
