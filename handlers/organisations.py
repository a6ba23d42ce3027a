"""How each partner stands before those who look after it: what is missing, due, or untested."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from directory.intake import Says
from handlers.desk import Desk
from handlers.partner_calendar import gaps
from handlers.partner_checklist import Line, Point, checklist, unchecked
from handlers.partner_pings import Ping, Reached, all_waiting, reached
from handlers.partners import Lack, all_ready, may_know
from handlers.people import all_looked_at
from handlers.staff_accounts import account
from handlers.staff_values import Account
from referrals.roles import Role
from storage import partners
from storage.partner_documents import Partner
from storage.store import Turn

SOON = timedelta(days=30)  # before an agreement or the yes of the two ends, it is said; ours
_NETWORK = frozenset({Role.COORDINATOR, Role.STEWARD})
_OWN = frozenset({Role.SUPERVISOR, Role.FOCAL_POINT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What one service says of its room, and until when; None: nothing that still holds."""

    service: str
    name: str
    says: Says | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One partner as it stands today.

    `yes`: coordinators whose yes counts; `vet_until`: when two must look again. `soon`: that, or
    the agreement, ends within 30 days. `gaps`: days of the next two weeks with nobody to answer.
    """

    partner: Partner
    lacks: tuple[Lack, ...]
    checks: tuple[Line, ...]
    unchecked: tuple[Point, ...]
    yes: frozenset[str]
    vet_until: datetime | None
    soon: bool
    gaps: tuple[date, ...]
    tested: tuple[Reached, ...]
    looked_at: date | None
    rooms: tuple[Room, ...]

    @property
    def ready(self) -> bool:
        """Whether it may receive now."""
        return not self.lacks


async def standings(desk: Desk, by: str) -> tuple[Standing, ...]:
    """Every partner a coordinator or steward may know of, by name; empty for others."""
    async with desk.store.turn() as turn:
        person = await account(turn, desk, by)
        if person is None or not person.roles & _NETWORK:
            return ()
        known = [one for one in await partners.read_all(turn) if may_know(desk, person, one)]
        around = await _around(turn, desk, known)
        found = [_standing(desk, one, around) for one in known]
    return tuple(sorted(found, key=lambda one: one.partner.name.casefold()))


async def standing(desk: Desk, by: str, organisation: str) -> Standing | None:
    """One partner, for coordinators, stewards, its own supervisors and focal points; else None."""
    async with desk.store.turn() as turn:
        person = await account(turn, desk, by)
        kept = await partners.read(turn, organisation)
        if person is None or kept is None or not _looks_after(desk, person, kept.partner):
            return None
        around = await _around(turn, desk, (kept.partner,))
        return _standing(desk, kept.partner, around)


def _looks_after(desk: Desk, person: Account, partner: Partner) -> bool:
    own = person.organisation == partner.id and bool(person.roles & _OWN)
    return (own or bool(person.roles & _NETWORK)) and may_know(desk, person, partner)


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around partners, read once for all of them."""

    lacks: Mapping[str, tuple[Lack, ...]]
    tests: Mapping[str, Ping]
    looks: Mapping[str, date]


async def _around(turn: Turn, desk: Desk, known: Iterable[Partner]) -> _Around:
    return _Around(
        lacks=await all_ready(turn, desk, known),
        tests=await all_waiting(turn),
        looks=await all_looked_at(turn),
    )


def _standing(desk: Desk, partner: Partner, around: _Around) -> Standing:
    at = desk.clock()
    day, until = at.date(), partner.vet_until(at)
    agreement = partner.organisation.agreement
    ends = agreement is not None and day <= agreement.until < day + SOON
    return Standing(
        partner=partner,
        lacks=around.lacks[partner.id],
        checks=checklist(partner, day),
        unchecked=unchecked(partner, day),
        yes=partner.approvers(at),
        vet_until=until,
        soon=ends or (until is not None and until < at + SOON),
        gaps=gaps(partner, day),
        tested=reached(partner, around.tests, day),
        looked_at=around.looks.get(partner.id),
        rooms=tuple(_room(desk, one, at) for one in partner.services),
    )


def _room(desk: Desk, service_id: str, at: datetime) -> Room:
    service = desk.services.get(service_id)
    if service is None:
        return Room(service=service_id, name=service_id)
    says = service.intake.room(at)
    until = [one.until for one in service.intake.holding(at) if one.says is says]
    return Room(service=service_id, name=service.name, says=says, until=max(until, default=None))
