"""Raid mode: one act takes a partner or a place out of sight; two people put it back."""

import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from directory import moves
from directory.entry import NotAllowed, Who
from directory.places import Place
from directory.same_name import folded
from directory.service import Service
from directory.truth import PullReason
from handlers import curate, guest_links, notices
from handlers.case_file import clear_of
from handlers.desk import Desk
from handlers.partner_acts import Deed, No, PartnerRefused, acting, deed, kept_partner
from handlers.removals import removed, stands_again
from handlers.staff_leaving import lock, working_again
from handlers.who_hears import hearing
from privacy.audit import known_id
from privacy.removals import ORGANISATION
from referrals.roles import Role
from referrals.states import WITH_RECEIVER, State
from storage import accounts, partners, referrals, services
from storage.partner_documents import VETTERS, Partner
from storage.partner_documents import Raid as Raid
from storage.services import Kept
from storage.store import Turn, VersionConflict

_WHY = PullReason.DANGEROUS


async def is_paused(turn: Turn, partner: Partner) -> bool:
    """Whether a raid holds over it, or over where it works."""
    raids = await partners.read_raids(turn)
    return any(partner.id in raid.partners for raid in raids)


async def paused(turn: Turn) -> frozenset[str]:
    """Organisations whose referrals stand still and whose people are told nothing just now."""
    raids = await partners.read_raids(turn)
    return frozenset(one for raid in raids for one in raid.partners)


async def raids(desk: Desk, by: str) -> tuple[Raid, ...]:
    """The raids that are not over, for coordinators; empty for everybody else."""
    async with desk.store.turn() as turn:
        try:
            await acting(turn, desk, by, Role.COORDINATOR)
        except PartnerRefused:
            return ()
        return await partners.read_raids(turn)


async def raid_partner(desk: Desk, by: str, organisation: str) -> Raid:
    """One coordinator pauses a partner in one act: services, people, referrals, reminders, links.

    A link that lived is dead for good: whoever has the phone may have the PIN as well.
    """

    async def act(turn: Turn) -> Raid:
        await acting(turn, desk, by, Role.COORDINATOR)
        partner = (await kept_partner(turn, organisation)).partner
        raid = _raid(desk, by, organisation=organisation, partners=(organisation,))
        reach = reach_of_partner(await _listing(turn, desk), partner)
        return await _carry_out(turn, desk, raid, reach)

    raid = await deed(desk, Deed(by=by, what="raid.partner", object=organisation), act)
    await curate.refresh(desk)
    return raid


async def raid_place(desk: Desk, by: str, place_id: str) -> Raid:
    """One coordinator pauses a district or province: what stands there vanishes.

    Partners that work nowhere else are paused with their people.
    """

    async def act(turn: Turn) -> Raid:
        await acting(turn, desk, by, Role.COORDINATOR)
        place = desk.places.get(place_id)
        if place is None:
            raise PartnerRefused(No.UNKNOWN)
        every = await partners.read_all(turn)
        there, wholly = reach_of_place(await _listing(turn, desk), place, every)
        raid = _raid(desk, by, place=place_id, partners=wholly)
        return await _carry_out(turn, desk, raid, there)

    about = Deed(by=by, what="raid.place", object=known_id(place_id), kind="directory")
    raid = await deed(desk, about, act)
    await curate.refresh(desk)
    return raid


async def lift(desk: Desk, by: str, raid_id: str) -> bool:
    """Agree that it is over; with the second person it is, and everything is as it was before."""

    async def act(turn: Turn) -> Raid:
        await acting(turn, desk, by, Role.COORDINATOR)
        raid = await _open_raid(turn, raid_id)
        if by in raid.lifts:
            raise PartnerRefused(No.SAME_PERSON)
        raid = replace(raid, lifts=(*raid.lifts, by))
        if len(raid.lifts) < VETTERS:
            await partners.keep_raid(turn, raid)
        else:
            await _undo(turn, desk, raid)
        return raid

    raid = await deed(desk, Deed(by=by, what="raid.lift", object=raid_id, kind="directory"), act)
    over = len(raid.lifts) >= VETTERS
    for organisation in raid.partners if over else ():
        await back_on_list(desk, organisation)
    await curate.refresh(desk)
    return over


async def back_on_list(desk: Desk, organisation: str) -> None:
    """A backup may bring this partner back as it is now, where nothing holds it any more.

    Call it after the act was kept: said too early of an act that fails, it would let a suspended
    partner come back. A process that dies in between leaves it removed, the safer side; so does
    whoever changes the partner at the same moment.
    """
    with suppress(VersionConflict):
        async with desk.store.turn() as turn:
            kept = await partners.read(turn, organisation)
            if kept is None or kept.partner.suspended or await is_paused(turn, kept.partner):
                return
            await partners.keep(turn, kept)  # whoever suspends it now must begin, and list, anew
            await stands_again(turn, desk, ORGANISATION, organisation)


def reach_of_partner(listing: Iterable[Service], partner: Partner) -> set[str]:
    """Ids of every service of these that a raid on this partner takes out of sight."""
    return {one.id for one in listing if one.organisation_id == partner.id} | set(partner.services)


def reach_of_place(
    listing: Iterable[Service], place: Place, every: Iterable[Partner]
) -> tuple[set[str], tuple[str, ...]]:
    """Ids of every service that stands there, and of partners that work nowhere else."""
    names = {folded(name) for name in place.all_names}
    there = {one.id for one in listing if _stands_in(one, place, names)}
    return there, tuple(one.id for one in every if _works_only(one, place.id, there))


def _raid(
    desk: Desk, by: str, *, organisation: str = "", place: str = "", partners: tuple[str, ...]
) -> Raid:
    return Raid(
        id=secrets.token_hex(8),
        organisation=organisation,
        place=place,
        by=by,
        at=desk.clock(),
        partners=partners,
    )


async def _carry_out(turn: Turn, desk: Desk, raid: Raid, ids: Iterable[str]) -> Raid:
    """What another raid holds already is held by this one too, and put back with the last."""
    others = await partners.read_raids(turn)
    held = dict(pair for other in others for pair in other.services)
    locked = {one for other in others for one in other.accounts}
    pulled = {one: raid.at for one in sorted(ids) if await _pull(turn, desk, raid, one)}
    pulled |= {one: held[one] for one in ids if one in held}
    people: set[str] = set()
    for organisation in raid.partners:
        people |= await _lock(turn, organisation, locked)
        await tell_senders(turn, desk, organisation)
        await removed(turn, desk, ORGANISATION, organisation)
    await guest_links.end_all(turn, desk, raid.partners)
    raid = replace(raid, services=tuple(sorted(pulled.items())), accounts=tuple(sorted(people)))
    await partners.keep_raid(turn, raid)
    return raid


async def _pull(turn: Turn, desk: Desk, raid: Raid, service: str) -> bool:
    """Take it out of every search; one that is out already is not ours to put back."""
    rows = desk.services.rows
    kept = await services.read(turn, service, rows)
    if kept.entry.service is None or kept.entry.truth.pull is not None:
        return False
    entry = moves.pull(kept.entry, Who(by=raid.by, at=raid.at), _WHY)
    await services.keep(turn, service, Kept(entry=entry, version=kept.version), rows)
    return True


async def _lock(turn: Turn, organisation: str, locked: set[str]) -> set[str]:
    """Nobody of it can come in, and nobody of it is reminded of anything."""
    people = set()
    for one in await accounts.read_many(turn, organisation=organisation, active=False):
        if one.state == "active":
            await lock(turn, one)
            await partners.drop_notices(turn, one.id)
            people.add(one.id)
        elif one.id in locked:
            people.add(one.id)
    return people


async def tell_senders(turn: Turn, desk: Desk, organisation: str) -> None:
    """Whoever has an open referral there is to use the next service."""
    for row in await referrals.of_organisation(turn, organisation):
        if row.receiver == organisation and State(row.state) in WITH_RECEIVER:
            code = clear_of(row).clear.code
            for person in await hearing(turn, desk, row.owner, row.sender):
                await notices.tell(turn, desk, person, "next_service", code)


async def _undo(turn: Turn, desk: Desk, raid: Raid) -> None:
    await partners.end_raid(turn, raid.id)
    others = await partners.read_raids(turn)
    held = {one for other in others for one, _ in other.services}
    for service, pulled_at in raid.services:
        if service not in held:
            await _put_back(turn, desk, raid, service, pulled_at)
    still = {one for other in others for one in other.accounts}
    for account_id in set(raid.accounts) - still:
        kept = await accounts.read(turn, account_id)
        if kept is not None and kept.state == "suspended" and not kept.document.frozen:
            await accounts.keep(turn, working_again(desk, kept))


async def _put_back(turn: Turn, desk: Desk, raid: Raid, service: str, pulled_at: datetime) -> None:
    """As it stood; what somebody has pulled since for a reason of its own stays out."""
    rows = desk.services.rows
    kept = await services.read(turn, service, rows)
    pull = kept.entry.truth.pull
    if pull is None or pull.at != pulled_at or pull.why is not _WHY:
        return
    entry = kept.entry
    with suppress(NotAllowed):  # one of the two agreed to that already
        for person in raid.lifts:
            entry = moves.restore(entry, Who(by=person, at=desk.clock()))
    await services.keep(turn, service, Kept(entry=entry, version=kept.version), rows)


async def _open_raid(turn: Turn, raid_id: str) -> Raid:
    found = (one for one in await partners.read_raids(turn) if one.id == raid_id)
    raid = next(found, None)
    if raid is None:
        raise PartnerRefused(No.OVER)
    return raid


async def _listing(turn: Turn, desk: Desk) -> tuple[Service, ...]:
    """Rows of the file, and over them what people acted upon."""
    acted_upon = await services.read_all(turn, desk.services.rows)
    every = dict(desk.services.rows) | {one.id: one for one in acted_upon}
    return tuple(every.values())


def _stands_in(service: Service, place: Place, names: set[str]) -> bool:
    """As entries name their town and province; a line for a whole country never."""
    if service.country != place.country or service.country_wide:
        return False
    own = [service.admin1, *service.also_in] if place.kind == "province" else [service.city]
    spread = (spot.admin1 if place.kind == "province" else spot.city for spot in service.locations)
    return any(folded(name) in names for name in (*own, *spread) if name)


def _works_only(partner: Partner, place: str, there: set[str]) -> bool:
    in_province = bool(partner.provinces) and set(partner.provinces) <= {place}
    return in_province or (bool(partner.services) and set(partner.services) <= there)
