"""Keeps names, stories, ages, numbers, addresses and accounts out of free text."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from referrals.free_words import FreeWords, Wrong

_SENTENCE_END = re.compile(r"[.!?:;။\n]\s*$")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ACCOUNT = re.compile(r"@\w+|\w[\w.+-]*@\w[\w.-]*|https?:|www\.|\b\w+\.(?:com|net|org|me|info)\b")
_NUMBER = re.compile(r"(?:\d[\s().,/+-]*){6,}")
_POSITION = re.compile(r"\d{1,3}\.\d{3,}")
_MOST_SEARCHED = 2_000  # characters; what is longer is refused as too long
_HOUSE = re.compile(r"\b\d+/\d+\b")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Where something is wrong, in characters of the text's NFC form, the end not included."""

    start: int
    end: int
    wrong: Wrong


@dataclass(frozen=True, slots=True)
class _Shown:
    """A text in two forms of one length, and where each character stood in what was typed."""

    small: str
    cased: str
    places: tuple[int, ...]


def faults(
    text: str, words: FreeWords, *, longest: int = 120, names: Collection[str] = ()
) -> tuple[Fault, ...]:
    """Everything that may not stand there, in order; the text itself is never in the answer.

    `text` is Unicode: the caller has read Zawgyi and folded a script's own variants before.
    `longest` is in characters. `names` are further words to keep out: places of the gazetteer,
    the caseworker's own name. All languages are searched always, since
    people mix them; at most 2,000 characters can be allowed.
    """
    composed = unicodedata.normalize("NFC", text)
    shown = _shown(composed[:_MOST_SEARCHED])
    found = {*_listed(shown, words), *_capitals(shown, words), *_known(shown, names)}
    if len(composed) > longest:
        found.add((longest, len(composed), Wrong.TOO_LONG))
    return tuple(sorted((Fault(*one) for one in found), key=lambda one: (one.start, one.end)))


_Found = tuple[int, int, Wrong]


def _listed(shown: _Shown, words: FreeWords) -> Iterator[_Found]:
    patterns = [
        *words.patterns.items(),
        (Wrong.NUMBER, _NUMBER),
        (Wrong.ACCOUNT, _ACCOUNT),
        (Wrong.ADDRESS, _POSITION),
        (Wrong.ADDRESS, _HOUSE),
    ]
    for wrong, pattern in patterns:
        for hit in pattern.finditer(shown.small):
            yield _at(shown, hit.start(), hit.end(), wrong)


def _capitals(shown: _Shown, words: FreeWords) -> Iterator[_Found]:
    """A capital inside a sentence, or an unknown word that begins one and does something."""
    hits = list(_WORD.finditer(shown.cased))
    for number, hit in enumerate(hits):
        word = hit[0]
        if not word[0].isupper() or word.lower() in words.proper:
            continue
        begins = number == 0 or _SENTENCE_END.search(shown.cased[: hit.start()])
        following = hits[number + 1][0] if number + 1 < len(hits) else ""
        acts = following.lower() in words.verb or following[:1].isupper()
        if (not begins) or (acts and word.lower() not in words.starter):
            yield _at(shown, hit.start(), hit.end(), Wrong.NAME)


def _known(shown: _Shown, names: Collection[str]) -> Iterator[_Found]:
    for name in names:
        wanted = _shown(unicodedata.normalize("NFC", name)).small.strip()
        start = shown.small.find(wanted) if wanted else -1
        while start >= 0:
            yield _at(shown, start, start + len(wanted), Wrong.NAME)
            start = shown.small.find(wanted, start + 1)


def _at(shown: _Shown, start: int, end: int, wrong: Wrong) -> _Found:
    return shown.places[start], shown.places[end - 1] + 1, wrong


def _shown(composed: str) -> _Shown:
    """Digits of every script as 0 to 9, one letter for one letter, nothing invisible."""
    kept = [
        (place, _plain(char))
        for place, char in enumerate(composed)
        if unicodedata.category(char) != "Cf"
    ]
    cased = "".join(char for _, char in kept)
    small = "".join(char.lower() if len(char.lower()) == 1 else char for char in cased)
    return _Shown(small, cased, tuple(place for place, _ in kept))


def _plain(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    wide = unicodedata.normalize("NFKC", char)
    return wide if len(wide) == 1 else char
