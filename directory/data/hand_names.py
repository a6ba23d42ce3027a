"""Puts the spellings of `names_by_hand.yaml` onto the places of the sources (build time)."""

from typing import Any

from directory.data.place_sources import Draft
from directory.text import key


class UnknownPlaceError(ValueError):
    """A line of the file names a place that no source has."""


def add_names(places: dict[str, Draft], tables: dict[str, Any]) -> None:
    """Add the spellings of every table: the first of each is shown, the others only find."""
    for own_id, spellings in tables["districts_of_laos"].items():
        _spell(places[own_id], "lo", spellings)
    for region, townships in tables["townships_of_myanmar"].items():
        for english, spellings in townships.items():
            _spell(_township(places, region, english), "my", spellings)
    for region, districts in tables["districts_of_townships"].items():
        for district, townships in districts.items():
            around = _named(places, f"{region}/{district}")
            for english in townships:
                _place_in(_named(places, f"{region}/{english}"), around)
    for where, by_locale in tables["neighbours"].items():
        place = _named(places, where)
        for locale, spellings in by_locale.items():
            _spell(place, locale, spellings)
    for own_id, spellings in tables["short_forms"].items():
        places[own_id].aliases += spellings


def _spell(place: Draft, locale: str, spellings: str) -> None:
    first, *others = spellings.split("/")
    known = place.names.get(locale)
    by_hand = locale in place.by_hand
    if not by_hand:
        place.names[locale] = first
    place.aliases += [first, *others, *([known] if known else [])]


def _township(places: dict[str, Draft], region: str, english: str) -> Draft:
    """Return the unit or town of a township's name, or a town without a position of its own."""
    first, *others = english.split("/")
    found = _in_region(places, region, [first, *others])
    if found is None:
        own_id = f"mm:{region[-2:]}-{key(first)}"
        found = places[own_id] = Draft(own_id, "town", "MM", region, names={"en": first})
    found.aliases += [first, *others]
    return found


def _place_in(township: Draft, district: Draft) -> None:
    """Say which district a township without a position of its own lies in."""
    if township.id != district.id and township.lat is None:
        township.admin2 = district.id


def _named(places: dict[str, Draft], where: str) -> Draft:
    """Return the place of an id, or of a region and a name: `MM-04/Bagan`."""
    region, _, name = where.partition("/")
    found = _in_region(places, region, [name]) if name else places.get(region)
    if found is None:
        raise UnknownPlaceError(where)
    return found


def _in_region(places: dict[str, Draft], region: str, names: list[str]) -> Draft | None:
    """Return the best known place of a region with one of the names: districts first."""
    keys = {key(name) for name in names}
    found = [
        place
        for place in places.values()
        if place.admin1 == region and keys & {key(n) for n in _latin(place)}
    ]
    return max(found, key=lambda p: (p.kind == "district", p.population or 0), default=None)


def _latin(place: Draft) -> list[str]:
    return [name for name in (place.names["en"], *place.aliases) if name.isascii()]
