"""Who answers for a partner: its focal points, and who stands in for those who are not there.

`gone` are those: away on that day, or without an account that works (who_hears.missing).
"""

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


def is_deserted(partner: Partner, gone: frozenset[str]) -> bool:
    """Whether nobody who answers there is there."""
    return bool(partner.people()) and partner.people() <= gone


def answering(partner: Partner, gone: frozenset[str]) -> tuple[str, ...]:
    """Who is told of what is new: the focal points who are there, else the alternates who are.

    As few as possible are told (3.1), so alternates come first only where no focal point is
    there. Where nobody is, all of them are: nothing may be lost.
    """
    return (
        _there(gone, partner.focal_points())
        or standing_in(partner, gone)
        or _ids(partner.organisation.focal_points)
    )


def standing_in(partner: Partner, gone: frozenset[str]) -> tuple[str, ...]:
    """The alternates who are there; empty where none is."""
    return _there(gone, partner.focal_points(alternates=True))


def phones(partner: Partner, at: datetime) -> tuple[str, ...]:
    """Numbers to call first at levels 0 and 1; of those who are away the last."""
    gone = away(partner, at)
    ordered = sorted(
        partner.organisation.focal_points, key=lambda one: (one.id in gone, one.alternate)
    )
    return tuple(dict.fromkeys(one.contact.e164 or one.contact.value for one in ordered))


def _there(gone: frozenset[str], people: tuple[FocalPoint, ...]) -> tuple[str, ...]:
    return tuple(one for one in _ids(people) if one not in gone)


def _ids(people: tuple[FocalPoint, ...]) -> tuple[str, ...]:
    return tuple(one.id for one in people)
