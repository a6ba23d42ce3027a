"""One service for survivors: who runs it, whom it takes, how to reach it."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import Literal, assert_never, cast

from directory.taxonomy import COUNTRIES as COUNTRIES
from directory.taxonomy import DERIVED_TAGS, RECORDED_TAGS, STOCK_DAYS, STOCK_TAGS
from directory.taxonomy import TAGS as TAGS
from directory.taxonomy import TAXONOMY as TAXONOMY
from directory.taxonomy import DerivedTag as DerivedTag


class Known(Enum):
    """Yes, no, or nobody has asked yet; it has no truth value, so unknown is never read as no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        raise TypeError("compare with Known.YES, Known.NO or Known.UNKNOWN")


class Kind(Enum):
    """Who runs the service; always shown, because some fear the state and some trust only it."""

    NGO = "ngo"
    STATE = "state"
    WOMEN_UNION = "women_union"
    HEALTH = "health"
    UN = "un"
    EMBASSY = "embassy"
    UNION = "union"
    FAITH = "faith"
    PRIVATE = "private"
    UNKNOWN = "unknown"


class ContactKind(Enum):
    """What one does with a contact."""

    VOICE = "voice"
    SMS = "sms"
    CHAT = "chat"
    WEB = "web"
    EMAIL = "email"


class Nationality(Enum):
    """Whom a service takes, by nationality."""

    ANYONE = "anyone"
    NATIONALS = "nationals"
    LISTED = "listed"
    NON_NATIONALS = "non_nationals"
    UNKNOWN = "unknown"


class Papers(Enum):
    """Which paper a service asks for before it helps."""

    NONE = "none"
    ANY_ID = "any_id"
    PERMIT = "permit"
    POLICE_LETTER = "police_letter"
    VICTIM_STATUS = "victim_status"
    UNKNOWN = "unknown"


class Audience(Enum):
    """A group a service says it is for; no group named means that nothing is known."""

    WOMEN = "women"
    CHILDREN = "children"
    YOUTH = "youth"
    FAMILIES = "families"
    MIGRANTS = "migrants"
    CITIZENS_ABROAD = "citizens_abroad"


class Doubt(Enum):
    """Why an entry is trusted less; the first two hide it, the others only lower it."""

    DOUBTFUL = "doubtful"
    CONFLICT = "conflict"
    WEAK = "weak"
    OLD = "old"


Confidence = Literal["two_sources", "one_source", "contact_unverified"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One way to reach a service: `value` is what is dialled or shown.

    `e164` is the international form; `short_code` (digits only) has none and mostly works
    inside its own country only.
    """

    kind: ContactKind
    value: str
    e164: str | None = None
    short_code: str | None = None
    toll_free: Known = Known.UNKNOWN
    from_abroad: Known = Known.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """Whom a service takes; `nationalities` holds country codes when the rule is `listed`."""

    nationality: Nationality = Nationality.UNKNOWN
    nationalities: frozenset[str] = frozenset()
    papers: Papers = Papers.UNKNOWN
    audience: frozenset[Audience] = frozenset()
    age_max: int | None = None
    men: Known = Known.UNKNOWN
    lgbti: Known = Known.UNKNOWN
    pregnant: Known = Known.UNKNOWN
    children: Known = Known.UNKNOWN
    older_boys: Known = Known.UNKNOWN
    disability: Known = Known.UNKNOWN

    def __post_init__(self) -> None:
        if (self.nationality is Nationality.LISTED) != bool(self.nationalities):
            raise ValueError("a listed nationality rule, and only it, names countries")


@dataclass(frozen=True, slots=True, kw_only=True)
class TagFact:
    """A recorded tag, yes or no, and the day somebody checked it (None: never)."""

    tag: str
    known: Known
    checked_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One entry of the directory; a confidential one (any shelter) has no address or position.

    `state_of` is the country whose authorities run it. `level` is 0 listed, 1 called,
    2 visited, 3 partner with agreement. `also_in` names further provinces it is present in.
    Raises ValueError for an entry that contradicts itself, without repeating what it holds.
    """

    id: str
    organisation: str
    organisation_local: str = ""
    name: str
    kind: Kind = Kind.UNKNOWN
    country: str
    admin1: str = ""
    city: str = ""
    also_in: frozenset[str] = frozenset()
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
    state_of: str | None = None
    asks_police_report: Known = Known.UNKNOWN
    records_calls: Known = Known.UNKNOWN
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        problem = _contradiction(self)
        if problem:
            raise ValueError(problem)

    def knows(self, tag: str, on: date) -> Known:
        """Whether the tag holds on this day; stock not checked for 60 days is unknown again."""
        if tag in DERIVED_TAGS:
            return _derived(self, cast(DerivedTag, tag))
        for fact in self.tags:
            if fact.tag == tag:
                return Known.UNKNOWN if _stock_ran_out(fact, on) else fact.known
        return Known.UNKNOWN

    def due_on(self) -> date | None:
        """When it must be checked again (directory model 4.5); None if it never was."""
        if self.checked_on is None:
            return None
        families = {code.split(".")[0] for code in self.codes}
        if self.level == 0 or "HOT" in families:
            return self.checked_on + timedelta(days=30)
        return self.checked_on + timedelta(days=60 if families & {"HEA", "SHE", "CMG"} else 90)


def _contradiction(service: Service) -> str | None:
    held_back = service.address is not None or service.lat is not None
    checks = {
        "unknown country": service.country not in COUNTRIES,
        "unknown country of the authorities": service.state_of not in (None, *COUNTRIES),
        "a code outside the taxonomy": not service.codes <= TAXONOMY.keys(),
        "a tag that is not recorded": not {f.tag for f in service.tags} <= RECORDED_TAGS,
        "a tag recorded twice": len({f.tag for f in service.tags}) < len(service.tags),
        "half a position": (service.lat is None) != (service.lon is None),
        "a shelter that is not confidential": is_shelter(service) and not service.confidential,
        "a confidential service with a place": service.confidential and held_back,
        "a level outside 0 to 3": service.level not in range(4),
        "a checked service without a date": service.level > 0 and service.checked_on is None,
    }
    return next((problem for problem, holds in checks.items() if holds), None)


def is_shelter(service: Service) -> bool:
    """Whether women stay there: such a place never has an address or a position."""
    return any(code.startswith("SHE.") for code in service.codes)


def _stock_ran_out(fact: TagFact, on: date) -> bool:
    if fact.tag not in STOCK_TAGS or fact.known is not Known.YES:
        return False
    return fact.checked_on is None or on - fact.checked_on > timedelta(days=STOCK_DAYS)


def _derived(service: Service, tag: DerivedTag) -> Known:
    rules = service.eligibility
    match tag:
        case "men_ok":
            return rules.men
        case "lgbti_ok":
            return rules.lgbti
        case "older_boys_ok":
            return rules.older_boys
        case "disability_access":
            return rules.disability
        case "no_id_needed":
            return _yes_if(rules.papers is Papers.NONE, rules.papers is not Papers.UNKNOWN)
        case "ngo_run":
            return _yes_if(service.kind is Kind.NGO, service.kind is not Kind.UNKNOWN)
        case "no_police_report":
            asks = service.asks_police_report
            return _yes_if(asks is Known.NO, asks is not Known.UNKNOWN)
        case "open_24h":
            return _yes_if(service.hours_osm == "24/7", service.hours_osm is not None)
        case "works_from_abroad":
            said = {contact.from_abroad for contact in service.contacts}
            return _yes_if(Known.YES in said, bool(said) and Known.UNKNOWN not in said)
        case _:
            assert_never(tag)


def _yes_if(holds: bool, settled: bool) -> Known:
    if holds:
        return Known.YES
    return Known.NO if settled else Known.UNKNOWN
