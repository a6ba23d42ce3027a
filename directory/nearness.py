"""How near a service is to her, inside one country and never across a border or a front line."""

import unicodedata
from math import asin, cos, radians, sin, sqrt

from directory.query import Query
from directory.service import Service

# Mean radius, International Union of Geodesy and Geophysics.
EARTH_KM = 6371.0088
# Seed positions are mostly town centres: as near as this counts as the same town.
TOWN_KM = 25.0
# Who controls which side of the line is not recorded yet, so there a distance says nothing.
NO_DISTANCE = frozenset({"MM"})


def distance_km(service: Service, query: Query) -> float | None:
    """Kilometres along the great circle; None where a distance is unknown or must not be used."""
    near = query.near
    if near is None or near.lat is None or near.lon is None:
        return None
    if service.country != query.country or service.country in NO_DISTANCE:
        return None
    if service.country_wide or service.also_in:
        return None  # A line for the whole country, or one of several places.
    if service.lat is None or service.lon is None:
        return None  # Unknown, or confidential: such a service cannot hold a position.
    lat, other = radians(near.lat), radians(service.lat)
    across, up = radians(service.lon - near.lon), other - lat
    half = sin(up / 2) ** 2 + cos(lat) * cos(other) * sin(across / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def is_local(service: Service, query: Query) -> bool:
    """Whether it is in her province or town, by name, or by a distance within one town."""
    if query.near is None or service.country != query.country:
        return False
    hers = {folded(name) for name in (query.near.admin1, *query.near.also)} - {""}
    its = {folded(name) for name in (service.admin1, service.city, *service.also_in)}
    far = distance_km(service, query)
    return bool(hers & its) or (far is not None and far <= TOWN_KM)


def folded(name: str) -> str:
    """A place name without case, accents, spaces and hyphens, for comparing spellings."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("đ", "d"))
    return "".join(character for character in plain if character.isalnum() or _is_sign(character))


def _is_sign(character: str) -> bool:
    # Vowel signs of Khmer, Lao, Burmese and Thai are marks too; Latin accents are below U+0370.
    return unicodedata.category(character).startswith("M") and ord(character) >= 0x0370
