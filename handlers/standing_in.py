"""Who answers for a partner at a moment: its focal points, and who stands in while one is away."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from directory.hours import ZONES
from directory.organisation import FocalPoint
from storage.partner_documents import Partner


def day_at(partner: Partner, at: datetime) -> date:
    """The day it is where the partner is."""
    return at.astimezone(ZoneInfo(ZONES[partner.country])).date()


def away(partner: Partner, at: datetime) -> frozenset[str]:
    """Focal points and alternates who are away on this day."""
    day = day_at(partner, at)
    gone = {one.person for one in partner.absences if one.covers(day)}
    return partner.people() & gone


def is_deserted(partner: Partner, at: datetime) -> bool:
    """Whether everybody who answers there is away on this day."""
    return bool(partner.people()) and away(partner, at) == partner.people()


def answering(partner: Partner, at: datetime) -> tuple[str, ...]:
    """Who is told of what is new: the focal points who are there, else the alternates who are.

    As few as possible are told (3.1), so alternates come first only where no focal point is
    there. Where nobody is, all of them are: nothing may be lost.
    """
    return (
        _there(partner, at, partner.focal_points())
        or standing_in(partner, at)
        or _ids(partner.organisation.focal_points)
    )


def standing_in(partner: Partner, at: datetime) -> tuple[str, ...]:
    """The alternates who are there on this day; empty where none is."""
    return _there(partner, at, partner.focal_points(alternates=True))


def phones(partner: Partner, at: datetime) -> tuple[str, ...]:
    """Numbers to call first at levels 0 and 1; of those who are away the last."""
    gone = away(partner, at)
    ordered = sorted(
        partner.organisation.focal_points, key=lambda one: (one.id in gone, one.alternate)
    )
    return tuple(dict.fromkeys(one.contact.e164 or one.contact.value for one in ordered))


def _there(partner: Partner, at: datetime, people: tuple[FocalPoint, ...]) -> tuple[str, ...]:
    gone = away(partner, at)
    return tuple(one for one in _ids(people) if one not in gone)


def _ids(people: tuple[FocalPoint, ...]) -> tuple[str, ...]:
    return tuple(one.id for one in people)
