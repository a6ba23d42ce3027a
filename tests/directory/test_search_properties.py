"""Whatever the directory holds and whoever asks: no rule is broken and nothing gets lost."""

from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from directory.exposure import Exposure
from directory.gaps import GAP_REASONS, NONE_LISTED, gaps
from directory.intake import Intake
from directory.rules import EXPLAINED
from directory.search import HIDING, REASONS, Query, search
from directory.service import (
    TAXONOMY,
    Contact,
    ContactKind,
    Eligibility,
    Kind,
    Known,
    Service,
)
from tests.directory.forbidden import betrayed, forbidden
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
    "exposure": Exposure(),
    "intake": Intake(),
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
    "adults_only",
    "younger_only",
    "shares_with_immigration",
    "no_older_boys_now",
    "full",
    "paused",
}
plenty = settings(max_examples=100, deadline=None)
many = settings(max_examples=150, deadline=None)


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


@many
@given(directories, queries())
def test_nothing_is_ever_shown_across_a_border(held: list[Service], asked: Query) -> None:
    shown = [hit.service for hit in search(held, asked).hits]

    if asked.country is not None:
        assert {one.country for one in shown} <= {asked.country}
        assert {place.country for one in shown for place in one.locations} <= {asked.country}


@plenty
@given(directories, queries())
def test_every_hidden_service_has_its_reason_explained(held: list[Service], asked: Query) -> None:
    for hidden in search(held, asked).hidden:
        assert EXPLAINED[hidden.reason]


@plenty
@given(directories, queries())
def test_a_search_that_finds_nothing_names_a_gap_for_each_sector(
    held: list[Service], asked: Query
) -> None:
    answer = search(held, asked)
    named = gaps({one.id: one for one in held}, asked, answer)

    if answer.hits:
        assert named == ()
    else:
        assert [sector for sector, _ in named] == list(asked.sectors)
        assert {reason for _, reason in named} <= {NONE_LISTED, *GAP_REASONS}


def test_every_reason_to_hide_is_one_kind_of_gap_or_none() -> None:
    fine = [reason for reasons in GAP_REASONS.values() for reason in reasons]

    assert len(fine) == len(set(fine))
    assert HIDING - set(fine) == {"other_country", "other_help", "never_shown"}


def test_many_of_the_made_services_are_shown_so_that_the_rules_are_really_met() -> None:
    answer = search([made(seed) for seed in range(1000)], query(sectors=CODES, scope="country"))

    assert len(answer.hits) > 150


def test_the_generated_codes_are_in_the_taxonomy() -> None:
    assert set(CODES) <= TAXONOMY.keys()
