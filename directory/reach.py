"""How a service can be reached by her: contacts that answer where she is, and ways to begin."""

from directory.access import Start
from directory.intake import AlertKind
from directory.query import Query, Way
from directory.service import Contact, ContactKind, Known, Service

NOWHERE = "none"  # the country of who is in none of the five


def reachable(contacts: tuple[Contact, ...]) -> tuple[Contact, ...]:
    """The contacts a person can answer; a website alone does not count."""
    return tuple(contact for contact in contacts if contact.kind is not ContactKind.WEB)


def usable(service: Service, query: Query) -> tuple[Contact, ...]:
    """The contacts that work from where she is.

    Outside the country of the service a number known not to work from abroad is none; asked
    from none of the five countries, only what is known to work is left.
    """
    if query.country is None:
        return dialled(service, NOWHERE)
    return dialled(service, "elsewhere" if query.elsewhere() else query.country)


def dialled(service: Service, here: str) -> tuple[Contact, ...]:
    """The same for the country she is in: NOWHERE is none of the five, empty not known."""
    if here == NOWHERE:
        return tuple(c for c in service.contacts if c.from_abroad is Known.YES)
    if here not in ("", service.country):
        return tuple(c for c in service.contacts if c.from_abroad is not Known.NO)
    return service.contacts


def ways(service: Service, query: Query) -> frozenset[Way]:
    """How she can start: by phone, by written messages, by going there."""
    kinds = {contact.kind for contact in usable(service, query)}
    starts = service.access.starts
    found: set[Way] = set()
    if ContactKind.VOICE in kinds and _allowed(starts, Start.PHONE):
        found.add("phone")
    if kinds & {ContactKind.CHAT, ContactKind.SMS} and _allowed(starts, Start.CHAT):
        found.add("chat")
    if _can_walk_in(service, query):
        found.add("place")
    return frozenset(found)


def _allowed(starts: frozenset[Start], way: Start) -> bool:
    return not starts or way in starts


def _can_walk_in(service: Service, query: Query) -> bool:
    if service.confidential or query.elsewhere():
        return False
    if AlertKind.DANGER_NEARBY in service.intake.alerted(query.at):
        return False
    return service.walk_in is Known.YES or Start.WALK_IN in service.access.starts
