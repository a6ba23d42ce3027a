"""What must be true before a referral crosses a border, and before she travels (3.13)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum

from referrals.children import ReturnSteps
from referrals.holding import Holds, reasons
from referrals.items import Item
from referrals.return_risk import ReturnRisk, unsafe

CONFIRM_FROM, CONFIRM_UNTIL = timedelta(hours=48), timedelta(hours=24)  # before travel
_COUNTRY = re.compile(r"[A-Z]{2}")


class AgreementKind(Enum):
    """The written basis between two countries; informal is for planning only."""

    STATE_MOU = "state_mou"
    SOP = "sop"
    CSO = "cso_cso"
    DATA_SHARING = "data_sharing"
    INFORMAL = "informal"


class Channel(Enum):
    """A state body that could be told. Each has a yes of its own, and none by default."""

    EMBASSY = "embassy"
    IMMIGRATION = "immigration"
    POLICE = "police"


class CrossingPoint(Enum):
    """A lawful kind of crossing; its name and the hour are said by voice on the day."""

    INTERNATIONAL = "international"
    LOCAL = "local"
    AIRPORT = "airport"


class Side(Enum):
    """Which focal point: here, or there."""

    SENDING = "sending"
    RECEIVING = "receiving"


class Block(Enum):
    """What still stands against the next step."""

    NO_AGREEMENT = "agreement"
    NO_FOCAL_POINTS = "focal_points"
    NOT_VOLUNTARY = "voluntary"
    NO_PLANNING_YES = "planning_yes"
    NO_CAPACITY = "capacity"
    RISK_UNASKED = "risk_unasked"
    RISK_HIGH = "risk_high"
    NO_CONSENT = "no_consent"
    ITEM_NOT_AGREED = "item_not_agreed"
    CHILD_STEP = "child_step"
    CHILD_PAPERS = "child_papers"
    NO_SAFE_PLACE = "safe_place"
    NOT_ACCEPTED = "not_accepted"
    NO_WINDOW = "travel_window"
    NOT_CONFIRMED = "not_confirmed"
    NO_FOLLOW_UP = "follow_up"
    NO_COMPANY = "company"
    NOT_SENT = "not_sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A basis between two countries, both days included; `items` is what it lets pass.

    Raises ValueError for an informal one that names items, or two countries that are not two.
    """

    id: str
    kind: AgreementKind
    countries: frozenset[str]
    starts: date
    ends: date
    items: frozenset[Item] = frozenset()

    def __post_init__(self) -> None:
        if len(self.countries) != 2 or not all(map(_COUNTRY.fullmatch, self.countries)):
            raise ValueError("an agreement joins two countries")
        if self.kind is AgreementKind.INFORMAL and self.items:
            raise ValueError("an informal basis is for planning without personal items")
        if self.ends < self.starts:
            raise ValueError("an agreement that ends before it starts")

    def covers(self, here: str, there: str, on: date) -> bool:
        """Whether it joins these countries on this day."""
        return self.countries == {here, there} and self.starts <= on <= self.ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Voluntary:
    """Her wish: asked alone, confirmed twice at different times, no condition for a shelter."""

    asked_alone: bool = False
    free_to_stop: bool = False
    no_condition: bool = False
    confirmed: tuple[datetime, ...] = ()

    def is_given(self) -> bool:
        """Whether all of it is so."""
        told = self.asked_alone and self.free_to_stop and self.no_condition
        return told and len(set(self.confirmed)) >= 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildTravel:
    """What a person under 18 needs beyond: steps, papers, the other parent's word or a court's."""

    steps: ReturnSteps
    focal_points: frozenset[str]
    birth_paper: bool = False
    other_parent_or_court: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """A journey as far as it is known; `held` is the consent that holds for the sending.

    `capacity_yes` answers the question without a person; `follow_up` names who is responsible on
    each side; `not_alone_or_chosen` is that she is not sent alone unless she chose so.
    """

    here: str
    there: str
    agreement: Agreement | None = None
    focal_points: frozenset[Side] = frozenset()
    voluntary: Voluntary = field(default_factory=Voluntary)
    planning_yes: datetime | None = None
    capacity_yes: bool = False
    risk: ReturnRisk | None = None
    held: Holds | None = None
    safe_until_travel: bool = False
    child: ChildTravel | None = None
    state_yes: frozenset[Channel] = frozenset()
    fears_state: bool = False
    sent_at: datetime | None = None
    accepted: frozenset[Side] = frozenset()
    point: CrossingPoint | None = None
    travels_at: datetime | None = None
    confirmed_at: datetime | None = None
    follow_up: frozenset[Side] = frozenset()
    not_alone_or_chosen: bool = False


def agreed_items(agreement: Agreement | None, here: str, there: str, on: date) -> frozenset[Item]:
    """What may cross on this day: nothing without a basis, nothing on an informal one."""
    covered = agreement is not None and agreement.covers(here, there, on)
    return agreement.items if agreement is not None and covered else frozenset()


def may_tell(crossing: Crossing, channel: Channel) -> bool:
    """Whether this state body may be told: her own yes to it, never where she fears her state."""
    return channel in crossing.state_yes and not crossing.fears_state


def before_planning(crossing: Crossing, at: datetime) -> tuple[Block, ...]:
    """What stands against planning, in which nothing about a person crosses."""
    agreement = crossing.agreement
    covered = agreement and agreement.covers(crossing.here, crossing.there, at.date())
    return _seen(
        {
            Block.NO_AGREEMENT: not covered,
            Block.NO_FOCAL_POINTS: crossing.focal_points != frozenset(Side),
            Block.NO_PLANNING_YES: crossing.planning_yes is None or crossing.planning_yes > at,
        }
    )


def before_sending(crossing: Crossing, at: datetime) -> tuple[Block, ...]:
    """What stands against `sent`."""
    agreement = crossing.agreement
    informal = agreement is not None and agreement.kind is AgreementKind.INFORMAL
    may_pass = agreed_items(agreement, crossing.here, crossing.there, at.date())
    child = crossing.child
    own = _seen(
        {
            Block.NO_AGREEMENT: informal,
            Block.NOT_VOLUNTARY: not crossing.voluntary.is_given(),
            Block.NO_CAPACITY: not crossing.capacity_yes,
            Block.RISK_UNASKED: crossing.risk is None,
            Block.RISK_HIGH: crossing.risk is not None and unsafe(crossing.risk),
            Block.NO_CONSENT: not _consented(crossing, at),
            Block.ITEM_NOT_AGREED: crossing.held is not None
            and not crossing.held.consent.agreed <= may_pass,
            Block.CHILD_STEP: (child is None and _of_a_child(crossing))
            or (child is not None and not child.steps.may_return(child.focal_points)),
            Block.CHILD_PAPERS: child is not None
            and not (child.birth_paper and child.other_parent_or_court),
            Block.NO_SAFE_PLACE: not crossing.safe_until_travel,
        }
    )
    return _joined(before_planning(crossing, at), own)


def before_arranging(crossing: Crossing, at: datetime) -> tuple[Block, ...]:
    """What stands against a day of travel: she must still be asked again before it begins."""
    travels = crossing.travels_at
    return _seen(
        {
            Block.NO_SAFE_PLACE: not crossing.safe_until_travel,
            Block.NO_WINDOW: travels is None or travels - CONFIRM_UNTIL <= at,
            Block.NO_FOLLOW_UP: crossing.follow_up != frozenset(Side),
            Block.NO_COMPANY: not crossing.not_alone_or_chosen or crossing.point is None,
        }
    )


def before_travel(crossing: Crossing, at: datetime) -> tuple[Block, ...]:
    """What stands against her leaving: both sides' yes, and hers again 24 to 48 h before.

    Where both have accepted, whether there is room is asked no more: their yes says so.
    """
    both = crossing.accepted == frozenset(Side)
    before = before_sending(crossing, at)
    left = tuple(one for one in before if not (both and one is Block.NO_CAPACITY))
    return _joined(left, before_meeting(crossing, at))


def before_meeting(crossing: Crossing, at: datetime) -> tuple[Block, ...]:
    """What must have been true of the journey she has made; she is there, and safe there."""
    return _seen(
        {
            Block.NOT_SENT: crossing.sent_at is None or crossing.sent_at > at,
            Block.NOT_ACCEPTED: crossing.accepted != frozenset(Side),
            Block.NOT_CONFIRMED: not _confirmed(crossing, at),
            Block.NO_FOLLOW_UP: crossing.follow_up != frozenset(Side),
            Block.NO_COMPANY: not crossing.not_alone_or_chosen or crossing.point is None,
        }
    )


def _of_a_child(crossing: Crossing) -> bool:
    return crossing.held is not None and crossing.held.consent.child is not None


def _consented(crossing: Crossing, at: datetime) -> bool:
    """Whether her second yes names the country and still holds (R42)."""
    held = crossing.held
    if held is None or reasons(held.consent, held.facts, at):
        return False
    abroad = held.consent.abroad
    way = (held.facts.country, abroad.country if abroad else "")
    return way == (crossing.here, crossing.there)


def _confirmed(crossing: Crossing, at: datetime) -> bool:
    confirmed, travels = crossing.confirmed_at, crossing.travels_at
    if confirmed is None or travels is None or confirmed > at:
        return False
    return CONFIRM_UNTIL <= travels - confirmed <= CONFIRM_FROM


def _seen(checks: Mapping[Block, object]) -> tuple[Block, ...]:
    return tuple(block for block, seen in checks.items() if seen)


def _joined(*found: tuple[Block, ...]) -> tuple[Block, ...]:
    every = {block for some in found for block in some}
    return tuple(block for block in Block if block in every)
