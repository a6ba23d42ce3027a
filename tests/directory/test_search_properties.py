"""Whatever the directory holds and whoever asks: no rule is broken and nothing gets lost."""

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from directory.search import HIDING, REASONS, Hit, Query, search
from directory.service import (
    COUNTRIES,
    TAXONOMY,
    Audience,
    Contact,
    ContactKind,
    Doubt,
    Eligibility,
    Kind,
    Known,
    Nationality,
    Papers,
    Service,
)
from tests.directory.service_examples import query
from tests.directory.service_makers import CODES, directories, made, queries

# Everything that a rule about her could ask of a service, unknown.
UNDESCRIBED: dict[str, Any] = {
    "eligibility": Eligibility(),
    "tags": (),
    "kind": Kind.UNKNOWN,
    "hours_osm": None,
    "contacts": (Contact(kind=ContactKind.VOICE, value="1"),),
    "asks_police_report": Known.UNKNOWN,
}
ABOUT_HER = {reason for reason in HIDING if reason.startswith("lacks_")} | {
    "papers",
    "no_pregnant",
    "no_children",
    "nationals_only",
    "non_nationals_only",
    "other_nationality",
    "only_abroad",
    "child_only",
    "women_only",
}
plenty = settings(max_examples=100, deadline=None)
many = settings(max_examples=400, deadline=None)


@plenty
@given(directories, queries())
def test_every_service_is_shown_or_hidden_once_with_a_countable_reason(
    held: list[Service], asked: Query
) -> None:
    answer = search(held, asked)
    seen = [hit.service.id for hit in answer.hits] + [one.service_id for one in answer.hidden]

    assert sorted(seen) == sorted(service.id for service in held)
    assert {one.reason for one in answer.hidden} <= HIDING
    assert {reason for hit in answer.hits for reason in hit.reasons} <= REASONS


@plenty
@given(directories, queries(), some.integers())
def test_the_order_does_not_depend_on_how_the_services_came(
    held: list[Service], asked: Query, seed: int
) -> None:
    shuffled = held.copy()
    Random(seed).shuffle(shuffled)

    assert search(shuffled, asked) == search(held, asked)


@plenty
@given(directories, queries())
def test_no_service_changes_what_is_said_about_another(held: list[Service], asked: Query) -> None:
    answer = search(held, asked)

    for hit in answer.hits:
        assert search([hit.service], asked).hits == (hit,)


@many
@given(directories, queries())
def test_nothing_is_shown_that_a_rule_forbids(held: list[Service], asked: Query) -> None:
    for hit in search(held, asked).hits:
        assert forbidden(hit.service, asked) == []
        assert not betrayed(hit, asked)


@plenty
@given(directories, queries())
def test_what_is_merely_unknown_is_never_the_reason_to_hide(
    held: list[Service], asked: Query
) -> None:
    nobody_asked = [replace(one, **UNDESCRIBED) for one in held]

    assert not {one.reason for one in search(nobody_asked, asked).hidden} & ABOUT_HER


@plenty
@given(directories, queries())
def test_names_without_numbers_come_after_everything_that_can_be_contacted(
    held: list[Service], asked: Query
) -> None:
    names = ["no_number" in hit.reasons for hit in search(held, asked).hits]

    assert names == sorted(names)


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
        return not service.codes & for_all and not named
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
    local = asked.near is not None and service.admin1 == asked.near.admin1
    close = service.lat is not None and not service.country_wide and asked.near is not None
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
    unplaced = service.lat is None and service.admin1 != asked.near.admin1
    return unplaced and asked.scope in ("near", "province")


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


def test_many_of_the_made_services_are_shown_so_that_the_rules_are_really_met() -> None:
    answer = search([made(seed) for seed in range(1000)], query(sectors=CODES, scope="country"))

    assert len(answer.hits) > 150


def test_the_generated_codes_are_in_the_taxonomy() -> None:
    assert set(CODES) <= TAXONOMY.keys()
