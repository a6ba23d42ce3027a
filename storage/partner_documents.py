"""Partner: an organisation that may receive referrals, with all that vetting knows about it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from directory.holiday_dates import holiday_dates
from directory.hours import ZONES
from directory.organisation import FEWEST_FOCAL_POINTS, FocalPoint, Organisation
from directory.taxonomy import COUNTRIES
from referrals.consent import ReceiverType
from referrals.corridor import Agreement as Basis
from referrals.items import Sector
from referrals.rota import Rota, Shift
from storage.partner_papers import Absence, Paper

VETTED_FOR = timedelta(days=180)  # "periodic re-vetting"; after it, two must approve anew
VETTERS = 2  # two different coordinators (R48)

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")


class Lack(Enum):
    """What stands between an organisation and its first referral; `lack.<value>` says it."""

    NOT_APPROVED = "not_approved"
    NO_AGREEMENT = "no_agreement"
    NO_KEY = "no_key"
    FEW_PEOPLE = "few_people"
    NO_PHONE = "no_phone"
    NO_SERVICE = "no_service"
    NO_CONDUCT = "no_conduct"
    SUSPENDED = "suspended"
    RAID = "raid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One coordinator's yes, with the moment."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """One receiver. Name, people and agreement are the organisation's (directory).

    `known_to`: for a hidden one, the organisations whose staff may know that it exists. `hours`
    empty means around the clock; `off` are days off besides public holidays. `second_service` is
    the directory id of another organisation's service, told to senders where this one is silent.
    `by_link`: nobody there has an account; a referral opens by a link and a PIN (decisions 27).
    `papers` is what vetting has seen, each point once; `absences` are of its focal points.
    Raises ValueError, which repeats nothing, for one that contradicts itself.
    """

    organisation: Organisation = field(repr=False)
    hidden: bool = False
    known_to: frozenset[str] = frozenset()
    type: ReceiverType
    sector: Sector
    country: str
    provinces: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    hours: tuple[Shift, ...] = ()
    off: frozenset[date] = frozenset()
    second_service: str = ""
    approvals: tuple[Approval, ...] = ()
    suspended: bool = False
    demo: bool = False
    by_link: bool = False
    papers: tuple[Paper, ...] = ()
    absences: tuple[Absence, ...] = ()

    def __post_init__(self) -> None:
        checks = {
            "an id that is none": not all(map(_ID.fullmatch, (self.id, *self.services))),
            "a country outside the five": self.country not in COUNTRIES,
            "an approval without its zone": any(a.at.tzinfo is None for a in self.approvals),
        }
        for problem, holds in checks.items():
            if holds:
                raise ValueError(problem)
        if self.hours:
            Rota(zone=UTC, shifts=self.hours)

    @property
    def id(self) -> str:
        """The organisation's id."""
        return self.organisation.id

    @property
    def name(self) -> str:
        """What she and staff are told: the public face, else the real name once it may be known.

        She decides about a real organisation (3.8), so a hidden one has its name for those who
        may refer to it at all.
        """
        return self.organisation.face() or self.organisation.legal_name

    def people(self) -> frozenset[str]:
        """Account ids of focal points and alternates."""
        return frozenset(person.id for person in self.organisation.focal_points)

    def focal_points(self, *, alternates: bool = False) -> tuple[FocalPoint, ...]:
        """The focal points, or those who stand in for them."""
        return tuple(one for one in self.organisation.focal_points if one.alternate is alternates)

    def phones(self) -> tuple[str, ...]:
        """Numbers to call first at levels 0 and 1, the focal points' before the alternates'."""
        ordered = sorted(self.organisation.focal_points, key=lambda one: one.alternate)
        numbers = [one.contact.e164 or one.contact.value for one in ordered]
        return tuple(dict.fromkeys(numbers))

    def approved(self, at: datetime) -> bool:
        """Whether two different coordinators approved it within the last 180 days."""
        return len(self.approvers(at)) >= VETTERS

    def approvers(self, at: datetime) -> frozenset[str]:
        """Who has approved it and whose yes still counts."""
        return frozenset(a.by for a in self.approvals if a.at <= at < a.at + VETTED_FOR)

    def vet_until(self, at: datetime) -> datetime | None:
        """When one of the two last needed approvals runs out; None while it is not approved."""
        newest: dict[str, datetime] = {}
        for one in self.approvals:
            if one.at <= at < one.at + VETTED_FOR:
                newest[one.by] = max(one.at, newest.get(one.by, one.at))
        if len(newest) < VETTERS:
            return None
        return sorted(newest.values(), reverse=True)[VETTERS - 1] + VETTED_FOR

    def rota(self, at: datetime) -> Rota | None:
        """Its week with public holidays of this and the next year; None: around the clock."""
        if not self.hours:
            return None
        years = (at.year - 1, at.year, at.year + 1)
        public = (holiday_dates(self.country, year) for year in years)
        zone = ZoneInfo(ZONES[self.country])
        return Rota(zone=zone, shifts=self.hours, off=self.off.union(*public))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What other parts of the system say about a partner at this moment.

    `active`: its people whose accounts are active in a role that receives. `key_approved`: its
    public key is in the signed directory and holds. `raided`: it, or where it works, is paused.
    """

    active: frozenset[str] = frozenset()
    key_approved: bool = False
    raided: bool = False


def lacks(partner: Partner, seen: Seen, at: datetime) -> tuple[Lack, ...]:
    """Everything that is missing before it can receive anything (R48); empty when it is ready."""
    organisation = partner.organisation
    agreement, day = organisation.agreement, at.date()
    alternates = {one.id for one in partner.focal_points(alternates=True)}
    people = partner.people() & seen.active
    enough = len(people) >= FEWEST_FOCAL_POINTS and people & alternates and people - alternates
    checks: Mapping[Lack, object] = {
        Lack.NOT_APPROVED: not partner.approved(at),
        Lack.NO_AGREEMENT: agreement is None or not agreement.in_force(day),
        Lack.NO_KEY: not seen.key_approved and not partner.by_link,
        Lack.FEW_PEOPLE: not enough and not partner.by_link,
        Lack.NO_PHONE: not all(partner.phones()) or not partner.phones(),
        Lack.NO_SERVICE: not partner.services,
        Lack.NO_CONDUCT: organisation.conduct_signed_on is None,
        Lack.SUSPENDED: partner.suspended,
        Lack.RAID: seen.raided,
    }
    return tuple(lack for lack, holds in checks.items() if holds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corridor:
    """An agreement of the register; two different coordinators make it count, one ends it."""

    basis: Basis
    recorded_by: tuple[str, ...] = ()
    ended_on: date | None = None

    def covers(self, here: str, there: str, on: date) -> bool:
        """Whether it counts between these countries on this day."""
        ended = self.ended_on is not None and on >= self.ended_on
        counts = len(set(self.recorded_by)) >= VETTERS and not ended
        return counts and self.basis.covers(here, there, on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raid:
    """A partner or a district paused in one act, and what that act took away.

    Exactly one of `organisation` and `place` (a gazetteer id) is named. `accounts` were active
    before it, `services` stood in the directory, each with the moment it was pulled at; of both,
    those that another raid holds too are named again. `partners` worked there. `lifts` are those
    who agree that it is over; the second one ends it.
    """

    id: str
    organisation: str = ""
    place: str = ""
    by: str
    at: datetime
    partners: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    services: tuple[tuple[str, datetime], ...] = ()
    lifts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.organisation) == bool(self.place):
            raise ValueError("a raid is about one partner or one place")
