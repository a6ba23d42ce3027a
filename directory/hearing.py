"""Writes a name of any of the six scripts as it sounds, coarsely, so that scripts can meet.

A Lao who writes a Khmer town, or a Burmese who writes a Thai one, writes what she hears; no list
has every such name. Both spellings become the same few sounds here: voiced, voiceless and
breathed stops are one, r is l, ch, j and s are one, tones and lengths go. The tables follow how
each script is read; they are for comparing, never for showing.
"""

import re
import unicodedata
from collections.abc import Sequence

from directory.hearing_tables import BURMESE, KHMER, LAO, LATIN, SOUNDS, THAI, Rule
from directory.text import clean

_SCRIPTS: tuple[tuple[str, re.Pattern[str], Sequence[Rule]], ...] = (
    ("Thai", re.compile(r"[\u0e01-\u0e4e]"), THAI),
    ("Lao", re.compile(r"[\u0e81-\u0edf]"), LAO),
    ("Burmese", re.compile(r"[\u1000-\u109f]"), BURMESE),
    ("Khmer", re.compile(r"[\u1780-\u17d3]"), KHMER),
)
_NO_SOUND = re.compile(r"[^a-zN]")
_TWICE = re.compile(r"(.)\1+")
_SOFT = str.maketrans("", "", "aeiouyh")


def heard(text: str) -> str:
    """Return the sounds of a cleaned name, vowels included; empty where nothing can be read.

    The sounds are k t p s m n l v h y, N for ng, and five vowels.
    """
    text = clean(text)
    for _, letters, rules in _SCRIPTS:
        if letters.search(text):
            return _finished(_read(text, rules))
    return _finished(_read(_bare(text), LATIN))


def script(text: str) -> str:
    """Return Thai, Lao, Burmese or Khmer where the text has a letter of it, else Latin."""
    return next((name for name, letters, _ in _SCRIPTS if letters.search(text)), "Latin")


def frame(sounds: str) -> str:
    """Return the consonants alone, which survive the way into another script best."""
    return _TWICE.sub(r"\1", sounds.replace("N", "n").translate(_SOFT))


def _bare(text: str) -> str:
    """Return Latin letters without their marks, which Vietnamese has and other scripts do not."""
    marked = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(c for c in marked if unicodedata.category(c) != "Mn")


def _read(text: str, rules: Sequence[Rule]) -> str:
    for pattern, sounds in rules:
        text = pattern.sub(sounds, text)
    return text


def _finished(sounds: str) -> str:
    return _TWICE.sub(r"\1", _NO_SOUND.sub("", sounds.translate(SOUNDS)))
