"""In which order services are shown."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from directory.search import Near, Query, search
from directory.service import Contact, ContactKind, Doubt, Eligibility, Known, Papers, TagFact
from tests.directory.service_examples import CHAT, TUESDAY, ids, query, service

MAE_SOT = Near(lat=16.713, lon=98.575, admin1="Tak")
SHUT_NOW = "Mo-Fr 13:00-16:00"
OPEN_NOW = "Mo-Fr 08:00-16:00"


def first(asked: Query, better: dict[str, Any], worse: dict[str, Any]) -> str:
    """Which of the two comes first; the ids alone would put the worse one first."""
    answer = search([service(id="TH-2", **better), service(id="TH-1", **worse)], asked)
    return ids(answer)[0]


def yes(*tags: str) -> dict[str, Sequence[TagFact]]:
    return {"tags": tuple(TagFact(tag=tag, known=Known.YES) for tag in tags)}


def test_ties_are_put_in_order_by_id() -> None:
    services = [service(id=f"TH-{n}") for n in (3, 1, 2)]

    assert ids(search(services, query())) == ["TH-1", "TH-2", "TH-3"]


def test_what_can_be_contacted_comes_before_a_mere_name() -> None:
    name = {"contacts": (), "country_wide": False, "admin1": "Tak", "languages": {"my"}}

    assert first(query(near=MAE_SOT, locale="my"), {}, name) == "TH-2"


def test_the_way_she_asked_for_comes_first_and_the_other_is_still_shown() -> None:
    asked = query(how=frozenset({"chat"}))
    answer = search([service(id="TH-1"), service(id="TH-2", contacts=(CHAT,))], asked)

    assert ids(answer) == ["TH-2", "TH-1"]
    assert "other_way" in answer.hits[1].reasons


def test_a_text_message_counts_as_writing() -> None:
    message = Contact(kind=ContactKind.SMS, value="1280", short_code="1280")

    assert first(query(how=frozenset({"chat"})), {"contacts": (message,)}, {}) == "TH-2"


def test_a_place_to_walk_into_counts_only_when_it_is_known_to_be_one() -> None:
    asked = query(how=frozenset({"place"}))

    assert first(asked, {"walk_in": Known.YES}, {}) == "TH-2"


def test_her_language_comes_before_the_sectors_unless_she_is_in_danger() -> None:
    asked = query(sectors=("LEG.AID", "HOT.GBV"), urgency="soon", locale="my")
    hers = {"codes": frozenset({"HOT.GBV"}), "languages": frozenset({"my"})}
    other = {"codes": frozenset({"LEG.AID"})}

    assert first(asked, hers, other) == "TH-2"
    assert first(replace(asked, urgency="now"), other, hers) == "TH-2"


def test_the_sectors_count_in_the_order_they_were_asked() -> None:
    asked = query(sectors=("EMG.POLICE", "HOT.GBV"), urgency="now", locale="my")
    police = {"codes": frozenset({"EMG.POLICE"})}

    assert first(asked, police, {"languages": {"my"}, "hours_osm": "24/7"}) == "TH-2"
    assert first(replace(asked, sectors=("HOT.GBV", "EMG.POLICE")), {}, police) == "TH-2"


def test_now_puts_what_is_known_to_be_closed_last() -> None:
    shut = {"hours_osm": SHUT_NOW}
    asked = query(sectors=("EMG.POLICE", "HOT.GBV"), urgency="now")
    police = {"codes": frozenset({"EMG.POLICE"})} | shut

    assert first(asked, {}, police) == "TH-2"
    assert first(replace(asked, urgency="soon"), police, {}) == "TH-2"


def test_now_puts_the_one_that_opens_sooner_before_the_later_one() -> None:
    later = {"hours_osm": "Mo-Fr 15:00-16:00"}

    assert first(query(urgency="now"), {"hours_osm": SHUT_NOW}, later) == "TH-2"


def test_her_language_comes_first_then_an_interpreter_then_unknown() -> None:
    speaks = service(id="TH-4", languages=frozenset({"my", "th"}))
    interprets = service(id="TH-3", interpreter_languages=frozenset({"my"}))
    by_phone = service(id="TH-2", **yes("interpreter_phone"))
    unknown = service(id="TH-1")
    answer = search([unknown, by_phone, interprets, speaks], query(locale="my"))

    assert ids(answer) == ["TH-4", "TH-2", "TH-3", "TH-1"]
    assert [hit.reasons[0] for hit in answer.hits] == [
        "speaks_language",
        "interpreter",
        "interpreter",
        "ask_language",
    ]


@pytest.mark.parametrize("tag", ["free", "female_staff"])
def test_free_and_female_staff_come_up_in_every_search(tag: str) -> None:
    assert first(query(), yes(tag), {}) == "TH-2"


def test_no_papers_needed_comes_up_in_every_search() -> None:
    assert first(query(), {"eligibility": Eligibility(papers=Papers.NONE)}, {}) == "TH-2"


def test_what_the_tree_prefers_comes_up() -> None:
    assert first(query(prefer=frozenset({"any_status"})), yes("any_status"), {}) == "TH-2"
    assert first(query(), {}, yes("any_status")) == "TH-1"


def test_a_known_yes_to_a_need_comes_before_an_ask() -> None:
    assert first(query(need=frozenset({"independent"})), yes("independent"), {}) == "TH-2"


def test_open_comes_before_unknown_and_unknown_before_closed() -> None:
    assert first(query(), {"hours_osm": OPEN_NOW}, {}) == "TH-2"
    assert first(query(), {}, {"hours_osm": SHUT_NOW}) == "TH-2"


def test_nearer_comes_first_inside_the_country() -> None:
    far = {"country_wide": False, "lat": 13.76, "lon": 100.5}
    nearer = {"country_wide": False, "lat": 16.44, "lon": 99.53}
    asked = query(near=MAE_SOT, scope="country")
    answer = search([service(id="TH-1", **far), service(id="TH-2", **nearer)], asked)

    assert ids(answer) == ["TH-2", "TH-1"]
    assert answer.hits[0].distance_km == pytest.approx(106, abs=1)
    assert answer.hits[1].distance_km == pytest.approx(388, abs=2)


def test_a_line_for_the_whole_country_counts_as_near() -> None:
    nearer = {"country_wide": False, "lat": 16.44, "lon": 99.53}

    assert first(query(near=MAE_SOT, scope="country"), {}, nearer) == "TH-2"


def test_her_own_province_comes_before_better_known_services_elsewhere() -> None:
    here = {"country_wide": False, "admin1": "Tak", "confidence": "one_source"}
    elsewhere = {"country_wide": False, "admin1": "Trat"}

    assert first(query(near=MAE_SOT, scope="country"), here, elsewhere) == "TH-2"


@pytest.mark.parametrize("doubt", [Doubt.OLD, Doubt.WEAK])
def test_old_and_weak_entries_are_shown_lower_and_say_so(doubt: Doubt) -> None:
    doubted = service(id="TH-1", doubts=frozenset({doubt}))
    answer = search([doubted, service(id="TH-2")], query())

    assert ids(answer) == ["TH-2", "TH-1"]
    assert f"{doubt.value}_source" in answer.hits[1].reasons


def test_one_source_is_lower_than_two() -> None:
    assert first(query(), {}, {"confidence": "one_source"}) == "TH-2"


def test_trust_weighs_more_than_a_few_kilometres() -> None:
    close = {"country_wide": False, "lat": 16.713, "lon": 98.575, "confidence": "one_source"}
    further = {"country_wide": False, "lat": 16.8, "lon": 98.6}

    assert first(query(near=MAE_SOT), further, close) == "TH-2"


def test_a_hit_says_whether_it_is_open() -> None:
    asked = query(at=TUESDAY + timedelta(hours=12))
    services = [service(id="TH-1", hours_osm="24/7"), service(id="TH-2", hours_osm=OPEN_NOW)]
    services.append(service(id="TH-3"))
    answer = search(services, asked)

    assert [hit.open for hit in answer.hits] == [True, None, False]


def test_what_a_service_may_do_to_her_is_among_the_reasons() -> None:
    exposing = service(records_calls=Known.YES, asks_police_report=Known.YES)
    (hit,) = search([exposing], query()).hits

    assert {"records_calls", "asks_police_report"} <= set(hit.reasons)
