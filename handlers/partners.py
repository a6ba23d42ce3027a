"""Partners: vetting by two coordinators, their people, hours and room; whether one is ready."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from directory.organisation import Agreement, FocalPoint, Organisation, with_public_face
from handlers import curate
from handlers.desk import Desk
from handlers.key_list import approved_key, approved_keys
from handlers.partner_acts import (
    Deed,
    acting,
    change_partner,
    deed,
    kept_partner,
    refuse_stranger,
)
from handlers.partner_acts import No as No
from handlers.partner_acts import PartnerRefused as PartnerRefused
from handlers.partner_checklist import unchecked
from handlers.partner_raids import back_on_list, is_paused, paused, tell_senders
from handlers.removals import removed
from handlers.staff_accounts import account, accounts_of
from handlers.staff_values import Account
from privacy.removals import ORGANISATION
from referrals.roles import Role
from referrals.rota import Shift
from storage import accounts, partners, services
from storage.accounts import Kept as Working
from storage.partner_documents import VETTERS, Approval, Seen, lacks
from storage.partner_documents import Lack as Lack
from storage.partner_documents import Partner as Partner
from storage.partners import Kept
from storage.store import Turn

_RECEIVES = frozenset({Role.FOCAL_POINT, Role.CASEWORKER})
_REFERS = frozenset({Role.CASEWORKER, Role.FOCAL_POINT, Role.SUPERVISOR, Role.CHILD_FOCAL_POINT})
_NETWORK = (Role.COORDINATOR, Role.STEWARD)
_OWN = (Role.COORDINATOR, Role.SUPERVISOR, Role.FOCAL_POINT)


async def receiver(turn: Turn, desk: Desk, organisation: str) -> Partner | None:
    """The partner of this id as it is now; None where there is none. Asks nobody's right."""
    kept = await partners.read(turn, organisation)
    return kept.partner if kept and _exists(desk, kept.partner) else None


async def ready(turn: Turn, desk: Desk, partner: Partner) -> tuple[Lack, ...]:
    """What is missing before it can receive anything (R48); empty when it is ready."""
    kept = await accounts.read_many(turn, organisation=partner.id)
    seen = Seen(
        active=frozenset(one.id for one in kept if _may_receive(desk, one)),
        key_approved=await approved_key(turn, desk, partner.id) is not None,
        raided=await is_paused(turn, partner),
    )
    return lacks(partner, seen, desk.clock())


async def all_ready(
    turn: Turn, desk: Desk, many: Iterable[Partner]
) -> Mapping[str, tuple[Lack, ...]]:
    """The same of many at once, by id: a list need not ask for each."""
    every, active = tuple(many), dict[str, set[str]]()
    for one in await accounts.read_many(turn):
        if _may_receive(desk, one):
            active.setdefault(one.organisation, set()).add(one.id)
    keys, still = await approved_keys(turn, desk), await paused(turn)
    seen = {
        one.id: Seen(
            active=frozenset(active.get(one.id, ())),
            key_approved=one.id in keys,
            raided=one.id in still,
        )
        for one in every
    }
    return {one.id: lacks(one, seen[one.id], desk.clock()) for one in every}


def _may_receive(desk: Desk, kept: Working) -> bool:
    """In a role that receives; names stay sealed, as this is asked at each act of a referral."""
    works = not kept.document.demo or desk.mode == "trial"
    return works and bool(_RECEIVES & set(kept.document.roles))


async def listed(desk: Desk, by: str) -> tuple[Partner, ...]:
    """Every partner this account may know of, by id; hidden ones only for who may (R44)."""
    async with desk.store.turn() as turn:
        person = await account(turn, desk, by)
        everyone = await partners.read_all(turn)
        return tuple(one for one in everyone if may_know(desk, person, one))


async def look(desk: Desk, by: str, organisation: str) -> Partner | None:
    """One partner; None for an unknown id and for a hidden one alike, by the same way (R44)."""
    return next((one for one in await listed(desk, by) if one.id == organisation), None)


def may_know(desk: Desk, person: Account | None, partner: Partner) -> bool:
    """Whether this person may know that the partner exists.

    Hidden: coordinators, its own people, and people who refer, of organisations it is known to.
    """
    if person is None or not person.works or not _exists(desk, partner):
        return False
    if not partner.hidden or Role.COORDINATOR in person.roles:
        return True
    if person.organisation == partner.id:
        return True
    return person.organisation in partner.known_to and bool(person.roles & _REFERS)


async def propose(desk: Desk, by: str, partner: Partner) -> None:
    """Write a partner down, new or changed. Whatever was approved before is approved no more."""

    async def act(turn: Turn) -> None:
        await acting(turn, desk, by, *_NETWORK)
        kept = await partners.read(turn, partner.id)
        organisation = replace(partner.organisation, receives_referrals=False)
        fresh = replace(
            partner,
            organisation=organisation,
            approvals=(),
            suspended=kept.partner.suspended if kept else False,
            papers=(kept.partner.papers if kept else ()) or partner.papers,
            absences=kept.partner.absences if kept else (),
            demo=kept.partner.demo if kept else partner.demo and desk.mode == "trial",
        )
        await _refuse_given_away(turn, desk, organisation)
        await partners.keep(turn, Kept(fresh, kept.version if kept else 0))

    await deed(desk, Deed(by=by, what="partner.propose", object=partner.id), act)
    await curate.refresh(desk)


async def approve(desk: Desk, by: str, organisation: str) -> int:
    """One coordinator's yes; how many count now. The second, another person's, makes it whole.

    Said again within the 180 days it begins a new time for this person. A suspension ends with
    two yeses given since. Nobody can say yes before every point of the checklist was seen (4.5).
    """
    ends_suspension = False

    async def change(turn: Turn, person: Account, partner: Partner) -> Partner:
        if person.organisation == partner.id:
            raise PartnerRefused(No.ROLE)
        if unchecked(partner, desk.clock().date()):
            raise PartnerRefused(No.UNCHECKED)
        others = tuple(one for one in partner.approvals if one.by != by)
        approved = replace(partner, approvals=(*others, Approval(by=by, at=desk.clock())))
        nonlocal ends_suspension
        whole = len(approved.approvers(desk.clock())) >= VETTERS
        ends_suspension = whole and approved.suspended
        return _receiving(replace(approved, suspended=approved.suspended and not whole))

    done = await change_partner(
        desk, Deed(by=by, what="partner.approve", object=organisation), change
    )
    if ends_suspension:
        await back_on_list(desk, organisation)
    return len(done.approvers(desk.clock()))


async def suspend(desk: Desk, by: str, organisation: str) -> None:
    """Nothing more is sent, taken or opened there, at once and by one; two must approve it anew.

    Who has an open referral there is told, as after a raid.
    """

    async def change(turn: Turn, person: Account, partner: Partner) -> Partner:
        await removed(turn, desk, ORGANISATION, partner.id)
        if not partner.suspended:
            await tell_senders(turn, desk, partner.id)
        return replace(partner, suspended=True, approvals=())

    await change_partner(desk, Deed(by=by, what="partner.suspend", object=organisation), change)


async def sign(
    desk: Desk, by: str, organisation: str, agreement: Agreement, conduct_on: date
) -> None:
    """Record the agreement on sharing information and the day the code of conduct was signed.

    Two coordinators approve after it: what they looked at is what holds.
    """

    async def change(turn: Turn, person: Account, partner: Partner) -> Partner:
        signed = replace(partner.organisation, agreement=agreement, conduct_signed_on=conduct_on)
        return replace(partner, organisation=signed, approvals=())

    await change_partner(desk, Deed(by=by, what="partner.sign", object=organisation), change)
    await curate.refresh(desk)


async def name_focal_points(
    desk: Desk, by: str, organisation: str, people: tuple[FocalPoint, ...]
) -> None:
    """Who receives there, and who stands in: active accounts of that organisation, no others.

    Of one that is reached by a link nobody has an account: there they are numbers to call.
    """

    async def change(turn: Turn, person: Account, partner: Partner) -> Partner:
        refuse_stranger(person, partner)
        active = await accounts_of(turn, desk, organisation)
        able = {one.id for one in active if one.roles & _RECEIVES}
        if not partner.by_link and not {one.id for one in people} <= able:
            raise PartnerRefused(No.NOT_ACTIVE)
        tested = {one.id: one.tested_on for one in partner.organisation.focal_points}
        known = tuple(replace(one, tested_on=tested.get(one.id)) for one in people)
        named = replace(partner.organisation, focal_points=known, receives_referrals=False)
        return _receiving(replace(partner, organisation=named))

    await change_partner(
        desk, Deed(by=by, what="partner.people", object=organisation), change, _OWN
    )


async def set_rota(
    desk: Desk, by: str, organisation: str, hours: tuple[Shift, ...], off: frozenset[date]
) -> None:
    """Its week and its own days off; no hours at all means around the clock."""

    async def change(turn: Turn, person: Account, partner: Partner) -> Partner:
        refuse_stranger(person, partner)
        return replace(partner, hours=hours, off=off)

    await change_partner(desk, Deed(by=by, what="partner.rota", object=organisation), change, _OWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whose statement it is, and about which of its services; none named means all."""

    organisation: str
    services: tuple[str, ...] = ()


async def state_capacity(desk: Desk, by: str, about: About, statement: curate.Statement) -> None:
    """Say what room there is and until when. It is said of the services, where searches see it."""
    for one in await _stated(desk, by, about, "partner.capacity"):
        await curate.capacity(desk, curate.Act(by=by, service=one), statement)


async def _stated(desk: Desk, by: str, about: About, what: str) -> tuple[str, ...]:
    async def act(turn: Turn) -> tuple[str, ...]:
        person = await acting(turn, desk, by, *_OWN)
        partner = (await kept_partner(turn, about.organisation)).partner
        refuse_stranger(person, partner)
        named = about.services or partner.services
        if not set(named) <= set(partner.services):
            raise PartnerRefused(No.UNKNOWN)
        return named

    return await deed(desk, Deed(by=by, what=what, object=about.organisation), act)


async def _refuse_given_away(turn: Turn, desk: Desk, organisation: Organisation) -> None:
    """No text of its services may say the legal name that is kept secret (R44)."""
    try:
        for service in await services.read_all(turn, desk.services.rows):
            if service.organisation_id == organisation.id:
                with_public_face(service, organisation)
    except ValueError:
        raise PartnerRefused(No.FAULTY) from None


def _receiving(partner: Partner) -> Partner:
    """Marked in the directory as receiving once people, agreement and two approvals are there."""
    organisation = partner.organisation
    enough = len(partner.people()) >= VETTERS and organisation.agreement is not None
    receives = enough and len(partner.approvals) >= VETTERS
    return replace(partner, organisation=replace(organisation, receives_referrals=receives))


def _exists(desk: Desk, partner: Partner) -> bool:
    """A fictional one exists in a trial only."""
    return not partner.demo or desk.mode == "trial"
