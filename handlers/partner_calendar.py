"""A partner's days: hours, public holidays, days off, who is away; and days with nobody there."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from directory.holiday_dates import holiday_dates
from handlers.desk import Desk
from handlers.partner_acts import Deed, No, PartnerRefused, change_partner, refuse_stranger
from handlers.staff_values import Account
from referrals.roles import Role
from storage.partner_documents import Partner
from storage.partner_papers import Absence as Absence
from storage.store import Turn

OWN = (Role.COORDINATOR, Role.SUPERVISOR, Role.FOCAL_POINT)
AHEAD = 14  # days in which a gap is worth a word
LONGEST_ABSENCE = timedelta(days=366)
PLANNED = timedelta(days=800)  # nobody plans further ahead; ours
_MOST = 60  # absences of one partner; older ones are dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of a partner. `works`: its week says so; `gap`: it works and nobody answers."""

    day: date
    works: bool
    holiday: bool = False
    off: bool = False
    away: tuple[str, ...] = ()
    gap: bool = False


def month(partner: Partner, year: int, number: int) -> tuple[Day, ...]:
    """Every day of a month (1 to 12)."""
    last = monthrange(year, number)[1]
    return tuple(day_of(partner, date(year, number, one)) for one in range(1, last + 1))


def day_of(partner: Partner, day: date) -> Day:
    """One day. A public holiday is a day off only where the partner has hours at all."""
    holiday = day in holiday_dates(partner.country, day.year)
    off = day in partner.off
    in_week = not partner.hours or any(one.weekday == day.weekday() for one in partner.hours)
    works = in_week and not off and not (holiday and partner.hours)
    people = partner.people()
    away = sorted({one.person for one in partner.absences if one.covers(day)} & people)
    gap = works and bool(people) and set(away) == people
    return Day(day=day, works=works, holiday=holiday, off=off, away=tuple(away), gap=gap)


def gaps(partner: Partner, since: date, days: int = AHEAD) -> tuple[date, ...]:
    """Days of work from this day on on which every focal point and alternate is away."""
    every = (day_of(partner, since + timedelta(days=one)) for one in range(days))
    return tuple(one.day for one in every if one.gap)


async def add_absence(desk: Desk, by: str, organisation: str, absence: Absence) -> None:
    """One of its focal points or alternates is away. Raises PartnerRefused."""

    async def change(turn: Turn, person: Account, partner: Partner) -> Partner:
        refuse_stranger(person, partner)
        today = desk.clock().date()
        if absence.person not in partner.people():
            raise PartnerRefused(No.NOT_ACTIVE)
        too_long = absence.end - absence.start > LONGEST_ABSENCE
        if absence.end < today or too_long or absence.start - today > PLANNED:
            raise PartnerRefused(No.DAY)
        coming = [one for one in partner.absences if one.end >= today and one != absence]
        return replace(partner, absences=(*coming[-_MOST:], absence))

    await change_partner(desk, _deed(by, organisation), change, OWN)


async def drop_absence(desk: Desk, by: str, organisation: str, absence: Absence) -> None:
    """The person is there after all; quiet where nothing of it is known."""

    async def change(turn: Turn, person: Account, partner: Partner) -> Partner:
        refuse_stranger(person, partner)
        others = tuple(one for one in partner.absences if one != absence)
        return replace(partner, absences=others)

    await change_partner(desk, _deed(by, organisation), change, OWN)


async def set_off(desk: Desk, by: str, organisation: str, day: date, *, off: bool) -> None:
    """A day off besides public holidays, or a day of work again. Raises PartnerRefused."""

    async def change(turn: Turn, person: Account, partner: Partner) -> Partner:
        refuse_stranger(person, partner)
        today = desk.clock().date()
        if off and abs(day - today) > PLANNED:
            raise PartnerRefused(No.DAY)
        coming = {one for one in partner.off if one >= today - timedelta(days=31)}
        return replace(partner, off=frozenset(coming | {day} if off else coming - {day}))

    await change_partner(desk, _deed(by, organisation), change, OWN)


def _deed(by: str, organisation: str) -> Deed:
    return Deed(by=by, what="partner.rota", object=organisation)
