"""What a search hides because of who asks, and that an unknown is asked about instead."""

from dataclasses import replace
from typing import Any

import pytest

from directory.search import Near, Query, search
from directory.service import (
    Audience,
    Eligibility,
    Known,
    Nationality,
    Papers,
    Service,
    TagFact,
)
from tests.directory.service_examples import (
    TUESDAY,
    fate,
    flagged,
    ids,
    query,
    reasons,
    service,
)

SHELTER = service(codes=frozenset({"SHE.EMERG"}), confidential=True)
ASKS_SHELTER = query(sectors=("SHE.EMERG",))
MAE_SOT = Near(lat=16.713, lon=98.575, admin1="Tak")
TODAY = TUESDAY.date()


def takes(**rules: Any) -> Service:
    return replace(SHELTER, eligibility=Eligibility(**rules))


def asks_shelter(*flags: str) -> Query:
    return replace(ASKS_SHELTER, flags=flagged(*flags))


def tagged(known: Known, *tags: str) -> tuple[TagFact, ...]:
    return tuple(TagFact(tag=tag, known=known, checked_on=TODAY) for tag in tags)


@pytest.mark.parametrize("age", ["age_15_17", "age_u15", "age_u18"])
@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("HOT.CHILD", True),
        ("CHP.NGO", True),
        ("CMG.CP", True),
        ("EMG.POLICE", True),
        ("HEA.CMR", True),
        ("PSS.CRISIS", True),
        ("HOT.GBV", False),
        ("LEG.AID", False),
        ("CMG.GBV", False),
        ("LAB.NGO", False),
    ],
)
def test_a_child_sees_only_what_is_safe_for_children(age: str, code: str, shown: bool) -> None:
    asked = query(sectors=(code,), flags=frozenset({age}))
    one = service(codes=frozenset({code}))

    assert fate(one, asked) == ("shown" if shown else "not_child_safe")


def test_a_service_that_says_it_is_for_children_too_is_safe_for_a_child() -> None:
    both = Eligibility(audience=frozenset({Audience.WOMEN, Audience.CHILDREN}))
    asked = query(flags=frozenset({"age_15_17"}))

    assert fate(service(eligibility=both), asked) == "shown"


def child_line(**changes: Any) -> Service:
    only = Eligibility(audience=frozenset({Audience.CHILDREN}))
    return service(codes=frozenset({"HOT.CHILD"}), eligibility=only, **changes)


def test_an_adult_does_not_see_what_is_for_children_only() -> None:
    lines = query(sectors=("HOT.GBV", "HOT.CHILD"))
    young = Eligibility(audience=frozenset({Audience.CHILDREN, Audience.YOUTH}), age_max=25)

    assert fate(child_line(), lines) == "child_only"
    assert "ask_age" in reasons(replace(child_line(), eligibility=young), lines)


def test_an_adult_who_worries_about_a_child_sees_child_helplines() -> None:
    asked = query(sectors=("EMG.POLICE", "HOT.CHILD", "CHP.GOV"))

    assert fate(child_line(), asked) == "shown"


@pytest.mark.parametrize("flags", [frozenset(), frozenset({"age_unknown"})])
def test_with_the_age_unknown_adult_and_child_helplines_are_both_shown(
    flags: frozenset[str],
) -> None:
    answer = search([service(id="TH-1"), child_line(id="TH-2")], query(flags=flags))

    assert ids(answer) == ["TH-1", "TH-2"]


def test_places_for_non_nationals_are_hidden_from_nationals() -> None:
    place = takes(nationality=Nationality.NON_NATIONALS)

    assert fate(place, asks_shelter("national")) == "non_nationals_only"
    assert fate(place, asks_shelter("non_national")) == "shown"
    assert "ask_nationality" in reasons(place, asks_shelter())


@pytest.mark.parametrize("flag", ["non_national", "no_papers"])
def test_places_for_nationals_are_hidden_from_who_is_not_or_has_no_papers(flag: str) -> None:
    place = takes(nationality=Nationality.NATIONALS)

    assert fate(place, asks_shelter(flag)) == "nationals_only"
    assert "nationals_only" in reasons(place, asks_shelter())


def test_an_unknown_nationality_rule_is_asked_about() -> None:
    assert "ask_nationality" in reasons(SHELTER, asks_shelter("non_national"))
    assert "ask_nationality" not in reasons(SHELTER, asks_shelter())


def test_a_service_for_migrants_is_asked_about_by_nationals_only() -> None:
    migrants = takes(audience=frozenset({Audience.MIGRANTS}))

    assert "ask_nationality" not in reasons(migrants, asks_shelter("non_national"))
    assert "ask_nationality" in reasons(migrants, asks_shelter("national"))


def test_a_list_of_the_countrys_own_people_hides_from_non_nationals() -> None:
    own = takes(nationality=Nationality.LISTED, nationalities=frozenset({"TH"}))
    both = takes(nationality=Nationality.LISTED, nationalities=frozenset({"TH", "MM"}))

    assert fate(own, asks_shelter("non_national")) == "other_nationality"
    assert fate(both, asks_shelter("non_national")) == "shown"
    assert fate(own, asks_shelter("national")) == "shown"


def test_a_service_for_citizens_abroad_is_for_those_who_are_abroad() -> None:
    rules = Eligibility(
        nationality=Nationality.LISTED,
        nationalities=frozenset({"TH"}),
        audience=frozenset({Audience.CITIZENS_ABROAD}),
    )
    line = service(eligibility=rules)

    assert fate(line, query()) == "only_abroad"
    assert fate(line, query(flags=flagged("in_TH", "home_TH"))) == "only_abroad"
    assert fate(line, query(flags=flagged("in_KH", "home_TH"))) == "shown"


def test_a_search_in_her_home_country_treats_her_as_a_national_there() -> None:
    nationals = service(eligibility=Eligibility(nationality=Nationality.NATIONALS))
    flags = flagged("in_KH", "home_TH", "non_national")

    assert fate(nationals, query(flags=flags)) == "shown"


@pytest.mark.parametrize("rule", [Papers.ANY_ID, Papers.PERMIT, Papers.POLICE_LETTER])
def test_without_papers_a_place_that_asks_for_one_is_hidden(rule: Papers) -> None:
    assert fate(takes(papers=rule), asks_shelter("no_papers")) == "papers"
    assert fate(takes(papers=rule), asks_shelter()) == "shown"


def test_without_papers_an_unknown_rule_is_asked_about() -> None:
    any_status = replace(SHELTER, tags=tagged(Known.YES, "any_status"))

    assert "ask_papers" in reasons(SHELTER, asks_shelter("no_papers"))
    assert "ask_papers" not in reasons(takes(papers=Papers.NONE), asks_shelter("no_papers"))
    assert "ask_papers" not in reasons(any_status, asks_shelter("no_papers"))


@pytest.mark.parametrize(
    ("flag", "rule", "hidden", "asked"),
    [
        ("pregnant", "pregnant", "no_pregnant", "ask_pregnant"),
        ("kids", "children", "no_children", "ask_children"),
        ("older_boy", "older_boys", "lacks_older_boys_ok", "ask_older_boys_ok"),
        ("access", "disability", "lacks_disability_access", "ask_disability_access"),
    ],
)
def test_a_known_no_hides_a_yes_shows_and_an_unknown_is_asked(
    flag: str, rule: str, hidden: str, asked: str
) -> None:
    assert fate(takes(**{rule: Known.NO}), asks_shelter(flag)) == hidden
    assert fate(takes(**{rule: Known.NO}), asks_shelter()) == "shown"
    assert asked not in reasons(takes(**{rule: Known.YES}), asks_shelter(flag))
    assert asked in reasons(takes(), asks_shelter(flag))


def test_men_and_lgbti_need_a_place_that_takes_one_of_them() -> None:
    asked = asks_shelter("men_lgbti")
    women = frozenset({Audience.WOMEN, Audience.MIGRANTS})

    assert fate(takes(men=Known.NO, lgbti=Known.NO), asked) == "lacks_lgbti_ok"
    assert fate(takes(men=Known.NO, lgbti=Known.YES), asked) == "shown"
    assert {"ask_men_ok", "ask_lgbti_ok"} <= set(reasons(takes(), asked))
    assert fate(takes(audience=women), asked) == "women_only"
    assert fate(takes(audience=women, men=Known.YES), asked) == "shown"


def test_a_need_excludes_only_a_known_no() -> None:
    asked = query(need=frozenset({"independent"}))

    assert fate(service(tags=tagged(Known.NO, "independent")), asked) == "lacks_independent"
    assert "ask_independent" in reasons(service(), asked)
    assert "independent" in reasons(service(tags=tagged(Known.YES, "independent")), asked)


CLINIC = service(codes=frozenset({"HEA.CMR"}))
MEDICINES = query(sectors=("HEA.CMR", "HOT.GBV"), need=frozenset({"pep", "ec", "sti", "hepb"}))


def clinic(yes: tuple[str, ...] = (), no: tuple[str, ...] = ()) -> Service:
    return replace(CLINIC, tags=(*tagged(Known.YES, *yes), *tagged(Known.NO, *no)))


def test_of_the_medicines_any_one_is_enough() -> None:
    assert fate(clinic(no=("pep", "ec", "sti", "hepb")), MEDICINES) == "lacks_medicine"
    assert "ask_ec" not in reasons(clinic(yes=("sti",), no=("pep",)), MEDICINES)
    assert {"ask_hepb", "ask_sti"} <= set(reasons(clinic(no=("pep", "ec")), MEDICINES))


@pytest.mark.parametrize(
    ("clock", "no", "shown"),
    [
        ("clock_72", ("pep", "ec"), False),
        ("clock_72", ("ec",), True),
        ("clock_120", ("ec",), False),
        ("clock_120", ("pep",), True),
        ("clock_late", ("pep", "ec"), True),
        ("clock_late", ("sti", "hepb"), False),
    ],
)
def test_the_health_clock_says_which_medicine_counts(
    clock: str, no: tuple[str, ...], shown: bool
) -> None:
    asked = replace(MEDICINES, flags=flagged(clock))

    assert fate(clinic(no=no), asked) == ("shown" if shown else "lacks_medicine")


def test_a_helpline_is_not_hidden_for_having_no_medicine() -> None:
    line = service(tags=tagged(Known.NO, "pep", "ec", "sti", "hepb"))

    assert fate(line, MEDICINES) == "shown"
    assert "ask_pep" not in reasons(service(), MEDICINES)
