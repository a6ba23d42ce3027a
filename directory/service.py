"""One service for survivors: who runs it, whom it takes, how to reach it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from directory.access import Access, Advice
from directory.contact import Contact as Contact
from directory.exposure import Exposure
from directory.intake import Intake
from directory.kinds import Audience as Audience
from directory.kinds import ContactKind as ContactKind
from directory.kinds import Doubt as Doubt
from directory.kinds import Kind as Kind
from directory.kinds import Known as Known
from directory.kinds import Nationality as Nationality
from directory.kinds import Papers as Papers
from directory.kinds import Withheld as Withheld
from directory.location import Location
from directory.tag_facts import TagFact as TagFact
from directory.tag_facts import known
from directory.taxonomy import COUNTRIES as COUNTRIES
from directory.taxonomy import RECORDED_TAGS
from directory.taxonomy import TAGS as TAGS
from directory.taxonomy import TAXONOMY as TAXONOMY
from directory.taxonomy import DerivedTag as DerivedTag

Confidence = Literal["two_sources", "one_source", "contact_unverified"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """Whom a service takes; `nationalities` holds country codes when the rule is `listed`.

    Ages in years, both ends included; `older_boys_age_max` is the oldest son taken in with her.
    """

    nationality: Nationality = Nationality.UNKNOWN
    nationalities: frozenset[str] = frozenset()
    papers: Papers = Papers.UNKNOWN
    audience: frozenset[Audience] = frozenset()
    age_min: int | None = None
    age_max: int | None = None
    men: Known = Known.UNKNOWN
    lgbti: Known = Known.UNKNOWN
    pregnant: Known = Known.UNKNOWN
    children: Known = Known.UNKNOWN
    older_boys: Known = Known.UNKNOWN
    older_boys_age_max: int | None = None
    disability: Known = Known.UNKNOWN

    def __post_init__(self) -> None:
        if (self.nationality is Nationality.LISTED) != bool(self.nationalities):
            raise ValueError("a listed nationality rule, and only it, names countries")
        if self.age_min is not None and self.age_max is not None and self.age_min > self.age_max:
            raise ValueError("a lowest age above the highest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One entry of the directory; a confidential one (any shelter) has no address or position.

    `organisation` is the name the public may see, never more (organisation.py). `state_of` is
    the country whose authorities run it. `level` is 0 listed, 1 called, 2 visited, 3 partner
    with agreement. `also_in` names further provinces, `locations` further places. `side` is who
    controls the area, never shown. `withheld`, `silent_from` and `ask_first` are what people
    found out (standing.py). Raises ValueError for an entry that contradicts itself, without
    repeating what it holds.
    """

    id: str
    organisation: str
    organisation_id: str = ""
    organisation_local: str = ""
    name: str
    kind: Kind = Kind.UNKNOWN
    country: str
    admin1: str = ""
    city: str = ""
    also_in: frozenset[str] = frozenset()
    locations: tuple[Location, ...] = ()
    side: str = field(default="", repr=False)
    country_wide: bool = False
    walk_in: Known = Known.UNKNOWN
    address: str | None = None
    lat: float | None = None
    lon: float | None = None
    codes: frozenset[str] = frozenset()
    tags: tuple[TagFact, ...] = ()
    languages: frozenset[str] = frozenset()
    interpreter_languages: frozenset[str] = frozenset()
    hours: str = ""
    hours_osm: str | None = None
    on_holidays: Known = Known.UNKNOWN
    cost: str = ""
    contacts: tuple[Contact, ...] = ()
    eligibility: Eligibility = field(default_factory=Eligibility)
    level: int = 0
    checked_on: date | None = None
    confidence: Confidence = "contact_unverified"
    doubts: frozenset[Doubt] = frozenset()
    confidential: bool = False
    may_be_shown: Known = Known.UNKNOWN
    suspended: bool = False
    withheld: Withheld | None = None
    silent_from: datetime | None = None
    ask_first: bool = False
    state_of: str | None = None
    asks_police_report: Known = Known.UNKNOWN
    records_calls: Known = Known.UNKNOWN
    exposure: Exposure = field(default_factory=Exposure)
    intake: Intake = field(default_factory=Intake)
    access: Access = field(default_factory=Access)
    advice: Advice = field(default_factory=Advice)
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        problem = _contradiction(self)
        if problem:
            raise ValueError(problem)

    def knows(self, tag: str, on: date) -> Known:
        """Whether the tag holds on this day; stock not checked for 60 days is unknown again."""
        return known(self, tag, on)

    def due_on(self) -> date | None:
        """When it must be checked again (directory model 4.5); None if it never was."""
        return None if self.checked_on is None else self.checked_on + check_again_after(self)


def check_again_after(service: Service) -> timedelta:
    """30 days for helplines and level 0, 60 for health, shelter and caseworkers, else 90."""
    families = {code.split(".")[0] for code in service.codes}
    if service.level == 0 or "HOT" in families:
        return timedelta(days=30)
    return timedelta(days=60 if families & {"HEA", "SHE", "CMG"} else 90)


def is_shelter(service: Service) -> bool:
    """Whether women stay there: such a place never has an address or a position."""
    return any(code.startswith("SHE.") for code in service.codes)


def is_helpline(service: Service) -> bool:
    """Whether it is a line to call: two failed test calls hide it at once."""
    return any(code.startswith("HOT.") for code in service.codes)


def _contradiction(service: Service) -> str | None:
    held_back = service.address is not None or service.lat is not None
    spread = service.locations
    checks = {
        "unknown country": service.country not in COUNTRIES,
        "unknown country of the authorities": service.state_of not in (None, *COUNTRIES),
        "a code outside the taxonomy": not service.codes <= TAXONOMY.keys(),
        "a tag that is not recorded": not {f.tag for f in service.tags} <= RECORDED_TAGS,
        "a tag recorded twice": len({f.tag for f in service.tags}) < len(service.tags),
        "half a position": (service.lat is None) != (service.lon is None),
        "a shelter that is not confidential": is_shelter(service) and not service.confidential,
        "a confidential service with a place": service.confidential and held_back,
        "a confidential service with an open location": (
            service.confidential and not all(place.confidential for place in spread)
        ),
        "a location in another country": {p.country for p in spread} - {service.country} != set(),
        "a location named twice": len({place.id for place in spread}) < len(spread),
        "a level outside 0 to 3": service.level not in range(4),
        "a checked service without a date": service.level > 0 and service.checked_on is None,
    }
    return next((problem for problem, holds in checks.items() if holds), None)
