"""What the demo is made of: organisations, services and people that are plainly fictional."""

from dataclasses import dataclass
from datetime import time

from directory.access import Access, Start
from directory.kinds import Kind
from directory.service import Service
from handlers.staff import DemoPerson
from referrals.consent import ReceiverType
from referrals.items import Sector
from referrals.roles import Role
from referrals.rota import Shift

MARK = "DEMO"
_PREFIX = "demo-"  # of every id
CORRIDOR = "demo-th-mm"
COORDINATORS = ("DEMO Coordinator 1", "DEMO Coordinator 2")
# Who else works on what women read: each with one role, so that a demo shows who may do what.
NETWORK_PEOPLE = {
    "DEMO Editor": Role.EDITOR,
    "DEMO Translator": Role.TRANSLATOR,
    "DEMO Reviewer": Role.REVIEWER,
    "DEMO Specialist": Role.SPECIALIST,
}

_WEEK = tuple(Shift(weekday=day, start=time(8), until=time(17)) for day in range(5))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One fictional organisation. `codes` by service id; provinces are ids of the gazetteer."""

    id: str
    name: str
    country: str
    province: str
    sector: Sector
    codes: dict[str, tuple[str, ...]]
    languages: tuple[str, ...]
    hours: tuple[Shift, ...] = _WEEK
    second_service: str = ""
    type: ReceiverType = ReceiverType.NGO

    def services(self, admin1: str) -> tuple[Service, ...]:
        """Its services; all begin through a caseworker, so that no woman is ever shown one."""
        return tuple(
            Service(
                id=one,
                organisation=self.name,
                organisation_id=self.id,
                name=f"{MARK} {one.removeprefix(_PREFIX)}",
                kind=Kind.NGO,
                country=self.country,
                admin1=admin1,
                codes=frozenset(codes),
                languages=frozenset(self.languages),
                confidential=any(code.startswith("SHE.") for code in codes),
                access=Access(starts=frozenset({Start.CASEWORKER})),
            )
            for one, codes in self.codes.items()
        )


PLACES = (
    Place(
        id="demo-mango",
        name="DEMO Mango House",
        country="TH",
        province="TH-63",
        sector=Sector.MHPSS,
        codes={"demo-mango-talk": ("PSS.COUNSEL", "CMG.GBV")},
        languages=("th", "my"),
    ),
    Place(
        id="demo-kite",
        name="DEMO Kite Centre",
        country="TH",
        province="TH-63",
        sector=Sector.MHPSS,
        codes={"demo-kite-talk": ("PSS.COUNSEL", "PSS.GROUP"), "demo-kite-law": ("LEG.AID",)},
        languages=("th", "my"),
        second_service="demo-boat-talk",
    ),
    Place(
        id="demo-boat",
        name="DEMO Boat Shelter",
        country="TH",
        province="TH-63",
        sector=Sector.SHELTER,
        codes={
            "demo-boat-shelter": ("SHE.EMERG", "SHE.LONG"),
            "demo-boat-talk": ("PSS.COUNSEL",),
            "demo-boat-law": ("LEG.AID",),
        },
        languages=("th", "my", "kar"),
        hours=(),
        second_service="demo-kite-talk",
    ),
    Place(
        id="demo-star",
        name="DEMO Star Home",
        country="MM",
        province="MM-13",
        sector=Sector.ABROAD,
        codes={"demo-star-home": ("RET.RECEIVE", "SHE.EMERG", "PSS.COUNSEL")},
        languages=("my", "kar"),
        second_service="demo-drum-home",
    ),
    Place(
        id="demo-drum",
        name="DEMO Drum Network",
        country="MM",
        province="MM-13",
        sector=Sector.ABROAD,
        codes={"demo-drum-home": ("RET.RECEIVE", "PSS.COUNSEL", "LEG.AID")},
        languages=("my",),
        second_service="demo-star-home",
    ),
)

_FOCAL, _ALTERNATE = "Focal point", "Alternate"
_ROLES = {
    "Caseworker": Role.CASEWORKER,
    "Supervisor": Role.SUPERVISOR,
    "Child focal point": Role.CHILD_FOCAL_POINT,
    _FOCAL: Role.FOCAL_POINT,
    _ALTERNATE: Role.FOCAL_POINT,
}
_WHOLE_TEAM = "demo-mango"


def people_of(place: Place) -> dict[str, DemoPerson]:
    """Its staff by what they do there; the first organisation has a whole team."""
    wanted = tuple(_ROLES) if place.id == _WHOLE_TEAM else (_FOCAL, _ALTERNATE, "Supervisor")
    return {
        what: DemoPerson(
            roles=frozenset({_ROLES[what]}),
            organisation=place.id,
            name=f"{place.name}: {what}",
            languages=frozenset({"en", *place.languages} & {"en", "km", "lo", "my", "th", "vi"}),
        )
        for what in wanted
    }


def is_alternate(what: str) -> bool:
    """Whether somebody who does this stands in for the focal point."""
    return what == _ALTERNATE


def receives(what: str) -> bool:
    """Whether somebody who does this answers referrals."""
    return what in (_FOCAL, _ALTERNATE)
