"""How near a service is to her, inside one country and never across a border or a front line."""

from collections.abc import Iterator
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

from directory.grid import EARTH_KM
from directory.location import Location
from directory.query import Near, Query
from directory.same_name import folded
from directory.service import Service

# Seed positions are mostly town centres: as near as this counts as the same town.
TOWN_KM = 25.0
# A front line runs there: a distance says nothing unless both ends are known to be on one side.
NO_DISTANCE = frozenset({"MM"})


def distance_km(service: Service, query: Query) -> float | None:
    """Kilometres to its nearest place; None where a distance is unknown or must not be used."""
    near = query.near
    if near is None or near.lat is None or near.lon is None:
        return None
    if service.country != query.country or service.country_wide or service.also_in:
        return None  # Across a border, a line for the whole country, or somewhere in provinces.
    # A confidential place cannot hold a position, so it is never among these.
    ends = [
        (place.lat, place.lon)
        for place in _places(service)
        if place.lat is not None and place.lon is not None and _same_side(place, near)
    ]
    return min((_kilometres((near.lat, near.lon), end) for end in ends), default=None)


def across_the_line(service: Service, query: Query) -> bool:
    """Whether every place of the service is known to be on the other side of a front line."""
    if query.near is None or not query.near.side or service.country_wide:
        return False
    sides = {place.side for place in _places(service)}
    return "" not in sides and query.near.side not in sides


def _places(service: Service) -> tuple[Service | Location, ...]:
    return (service, *service.locations)


def _same_side(place: Service | Location, near: Near) -> bool:
    if place.side and near.side:
        return place.side == near.side
    return place.country not in NO_DISTANCE


def _kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the great circle, by the haversine formula."""
    here, there = radians(one[0]), radians(other[0])
    across, up = radians(other[1] - one[1]), there - here
    half = sin(up / 2) ** 2 + cos(here) * cos(there) * sin(across / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def is_local(service: Service, query: Query) -> bool:
    """Whether it is in her province or town, by name, or by a distance within one town."""
    if query.near is None or service.country != query.country:
        return False
    if not query.near.names.isdisjoint(names_of(service)):
        return True
    far = distance_km(service, query)
    return far is not None and far <= TOWN_KM


def names_of(service: Service) -> Iterator[str]:
    """The folded names of every province and town it is in."""
    named = [name for place in _places(service) for name in (place.admin1, place.city)]
    yield from (_folded_once(name) for name in (*named, *service.also_in) if name)


def positions_of(service: Service) -> Iterator[tuple[float, float]]:
    """Every point of the service, in degrees."""
    for place in _places(service):
        if place.lat is not None and place.lon is not None:
            yield place.lat, place.lon


@lru_cache(maxsize=65_536)
def _folded_once(name: str) -> str:
    """Names of the directory only; where she is must not stay in a cache."""
    return folded(name)
