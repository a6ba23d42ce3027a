"""What a place is, and the keys under which its names are found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from directory.hearing import heard
from directory.text import key, sound, strip_prefixes

Kind: TypeAlias = Literal["province", "district", "town"]
# A key, its looser sound, how it sounds to other scripts, and who has it: numbers of a place and
# of one of its names.
IndexRow: TypeAlias = tuple[str, str, str, list[tuple[int, int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A province, district or town of KH, LA, MM, TH or VN.

    `id` is stable: ISO 3166-2 for provinces ("TH-63"), the country's own code for districts
    ("TH-6306"), GeoNames' number elsewhere ("gn:1152188"). `names` is what may be shown, by locale
    (en, km, lo, my, th, vi; en always); `aliases` only serve finding. Degrees are WGS 84, those of
    the seat or the largest town inside; `population` is the town's of that name. `former` marks
    what Viet Nam dissolved in July 2025; such a district's `admin1` is the present province and
    its `admin2` the dissolved one, if that differs.
    """

    id: str
    kind: Kind
    country: str
    admin1: str | None = None
    admin2: str | None = None
    lat: float | None = None
    lon: float | None = None
    population: int | None = None
    names: Mapping[str, str]
    aliases: tuple[str, ...] = ()
    former: bool = field(default=False)

    @property
    def all_names(self) -> tuple[str, ...]:
        """Return every name, those that may be shown first."""
        return (*self.names.values(), *self.aliases)


def index_rows(places: Sequence[Place]) -> list[IndexRow]:
    """Return every key of every name, with and without level words, each once."""
    holders: dict[str, dict[int, int]] = {}
    # Whole names first: where two names of a place share a key, the plainer one is reported.
    for read in (key, _bare_key):
        for number, place in enumerate(places):
            for which, name in enumerate(place.all_names):
                one = read(name)
                if one:
                    holders.setdefault(one, {}).setdefault(number, which)
    return [
        (one, _sound(one, of, places), _heard(of, places), list(of.items()))
        for one, of in sorted(holders.items())
    ]


def _sound(one: str, holders: Iterable[int], places: Sequence[Place]) -> str:
    """Return the sound of a romanised key; Vietnamese is spelled one way and needs none."""
    return sound(one) if any(places[n].country != "VN" for n in holders) else ""


def _heard(holders: Mapping[int, int], places: Sequence[Place]) -> str:
    """Return how a name sounds to who writes another script.

    The communes of Viet Nam stay out: thousands of short names that people abroad do not write.
    """
    for number, which in holders.items():
        place = places[number]
        if place.country != "VN" or place.kind != "town" or place.population:
            return heard(strip_prefixes(place.all_names[which]))
    return ""


def _bare_key(name: str) -> str:
    return key(strip_prefixes(name))
