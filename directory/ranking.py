"""Puts the services that may be shown in order: what she can use and asked for comes first."""

from dataclasses import dataclass
from datetime import date

from directory.her_rules import is_health
from directory.holding_rules import PROVINCE_KM
from directory.hours import HoursFaulty, is_open, opens_next
from directory.intake import Says
from directory.nearness import distance_km, is_local
from directory.query import Query
from directory.reach import reachable, ways
from directory.service import Doubt, Known, Service

# Sorted up in every search (trees.md 2.0), beside what the tree needs and prefers.
ALWAYS_PREFERRED = frozenset({"free", "no_id_needed", "female_staff"})

# Ahead of what says nothing about its room; full comes after everything else that can be reached.
_ROOM = {Says.HAS_SPACE: -1, None: 0, Says.CALL: 0, Says.FULL: 1}

SPEAKS, INTERPRETER, LANGUAGE_UNKNOWN = range(3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One service as seen from one query.

    `open` and `distance` (km) are None when unknown; `wanted` are the tags it is known to have
    of those that are needed, preferred or always sorted up.
    """

    service: Service
    query: Query
    open: bool | None
    distance: float | None
    local: bool
    wanted: tuple[str, ...]

    def by_name_only(self) -> bool:
        """Whether there is nothing to call or write to."""
        return not reachable(self.service.contacts)

    def other_way(self) -> bool:
        """Whether it cannot be reached in any of the ways she asked for."""
        return bool(self.query.how) and not ways(self.service, self.query) & self.query.how

    def language(self) -> int:
        """Her language spoken, interpreted, or unknown.

        Sources name the foreign languages of a line and leave out the country's own, so a list
        without hers is unknown and not a no.
        """
        service, locale = self.service, self.query.locale
        if locale in service.languages or locale in service.intake.speaks(self.query.at):
            return SPEAKS
        by_phone = service.knows("interpreter_phone", self.query.at.date())
        if locale in service.interpreter_languages or by_phone is Known.YES:
            return INTERPRETER
        return LANGUAGE_UNKNOWN

    def please_ask(self) -> bool:
        """Whether its check is due, or something came up since: yellow (directory model 4.5)."""
        due = self.service.due_on()
        late = due is not None and self.query.at.date() > due
        return self.service.ask_first or late


def look_at(service: Service, query: Query) -> Look:
    """What the order and the reasons need to know of one service."""
    return Look(
        service=service,
        query=query,
        open=_open(service, query),
        distance=distance_km(service, query),
        local=is_local(service, query),
        wanted=tuple(
            tag
            for tag in sorted(_wanted_tags(service, query))
            if service.knows(tag, query.at.date()) is Known.YES
        ),
    )


def order(look: Look) -> tuple[float | str, ...]:
    """The sorting key, most weighty first; the id at the end makes it total.

    A name without a number comes after everything that can be contacted, and a way she cannot
    use after the ways she can. Her language comes first, as in every search of the trees; only
    in danger her sectors do, so that the police she asked for stay where she looks. Trust weighs
    more than kilometres within the same band, and the later check settles what is left.
    """
    service, query = look.service, look.query
    sector = query.asked().index(query.matched(service)[0])
    urgent = query.urgency == "now"
    room = service.intake.room(query.at)
    return (
        1 if look.by_name_only() else 0,
        1 if look.other_way() else 0,
        1 if room is Says.FULL else 0,
        *_waiting(look),
        *((sector, look.language()) if urgent else (look.language(), sector)),
        _ROOM[room],
        -len(look.wanted),
        {True: 0, None: 1, False: 2}[look.open],
        _band(look),
        _distrust(look),
        look.distance if look.distance is not None else 0.0,
        -(service.checked_on or date.min).toordinal(),
        service.id,
    )


def _open(service: Service, query: Query) -> bool | None:
    try:
        return is_open(service.hours_osm, service.country, query.at, service.on_holidays)
    except HoursFaulty:
        return None


def _wanted_tags(service: Service, query: Query) -> frozenset[str]:
    needed = frozenset().union(*query.needs())
    medicines = query.medicines() if is_health(service) else frozenset()
    return needed | medicines | query.prefer | ALWAYS_PREFERRED


def _waiting(look: Look) -> tuple[float, float]:
    """For urgency now: what is known to be closed comes last, the soonest to open first.

    Unknown hours do not push back: most emergency numbers print none.
    """
    if look.query.urgency != "now" or look.open is not False:
        return (0.0, 0.0)
    service, at = look.service, look.query.at
    opening = opens_next(service.hours_osm, service.country, at, service.on_holidays)
    return (1.0, float("inf") if opening is None else (opening - at).total_seconds())


def _band(look: Look) -> int:
    if look.local or look.service.country_wide:
        return 0
    return 1 if look.distance is not None and look.distance <= PROVINCE_KM else 2


def _distrust(look: Look) -> int:
    service = look.service
    lowered = len(service.doubts & {Doubt.OLD, Doubt.WEAK}) + look.please_ask()
    return lowered + (0 if service.confidence == "two_sources" or service.level else 1)
