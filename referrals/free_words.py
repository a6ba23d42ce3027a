"""The word lists of the linter of free text, read from `referrals/data`, ready to be searched.

A word of a script that parts its words (Latin) is found as a whole word, one of a script that does
not (Khmer, Lao, Burmese, Thai) anywhere. The lists err towards a false alarm: the caseworker then
says it in other words, while a name that slipped through is with the receiver for good.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

FOLDER = Path(__file__).parent / "data"
LANGUAGES = ("en", "km", "lo", "my", "th", "vi")

_LATIN = "A-Za-z\u00c0-\u024f\u1e00-\u1eff"
# Vowels and other marks that make another word of the one before them; not the Burmese tone marks,
# which make "father's" of "father".
_MARKS = (
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd"
    "\u102b-\u1036\u1039-\u103e\u17b6-\u17d3"
)
_PHONE_WORDS = 6  # spelled digits in a row that are a number to call


class Wrong(Enum):
    """What is wrong with a piece of free text; the piece itself is never repeated."""

    NAME = "name"
    PERSON = "person"
    STORY = "story"
    AGE = "age"
    NUMBER = "number"
    ADDRESS = "address"
    ACCOUNT = "account"
    FORBIDDEN = "forbidden"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class FreeWords:
    """Patterns by what they find; `proper` and `starter` are the capital letters that are none."""

    patterns: Mapping[Wrong, re.Pattern[str]]
    proper: frozenset[str]
    starter: frozenset[str]
    verb: frozenset[str]


def read(folder: Path = FOLDER) -> FreeWords:
    """Read all languages. Called once, where the program is put together."""
    lists = [tomllib.loads((folder / f"{name}.toml").read_text("utf-8")) for name in LANGUAGES]

    def every(name: str) -> list[str]:
        return [_plain(word) for one in lists for word in one.get(name, ())]

    digits = rf"(?:(?:\d|{_any(every('number'))})[\s,.-]*){{{_PHONE_WORDS},}}"
    in_years = rf"\d{{1,2}}\s*(?:{_any(every('year'))})"
    numbered = rf"(?:{_any(every('before_number'))})\D{{0,3}}\d{{1,2}}"
    return FreeWords(
        patterns={
            Wrong.NAME: re.compile(_any(every("title"))),
            Wrong.PERSON: re.compile(_any(every("person"))),
            Wrong.STORY: re.compile(_any(every("story"))),
            Wrong.AGE: re.compile(f"{_any(every('age'))}|{in_years}|{numbered}"),
            Wrong.NUMBER: re.compile(digits),
            Wrong.ADDRESS: re.compile(_any(every("address"))),
            Wrong.ACCOUNT: re.compile(_any(every("account"))),
            Wrong.FORBIDDEN: re.compile(_any(every("forbidden"))),
        },
        proper=frozenset(every("proper")),
        starter=frozenset(every("starter")),
        verb=frozenset(every("verb")),
    )


def _plain(word: str) -> str:
    return unicodedata.normalize("NFC", word).lower()


def _any(words: Iterable[str]) -> str:
    """A pattern of any of them, the longest first."""
    return "|".join(map(_pattern, sorted(set(words), key=len, reverse=True)))


def _pattern(word: str) -> str:
    found = re.escape(word).replace(r"\ ", r"\s+")
    latin = unicodedata.name(word[0], "").startswith("LATIN")
    return rf"(?<![{_LATIN}]){found}(?![{_LATIN}])" if latin else rf"{found}(?![{_MARKS}])"
