"""Points around a point are the same as a search through all of them gives."""

from random import Random

import pytest

from directory.grid import Grid
from directory.location import Location
from directory.nearness import distance_km
from directory.query import Near
from tests.directory.service_examples import query, service

HERE = (16.71, 98.57)


def scattered(number: int, seed: int) -> dict[str, tuple[float, float]]:
    random = Random(seed)
    return {f"p{n}": (random.uniform(5.5, 28.5), random.uniform(92, 110)) for n in range(number)}


def filled(points: dict[str, tuple[float, float]]) -> Grid:
    grid = Grid()
    for name, (latitude, longitude) in points.items():
        grid.put(latitude, longitude, name)
    return grid


def kilometres(here: tuple[float, float], there: tuple[float, float]) -> float:
    """As the search measures it."""
    place = Location(id="x", country="TH", lat=there[0], lon=there[1])
    near = Near(lat=here[0], lon=here[1], admin1="")
    far = distance_km(
        service(country_wide=False, locations=(place,)), query(near=near, scope="country")
    )
    assert far is not None
    return far


@pytest.mark.parametrize("km", [5.0, 25.0, 150.0])
@pytest.mark.parametrize("here", [HERE, (28.4, 97.0), (5.6, 101.2), (13.7, 109.99)])
def test_all_points_within_a_distance_are_found_and_no_others(
    here: tuple[float, float], km: float
) -> None:
    points = scattered(4_000, seed=7)
    wanted = {name: far for name, at in points.items() if (far := kilometres(here, at)) <= km}
    found = {name: far for far, name in filled(points).within(*here, km)}

    assert found.keys() == wanted.keys()
    assert all(abs(found[name] - far) < 1e-6 for name, far in wanted.items())


def test_a_point_that_was_taken_away_is_not_found_and_its_twin_is() -> None:
    grid = Grid()
    for name in ("one", "other"):
        grid.put(*HERE, name)
    grid.take(*HERE, "one")

    assert [name for _, name in grid.within(*HERE, 1)] == ["other"]
