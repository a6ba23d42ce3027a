"""The three further blocks of a form: for a child, for a border, for signs of trafficking."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from types import MappingProxyType

from referrals.children import ChildAge, ChildBlock, ChildYes, Company, Safe
from referrals.corridor import Channel, CrossingPoint, Voluntary
from referrals.items import Sector
from referrals.return_risk import Danger, Level
from referrals.trafficking import OfficialReturn, Path, TraffickingCase

MOST_SIBLINGS = 20  # as in referrals/children.py
_AGES = {
    "u12": (ChildAge.UNDER_6, ChildAge.FROM_6),
    "12_14": (ChildAge.FROM_12,),
    "15_17": (ChildAge.FROM_15,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildAnswers:
    """The child block of 3.15 while it is being filled; None is not asked.

    `focal_point` is the account of the child focal point who was named. `under_6` parts the
    lowest band in two, since consent differs there. `yeses` and `best_interests_done` are the
    child focal point's to set.
    """

    focal_point: str = ""
    under_6: bool | None = None
    company: Company | None = None
    caregiver_safe: Safe | None = None
    caregiver_may_have_hurt: bool | None = None
    wishes: frozenset[str] = frozenset()
    siblings: int | None = None
    school_language: str = ""
    family_tracing: bool | None = None
    duty_note: bool = False
    best_interests_done: bool = False
    yeses: frozenset[ChildYes] = frozenset()

    def __post_init__(self) -> None:
        if self.siblings is not None and not 0 <= self.siblings <= MOST_SIBLINGS:
            raise ValueError("a number of siblings that is none")

    def band(self, age: str) -> ChildAge | None:
        """The band by which consent differs, from the band of the form."""
        bands = _AGES.get(age, ())
        if len(bands) > 1:
            return None if self.under_6 is None else bands[not self.under_6]
        return bands[0] if bands else None

    def block(self, age: str) -> ChildBlock | None:
        """The block, once enough is known; None before. Raises ValueError as ChildBlock does."""
        band, company, safe = self.band(age), self.company, self.caregiver_safe
        hurt = self.caregiver_may_have_hurt
        if band is None or company is None or safe is None or hurt is None:
            return None
        return ChildBlock(
            age=band,
            company=company,
            caregiver_safe=safe,
            caregiver_may_have_hurt=hurt,
            wishes=self.wishes,
            yeses=self.yeses,
            best_interests_done=self.best_interests_done,
            duty_note=self.duty_note,
            siblings=self.siblings,
            school_language=self.school_language,
            family_tracing=self.family_tracing,
        )


class CountryRole(Enum):
    """What a country is on her way (3.13)."""

    ORIGIN = "origin"
    TRANSIT = "transit"
    DESTINATION = "destination"


class WhyAcross(Enum):
    """Why another country; a code, never a story."""

    HOME = "home"
    FAMILY = "family"
    SAFETY = "safety"
    SERVICE = "service"
    LAW = "law"


class Payer(Enum):
    """Who pays for the way."""

    HERSELF = "herself"
    SENDER = "sender"
    RECEIVER = "receiver"
    STATE = "state"


@dataclass(frozen=True, slots=True, kw_only=True)
class Corridor:
    """The border block of 3.13 as far as a caseworker fills it.

    What others say is not here: the agreement (register), the capacity answer, both acceptances,
    and supervisor and legal adviser on a high risk. `risk` holds the dangers asked so far;
    `within` how many days ahead the other side was asked for room, `capacity` the code of that
    question (capacity.py). Where `state_locked`, `state_contact` stays empty whatever is put in.
    """

    role_here: CountryRole | None = None
    role_there: CountryRole | None = None
    why: WhyAcross | None = None
    agreement: str = ""
    planning_yes: datetime | None = None
    voluntary: Voluntary = field(default_factory=Voluntary)
    risk: Mapping[Danger, Level] = field(default_factory=dict)
    state_contact: frozenset[Channel] = frozenset()
    fears_state: bool | None = None
    safe_until: date | None = None
    point: CrossingPoint | None = None
    escort: bool | None = None
    pays: Payer | None = None
    medicine: bool | None = None
    birth_paper: bool | None = None
    other_parent_or_court: bool | None = None
    long_check_ins: bool = False
    within: int = 0
    capacity: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "risk", MappingProxyType(dict(self.risk)))
        if self.state_locked():
            object.__setattr__(self, "state_contact", frozenset())

    def state_locked(self) -> bool:
        """No state body may be told of her: she fears hers, or officials there may harm her."""
        return self.fears_state is True or self.risk.get(Danger.OFFICIALS) is Level.HIGH

    def high(self) -> bool:
        """Whether any danger is high, so that nothing is sent without the three yeses (3.13)."""
        return Level.HIGH in self.risk.values()

    def all_asked(self) -> bool:
        """Whether each of the ten dangers was asked."""
        return self.risk.keys() == frozenset(Danger)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trafficked:
    """What she was told and chose where there are signs of trafficking (3.14)."""

    told: frozenset[Path] = frozenset()
    loss_told: bool = False
    freedom_told: bool = False
    chosen: Path | None = None
    somebody_goes_along: bool = False
    official_return: OfficialReturn | None = None

    def case(self, country: str, sector: Sector) -> TraffickingCase:
        """As referrals/trafficking.py looks at it."""
        return TraffickingCase(
            country=country,
            sector=sector,
            told=self.told,
            loss_told=self.loss_told,
            freedom_told=self.freedom_told,
            chosen=self.chosen,
            somebody_goes_along=self.somebody_goes_along,
            official_return=self.official_return,
        )
