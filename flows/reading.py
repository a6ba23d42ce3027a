"""Reading level of an English text: the Flesch-Kincaid grade, counted for very short texts.

Grade = 0.39 · words per sentence + 11.8 · syllables per word - 15.59 (Kincaid and others, 1975):
the year of school that reads it with ease. A colon or semicolon ends a sentence, as a breath
does when the text is read aloud. A number is one word of one syllable, a placeholder is left out.
Syllables are counted by runs of vowels, without the silent e. Below TOO_SHORT words one long
word decides the grade, so such a text has none.
"""

import re

TOO_SHORT = 10  # words
_SENTENCES = re.compile(r"[.!?:;]+(?=\s|$)")
_WORDS = re.compile(r"[A-Za-z][A-Za-z'’]*|\d+")
_FIELD = re.compile(r"\{\w+\}")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:(?<![cgszx])(?<!sh)(?<!ch)es|(?<![td])ed|(?<!l)e)$")
# Things every clinic and office names so; there is no shorter word for them, they count two.
_KNOWN = frozenset(
    {"hospital", "medicine", "medicines", "pregnancy", "infection", "infections", "police"}
)


def grade(text: str) -> float:
    """The grade to one decimal, 0 at least; 0 for a text under TOO_SHORT words."""
    plain = _FIELD.sub("", text)
    words = _WORDS.findall(plain)
    if len(words) < TOO_SHORT:
        return 0.0
    sentences = sum(1 for part in _SENTENCES.split(plain) if _WORDS.search(part))
    syllables = sum(map(syllables_of, words))
    return round(
        max(0.0, 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59), 1
    )


def syllables_of(word: str) -> int:
    """Syllables of one English word, at least one."""
    word = word.casefold().removesuffix("'s").removesuffix("’s")
    if word in _KNOWN:
        return 2
    return max(1, len(_VOWELS.findall(_SILENT.sub("", word))))
