"""Alphabetical order as a language has it, as far as lists of names need it."""

import re
import unicodedata
from collections.abc import Iterable

# Thai and Lao write some vowels before the consonant they follow in the alphabet.
_VOWEL_FIRST = re.compile(r"([\u0e40-\u0e44\u0ec0-\u0ec4])([\u0e01-\u0e2e\u0e81-\u0eae])")
# Tone and shortening marks decide only between names that are otherwise alike.
_TONES = re.compile(r"[\u0e47-\u0e4e\u0ec8-\u0ecd]")


def in_order(locale: str, named: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """(name, id) pairs in the alphabetical order of the language."""
    return sorted(named, key=lambda pair: sort_key(locale, pair[0]))


def sort_key(locale: str, name: str) -> tuple[str, str]:
    """Compare the letters first, the marks after."""
    if locale in ("th", "lo"):
        return _VOWEL_FIRST.sub(r"\2\1", _TONES.sub("", name)), name
    if locale in ("vi", "en"):
        plain = unicodedata.normalize("NFD", name.casefold()).replace("đ", "d\u0335")
        return "".join(c for c in plain if not unicodedata.combining(c)), plain
    return name, name  # Khmer and Burmese letters stand in Unicode as in the alphabet
