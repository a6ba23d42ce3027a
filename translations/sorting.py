"""Alphabetical order as a language has it, for lists of names.

The alphabets are those of the Unicode collation for each language (CLDR 48); what tests there is
to show it is tests/translations/test_sorting.py. Letters of a language's own script come before
Latin ones, digits before both, and marks of tone decide only between names otherwise alike.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

_KHMER = (
    "ក ខ គ ឃ ង ច ឆ ជ ឈ ញ ដ ឋ ឌ ឍ ណ ត ថ ទ ធ ន ប ផ ព ភ ម យ រ ឫ ឬ ល ឭ ឮ វ ឝ ឞ ស ហ ឡ "
    "អ ា ិ ី ឹ ឹះ ឺ ុ ូ ួ ើ ើះ ឿ ៀ េ ែ ៃ ោ ៅ ុំ ំ ាំ ះ ិះ ុះ េះ ោះ "
    "្ក ្ខ ្គ ្ឃ ្ង ្ច ្ឆ ្ជ ្ឈ ្ញ ្ដ ្ឋ ្ឌ ្ឍ ្ណ ្ត ្ថ ្ទ ្ធ ្ន ្ប ្ផ ្ព ្ភ ្ម ្យ ្រ ្ល ្វ ្ឝ ្ឞ ្ស ្ហ ្ឡ ្អ"
)
_LAO = "ກ ຂ ຄ ງ ຈ ສ ຊ ຍ ດ ຕ ຖ ທ ນ ບ ປ ຜ ຝ ພ ຟ ມ ຢ ຣ ລ ວ ຫ ອ ຮ ຯ ະ ັ າ ຳ ິ ີ ຶ ື ຸ ູ ົ ຼ ຽ ເ ແ ໂ ໃ ໄ"
_BURMESE_LETTERS = "က ခ ဂ ဃ င စ ဆ ဇ ဈ ဉ ည ဋ ဌ ဍ ဎ ဏ တ ထ ဒ ဓ န ပ ဖ ဗ ဘ မ ယ ရ လ ဝ သ ဟ ဠ အ"
_BURMESE = (
    f"{_BURMESE_LETTERS} ဣ ဤ ဥ ဦ ဧ ဩ ဪ ဢ ာ ိ ီ ု ူ ေ ဲ ော ော် ံ ို "
    + " ".join(f"{letter}်" for letter in _BURMESE_LETTERS.split())
    + " ဿ ျ ြ ွ ှ ျွ ြွ ျှ ြှ ွှ ျွှ ြွှ ့ း"
)
_THAI = (
    "ก ข ฃ ค ฅ ฆ ง จ ฉ ช ซ ฌ ญ ฎ ฏ ฐ ฑ ฒ ณ ด ต ถ ท ธ น บ ป ผ ฝ พ ฟ ภ ม ย ร ฤ ล ฦ ว ศ ษ ส ห ฬ อ ฮ "
    "ะ ั า ำ ิ ี ึ ื ุ ู เ แ โ ใ ไ"
)
# Vietnamese letters of their own; marks of tone are no letters.
_VIETNAMESE = "a ă â b c d đ e ê f g h i j k l m n o ô ơ p q r s t u ư v w x y z"
_LETTERS_OF = {"km": _KHMER, "lo": _LAO, "my": _BURMESE, "th": _THAI, "vi": _VIETNAMESE}

# Thai and Lao write some vowels before the consonant they follow in the alphabet.
_VOWEL_FIRST = re.compile(r"([\u0e40-\u0e44\u0ec0-\u0ec4])([\u0e01-\u0e2e\u0e81-\u0eae])")
# Burmese compares the final of a syllable before its vowel; m is also written as a circle.
_RHYME = re.compile(r"(?<![\u102b-\u1032])([\u102b-\u1032]+)([\u1000-\u1021]\u103a)")
_FINAL = re.compile(r"[\u1000-\u1021]\u103a[\u102b-\u1032]*")
_CIRCLE = re.compile(r"([\u102d\u102f\u1030])\u1036")
# Written in two ways, or as one sign; in this order.
_SAME: Mapping[str, Mapping[str, str]] = {
    "km": {
        "ឣ": "អ",
        "ឤ": "អា",
        "ឥ": "អិ",
        "ឦ": "អី",
        "ឧ": "អុ",
        "ឨ": "អុ",
        "ឩ": "អូ",
        "ឪ": "អូ",
        "ឯ": "អេ",
        "ឰ": "អៃ",
        "ឱ": "អោ",
        "ឲ": "អោ",
        "ឳ": "អៅ",
    },
    "lo": {"ໜ": "ຫນ", "ໝ": "ຫມ", "ໍາ": "ຳ"},
    "my": {"ါ": "ာ", "ဨ": "ဧ", "့်": "့်", "်္": "်", "္": "်"},
}
_TONES = "\u0300\u0301\u0303\u0309\u0323"  # of Vietnamese

_BETWEEN = " -'"
_SPACE, _DIGIT, _OWN, _LATIN = range(4)
_Rank = tuple[int, ...]


def in_order(locale: str, named: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """(name, id) pairs in the alphabetical order of the language."""
    return sorted(named, key=lambda pair: sort_key(locale, pair[0]))


def sort_key(locale: str, name: str) -> tuple[tuple[_Rank, ...], str]:
    """Compare the letters first, the marks after."""
    text = name.casefold()
    if locale == "vi":
        text = unicodedata.normalize("NFD", text)
        text = "".join(sign for sign in text if sign not in _TONES)
    text = unicodedata.normalize("NFC", text)
    for written, letter in _SAME.get(locale, {}).items():
        text = text.replace(written, letter)
    alphabet = _alphabet(locale)
    if locale == "my":
        text = _RHYME.sub(r"\2\1", _CIRCLE.sub("\\1\u1019\u103a", text))
    elif locale in ("th", "lo"):
        text = "".join(sign for sign in text if sign in alphabet.signs or sign.isascii())
        text = _VOWEL_FIRST.sub(r"\2\1", text)
    if locale == "th":  # its collation reads names as if they had no spaces
        text = "".join(sign for sign in text if sign.isalnum() or sign in alphabet.signs)
    return tuple(alphabet.ranks(text)), unicodedata.normalize("NFD", name.casefold())


@dataclass(frozen=True, slots=True)
class _Alphabet:
    places: Mapping[str, int]
    units: re.Pattern[str]
    signs: frozenset[str]

    def ranks(self, text: str) -> Iterable[_Rank]:
        """The place of each letter; what has none does not count."""
        for found in self.units.finditer(text):
            unit = found[0]
            if unit[:2] in self.places and _FINAL.fullmatch(unit):  # a final and its vowel are one
                yield _OWN, self.places[unit[:2]], *(self.places.get(v, 0) for v in unit[2:])
            elif unit in self.places:
                yield _OWN, self.places[unit]
            elif unit.isdigit():
                yield _DIGIT, unicodedata.digit(unit)
            elif unit in _BETWEEN:
                yield _SPACE, _BETWEEN.index(unit)
            elif unit.isalpha():
                yield _LATIN, ord(unicodedata.normalize("NFD", unit)[0])


@cache
def _alphabet(locale: str) -> _Alphabet:
    units = _LETTERS_OF.get(locale, "").split()
    longest_first = sorted(units, key=len, reverse=True)
    choices = [_FINAL.pattern, *map(re.escape, longest_first), "."]
    pattern = re.compile("|".join(choices), re.DOTALL)
    places = {unit: place for place, unit in enumerate(units)}
    return _Alphabet(places, pattern, frozenset("".join(units)))
