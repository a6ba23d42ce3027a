"""What holds for a while, and what may be done to her: room, pause, alerts, checks, exposure."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from directory.access import Access, Start
from directory.exposure import Duty, Exposure
from directory.intake import Alert, AlertKind, Capacity, Intake, Says
from directory.kinds import ContactKind, Known, Withheld
from directory.location import Location
from directory.query import Query
from directory.rules import EXPLAINED
from directory.search import Near, search
from directory.service import Contact, Eligibility, Service
from tests.directory.service_examples import (
    CHAT,
    PHONE,
    TUESDAY,
    fate,
    flagged,
    ids,
    query,
    reasons,
    service,
)

TODAY = TUESDAY.date()
SHELTER = service(codes=frozenset({"SHE.EMERG"}), confidential=True)
ASKS_SHELTER = query(sectors=("SHE.EMERG",))
# Constitution Day of Thailand, 10:00 in Bangkok.
HOLIDAY = TUESDAY.replace(month=12)
MYAWADDY = Near(lat=16.69, lon=98.51, admin1="Kayin", side="east")


def saying(*statements: tuple[Says, str]) -> Intake:
    until = TUESDAY + timedelta(days=1)
    return Intake(
        capacity=tuple(
            Capacity(says=says, value=value, since=TUESDAY, until=until, by="ma.1")
            for says, value in statements
        )
    )


def full(one: Service) -> Service:
    return replace(one, intake=saying((Says.FULL, "")))


def tomorrow(asked: Query) -> Query:
    return replace(asked, at=TUESDAY + timedelta(days=1))


def test_a_full_shelter_is_hidden_until_the_statement_runs_out() -> None:
    assert fate(full(SHELTER), ASKS_SHELTER) == "full"
    assert fate(full(SHELTER), tomorrow(ASKS_SHELTER)) == "shown"


def test_what_is_full_and_gives_other_help_too_comes_last_and_says_so() -> None:
    both = replace(SHELTER, codes=frozenset({"SHE.EMERG", "LEG.AID"}), languages=frozenset({"my"}))
    other = service(id="TH-901", codes=frozenset({"LEG.AID"}))
    asked = query(sectors=("SHE.EMERG", "LEG.AID"), locale="my")
    answer = search([full(both), other], asked)

    assert ids(answer) == ["TH-901", "TH-900"]
    assert "full" in answer.hits[1].reasons


def test_space_comes_first_and_says_so() -> None:
    free = replace(SHELTER, id="TH-2", intake=saying((Says.HAS_SPACE, "")))
    answer = search([replace(SHELTER, id="TH-1"), free], ASKS_SHELTER)

    assert ids(answer) == ["TH-2", "TH-1"]
    assert "has_space" in answer.hits[0].reasons
    assert "call_about_space" in reasons(
        replace(SHELTER, intake=saying((Says.CALL, ""))), ASKS_SHELTER
    )


def test_no_boys_over_an_age_hides_it_from_who_brings_an_older_boy() -> None:
    limited = replace(SHELTER, intake=saying((Says.NO_BOYS_OVER, "12")))
    asked = replace(ASKS_SHELTER, flags=flagged("older_boy"))

    assert fate(limited, asked) == "no_older_boys_now"
    assert fate(limited, tomorrow(asked)) == "shown"
    assert fate(limited, replace(ASKS_SHELTER, flags=flagged("kids"))) == "shown"


def test_who_speaks_her_language_today_counts_as_speaking_it() -> None:
    speaks = service(id="TH-2", intake=saying((Says.SPEAKS, "my")))
    answer = search([service(id="TH-1"), speaks], query(locale="my"))

    assert ids(answer) == ["TH-2", "TH-1"]
    assert {"speaks_language", "speaks_today"} <= set(answer.hits[0].reasons)


def test_a_pause_hides_it_until_its_end() -> None:
    paused = service(intake=Intake(paused_until=TUESDAY + timedelta(days=1)))

    assert fate(paused, query()) == "paused"
    assert fate(paused, tomorrow(query())) == "shown"


def test_an_alert_is_said_and_danger_nearby_means_nobody_is_sent_there() -> None:
    def alerted(kind: AlertKind) -> Service:
        until = TUESDAY + timedelta(hours=1)
        alert = Alert(kind=kind, since=TUESDAY, until=until, by="ma.1")
        return service(walk_in=Known.YES, intake=Intake(alerts=(alert,)))

    to_go = query(how=frozenset({"place"}))

    assert "alert_moved" in reasons(alerted(AlertKind.MOVED), to_go)
    assert "other_way" not in reasons(alerted(AlertKind.MOVED), to_go)
    assert "other_way" in reasons(alerted(AlertKind.DANGER_NEARBY), to_go)


@pytest.mark.parametrize("held", list(Withheld))
@pytest.mark.parametrize("mode", ["trial", "live"])
def test_what_people_hold_back_is_hidden_with_their_reason(held: Withheld, mode: str) -> None:
    one = service(withheld=held, level=1, checked_on=TODAY)

    assert fate(one, query(mode=mode)) == held.value


def test_silence_hides_from_its_moment_on() -> None:
    one = service(level=1, checked_on=TODAY, silent_from=TUESDAY + timedelta(hours=1))

    assert fate(one, query()) == "shown"
    assert fate(one, query(at=TUESDAY + timedelta(hours=1))) == "silent"


def test_yellow_means_please_ask_and_comes_after_fresh() -> None:
    fresh = service(id="TH-3", level=1, checked_on=TODAY)
    late = service(id="TH-1", level=1, checked_on=TODAY - timedelta(days=31))
    doubted = service(id="TH-2", level=1, checked_on=TODAY, ask_first=True)
    answer = search([late, doubted, fresh], query(mode="live"))

    assert ids(answer) == ["TH-3", "TH-2", "TH-1"]
    assert ["please_ask" in hit.reasons for hit in answer.hits] == [False, True, True]


def test_among_equals_the_later_check_comes_first() -> None:
    older = service(id="TH-1", level=1, checked_on=TODAY - timedelta(days=20))
    newer = service(id="TH-2", level=1, checked_on=TODAY - timedelta(days=2))

    assert ids(search([older, newer], query())) == ["TH-2", "TH-1"]


def test_a_holiday_is_said_and_office_hours_are_no_longer_open_now() -> None:
    office = service(hours_osm="Mo-Fr 08:00-16:00")
    (hit,) = search([office], query(at=HOLIDAY)).hits

    assert hit.open is None
    assert "holiday" in hit.reasons
    assert "holiday" not in reasons(office, query())
    assert search([replace(office, on_holidays=Known.NO)], query(at=HOLIDAY)).hits[0].open is False


def test_without_papers_nothing_is_shown_that_tells_immigration_but_an_emergency_is() -> None:
    tells = Exposure(shares_with_immigration=Known.YES)
    asked = query(sectors=("LEG.AID", "EMG.POLICE"), flags=flagged("no_papers"))
    lawyer = service(codes=frozenset({"LEG.AID"}), exposure=tells)
    police = service(codes=frozenset({"EMG.POLICE"}), exposure=tells)

    assert fate(lawyer, asked) == "shares_with_immigration"
    assert fate(lawyer, replace(asked, flags=flagged())) == "shown"
    assert "shares_with_immigration" in reasons(police, asked)


def test_who_needs_no_police_is_not_sent_to_who_tells_them() -> None:
    telling = service(exposure=Exposure(shares_with_police=Known.YES))
    asked = query(need=frozenset({"no_police_report"}))

    assert fate(telling, asked) == "lacks_no_police_report"
    assert "shares_with_police" in reasons(telling, query())


def test_a_duty_to_report_is_said_to_whom_it_concerns() -> None:
    duty = Exposure(must_report_child=Duty.POLICE)
    line = service(codes=frozenset({"HOT.CHILD"}), exposure=duty)
    child = query(sectors=("HOT.CHILD",), flags=frozenset({"age_15_17"}))

    assert "must_report_child" in reasons(line, child)
    assert "must_report_child" not in reasons(line, query(sectors=("HOT.CHILD",)))


def test_what_begins_only_through_a_caseworker_is_not_shown_to_her() -> None:
    closed = service(access=Access(starts=frozenset({Start.CASEWORKER})))

    assert fate(closed, query()) == "caseworker_only"


def test_a_number_is_no_way_where_one_may_begin_only_by_walking_in() -> None:
    door = service(access=Access(starts=frozenset({Start.WALK_IN})))

    assert "other_way" in reasons(door, query(how=frozenset({"phone"})))
    assert "other_way" not in reasons(door, query(how=frozenset({"place"})))


def test_from_abroad_only_the_contacts_that_work_there_count() -> None:
    inland = replace(PHONE, from_abroad=Known.NO)
    chat = replace(CHAT, from_abroad=Known.YES)
    asked = query(country=None, urgency="now", how=frozenset({"phone"}))
    both = service(contacts=(inland, chat))

    assert fate(both, asked) == "not_this_way"
    assert fate(both, replace(asked, how=frozenset({"chat"}))) == "shown"
    home = query(flags=flagged("in_KH", "home_TH"), how=frozenset({"phone"}))
    assert "other_way" in reasons(both, home)


def test_a_service_at_home_whose_only_number_fails_from_abroad_is_not_shown() -> None:
    inland = service(contacts=(replace(PHONE, from_abroad=Known.NO),))

    assert fate(inland, query(flags=flagged("in_KH", "home_TH"))) == "no_number_far"
    assert fate(inland, query(flags=flagged("in_TH", "home_TH"))) == "shown"


@pytest.mark.parametrize(
    ("rules", "flag", "outcome"),
    [
        (Eligibility(age_min=18), "age_15_17", "adults_only"),
        (Eligibility(age_min=15), "age_u15", "adults_only"),
        (Eligibility(age_min=15), "age_15_17", "shown"),
        (Eligibility(age_max=14), "age_15_17", "younger_only"),
        (Eligibility(age_max=15), "age_15_17", "shown"),
        (Eligibility(age_max=14), "age_u15", "shown"),
        (Eligibility(age_max=14), "age_u18", "shown"),
        (Eligibility(age_max=17), "age_adult", "child_only"),
        (Eligibility(age_max=25), "age_adult", "shown"),
    ],
)
def test_ages_it_does_not_take_hide_it(rules: Eligibility, flag: str, outcome: str) -> None:
    clinic = service(codes=frozenset({"HEA.GEN"}), eligibility=rules)
    asked = query(sectors=("HEA.GEN",), flags=frozenset({flag}))

    assert fate(clinic, asked) == outcome


def test_the_nearest_of_several_locations_counts() -> None:
    branch = Location(id="b", country="TH", admin1="Tak", lat=16.72, lon=98.57)
    held = service(country_wide=False, lat=13.76, lon=100.5, locations=(branch,))
    near = Near(lat=16.713, lon=98.575, admin1="Nowhere")
    (hit,) = search([held], query(near=near)).hits

    assert hit.distance_km == pytest.approx(1, abs=1)
    assert fate(replace(held, lat=None, lon=None), query(near=replace(near, admin1="Tak"))) == (
        "shown"
    )


def in_myanmar(side: str, **changes: Any) -> Service:
    place = {"country_wide": False, "admin1": "Kayin", "lat": 16.7, "lon": 98.5}
    return service(country="MM", side=side, **(place | changes))


def test_nobody_is_sent_across_a_front_line_even_within_one_province() -> None:
    asked = query(country="MM", near=MYAWADDY)
    elsewhere = Location(id="b", country="MM", admin1="Kayin", side="east")

    assert fate(in_myanmar("west"), asked) == "across_the_line"
    assert fate(in_myanmar("west"), replace(asked, scope="country")) == "across_the_line"
    assert fate(in_myanmar("west", locations=(elsewhere,)), asked) == "shown"
    assert fate(in_myanmar(""), asked) == "shown"
    assert fate(in_myanmar("west", country_wide=True), asked) == "shown"


def test_in_myanmar_a_distance_is_measured_only_on_one_side_of_the_line() -> None:
    asked = query(country="MM", near=MYAWADDY, scope="country")
    distances = [
        search([in_myanmar(side)], asked).hits[0].distance_km is not None for side in ("east", "")
    ]

    assert distances == [True, False]


def test_a_place_across_the_line_is_never_the_near_one() -> None:
    far = Location(id="b", country="MM", admin1="Bago", lat=17.3, lon=96.5, side="east")
    asked = query(country="MM", near=MYAWADDY, scope="country")
    (hit,) = search([in_myanmar("west", locations=(far,))], asked).hits

    assert hit.distance_km == pytest.approx(225, abs=15)


def test_every_reason_to_hide_is_explained_in_words() -> None:
    assert all(len(words) > 12 for words in EXPLAINED.values())


def test_an_email_alone_cannot_be_called_abroad() -> None:
    mail = Contact(kind=ContactKind.EMAIL, value="a@example.org", from_abroad=Known.YES)
    asked = query(country=None, urgency="now", how=frozenset({"phone"}))

    assert fate(service(contacts=(mail,)), asked) == "not_this_way"
