"""The gazetteer: finds a place of the five countries in what a person typed, in six scripts."""

import json
import lzma
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log10
from pathlib import Path
from typing import Any

from rapidfuzz.distance import OSA

from directory.place_names import IndexRow, Kind, Place, index_rows
from directory.place_search import LONGEST, Found, PlaceSearch
from directory.text import key, spelled, strip_prefixes, zawgyi_readings

__all__ = ["Gazetteer", "Kind", "Match", "Place"]

SHIPPED = Path(__file__).parent / "data" / "places.json.xz"
LEAST_SCORE = 55.0
# The share of the score that depends on how much of the text the name explains.
MISSED = 0.32
SURE_CONTEXT = 0.8
CLOSE = 0.08
# With a country given, places elsewhere are offered only where nothing inside is this alike.
SURE_SCORE = 85.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A place, how sure we are (0 to 100), and the gazetteer's name that matched.

    `matched` is never what was typed.
    """

    place: Place
    score: float
    matched: str


class Gazetteer:
    """All places, indexed. Built once at start; reading it from several threads is safe."""

    def __init__(
        self,
        places: Iterable[Place],
        rows: Sequence[IndexRow] | None = None,
        countries: Mapping[str, str] | None = None,
    ) -> None:
        """Take places; `rows` as of `index_rows` if known; `countries` as key of name to code."""
        self._places = tuple(places)
        rows = index_rows(self._places) if rows is None else rows
        self._countries = dict(countries or {})
        self._by_id = {place.id: place for place in self._places}
        self._holders = {row[0]: row[3] for row in rows}
        self._holders |= {one: [] for one in self._countries if one not in self._holders}
        self._search = PlaceSearch(rows, self._countries, [p.country for p in self._places])

    @classmethod
    def load(cls, path: Path = SHIPPED) -> "Gazetteer":
        """Read the file made by `data/build_places.py`, in about a third of a second."""
        content = json.loads(lzma.decompress(path.read_bytes()))
        places = [_place(content["columns"], row) for row in content["places"]]
        zawgyi_readings("က")  # reads the detector's model now instead of in the first message
        return cls(places, content["index"], content["countries"])

    def find(self, typed: str, *, country: str | None = None, limit: int = 5) -> list[Match]:
        """Return the places the text could mean, best first.

        A country narrows. It never overrides: where nothing in it is a good match and a place
        elsewhere is, that place is among the answers, and its `country` says so.
        """
        ranked = self._ranked(typed, country, beyond_exact=False)
        # "Chiang" is an old name of one district; who types it may mean Chiang Mai.
        is_country = key(typed[:LONGEST]) in self._countries
        if not is_country and not any(_settles(match, country) for match in ranked):
            ranked = self._ranked(typed, country, beyond_exact=True)
        return _narrowed(ranked, country)[:limit]

    def get(self, place_id: str) -> Place | None:
        """Return the place of this id, or nothing."""
        return self._by_id.get(place_id)

    def bare_keys(self) -> tuple[str, ...]:
        """Return every key of a name without level words: `saphan bench` makes more of them."""
        names = (name for place in self._places for name in place.all_names)
        return tuple(sorted({key(strip_prefixes(name)) for name in names}))

    def provinces(self, country: str) -> tuple[Place, ...]:
        """Return the present provinces of a country, without dissolved ones, by English name."""
        found = (p for p in self._places if p.country == country and p.kind == "province")
        return tuple(sorted((p for p in found if not p.former), key=_english))

    def districts(self, province_id: str) -> tuple[Place, ...]:
        """Return the districts of a province, dissolved provinces included, by English name."""
        return tuple(
            sorted(
                (
                    p
                    for p in self._places
                    if p.kind == "district" and province_id in (p.admin1, p.admin2)
                ),
                key=_english,
            )
        )

    def name(self, place: Place, locale: str) -> str:
        """Return a place's name in a language, in English where we have none in it."""
        return place.names.get(locale, place.names["en"])

    def position(self, place: Place) -> tuple[float, float] | None:
        """Return latitude and longitude of the place, or of the smallest unit around it."""
        for own_id in (place.id, place.admin2, place.admin1):
            around = self._by_id.get(own_id or "")
            if around is not None and around.lat is not None and around.lon is not None:
                return around.lat, around.lon
        return None

    def _ranked(self, typed: str, country: str | None, *, beyond_exact: bool) -> list[Match]:
        best: dict[str, Match] = {}
        for reading in zawgyi_readings(typed[:LONGEST]):
            for match in self._matches(reading, country, beyond_exact=beyond_exact):
                known = best.get(match.place.id)
                if known is None or match.score > known.score:
                    best[match.place.id] = match
        return sorted(best.values(), key=lambda m: (-m.score, m.place.id))

    def _matches(self, text: str, country: str | None, *, beyond_exact: bool) -> list[Match]:
        found = self._search.find(text, beyond_exact=beyond_exact, country=country)
        length = max((f.end for f in found), default=1)
        best: dict[int, tuple[Found, int]] = {}
        for one in found:
            for number, which in self._holders[one.key]:
                if number not in best or _alone(one, length) > _alone(best[number][0], length):
                    best[number] = one, which
        around = {self._places[n].id: one for n, (one, _) in best.items()}
        around |= {self._countries[f.key]: f for f in found if f.key in self._countries}
        worths = {n: self._worth(n, one, around, length) for n, (one, _) in best.items()}
        return self._scored(text, worths, best)

    def _worth(self, number: int, one: Found, around: dict[str, Found], length: int) -> float:
        """Return how well a place explains the text, its province or country named beside it."""
        place = self._places[number]
        explained = one.end - one.start
        for own_id in {place.admin1, place.admin2, place.country}:
            other = around.get(own_id or "")
            if other and other.likeness > SURE_CONTEXT and _apart(one, other):
                explained += other.end - other.start
        return one.likeness * (1 - MISSED + MISSED * min(1.0, explained / length))

    def _scored(
        self, text: str, worths: dict[int, float], best: dict[int, tuple[Found, int]]
    ) -> list[Match]:
        """Turn worths into scores; among the best, the name spelled most like the text wins."""
        typed = spelled(text)
        # Who typed marks meant them; who typed none may have meant any.
        weight = 2 if typed.isascii() else 8
        near_top = max(worths.values(), default=0.0) - CLOSE
        matches = []
        for number, worth in worths.items():
            place = self._places[number]
            matched = place.all_names[best[number][1]]
            score = 97 * worth + _prominence(place)
            if worth >= near_top:
                score -= weight * (1 - OSA.normalized_similarity(typed, spelled(matched)))
            if score >= LEAST_SCORE:
                matches.append(
                    Match(place=place, score=round(min(score, 100.0), 1), matched=matched)
                )
        return matches


def _alone(one: Found, length: int) -> float:
    return one.likeness * (1 - MISSED + MISSED * (one.end - one.start) / length)


def _apart(one: Found, other: Found) -> bool:
    return one.end <= other.start or other.end <= one.start


def _prominence(place: Place) -> float:
    """Return 0 to 3 points by which the better known of two namesakes comes first."""
    kind = {"province": 1.0, "district": 0.6, "town": 0.3}[place.kind]
    unknown = 10**5 if place.kind == "province" else 1
    return 1.8 * kind + 1.2 * min(1.0, log10(place.population or unknown) / 7)


def _settles(match: Match, country: str | None) -> bool:
    """Say whether a match is a name we would show, in the right country: then no guess is due."""
    return country in (None, match.place.country) and match.matched in match.place.names.values()


def _narrowed(ranked: list[Match], country: str | None) -> list[Match]:
    if country is None:
        return ranked
    inside = [m for m in ranked if m.place.country == country]
    least = max(SURE_SCORE, inside[0].score + 5) if inside else SURE_SCORE
    if inside and inside[0].score >= SURE_SCORE:
        return inside
    return [m for m in ranked if m.place.country == country or m.score >= least]


def _english(place: Place) -> str:
    return place.names["en"]


def _place(columns: list[str], row: list[Any]) -> Place:
    values = dict(zip(columns, row, strict=True))
    values["aliases"] = tuple(values["aliases"])
    return Place(**values)
