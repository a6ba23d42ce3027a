"""Opening hours in the zone of the service's country."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from directory.hours import ZONES, HoursFaulty, is_open, opens_next, readable
from directory.service import COUNTRIES
from tests.directory.service_examples import seed

OFFICE = "Mo-Fr 08:30-16:30"
TUESDAY_0900_BANGKOK = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
SATURDAY_0900_BANGKOK = datetime(2026, 3, 14, 2, 0, tzinfo=UTC)


def test_every_country_has_its_zone() -> None:
    assert set(ZONES) == set(COUNTRIES)


@pytest.mark.parametrize("country", COUNTRIES)
def test_round_the_clock_is_open_at_any_moment_in_every_country(country: str) -> None:
    assert is_open("24/7", country, TUESDAY_0900_BANGKOK) is True
    assert opens_next("24/7", country, TUESDAY_0900_BANGKOK) is None


def test_an_office_is_open_on_tuesday_and_closed_on_saturday() -> None:
    assert is_open(OFFICE, "TH", TUESDAY_0900_BANGKOK) is True
    assert is_open(OFFICE, "TH", SATURDAY_0900_BANGKOK) is False


def test_the_same_moment_is_half_an_hour_earlier_in_myanmar() -> None:
    opening = datetime(2026, 3, 10, 8, 40, tzinfo=ZoneInfo("Asia/Bangkok"))

    assert is_open(OFFICE, "TH", opening) is True
    assert is_open(OFFICE, "MM", opening) is False


def test_the_zone_in_which_the_moment_is_given_does_not_matter() -> None:
    in_new_york = TUESDAY_0900_BANGKOK.astimezone(ZoneInfo("America/New_York"))

    assert is_open(OFFICE, "TH", in_new_york) is True


def test_it_says_when_it_opens_next_in_the_local_zone() -> None:
    opening = opens_next(OFFICE, "TH", SATURDAY_0900_BANGKOK)

    assert opening == datetime(2026, 3, 16, 8, 30, tzinfo=ZoneInfo("Asia/Bangkok"))
    assert opening is not None
    assert opening.utcoffset() == timedelta(hours=7)


def test_nothing_opens_next_when_it_is_open_or_stays_shut() -> None:
    assert opens_next(OFFICE, "TH", TUESDAY_0900_BANGKOK) is None
    assert opens_next("off", "TH", TUESDAY_0900_BANGKOK) is None
    assert opens_next("2020 08:00-10:00", "TH", TUESDAY_0900_BANGKOK) is None


def test_hours_nobody_printed_are_unknown() -> None:
    assert is_open(None, "TH", TUESDAY_0900_BANGKOK) is None
    assert opens_next(None, "TH", TUESDAY_0900_BANGKOK) is None


def test_hours_without_days_are_unknown_by_day_and_closed_at_night() -> None:
    clinic = '08:00-17:00 unknown "days not given"'
    night = datetime(2026, 3, 10, 20, 0, tzinfo=ZoneInfo("Asia/Phnom_Penh"))

    assert is_open(clinic, "KH", TUESDAY_0900_BANGKOK) is None
    assert is_open(clinic, "KH", night) is False
    assert opens_next(clinic, "KH", night) is None


def test_text_that_is_no_expression_is_refused_without_being_repeated() -> None:
    assert not readable("ask my sister")
    with pytest.raises(HoursFaulty, match=r"^(?!.*sister)"):
        is_open("ask my sister", "TH", TUESDAY_0900_BANGKOK)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        is_open(OFFICE, "TH", datetime(2026, 3, 10, 9, 0))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("row", "expression"),
    [
        ("KH-004", "24/7"),
        ("TH-007", "Mo-Fr 08:30-16:30"),
        ("TH-012", "Mo-Su 09:00-21:00"),
        ("KH-023", '08:00-17:00 unknown "days not given"'),
        ("LA-005", None),
        ("TH-001", None),
    ],
)
def test_hours_of_the_seed_are_those_its_source_prints(row: str, expression: str | None) -> None:
    found = {service.id: service.hours_osm for service in seed()}

    assert found[row] == expression
