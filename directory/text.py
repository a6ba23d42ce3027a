"""Brings typed words of six scripts into one form, so that what looks alike compares alike.

Nothing here changes what a person wrote: every function returns a new string, used for searching
and then dropped. What each script drops or merges is written, with the reason, in `script_folds`.
"""

import re
import unicodedata
import warnings
from functools import lru_cache

from khmerspell.khnormal import khnormal
from myanmar import converter
from myanmartools import ZawgyiDetector

from directory.level_words import split_at_level_words, without_level_words
from directory.script_folds import BURMESE_ORDER, FOLD, PAIRS, SOUNDS

# Above this probability a text is read both ways. Deliberately low: the detector is unsure about
# single words, a second reading costs little, and a missed one hides the place.
ZAWGYI_DOUBT = 0.05

_SPACES = re.compile(r"\s+")
_ASCII = re.compile(r"[a-z0-9]+")
_KHMER = re.compile(r"[\u1780-\u17d3]")
_BURMESE = re.compile(r"[\u1000-\u109f]")
_BURMESE_MARKS = re.compile(r"[\u102b-\u103e]{2,}")
# The digit zero typed for the letter wa, which looks the same.
_BURMESE_ZERO = re.compile(r"\u1040(?=[\u1000-\u103f])|(?<=[\u1000-\u103f])\u1040")

# What this library cannot convert it prints; nothing that she types may be printed.
converter.print = lambda *_: None


def clean(text: str) -> str:
    """Return the text composed, in lower case, single-spaced, without invisible characters."""
    composed = unicodedata.normalize("NFC", _SPACES.sub(" ", text))
    return "".join(c for c in composed if unicodedata.category(c)[0] != "C").casefold().strip()


def key(text: str) -> str:
    """Return the folded search key: letters and digits only, without the marks that people drop.

    Two spellings of one name should have one key. A key is for comparing, never for showing.
    """
    if text.isascii():
        return "".join(_ASCII.findall(text.lower()))
    text = clean(text)
    if _KHMER.search(text):
        text = khnormal(text)
    text = unicodedata.normalize("NFKD", text).casefold()
    for written, meant in PAIRS:
        text = text.replace(written, meant)
    text = _BURMESE_ZERO.sub("\u101d", text).translate(FOLD)
    text = _BURMESE_MARKS.sub(lambda run: "".join(sorted(run[0], key=_mark_order)), text)
    return "".join(filter(_is_kept, text))


def sound(folded: str) -> str:
    """Return a looser form of a romanised key; an empty string for keys of other scripts."""
    if not folded.isascii():
        return ""
    for pattern, replacement in SOUNDS:
        folded = pattern.sub(replacement, folded)
    return folded


def spelled(text: str) -> str:
    """Return the text with all its marks, taken apart and unspaced, to rank names of equal key."""
    return unicodedata.normalize("NFD", clean(text)).replace(" ", "")


def strip_prefixes(text: str) -> str:
    """Return a cleaned name without words like "province" or "district", before or after it."""
    return without_level_words(clean(text))


def parts(text: str) -> tuple[str, ...]:
    """Return the pieces of a cleaned text between level words, commas and brackets, in order."""
    return split_at_level_words(clean(text))


def zawgyi_readings(text: str) -> tuple[str, ...]:
    """Return the texts to try: as written first, then read as Zawgyi where that is possible."""
    if zawgyi_probability(text) < ZAWGYI_DOUBT:
        return (text,)
    converted = str(converter.convert(text, "zawgyi", "unicode"))
    return (text,) if converted == text else (text, converted)


def zawgyi_probability(text: str) -> float:
    """Return how likely a text is Zawgyi, from 0 to 1; 0 for text without Burmese letters."""
    if not _BURMESE.search(text):
        return 0.0
    return max(0.0, float(_detector().get_zawgyi_probability(text)))


def _mark_order(mark: str) -> int:
    """Return where a Burmese mark stands in its cluster; marks without a rule come last."""
    return next((n for n, marks in enumerate(BURMESE_ORDER) if mark in marks), len(BURMESE_ORDER))


@lru_cache(maxsize=1)
def _detector() -> ZawgyiDetector:
    """Make the detector when it is first needed; it reads a small model from its own package."""
    with warnings.catch_warnings():
        # myanmartools 1.2.1 opens its model with a function that newer Pythons call deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        return ZawgyiDetector()


@lru_cache(maxsize=4096)
def _is_kept(char: str) -> bool:
    category = unicodedata.category(char)
    if category == "Mn" and char < "\u0370":
        return False
    return category[0] in "LMN"
