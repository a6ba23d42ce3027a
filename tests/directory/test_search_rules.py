"""What a search hides because of the service itself: its country, its doubts, its masters."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from directory.search import Near
from directory.service import (
    Contact,
    ContactKind,
    Doubt,
    Eligibility,
    Kind,
    Known,
    Nationality,
    Service,
)
from tests.directory.service_examples import (
    TUESDAY,
    fate,
    flagged,
    query,
    reasons,
    service,
)

TODAY = TUESDAY.date()
MAE_SOT = Near(lat=16.713, lon=98.575, admin1="Tak")


def test_a_service_of_another_country_is_never_shown() -> None:
    assert fate(service(country="MM"), query()) == "other_country"
    assert fate(service(country="MM", lat=16.7, lon=98.6), query(near=MAE_SOT)) == "other_country"


def test_without_a_country_only_what_works_from_abroad_is_shown() -> None:
    abroad = Contact(kind=ContactKind.VOICE, value="+66 2 1", from_abroad=Known.YES)

    assert fate(service(), query(country=None)) == "not_from_abroad"
    assert fate(service(contacts=(abroad,)), query(country=None)) == "shown"


def test_another_kind_of_help_is_not_shown() -> None:
    assert fate(service(codes=frozenset({"LEG.AID"})), query()) == "other_help"


def test_an_entry_that_must_not_be_named_is_never_shown() -> None:
    assert fate(service(may_be_shown=Known.NO), query()) == "never_shown"


def test_a_suspended_service_is_hidden() -> None:
    assert fate(service(suspended=True), query()) == "suspended"


@pytest.mark.parametrize("mode", ["trial", "live"])
@pytest.mark.parametrize("doubt", [Doubt.DOUBTFUL, Doubt.CONFLICT])
def test_doubtful_and_conflicting_entries_are_hidden(doubt: Doubt, mode: str) -> None:
    doubted = service(doubts=frozenset({doubt}), level=1, checked_on=TODAY)

    assert fate(doubted, query(mode=mode)) == doubt.value


def test_state_bodies_of_myanmar_are_hidden_wherever_they_sit() -> None:
    there = service(country="MM", state_of="MM", kind=Kind.STATE)
    attache = service(state_of="MM", kind=Kind.EMBASSY, codes=frozenset({"DOC.EMBASSY"}))

    foreign = service(country="MM", state_of="VN", kind=Kind.EMBASSY)

    assert fate(there, query(country="MM")) == "myanmar_state"
    assert fate(foreign, query(country="MM")) == "myanmar_state"
    assert fate(attache, query(sectors=("DOC.EMBASSY",))) == "myanmar_state"


def test_trial_shows_unchecked_entries_marked_and_live_hides_them() -> None:
    assert "unchecked" in reasons(service(), query(mode="trial"))
    assert fate(service(), query(mode="live")) == "unchecked"
    assert fate(service(level=1, checked_on=TODAY), query(mode="live")) == "shown"


def test_an_old_check_is_marked_when_due_and_hides_30_days_later() -> None:
    def checked(days: int) -> Service:
        return service(level=1, checked_on=TODAY - timedelta(days=days))

    assert "check_due" not in reasons(checked(30), query(mode="live"))
    assert "check_due" in reasons(checked(31), query(mode="live"))
    assert fate(checked(60), query(mode="live")) == "shown"
    assert fate(checked(61), query(mode="live")) == "overdue"


def embassy(**changes: Any) -> Service:
    listed = Eligibility(nationality=Nationality.LISTED, nationalities=frozenset({"KH"}))
    base = service(
        kind=Kind.EMBASSY,
        state_of="KH",
        codes=frozenset({"DOC.EMBASSY", "LEG.AID"}),
        eligibility=listed,
    )
    return replace(base, **changes)


def test_an_embassy_is_shown_only_when_a_citizen_needs_it() -> None:
    assert fate(embassy(), query(sectors=("LEG.AID",))) == "embassy_not_asked"
    assert fate(embassy(), query(sectors=("DOC.EMBASSY",))) == "shown"


def test_an_embassy_is_hidden_from_citizens_of_other_countries() -> None:
    asked = query(sectors=("DOC.EMBASSY",))

    assert fate(embassy(), replace(asked, flags=flagged("home_VN"))) == "other_nationality"
    assert fate(embassy(), replace(asked, flags=flagged("national"))) == "other_nationality"
    assert fate(embassy(), replace(asked, flags=flagged("home_KH"))) == "shown"
    assert "ask_nationality" in reasons(embassy(), asked)


@pytest.mark.parametrize("flags", [("feared",), ("feared", "home_KH"), ("feared", "home_VN")])
def test_no_embassy_is_shown_to_a_woman_who_fears_her_state(flags: tuple[str, ...]) -> None:
    asked = query(sectors=("DOC.EMBASSY",), flags=flagged(*flags))

    assert fate(embassy(), asked) == "feared_state"


def test_services_of_the_feared_home_state_are_hidden_and_others_stay() -> None:
    thai = service(kind=Kind.STATE, state_of="TH")
    khmer = service(kind=Kind.STATE, state_of="KH")

    assert fate(thai, query(flags=flagged("feared", "home_TH"))) == "feared_state"
    assert fate(thai, query(flags=flagged("feared", "national"))) == "feared_state"
    assert fate(thai, query(flags=flagged("feared", "home_KH"))) == "shown"
    assert fate(thai, query(flags=flagged("feared"))) == "shown"
    assert fate(khmer, query(flags=flagged("feared"))) == "feared_state"
    assert fate(service(), query(flags=flagged("feared", "home_TH"))) == "shown"


def test_with_no_country_and_home_unknown_every_state_is_the_feared_one() -> None:
    abroad = Contact(kind=ContactKind.VOICE, value="+66 2 1", from_abroad=Known.YES)
    thai = service(kind=Kind.STATE, state_of="TH", contacts=(abroad,))

    assert fate(thai, query(country=None, flags=flagged("feared"))) == "feared_state"
    assert fate(thai, query(country=None, flags=flagged("feared", "home_KH"))) == "shown"
