"""The checklist of vetting: what two coordinators must have seen before they say yes (4.5)."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from directory.organisation import Agreement
from handlers.desk import Desk
from handlers.partner_acts import Deed, No, PartnerRefused, change_partner
from handlers.staff_values import Account
from storage.partner_documents import Partner
from storage.partner_papers import Paper
from storage.partner_papers import Point as Point
from storage.store import Turn

AUDITED_EVERY = timedelta(days=365)  # "a yearly self-audit"
LATER = frozenset({Point.SELF_AUDIT})  # comes a year after, so it stands against no first yes
BY_ITSELF = frozenset({Point.FOCAL_POINTS, Point.AGREEMENT})  # known from what is kept elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One point, the day it was seen (None: not yet), until when it holds, whether it holds now.

    `late`: a self-audit that should have been done.
    """

    point: Point
    on: date | None = None
    until: date | None = None
    holds: bool = False
    late: bool = False


def checklist(partner: Partner, day: date) -> tuple[Line, ...]:
    """Every point in the order of the model, as it stands on this day."""
    return tuple(_line(partner, point, day) for point in Point)


def unchecked(partner: Partner, day: date) -> tuple[Point, ...]:
    """What nobody has seen yet; while anything is here no coordinator can say yes."""
    lines = checklist(partner, day)
    return tuple(one.point for one in lines if not one.holds and one.point not in LATER)


async def see(desk: Desk, by: str, organisation: str, point: Point, on: date | None) -> None:
    """Write down the day on which this was signed or done; None takes it back.

    A later day than the known one keeps the yes of the two; whatever else takes it away, as what
    they looked at is not what holds. Raises PartnerRefused: a day to come, or a point that is
    known from elsewhere.
    """

    async def change(turn: Turn, person: Account, partner: Partner) -> Partner:
        if point in BY_ITSELF or (on is not None and on > desk.clock().date()):
            raise PartnerRefused(No.DAY)
        before = _seen_on(partner, point)
        keeps = on is not None and (point in LATER or (before is not None and on >= before))
        partner = _with(partner, point, on, by)
        return partner if keeps else _without_yes(partner)

    await change_partner(desk, Deed(by=by, what="partner.check", object=organisation), change)


async def agree_on(desk: Desk, by: str, organisation: str, agreement: Agreement) -> None:
    """Write the agreement on sharing information into the register; two look again after it."""

    async def change(turn: Turn, person: Account, partner: Partner) -> Partner:
        signed = replace(partner.organisation, agreement=agreement)
        return _without_yes(replace(partner, organisation=signed))

    await change_partner(desk, Deed(by=by, what="partner.sign", object=organisation), change)


def _with(partner: Partner, point: Point, on: date | None, by: str) -> Partner:
    if point is Point.CONDUCT:
        return replace(partner, organisation=replace(partner.organisation, conduct_signed_on=on))
    others = tuple(one for one in partner.papers if one.point is not point)
    new = (Paper(point=point, on=on, by=by),) if on is not None else ()
    return replace(partner, papers=(*others, *new))


def _without_yes(partner: Partner) -> Partner:
    organisation = replace(partner.organisation, receives_referrals=False)
    return replace(partner, approvals=(), organisation=organisation)


def _line(partner: Partner, point: Point, day: date) -> Line:
    agreement = partner.organisation.agreement
    if point is Point.AGREEMENT:
        if agreement is None:
            return Line(point=point)
        holds = agreement.in_force(day)
        return Line(point=point, on=agreement.since, until=agreement.until, holds=holds)
    if point is Point.FOCAL_POINTS:
        first, standing_in = partner.focal_points(), partner.focal_points(alternates=True)
        return Line(point=point, holds=bool(first and standing_in) and all(partner.phones()))
    on = _seen_on(partner, point)
    if point is Point.SELF_AUDIT:
        since = on or _first_seen(partner)
        until = since + AUDITED_EVERY if since else None
        return Line(
            point=point, on=on, until=until, holds=on is not None, late=bool(until and until < day)
        )
    told = point is not Point.ACCESS_FACTS or bool(partner.languages)
    return Line(point=point, on=on, holds=on is not None and told)


def _seen_on(partner: Partner, point: Point) -> date | None:
    if point is Point.CONDUCT:
        return partner.organisation.conduct_signed_on
    return next((one.on for one in partner.papers if one.point is point), None)


def _first_seen(partner: Partner) -> date | None:
    """When the partner came: a self-audit is due a year after."""
    return min((one.on for one in partner.papers), default=None)
