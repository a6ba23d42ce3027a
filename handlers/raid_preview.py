"""What raid mode would do to a partner or a place, said before anybody does it."""

from dataclasses import dataclass

from handlers.desk import Desk
from handlers.partner_acts import No, PartnerRefused, acting, kept_partner
from handlers.partner_raids import reach_of_partner, reach_of_place
from referrals.roles import Role
from storage import accounts, partners, referrals
from storage.store import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Exactly what would happen: services by id that vanish, partners that are paused whole.

    `people`: accounts that are locked; `referrals`: open ones that stand still; `senders`: people
    who are told to use the next service.
    """

    services: tuple[str, ...]
    partners: tuple[str, ...]
    people: int
    referrals: int
    senders: int


async def plan_partner(desk: Desk, by: str, organisation: str) -> Plan:
    """The plan for one partner. Raises PartnerRefused."""
    await desk.register.known(desk)  # brings what is listed up to date
    async with desk.store.turn() as turn:
        await acting(turn, desk, by, Role.COORDINATOR)
        partner = (await kept_partner(turn, organisation)).partner
        services = reach_of_partner(desk.services.values(), partner)
        return await _plan(turn, desk, services, (partner.id,))


async def plan_place(desk: Desk, by: str, place_id: str) -> Plan:
    """The plan for a district or province. Raises PartnerRefused for a place that is none."""
    await desk.register.known(desk)
    async with desk.store.turn() as turn:
        await acting(turn, desk, by, Role.COORDINATOR)
        place = desk.places.get(place_id)
        if place is None:
            raise PartnerRefused(No.UNKNOWN)
        every = await partners.read_all(turn)
        services, wholly = reach_of_place(desk.services.values(), place, every)
        return await _plan(turn, desk, services, wholly)


async def _plan(turn: Turn, desk: Desk, services: set[str], wholly: tuple[str, ...]) -> Plan:
    people = 0
    for one in wholly:
        people += len(await accounts.read_many(turn, organisation=one))
    still = await referrals.still_with(turn, wholly)
    shown = sorted(one for one in services if one in desk.services)
    return Plan(
        services=tuple(shown),
        partners=wholly,
        people=people,
        referrals=sum(still.values()),
        senders=len(still),
    )
