"""`saphan bench places`: is the place found that a person typed, on a labelled set."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import thread_time
from typing import Any

import yaml
from rapidfuzz import fuzz

import directory
from app.bench import rate
from directory.places import Gazetteer, Place

LABELLED = Path(directory.__file__).parent / "data" / "places_labelled.yaml"
SHOWN = 3
# Two romanisations of one name are this alike: "Kratie", "Kracheh" are not, "Pakse", "Pakxe" are.
SAME_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One labelled query: how it is classed, whether found first and among three, seconds."""

    groups: tuple[str, ...]
    first: bool
    among: bool
    seconds: float


def places_bench() -> dict[str, Any]:
    """Per language, script, country and number of errors: n, first, among three, milliseconds.

    The set is `directory/data/places_labelled.yaml`, written by somebody who had not seen the
    names (decisions 36); a namesake counts as right when it is among those shown. Times are the
    processor's, so that a busy machine does not change them.
    """
    content = yaml.safe_load(LABELLED.read_text("utf-8"))
    gazetteer = Gazetteer.load()
    answers = [_answer(gazetteer, labelled) for labelled in content["queries"]]
    named = sorted({group for answer in answers for group in answer.groups})
    rows = {group: _row(a for a in answers if group in a.groups) for group in named}
    return rows | {"sentences": _sentences(gazetteer, content["sentences"])}


def _answer(gazetteer: Gazetteer, labelled: dict[str, Any]) -> Answer:
    began = thread_time()
    matches = gazetteer.find(labelled["typed"], country=labelled["country"], limit=SHOWN)
    seconds = thread_time() - began
    right = [is_meant(match.place, labelled) for match in matches]
    return Answer(
        groups=tuple(_groups(labelled)),
        first=right[:1] == [True],
        among=any(right),
        seconds=seconds,
    )


def _groups(labelled: dict[str, Any]) -> Iterator[str]:
    yield "all"
    yield f"set {labelled['set']}"
    for what in ("language", "script", "country", "errors"):
        yield f"{what} {labelled[what]}"
    yield f"set {labelled['set']}, language {labelled['language']}"
    yield f"set {labelled['set']}, {labelled['script']}"
    yield f"language {labelled['language']}, {labelled['script']}"


def is_meant(place: Place, labelled: dict[str, Any]) -> bool:
    """Say whether a place has the labelled name, or a romanisation like it, in that country."""
    wanted = _letters(labelled["name"])
    names = {_letters(name) for name in place.all_names} - {""}
    return place.country == labelled["country"] and any(
        wanted in name
        or (name in wanted and len(name) > SHOWN)
        or fuzz.ratio(name, wanted) >= SAME_NAME
        for name in names
    )


def _letters(name: str) -> str:
    bare = unicodedata.normalize("NFD", name.lower()).replace("đ", "d")
    return re.sub(r"[^a-z]", "", bare)


def _row(answers: Iterable[Answer]) -> dict[str, Any]:
    held = list(answers)
    first, among = sum(a.first for a in held), sum(a.among for a in held)
    times = sorted(a.seconds * 1e3 for a in held)
    return {
        "n": len(held),
        "first": rate("count", first, len(held)),
        "among_three": rate("count", among, len(held)),
        "median_ms": round(median(times), 2),
        "p99_ms": round(times[int(len(times) * 0.99)], 2),
    }


def _sentences(gazetteer: Gazetteer, sentences: list[dict[str, Any]]) -> dict[str, Any]:
    """Whole sentences with a place in them; where it lies elsewhere, nothing may be found."""
    found = 0
    for labelled in sentences:
        country = labelled["country"]
        matches = gazetteer.find(labelled["typed"], country=country, limit=SHOWN)
        meant = any(is_meant(match.place, labelled) for match in matches) if country else False
        found += meant if country else not matches
    return rate("found", found, len(sentences))
