"""What a search hides because she cannot reach it: too far, no number, the wrong way."""

from dataclasses import replace

import pytest

from directory.search import Near, search
from directory.service import (
    Contact,
    ContactKind,
    Kind,
    Known,
    Service,
)
from tests.directory.service_examples import (
    CHAT,
    TUESDAY,
    fate,
    query,
    reasons,
    service,
)

SHELTER = service(codes=frozenset({"SHE.EMERG"}), confidential=True)
ASKS_SHELTER = query(sectors=("SHE.EMERG",))
MAE_SOT = Near(lat=16.713, lon=98.575, admin1="Tak")
TODAY = TUESDAY.date()


LOCAL = service(contacts=(), country_wide=False, admin1="Tak")


def test_a_name_without_a_number_is_shown_only_near_her() -> None:
    website = Contact(kind=ContactKind.WEB, value="https://example.org")

    assert "no_number" in reasons(LOCAL, query(near=MAE_SOT))
    assert "no_number" in reasons(replace(LOCAL, contacts=(website,)), query(near=MAE_SOT))
    assert fate(LOCAL, query()) == "no_number_far"
    assert fate(replace(LOCAL, admin1="Trat"), query(near=MAE_SOT)) == "no_number_far"
    assert fate(service(contacts=()), query(near=MAE_SOT)) == "no_number_far"


def test_a_name_without_a_number_is_no_help_for_who_must_call_now() -> None:
    now = query(near=MAE_SOT, urgency="now", how=frozenset({"phone"}))

    assert fate(LOCAL, now) == "no_number_now"
    assert fate(LOCAL, replace(now, urgency="72h")) == "shown"
    assert fate(LOCAL, replace(now, how=frozenset())) == "shown"


def test_now_by_phone_hides_what_can_only_be_written_to() -> None:
    email = Contact(kind=ContactKind.EMAIL, value="example@example.org")
    asked = query(urgency="now", how=frozenset({"phone"}))

    assert fate(service(contacts=(email,)), asked) == "not_this_way"
    assert fate(service(contacts=(CHAT,)), asked) == "not_this_way"
    assert "other_way" in reasons(service(contacts=(CHAT,)), replace(asked, urgency="soon"))


@pytest.mark.parametrize("country", ["LA", "MM"])
def test_a_local_group_in_laos_or_myanmar_is_named_only_with_its_yes(country: str) -> None:
    near = Near(lat=None, lon=None, admin1="Tak")
    group = replace(LOCAL, country=country, kind=Kind.NGO)
    asked = query(country=country, near=near)

    assert fate(group, asked) == "name_not_agreed"
    assert fate(replace(group, may_be_shown=Known.YES), asked) == "shown"
    assert fate(replace(group, kind=Kind.WOMEN_UNION), asked) == "shown"


def placed(lat: float, lon: float, admin1: str) -> Service:
    return service(country_wide=False, lat=lat, lon=lon, admin1=admin1)


def test_each_scope_reaches_further_inside_the_same_country() -> None:
    here = placed(16.7, 98.6, "Tak")
    neighbour = placed(16.44, 99.53, "Kamphaeng Phet")
    capital = placed(13.76, 100.5, "Bangkok")
    secret = service(
        country_wide=False, admin1="Sukhothai", codes=frozenset({"HOT.GBV"}), confidential=True
    )
    shown = {
        scope: [
            fate(one, query(near=MAE_SOT, scope=scope)) == "shown"
            for one in (service(), here, neighbour, capital, secret)
        ]
        for scope in ("near", "province", "country", "phone_only")
    }

    assert shown["near"] == [True, True, False, False, False]
    assert shown["province"] == [True, True, True, False, False]
    assert shown["country"] == [True, True, True, True, True]
    assert shown["phone_only"] == [True, False, False, False, False]


def test_phone_only_leaves_out_what_has_neither_phone_nor_chat() -> None:
    email = Contact(kind=ContactKind.EMAIL, value="example@example.org")

    assert fate(service(contacts=(email,)), query(scope="phone_only")) == "not_by_phone"
    assert fate(service(contacts=(CHAT,)), query(scope="phone_only")) == "shown"


def test_without_a_place_the_whole_country_is_near() -> None:
    assert fate(placed(13.76, 100.5, "Bangkok"), query(scope="near")) == "shown"


def test_a_confidential_service_has_no_distance() -> None:
    hit = search(
        [replace(SHELTER, country_wide=False, admin1="Tak")], replace(ASKS_SHELTER, near=MAE_SOT)
    ).hits[0]

    assert hit.distance_km is None
    assert hit.service.lat is None


def test_nothing_is_measured_inside_myanmar() -> None:
    near = Near(lat=16.84, lon=96.17, admin1="Yangon")
    close = service(
        country="MM", country_wide=False, lat=16.84, lon=96.17, admin1="Bago", kind=Kind.HEALTH
    )

    assert fate(close, query(country="MM", near=near)) == "too_far"
    assert fate(close, query(country="MM", near=near, scope="province")) == "too_far"


def test_a_service_in_several_places_has_no_single_distance() -> None:
    several = service(country_wide=False, lat=18.79, lon=98.99, also_in=frozenset({"Tak"}))
    (hit,) = search([several], query(near=MAE_SOT)).hits

    assert hit.distance_km is None
    assert "in_province" in hit.reasons


def test_nobody_can_just_walk_into_a_confidential_place() -> None:
    there = replace(SHELTER, walk_in=Known.YES)
    asked = replace(ASKS_SHELTER, how=frozenset({"place"}))

    assert "other_way" in reasons(there, asked)


@pytest.mark.parametrize(
    ("hers", "its"),
    [("Ha Noi", "Hà Nội"), ("ດາ", "ດາ"), ("tak", "Tak"), ("Đà Nẵng", "Da Nang")],
)
def test_spellings_of_one_province_meet(hers: str, its: str) -> None:
    near = Near(lat=None, lon=None, admin1=hers)

    assert fate(replace(LOCAL, admin1=its), query(near=near)) == "shown"


def test_another_name_of_her_place_counts_too() -> None:
    merged = Near(lat=None, lon=None, admin1="Phu Tho", also=frozenset({"Hoa Binh"}))

    assert fate(replace(LOCAL, admin1="Hoa Binh"), query(near=merged)) == "shown"
    assert fate(replace(LOCAL, admin1="", also_in=frozenset({"Tak"})), query(near=MAE_SOT)) == (
        "shown"
    )
