"""Adds the spellings that follow from a rule: halves of double names, usual romanisations."""

import re
from collections.abc import Iterable

from directory.data.place_sources import Draft

_DOUBLE = re.compile(r" ?[-–] ")
# What official romanisations write, and what people and newspapers write for it.
_USUAL = {
    "KH": (
        (r"\bKampong\b", "Kompong"),
        (r"\bKampong\b", "Kg"),
        (r"\bPreaek\b", "Prek"),
        (r"\bKaoh\b", "Koh"),
        (r"\bStueng\b", "Stung"),
        (r"\bPhnum\b", "Phnom"),
        (r"\bChrouy\b", "Chroy"),
        (r"\bRuessei\b", "Russey"),
        (r"\bTuol\b", "Toul"),
        (r"\bOu\b", "O"),
        (r"Veaeng", "Veng"),
        (r"aek\b", "ek"),
        (r"Reab\b", "Reap"),
    ),
    "LA": (
        (r"ou", "u"),
        (r"[Xx]ai\b", "xay"),
        (r"\bX", "S"),
        (r"bouli\b", "bouly"),
        (r"phon\b", "phone"),
    ),
    "MM": ((r"\bMong\b", "Mine"), (r"\bMong\b", "Maing"), (r"\bHp", "P"), (r"\bHs", "S")),
    "TH": (
        (r"\bKhlong\b", "Klong"),
        (r"\bKo\b", "Koh"),
        (r"\bNakhon\b", "Nakorn"),
        (r"\bHuai\b", "Huay"),
        (r"\bMae\b", "Me"),
    ),
    "VN": (),
}


def add_usual_spellings(places: Iterable[Draft]) -> None:
    """Add them as aliases, which serve finding and are never shown."""
    for place in places:
        if place.kind != "town":
            place.aliases += [
                half
                for name in place.names.values()
                for half in _DOUBLE.split(name)
                if half != name and len(half) > 3
            ]
        english = place.names["en"]
        place.aliases += [
            re.sub(written, usual, english)
            for written, usual in _USUAL[place.country]
            if re.search(written, english)
        ]
