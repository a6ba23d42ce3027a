"""Opening hours in the zone of the service's country."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from directory.hours import ZONES, HoursFaulty, is_holiday, is_open, opens_next, readable
from directory.service import COUNTRIES, Known
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


def local(country: str, *when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo(ZONES[country]))  # type: ignore[misc, arg-type]


# A fixed holiday of each country, a weekday in 2026, as its law names the date.
HOLIDAYS = [
    ("KH", (2026, 1, 7, 10)),  # Victory over Genocide Day
    ("LA", (2026, 12, 2, 10)),  # National Day
    ("MM", (2026, 2, 12, 10)),  # Union Day
    ("TH", (2026, 12, 10, 10)),  # Constitution Day
    ("VN", (2026, 9, 2, 10)),  # National Day
]


@pytest.mark.parametrize(("country", "when"), HOLIDAYS)
def test_on_a_public_holiday_office_hours_are_unknown_and_night_is_still_closed(
    country: str, when: tuple[int, ...]
) -> None:
    noon = local(country, *when)
    night = noon.replace(hour=23)

    assert is_open(OFFICE, country, noon) is None
    assert is_open(OFFICE, country, night) is False
    assert is_open(OFFICE, country, noon + timedelta(days=7)) is True


@pytest.mark.parametrize("expression", ["24/7", "Mo-Su 09:00-21:00", "Mo-Fr 08:30-16:30; PH open"])
def test_hours_that_name_every_day_or_holidays_hold_on_them(expression: str) -> None:
    assert is_open(expression, "TH", local("TH", 2026, 12, 10, 10)) is True


@pytest.mark.parametrize(
    ("expression", "at_ten", "at_eighteen"),
    [
        ("Mo-Fr 08:30-16:30; PH off", False, False),
        ("Mo-Fr 08:30-16:30; PH 17:00-19:00", False, True),
        ("Mo-Fr,PH 08:30-16:30", True, False),
        ("PH 09:00-12:00", True, False),
    ],
)
def test_a_rule_for_holidays_is_kept(expression: str, at_ten: bool, at_eighteen: bool) -> None:
    holiday = local("TH", 2026, 12, 10, 10)

    assert is_open(expression, "TH", holiday) is at_ten
    assert is_open(expression, "TH", holiday.replace(hour=18)) is at_eighteen


def test_a_rule_for_holidays_alone_is_closed_on_other_days() -> None:
    far_from_any = local("TH", 2026, 8, 25, 10)

    assert is_open("PH 09:00-12:00", "TH", far_from_any) is False


def test_the_service_can_say_what_holds_on_holidays() -> None:
    holiday = local("TH", 2026, 12, 10, 10)

    assert is_open(OFFICE, "TH", holiday, Known.YES) is True
    assert is_open(OFFICE, "TH", holiday, Known.NO) is False


def test_the_next_opening_passes_over_a_holiday_that_is_closed() -> None:
    eve = local("TH", 2026, 12, 9, 20)

    assert opens_next(OFFICE, "TH", eve, Known.NO) == local("TH", 2026, 12, 11, 8, 30)
    assert opens_next("Mo-Fr 08:30-16:30; PH off", "TH", eve) == local("TH", 2026, 12, 11, 8, 30)
    assert opens_next(OFFICE, "TH", eve, Known.YES) == local("TH", 2026, 12, 10, 8, 30)
    assert opens_next(OFFICE, "TH", eve) is None


def test_a_holiday_of_one_country_is_none_of_another() -> None:
    moment = local("TH", 2026, 12, 10, 10)

    assert is_holiday("TH", moment)
    assert not is_holiday("LA", moment)


NIGHTS = "Mo-Fr 20:00-04:00"


@pytest.mark.parametrize(
    ("expression", "said"), [(NIGHTS, Known.NO), (f"{NIGHTS}; PH off", Known.UNKNOWN)]
)
def test_an_opening_over_midnight_belongs_to_the_day_on_which_it_began(
    expression: str, said: Known
) -> None:
    holiday = local("TH", 2026, 12, 10, 2)  # a Thursday; the opening of Wednesday still holds
    night, after = holiday.replace(hour=22), local("TH", 2026, 12, 11, 2)
    next_opening = local("TH", 2026, 12, 11, 20)

    assert is_open(expression, "TH", holiday, said) is True
    assert is_open(expression, "TH", night, said) is False
    assert is_open(expression, "TH", after, said) is False
    assert opens_next(expression, "TH", night, said) == next_opening
    assert opens_next(expression, "TH", after, said) == next_opening


def test_the_night_after_a_holiday_is_as_unknown_as_the_holiday() -> None:
    assert is_open(NIGHTS, "TH", local("TH", 2026, 12, 10, 2)) is True
    assert is_open(NIGHTS, "TH", local("TH", 2026, 12, 11, 2)) is None


@pytest.mark.parametrize("expression", ["24/7; PH off", "Mo-Fr 00:00-24:00; PH off"])
def test_round_the_clock_begins_again_when_the_holiday_ends(expression: str) -> None:
    holiday = local("TH", 2026, 12, 10, 10)

    assert is_open(expression, "TH", holiday) is False
    assert opens_next(expression, "TH", holiday) == local("TH", 2026, 12, 11)
    assert is_open(expression, "TH", local("TH", 2026, 12, 11, 1)) is True


@pytest.mark.parametrize(
    ("expression", "at_ten", "at_night"),
    [
        ("Mo-Fr, Sa 08:30-16:30", None, False),
        ("Mo-Fr, PH 08:30-16:30", True, False),
        ("Mo-Fr 08:30-16:30, PH off", False, False),
        ("PH off; Mo-Fr 08:30-16:30", False, False),
        ("Mo-Fr 08:30-16:30; Dec PH off", None, False),
    ],
)
def test_a_blank_after_a_comma_or_another_order_opens_nothing(
    expression: str, at_ten: bool | None, at_night: bool
) -> None:
    holiday = local("TH", 2026, 12, 10, 10)

    assert is_open(expression, "TH", holiday) is at_ten
    assert is_open(expression, "TH", holiday.replace(hour=23)) is at_night
    assert is_open(expression, "TH", local("TH", 2026, 12, 11, 10)) is True
    assert is_open(expression, "TH", local("TH", 2026, 12, 11, 23)) is False
