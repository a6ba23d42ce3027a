"""The export for everybody: only what may be shown, and no field that is not public."""

import csv
import io
import json
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

from directory.access import Access, Start
from directory.exchange_document import STANDING
from directory.exchange_file import write_file
from directory.exchange_public import (
    NOT_PUBLIC,
    PUBLIC,
    PUBLIC_STANDING,
    may_be_public,
    public_entries,
)
from directory.intake import Capacity, Intake, Says
from directory.kinds import Doubt, Known
from directory.location import Location
from directory.service import Service, Withheld
from tests.directory.service_examples import TUESDAY, seed
from tests.directory.test_exchange_round import FULL, schema_errors

CHECKED = replace(
    FULL,
    level=1,
    checked_on=TUESDAY.date(),
    doubts=frozenset(),
    may_be_shown=Known.YES,
    sources=("secret-source", 'hsds {"secret":"secret-kept"}'),
    intake=Intake(
        capacity=(
            Capacity(
                says=Says.FULL, since=TUESDAY, until=TUESDAY + timedelta(days=1), by="secret.1"
            ),
        )
    ),
)
HIDDEN = replace(
    CHECKED,
    id="TH-902",
    codes=frozenset({"SHE.EMERG"}),
    confidential=True,
    address=None,
    lat=None,
    lon=None,
    city="Secret district",
    locations=(Location(id="b", country="TH", city="Secret town", confidential=True),),
)
SECRETS = ("secret", "Secret", "so.2", "east", "west", '"side"', "may_be_shown", "two_sources")


def exported(ending: str, *services: Service) -> str:
    found = list(public_entries(services, TUESDAY))
    return write_file(ending, found, public=True).decode("utf-8-sig")


def test_every_field_is_either_public_or_not() -> None:
    names = {each.name for each in fields(Service)}

    assert names == PUBLIC | NOT_PUBLIC | STANDING
    assert not PUBLIC & NOT_PUBLIC
    assert PUBLIC_STANDING < STANDING


def test_no_confidential_field_is_in_any_format() -> None:
    for ending in (".json", ".csv"):
        text = exported(ending, CHECKED, HIDDEN)

        assert "Example line" in text
        assert not [word for word in SECRETS if word in text]


def test_the_public_table_has_no_columns_for_what_is_not_public() -> None:
    header = next(csv.reader(io.StringIO(exported(".csv", CHECKED))))

    assert not NOT_PUBLIC & set(header)
    assert not [column for column in header if column.endswith(("_by", "_side"))]


def test_a_hidden_place_has_a_province_and_a_number_and_no_more() -> None:
    (found,) = json.loads(exported(".json", HIDDEN))

    assert found["saphan"]["entry"]["admin1"] == "Tak"
    assert found["phones"]
    assert "service_at_locations" not in found
    assert not {"city", "address", "lat", "locations"} & found["saphan"]["entry"].keys()


def test_every_public_object_fits_both_schemas() -> None:
    for found in json.loads(exported(".json", CHECKED, HIDDEN)):
        assert schema_errors("service", found) == []
        assert schema_errors("extension", found["saphan"]) == []
        assert found["assured_date"] == found["saphan"]["standing"]["checked_on"]


def test_only_what_live_mode_may_show_is_public() -> None:
    changes: list[dict[str, Any]] = [
        {"level": 0, "checked_on": None},
        {"withheld": Withheld.PULLED},
        {"suspended": True},
        {"may_be_shown": Known.NO},
        {"doubts": frozenset({Doubt.CONFLICT})},
        {"silent_from": TUESDAY},
        {"checked_on": TUESDAY.date() - timedelta(days=61)},
        {"country": "MM", "locations": (), "state_of": "MM"},
        {"country": "LA", "locations": (), "may_be_shown": Known.UNKNOWN},
        {"access": Access(starts=frozenset({Start.CASEWORKER}))},
        {"intake": Intake(paused_until=TUESDAY + timedelta(days=1))},
    ]

    assert may_be_public(CHECKED, TUESDAY)
    assert [each for each in changes if may_be_public(replace(CHECKED, **each), TUESDAY)] == []


def test_nothing_of_the_seed_is_public_before_somebody_called() -> None:
    assert json.loads(exported(".json", *seed())) == []
