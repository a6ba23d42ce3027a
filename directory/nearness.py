"""How near a service is to her, inside one country and never across a border or a front line."""

import unicodedata
from math import asin, cos, radians, sin, sqrt

from directory.location import Location
from directory.query import Near, Query
from directory.service import Service

# Mean radius, International Union of Geodesy and Geophysics.
EARTH_KM = 6371.0088
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
    hers = {folded(name) for name in (query.near.admin1, *query.near.also)} - {""}
    named = [name for place in _places(service) for name in (place.admin1, place.city)]
    its = {folded(name) for name in (*named, *service.also_in)}
    far = distance_km(service, query)
    return bool(hers & its) or (far is not None and far <= TOWN_KM)


def folded(name: str) -> str:
    """A place name without case, accents, spaces and hyphens, for comparing spellings."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("đ", "d"))
    return "".join(character for character in plain if character.isalnum() or _is_sign(character))


def _is_sign(character: str) -> bool:
    # Vowel signs of Khmer, Lao, Burmese and Thai are marks too; Latin accents are below U+0370.
    return unicodedata.category(character).startswith("M") and ord(character) >= 0x0370
