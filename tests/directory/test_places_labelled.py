"""The measured set of places: how many are found, first and among three, in each language."""

import random
from typing import Any

import pytest
from rapidfuzz.distance import OSA

from app.bench_names import one_error, two_errors
from app.bench_places import is_meant, places_bench
from app.cli_bench import lines_of
from directory.places import Place

FIRST, AMONG = 93.0, 98.0
FIRST_IN_A_LANGUAGE, AMONG_IN_A_LANGUAGE = 90.0, 96.0
LANGUAGES = ("km", "lo", "my", "th", "vi")


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    return places_bench()


def test_the_right_place_comes_first_and_among_three(measured: dict[str, Any]) -> None:
    assert measured["all"]["n"] >= 1000
    assert measured["all"]["first"]["percent"] >= FIRST
    assert measured["all"]["among_three"]["percent"] >= AMONG


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_is_left_behind(measured: dict[str, Any], language: str) -> None:
    row = measured[f"language {language}"]

    assert row["first"]["percent"] >= FIRST_IN_A_LANGUAGE
    assert row["among_three"]["percent"] >= AMONG_IN_A_LANGUAGE


def test_places_inside_sentences_are_found(measured: dict[str, Any]) -> None:
    assert measured["sentences"]["percent"] >= 90.0


def test_every_row_says_how_many_and_how_long(measured: dict[str, Any]) -> None:
    lines = list(lines_of(measured))

    assert len(lines) == len(measured)
    assert all(" n " in line for line in lines)
    assert "p99_ms" in lines[0]


def test_a_place_of_another_country_is_never_the_one_meant() -> None:
    place = Place(id="x", kind="town", country="TH", names={"en": "Pakse"})

    assert is_meant(place, {"name": "Pakxe", "country": "TH"})
    assert not is_meant(place, {"name": "Pakse", "country": "LA"})
    assert not is_meant(place, {"name": "Vientiane", "country": "TH"})


def test_typing_errors_are_at_most_one_and_two() -> None:
    chance, name = random.Random(1), "kanchanaburi"
    once = [one_error(name, chance) for _ in range(99)]
    twice = [two_errors(name, chance) for _ in range(99)]

    assert max(OSA.distance(name, typed) for typed in once) == 1
    assert max(OSA.distance(name, typed) for typed in twice) == 2
