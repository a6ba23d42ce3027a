"""What a shown service must not be, written down a second time without the code under test."""

from datetime import date

from directory.access import Start
from directory.intake import ROOM, Says
from directory.search import Hit, Query
from directory.service import (
    COUNTRIES,
    Audience,
    ContactKind,
    Doubt,
    Kind,
    Known,
    Nationality,
    Papers,
    Service,
)


def betrayed(hit: Hit, asked: Query) -> bool:
    """Whether a shown service tells how far away it is although it must not."""
    if hit.service.confidential and hit.service.address is not None:
        return True
    across = hit.service.country != asked.country or hit.service.country == "MM"
    return hit.distance_km is not None and (across or hit.service.confidential)


def forbidden(service: Service, asked: Query) -> list[str]:
    """The rules a shown service breaks, written without the code under test."""
    broken = {
        "border": asked.country not in (None, service.country),
        "help": not service.codes & {*asked.sectors, "HOT.CHILD"},
        "anonymous": service.may_be_shown is Known.NO or service.suspended,
        "doubt": bool(service.doubts & {Doubt.DOUBTFUL, Doubt.CONFLICT}),
        "myanmar": service.state_of == "MM" or (service.country == "MM" and service.state_of),
        "live": asked.mode == "live" and service.level < 1,
        "abroad": asked.country is None
        and all(contact.from_abroad is not Known.YES for contact in service.contacts),
        "embassy": service.kind is Kind.EMBASSY
        and ("DOC.EMBASSY" not in asked.sectors or "feared" in asked.flags),
        "feared": feared(service, asked),
        "age": too_old_or_young(service, asked),
        "her": refuses_her(service, asked),
        "number": no_number(service, asked),
        "way": wrong_way(service, asked),
        "far": too_far(service, asked),
        "medicine": out_of_stock(service, asked),
        "age of data": stale(service, asked.at.date()),
        "people": service.withheld is not None or silent(service, asked),
        "room": no_room(service, asked),
        "exposure": exposes(service, asked),
        "line": across(service, asked),
    }
    return [rule for rule, holds in broken.items() if holds]


def feared(service: Service, asked: Query) -> bool:
    home = f"home_{service.state_of}" in asked.flags
    return (
        "feared" in asked.flags
        and service.state_of is not None
        and home
        and not (sum(f"home_{country}" in asked.flags for country in COUNTRIES) > 1)
    )


def too_old_or_young(service: Service, asked: Query) -> bool:
    if asked.flags & {"age_15_17", "age_u15", "age_u18"}:
        for_all = {"EMG.POLICE", "HOT.CHILD", "HEA.CMR"} & {*asked.sectors, "HOT.CHILD"}
        named = service.eligibility.audience & {Audience.CHILDREN, Audience.YOUTH}
        youngest = 14 if "age_u15" in asked.flags else 17
        too_young = (service.eligibility.age_min or 0) > youngest
        return too_young or (not service.codes & for_all and not named)
    return "age_adult" in asked.flags and service.eligibility.audience == {Audience.CHILDREN}


def refuses_her(service: Service, asked: Query) -> bool:
    takes, flags = service.eligibility, asked.flags
    no_men = takes.men is Known.NO and takes.lgbti is Known.NO
    here = not any(flag.startswith(("in_", "home_")) for flag in flags) and asked.country
    foreign = "non_national" in flags and here
    own = {"national", "non_national"} & flags == {"national"} and here
    return any(
        (
            "no_papers" in flags and takes.papers not in (Papers.NONE, Papers.UNKNOWN),
            "no_papers" in flags and takes.nationality is Nationality.NATIONALS,
            foreign and takes.nationality is Nationality.NATIONALS,
            own and takes.nationality is Nationality.NON_NATIONALS,
            "pregnant" in flags and takes.pregnant is Known.NO,
            "kids" in flags and takes.children is Known.NO,
            "older_boy" in flags and takes.older_boys is Known.NO,
            "access" in flags and takes.disability is Known.NO,
            "men_lgbti" in flags and no_men,
        )
    )


def no_number(service: Service, asked: Query) -> bool:
    kinds = {contact.kind for contact in service.contacts} - {ContactKind.WEB}
    named = {service.admin1, *(place.admin1 for place in service.locations)}
    local = asked.near is not None and asked.near.admin1 in named
    close = placed(service) and not service.country_wide and asked.near is not None
    must_call = asked.urgency == "now" and asked.how == {"phone"}
    return not kinds and (must_call or not (local or close))


def wrong_way(service: Service, asked: Query) -> bool:
    kinds = {contact.kind for contact in service.contacts}
    calls = asked.urgency == "now" and asked.how == {"phone"} and ContactKind.VOICE not in kinds
    mute = not kinds & {ContactKind.VOICE, ContactKind.CHAT, ContactKind.SMS}
    return calls or (asked.scope == "phone_only" and mute)


def too_far(service: Service, asked: Query) -> bool:
    if asked.country is None or asked.near is None or service.country_wide:
        return False
    named = {service.admin1, *(place.admin1 for place in service.locations)}
    unplaced = not placed(service) and asked.near.admin1 not in named
    return unplaced and asked.scope in ("near", "province")


def placed(service: Service) -> bool:
    return any(place.lat is not None for place in (service, *service.locations))  # type: ignore[attr-defined]


def out_of_stock(service: Service, asked: Query) -> bool:
    without = {fact.tag for fact in service.tags if fact.known is Known.NO}
    clocks = asked.flags & {"clock_72", "clock_120", "clock_late"}
    if not asked.need & {"pep", "ec", "sti", "hepb"} or "HEA.CMR" not in service.codes:
        return False
    return (clocks == {"clock_120"} and "ec" in without) or (
        clocks == {"clock_72"} and {"pep", "ec"} <= without
    )


def stale(service: Service, today: date) -> bool:
    return service.checked_on is not None and (today - service.checked_on).days > 120


def silent(service: Service, asked: Query) -> bool:
    return service.silent_from is not None and service.silent_from <= asked.at


def no_room(service: Service, asked: Query) -> bool:
    now = [one for one in service.intake.capacity if one.since <= asked.at < one.until]
    rooms = [one.says for one in now if one.says in ROOM]
    paused = service.intake.paused_until is not None and asked.at < service.intake.paused_until
    boys = "older_boy" in asked.flags and any(one.says is Says.NO_BOYS_OVER for one in now)
    matched = {*asked.sectors, "HOT.CHILD"} & service.codes
    only_beds = matched == {"SHE.EMERG"}
    full = bool(rooms) and set(rooms) == {Says.FULL} and only_beds
    return paused or boys or full or service.access.starts == {Start.CASEWORKER}


def exposes(service: Service, asked: Query) -> bool:
    police = "EMG.POLICE" in service.codes and "EMG.POLICE" in asked.sectors
    immigration = service.exposure.shares_with_immigration is Known.YES and not police
    tells = service.exposure.shares_with_police is Known.YES
    return ("no_papers" in asked.flags and immigration) or (
        "no_police_report" in asked.need and tells
    )


def across(service: Service, asked: Query) -> bool:
    if asked.near is None or not asked.near.side or service.country_wide or not asked.country:
        return False
    sides = {service.side, *(place.side for place in service.locations)}
    return "" not in sides and asked.near.side not in sides
