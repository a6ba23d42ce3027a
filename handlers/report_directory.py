"""The share of the directory that was checked in time, by country: about services, not women."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from directory.service import Service
from directory.standing import Freshness, freshness
from directory.taxonomy import COUNTRIES
from privacy.statistics import STEP
from privacy.suppression import Place

MEASURE: Final = "directory"  # is not counted week by week: it is how things stand on the day


def shares(services: Iterable[Service], on: date, floor: int) -> dict[Place, int | None]:
    """Per cent by country and over all, in steps of 5; None where there are few services.

    A share of few would be that of one organisation.
    """
    known: dict[str, list[bool]] = {country: [] for country in COUNTRIES}
    for service in services:
        if service.country in known:
            known[service.country].append(freshness(service, on) is Freshness.FRESH)
    every = [one for ones in known.values() for one in ones]
    found: dict[Place, int | None] = {}
    for country, ones in (*known.items(), ("", every)):
        found[country, "all"] = found[country, ""] = _share(ones, floor)
    return found


def _share(ones: list[bool], floor: int) -> int | None:
    if len(ones) < floor:
        return None
    return round(100 * sum(ones) / len(ones) / STEP) * STEP
