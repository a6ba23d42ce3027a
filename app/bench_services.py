"""How quickly services near her are found among 100,000, beside a look at every one of them."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from math import asin, cos, radians, sin, sqrt
from random import Random
from statistics import median
from typing import Any

from directory.grid import EARTH_KM, Grid
from directory.listing import Listing
from directory.search import Hit, Near, Query, search
from directory.service import COUNTRIES, TAXONOMY, Contact, ContactKind, Service

SIZES = (1_000, 10_000, 100_000)
QUERIES = 40  # a size
ROUNDS = 5  # of every query; the median counts
NEAREST = 3
FIRST_CIRCLE = 5.0  # kilometres
GOAL = 1 / 50  # of numpy haversine over all (goal G9)
GROWTH = 2.5  # at most, from the smallest size to the largest
PROVINCES = 80  # of a generated country
WIDE = 0.02  # of its services work in all of it
SEED = 20_261_121
SOUTH_WEST, NORTH_EAST = (5.5, 92.0), (28.5, 110.0)  # degrees around the five countries
AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)

Point = tuple[float, float]


def services_bench(sizes: Sequence[int] = SIZES) -> dict[str, Any]:
    """Microseconds (median) of the nearest 3 and of a whole search, per size, and what they mean.

    `nearest` is goal G9: the 3 nearest of all services, exact, beside the haversine formula over
    all of them in numpy (pure Python where numpy is not installed; then there is no verdict).
    `search` is what a conversation waits for, rules and order included, beside a search through
    all services. `same` says that the answers were equal, every time. Ratios are of one run.
    """
    rows = {size: _of_size(size) for size in sizes}
    small, large = rows[min(sizes)], rows[max(sizes)]
    ratio = large["nearest_us"] / large["haversine_us"]
    growth = large["nearest_us"] / small["nearest_us"]
    by_numpy = _numpy() is not None
    return {
        "yardstick": "numpy haversine over all" if by_numpy else "Python haversine over all",
        "sizes": {str(size): row for size, row in rows.items()},
        "nearest_ratio": ratio,
        "nearest_goal": GOAL,
        "nearest_met": ratio <= GOAL and large["same"] if by_numpy else None,
        "nearest_growth": growth,
        "growth_bound": GROWTH,
        "growth_met": growth <= GROWTH,
        "search_ratio": large["search_us"] / large["search_all_us"],
        "search_to_haversine": large["search_us"] / large["haversine_us"],
    }


def generated(size: int, seed: int = SEED) -> list[Service]:
    """So many services somewhere in the region, each with one to three kinds of help.

    Each stands in one of 80 provinces of its country; one in 50 is a line for all of it.
    """
    random = Random(seed)  # noqa: S311 - no secret, the same services in every run
    codes = sorted(TAXONOMY.keys() - {code for code in TAXONOMY if code.startswith("SHE.")})
    return [_service(random, number, codes) for number in range(size)]


def nearest(grid: Grid, here: Point, number: int = NEAREST) -> list[tuple[float, str]]:
    """The nearest, exact: the circle is doubled until it holds enough (they must exist)."""
    km = FIRST_CIRCLE
    while len(found := grid.within(*here, km)) < number:
        km *= 2
    return sorted(found)[:number]


def _of_size(size: int) -> dict[str, Any]:
    services = generated(size)
    listing = Listing({service.id: service for service in services})
    points = [(service.lat or 0.0, service.lon or 0.0) for service in services]
    names = [service.id for service in services]
    grid = Grid()
    for name, point in zip(names, points, strict=True):
        grid.put(*point, name)
    over_all = _over_all(points, names)
    random = Random(SEED + 1)  # noqa: S311 - no secret
    here = [_somewhere(random) for _ in range(QUERIES)]
    asked = [_query(random, point) for point in here]
    near = [partial(nearest, grid, point) for point in here]
    yardstick = [partial(over_all, point) for point in here]
    quick = [partial(_hits, listing, query) for query in asked]
    whole = [partial(_all_hits, services, query) for query in asked[:3]]
    same = all(_alike(a(), b()) for a, b in zip(near, yardstick, strict=True))
    same_hits = all(a() == b() for a, b in zip(quick, whole, strict=False))
    return {
        "nearest_us": _cost(near),
        "haversine_us": _cost(yardstick),
        "search_us": _cost(quick),
        "search_all_us": _cost(whole, rounds=1),
        "candidates": median(len(list(listing.near(query))) for query in asked),
        "same": same and same_hits,
    }


def _hits(listing: Listing, query: Query) -> tuple[Hit, ...]:
    return search(listing.near(query), query).hits


def _all_hits(services: Sequence[Service], query: Query) -> tuple[Hit, ...]:
    return search(services, query).hits


def _service(random: Random, number: int, codes: Sequence[str]) -> Service:
    latitude, longitude = _somewhere(random)
    return Service(
        id=f"S-{number:06}",
        organisation="Generated",
        name="Generated",
        admin1=f"Province {random.randrange(PROVINCES)}",
        country_wide=random.random() < WIDE,
        country=random.choice(sorted(COUNTRIES)),
        codes=frozenset(random.sample(codes, random.randint(1, 3))),
        contacts=(Contact(kind=ContactKind.VOICE, value=str(number)),),
        confidence="two_sources",
        lat=latitude,
        lon=longitude,
    )


def _query(random: Random, here: Point) -> Query:
    codes = sorted(TAXONOMY)
    return Query(
        sectors=tuple(random.sample(codes, 3)),
        flags=frozenset({"age_adult"}),
        country=random.choice(sorted(COUNTRIES)),
        near=Near(lat=here[0], lon=here[1], admin1=f"Province {random.randrange(PROVINCES)}"),
        mode="trial",
        at=AT,
    )


def _somewhere(random: Random) -> Point:
    (south, west), (north, east) = SOUTH_WEST, NORTH_EAST
    return random.uniform(south, north), random.uniform(west, east)


def _over_all(
    points: Sequence[Point], names: Sequence[str]
) -> Callable[[Point], list[tuple[float, str]]]:
    """The haversine formula for every point, then the nearest of them."""
    numpy = _numpy()
    if numpy is None:
        return lambda here: sorted(
            (_kilometres(here, there), name) for there, name in zip(points, names, strict=True)
        )[:NEAREST]
    latitudes, longitudes = numpy.radians(numpy.array(points)).T

    def by_numpy(here: Point) -> list[tuple[float, str]]:
        up, across = radians(here[0]), radians(here[1])
        half = numpy.sin((latitudes - up) / 2) ** 2
        half += cos(up) * numpy.cos(latitudes) * numpy.sin((longitudes - across) / 2) ** 2
        far = 2 * EARTH_KM * numpy.arcsin(numpy.sqrt(half))
        few = numpy.argpartition(far, NEAREST)[:NEAREST]
        return sorted((float(far[one]), names[one]) for one in few)

    return by_numpy


def _kilometres(one: Point, other: Point) -> float:
    here, there = radians(one[0]), radians(other[0])
    across = radians(other[1] - one[1])
    half = sin((there - here) / 2) ** 2 + cos(here) * cos(there) * sin(across / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def _alike(one: list[tuple[float, str]], other: list[tuple[float, str]]) -> bool:
    return [name for _, name in one] == [name for _, name in other]


def _cost(calls: Sequence[Callable[[], object]], rounds: int = ROUNDS) -> float:
    """Microseconds of one call: the median over the calls of the median over the rounds."""
    return median(median(_timed(call) for _ in range(rounds)) for call in calls) * 1e6


def _timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _numpy() -> Any:
    """Only measured against, so the product does not depend on it."""
    try:
        return import_module("numpy")
    except ImportError:
        return None
