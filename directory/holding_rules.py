"""Rules about the service itself: its country, its masters, its checks, its room and reach."""

from datetime import timedelta

from directory.intake import Says
from directory.nearness import across_the_line, distance_km, is_local
from directory.query import Query
from directory.reach import reachable, usable, ways
from directory.service import Doubt, Kind, Known, Service

PROVINCE_KM = 150.0
# Directory model 4.5: hidden 30 days after the check was due.
GRACE = timedelta(days=30)
# A woman asks an embassy for what only her own state can give, and for nothing else.
CITIZENS_CODES = frozenset({"DOC.EMBASSY", "DOC.CIVREG", "RET.GOV"})
# Country facts 6.1: local groups there are named in public only with their yes.
NAME_NEEDS_YES = frozenset({"LA", "MM"})
_NAMED_FREELY = frozenset({Kind.STATE, Kind.WOMEN_UNION, Kind.HEALTH, Kind.UN, Kind.EMBASSY})


def border(service: Service, query: Query) -> str | None:
    """Never a service of another country."""
    if query.country is not None:
        return None if service.country == query.country else "other_country"
    return None if usable(service, query) else "not_from_abroad"


def asked_for(service: Service, query: Query) -> str | None:
    """Only the help she asked for."""
    return None if query.matched(service) else "other_help"


def held_back(service: Service, query: Query) -> str | None:
    """What people hold back, and what is doubted too much."""
    if service.may_be_shown is Known.NO:
        return "never_shown"
    if service.withheld is not None:
        return service.withheld.value
    if service.suspended:
        return "suspended"
    if service.silent_from is not None and query.at >= service.silent_from:
        return "silent"
    if service.state_of == "MM" or (service.country == "MM" and service.state_of is not None):
        return "myanmar_state"
    if Doubt.DOUBTFUL in service.doubts:
        return "doubtful"
    return "conflict" if Doubt.CONFLICT in service.doubts else None


def checked(service: Service, query: Query) -> str | None:
    """Live shows only what was checked, and never what was due 30 days ago."""
    if query.mode == "live" and service.level == 0:
        return "unchecked"
    due = service.due_on()
    return "overdue" if due is not None and query.at.date() > due + GRACE else None


def takes_nobody(service: Service, query: Query) -> str | None:
    """A pause, or a house that is full: she would be turned away.

    Where other help was asked for too, a full house is shown last and says so.
    """
    if service.intake.paused(query.at):
        return "paused"
    beds_only = all(code.startswith("SHE.") for code in query.matched(service))
    return "full" if beds_only and service.intake.room(query.at) is Says.FULL else None


def only_by_others(service: Service, query: Query) -> str | None:
    """What takes women only through a caseworker is no use to her alone."""
    return "caseworker_only" if service.access.only_through_a_caseworker() else None


def authorities(service: Service, query: Query) -> str | None:
    """No embassy she did not ask for, and no office of a state she fears."""
    if service.kind is Kind.EMBASSY and not CITIZENS_CODES & set(query.matched(service)):
        return "embassy_not_asked"
    if "feared" not in query.flags:
        return None
    if service.kind is Kind.EMBASSY:
        return "feared_state"
    if service.state_of is None:
        return None
    hers = {query.home()} - {None}
    if query.belongs() is Known.YES:
        hers.add(query.country)
    # With her home unknown, only the state she is in is known not to be it.
    feared = service.state_of in hers if hers else service.state_of != query.country
    return "feared_state" if feared else None


def contact(service: Service, query: Query) -> str | None:
    """A way she can use: by phone when she must call now, or when distance no longer counts."""
    open_ways = ways(service, query)
    if query.scope == "phone_only":
        wide = service.country_wide or query.country is None
        return None if wide and open_ways & {"phone", "chat"} else "not_by_phone"
    if query.urgency == "now" and query.how and not open_ways & query.how:
        return "not_this_way" if reachable(service.contacts) else "no_number_now"
    return None


def by_name_only(service: Service, query: Query) -> str | None:
    """A name without a number helps only near her, and only where the name may be said.

    A number that does not work from where she is is none.
    """
    if reachable(usable(service, query)):
        return None
    if not is_local(service, query):
        return "no_number_far"
    agreed = service.kind in _NAMED_FREELY or service.may_be_shown is Known.YES
    return None if agreed or service.country not in NAME_NEEDS_YES else "name_not_agreed"


def too_far(service: Service, query: Query) -> str | None:
    """Within the reach she asked for, inside the country, and on her side of a line."""
    if query.country is None or query.near is None:
        return None
    if across_the_line(service, query):
        return "across_the_line"
    if query.scope in ("country", "phone_only"):
        return None
    if service.country_wide or is_local(service, query):
        return None
    far = distance_km(service, query)
    close = query.scope == "province" and far is not None and far <= PROVINCE_KM
    return None if close else "too_far"
