"""The rules that hide a service from a search, each with a reason that can be counted."""

from collections.abc import Callable
from datetime import timedelta

from directory.nearness import distance_km, is_local
from directory.query import Query, Way
from directory.service import (
    TAGS,
    Audience,
    Contact,
    ContactKind,
    Doubt,
    Kind,
    Known,
    Nationality,
    Papers,
    Service,
    is_shelter,
)

PROVINCE_KM = 150.0
# Directory model 4.5: hidden 30 days after the check was due.
GRACE = timedelta(days=30)
# A woman asks an embassy for what only her own state can give, and for nothing else.
CITIZENS_CODES = frozenset({"DOC.EMBASSY", "DOC.CIVREG", "RET.GOV"})
# "Child helplines, child services, emergency, health"; a suicide line is an emergency.
CHILD_SAFE_CODES = frozenset({"HOT.CHILD", "CMG.CP", "SHE.CHILD", "PSS.CRISIS", "PSS.MH"})
CHILD_SAFE_FAMILIES = frozenset({"CHP", "EMG", "HEA"})
# An adult who asks for one of these asks for a child (tree `ci`), so child-only services stay.
FOR_A_CHILD = frozenset({"CHP.NGO", "CHP.GOV", "CMG.CP", "SHE.CHILD"})
# Country facts 6.1: local groups there are named in public only with their yes.
NAME_NEEDS_YES = frozenset({"LA", "MM"})
_NAMED_FREELY = frozenset({Kind.STATE, Kind.WOMEN_UNION, Kind.HEALTH, Kind.UN, Kind.EMBASSY})

Rule = Callable[[Service, Query], str | None]


def hidden_by(service: Service, query: Query) -> str | None:
    """The reason code of the first rule that hides the service, or None when it may be shown."""
    return next((reason for rule in RULES if (reason := rule(service, query))), None)


def reachable(contacts: tuple[Contact, ...]) -> tuple[Contact, ...]:
    """The contacts a person can answer; a website alone does not count."""
    return tuple(contact for contact in contacts if contact.kind is not ContactKind.WEB)


def ways(service: Service) -> frozenset[Way]:
    """How she can start: by phone, by written messages, by going there."""
    kinds = {contact.kind for contact in service.contacts}
    found: set[Way] = set()
    if ContactKind.VOICE in kinds:
        found.add("phone")
    if kinds & {ContactKind.CHAT, ContactKind.SMS}:
        found.add("chat")
    if service.walk_in is Known.YES and not service.confidential:
        found.add("place")
    return frozenset(found)


def child_only(service: Service) -> bool:
    """Whether it says it is for children and names no other group."""
    return service.eligibility.audience == {Audience.CHILDREN}


def women_only(service: Service) -> bool:
    """Whether it names only women and children, and does not say that it takes men or LGBTI."""
    audience = service.eligibility.audience
    takes = {service.eligibility.men, service.eligibility.lgbti}
    others = audience - {Audience.WOMEN, Audience.CHILDREN, Audience.MIGRANTS}
    return Audience.WOMEN in audience and not others and Known.YES not in takes


def _border(service: Service, query: Query) -> str | None:
    if query.country is not None:
        return None if service.country == query.country else "other_country"
    works = any(contact.from_abroad is Known.YES for contact in service.contacts)
    return None if works else "not_from_abroad"


def _asked_for(service: Service, query: Query) -> str | None:
    return None if query.matched(service) else "other_help"


def _held_back(service: Service, query: Query) -> str | None:
    if service.may_be_shown is Known.NO:
        return "never_shown"
    if service.suspended:
        return "suspended"
    if service.state_of == "MM" or (service.country == "MM" and service.state_of is not None):
        return "myanmar_state"
    if Doubt.DOUBTFUL in service.doubts:
        return "doubtful"
    return "conflict" if Doubt.CONFLICT in service.doubts else None


def _checked(service: Service, query: Query) -> str | None:
    if query.mode == "live" and service.level == 0:
        return "unchecked"
    due = service.due_on()
    return "overdue" if due is not None and query.at.date() > due + GRACE else None


def _authorities(service: Service, query: Query) -> str | None:
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


def _age(service: Service, query: Query) -> str | None:
    matched = query.matched(service)
    if query.child():
        named = service.eligibility.audience & {Audience.CHILDREN, Audience.YOUTH}
        safe = any(
            code in CHILD_SAFE_CODES or code.split(".")[0] in CHILD_SAFE_FAMILIES
            for code in matched
        )
        return None if safe or named else "not_child_safe"
    for_a_child = FOR_A_CHILD & set(query.sectors)
    if "age_adult" in query.flags and child_only(service) and not for_a_child:
        return "child_only"
    return None


def _nationality(service: Service, query: Query) -> str | None:
    rules, belongs = service.eligibility, query.belongs()
    if Audience.CITIZENS_ABROAD in rules.audience and not query.elsewhere():
        return "only_abroad"
    match rules.nationality:
        case Nationality.NON_NATIONALS if belongs is Known.YES:
            return "non_nationals_only"
        case Nationality.NATIONALS if belongs is Known.NO or "no_papers" in query.flags:
            return "nationals_only"
        case Nationality.LISTED:
            return "other_nationality" if _off_the_list(service, query) else None
        case _:
            return None


def _off_the_list(service: Service, query: Query) -> bool:
    listed, belongs = service.eligibility.nationalities, query.belongs()
    if belongs is Known.YES:
        return query.country not in listed
    if belongs is Known.NO and listed == {query.country}:
        return True
    return query.home() is not None and query.home() not in listed


def _papers(service: Service, query: Query) -> str | None:
    asks = service.eligibility.papers not in (Papers.NONE, Papers.UNKNOWN)
    return "papers" if "no_papers" in query.flags and asks else None


def _family(service: Service, query: Query) -> str | None:
    rules, flags = service.eligibility, query.flags
    if "pregnant" in flags and rules.pregnant is Known.NO:
        return "no_pregnant"
    with_children = flags & {"kids", "older_boy"}
    if with_children and rules.children is Known.NO:
        return "no_children"
    if "men_lgbti" in flags and is_shelter(service) and women_only(service):
        return "women_only"
    return None


def _needed(service: Service, query: Query) -> str | None:
    on = query.at.date()
    for group in query.needs():
        if all(service.knows(tag, on) is Known.NO for tag in group):
            return "lacks_" + min(group)
    medicines = query.medicines()
    if medicines and is_health(service):
        stock = {service.knows(tag, on) for tag in medicines}
        return "lacks_medicine" if stock == {Known.NO} else None
    return None


def is_health(service: Service) -> bool:
    """Whether medicines can be asked of it: a helpline is no worse for having none."""
    return any(code.startswith("HEA.") for code in service.codes)


def _contact(service: Service, query: Query) -> str | None:
    usable = ways(service)
    if query.scope == "phone_only":
        wide = service.country_wide or query.country is None
        return None if wide and usable & {"phone", "chat"} else "not_by_phone"
    if query.urgency == "now" and query.how and not usable & query.how:
        return "not_this_way" if reachable(service.contacts) else "no_number_now"
    return None


def _by_name_only(service: Service, query: Query) -> str | None:
    if reachable(service.contacts):
        return None
    if not is_local(service, query):
        return "no_number_far"
    agreed = service.kind in _NAMED_FREELY or service.may_be_shown is Known.YES
    return None if agreed or service.country not in NAME_NEEDS_YES else "name_not_agreed"


def _too_far(service: Service, query: Query) -> str | None:
    if query.country is None or query.near is None or query.scope in ("country", "phone_only"):
        return None
    if service.country_wide or is_local(service, query):
        return None
    far = distance_km(service, query)
    close = query.scope == "province" and far is not None and far <= PROVINCE_KM
    return None if close else "too_far"


RULES: tuple[Rule, ...] = (
    _border,
    _asked_for,
    _held_back,
    _checked,
    _authorities,
    _age,
    _nationality,
    _papers,
    _family,
    _needed,
    _contact,
    _by_name_only,
    _too_far,
)

# Every reason a rule can give.
HIDING = frozenset(
    {
        *(f"lacks_{tag}" for tag in TAGS),
        "other_country",
        "not_from_abroad",
        "other_help",
        "never_shown",
        "suspended",
        "myanmar_state",
        "doubtful",
        "conflict",
        "unchecked",
        "overdue",
        "embassy_not_asked",
        "feared_state",
        "not_child_safe",
        "child_only",
        "only_abroad",
        "non_nationals_only",
        "nationals_only",
        "other_nationality",
        "papers",
        "no_pregnant",
        "no_children",
        "women_only",
        "lacks_medicine",
        "not_by_phone",
        "not_this_way",
        "no_number_now",
        "no_number_far",
        "name_not_agreed",
        "too_far",
    }
)
