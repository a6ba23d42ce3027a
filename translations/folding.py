"""Folding: the one form in which typed words, lists and example sentences are compared."""

import re
import unicodedata
from collections.abc import Mapping

from translations.locales import western

# With the signs that only say how the character before them is drawn (an emoji, a key).
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\u20e3\ufe0e\ufe0f\ufeff\u00ad]")
_SPACES = re.compile(r"\s+")
# "heeelp" is "heelp". In a script without spaces three in a row may be two words: ขอ ออก.
_LONG_RUN = re.compile(r"([^\W\d_\u0e00-\u17ff])\1{2,}|([\u0e00-\u17ff])\2{3,}")
_MARK_TWICE = re.compile(
    "([\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b6-\u17d1])\\1+"
)
# Between letters of scripts that put no spaces between words a space means nothing.
_IDLE_SPACE = re.compile("(?<=[\u0e00-\u17ff]) (?=[\u0e00-\u17ff])")
# The digit nought for the letter that looks like it; a real nought follows another digit.
_NOUGHT = re.compile("(?<![0-9\u1040-\u1049])[0\u1040](?=[\u1000-\u103f])")
# What looks the same on the screen and is typed in more than one way.
_SAME_LOOK: tuple[tuple[str, str], ...] = (
    ("\u0e40\u0e40", "\u0e41"),  # Thai: one vowel typed as two
    ("\u17c1\u17b8", "\u17be"),  # Khmer: vowels typed in two parts
    ("\u17c1\u17b6", "\u17c4"),
    ("\u17c6\u17bb", "\u17bb\u17c6"),  # Khmer: marks in the other order
    ("\u17d2\u178a", "\u17d2\u178f"),  # Khmer: two subscripts that look alike
    ("\u17b2\u17d2\u1799", "\u17b1\u17d2\u1799"),  # Khmer: "give", three spellings
    ("\u17a2\u17c4\u1799", "\u17b1\u17d2\u1799"),
    ("\u102f\u102d", "\u102d\u102f"),  # Burmese: vowels in the other order
)
# A tone typed after the circle of the vowel am (Thai, Lao) belongs before it.
_LATE_TONE = re.compile("(\u0e4d)([\u0e48-\u0e4b])|(\u0ecd)([\u0ec8-\u0ecb])")
# Marks that people leave out on a phone: tones and the like, never vowels (in form NFKC the
# little circle of Thai and Lao is half of the vowel am).
_DROPPED: Mapping[str, re.Pattern[str]] = {
    "km": re.compile("[\u17c7-\u17d1\u17dd]"),
    "lo": re.compile("[\u0ec8-\u0ecc]"),
    "my": re.compile("[\u1036\u1037\u1038]"),
    "th": re.compile("[\u0e47-\u0e4c\u0e4e]"),
}


def fold(text: str) -> str:
    """The text in one form of letters (NFKC) and one order of marks, small letters, 0-9.

    No invisible characters or punctuation, no idle spaces, "heeelp" as "heelp". Marks stay: what
    differs by a mark is another word.
    """
    text = western(_NOUGHT.sub("\u101d", unicodedata.normalize("NFKC", text))).casefold()
    text = _MARK_TWICE.sub(r"\1", visible(text))
    text = _LATE_TONE.sub(lambda m: (m[2] or m[4]) + (m[1] or m[3]), text)
    for typed, meant in _SAME_LOOK:
        text = text.replace(typed, meant)
    text = "".join(" " if unicodedata.category(c)[0] in "PSC" else c for c in text)
    text = _LONG_RUN.sub(lambda m: (m[1] or m[2]) * 2, text)
    return _IDLE_SPACE.sub("", _SPACES.sub(" ", text).strip())


def visible(text: str) -> str:
    """The text without characters that are not seen by themselves."""
    return _INVISIBLE.sub("", text)


def bare(text: str, locale: str) -> str:
    """Folded text without the marks that are often left out in this language."""
    if locale == "vi":
        plain = unicodedata.normalize("NFD", text).replace("đ", "d")
        return unicodedata.normalize("NFC", "".join(c for c in plain if not is_mark(c)))
    dropped = _DROPPED.get(locale)
    return dropped.sub("", text) if dropped else text


def is_mark(character: str) -> bool:
    """Whether it stands on, under or around another letter."""
    return unicodedata.category(character).startswith("M")
