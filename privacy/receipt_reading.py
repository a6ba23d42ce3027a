"""Reads a code back from typed text: signs, words of any language, digits of any script.

Spaces may be missing or too many. A word may have one letter wrong, missing, too many or changed
places with the next, where only one word can be meant. Where two codes fit equally, none is read.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from privacy.pictures import PICTURE_OF, plain
from privacy.receipt import LENGTH, Code, of_digits, of_pictures

LONGEST = 400  # characters of a typed code that are looked at
_LEAST = 3  # letters of a word in which one may be wrong
_SIGN = 0xF0000  # signs among the letters, as characters that nobody types
# Burmese letters that look like digits, and are typed for them.
_LOOKS: Mapping[str, str] = {"\u101d": "0", "\u101b": "7"}

_Faults = Literal[0, 1]
_Pictures = tuple[int, ...]
_Found = dict[int, tuple[int, frozenset[_Pictures]]]  # pictures so far -> least faults, readings


@dataclass(frozen=True, slots=True)
class _Language:
    """The spellings of one language, and every spelling with one letter left out."""

    picture_of: Mapping[str, int]
    shortened: Mapping[str, frozenset[str]] = field(repr=False)
    longest: int

    def pictures(self, typed: str, *, strict: bool) -> tuple[frozenset[int], _Faults]:
        """The pictures that a typed word may name, and with how many faults."""
        if len(typed) == 1 and ord(typed) >= _SIGN:
            return frozenset({ord(typed) - _SIGN}), 0
        if typed in self.picture_of:
            return frozenset({self.picture_of[typed]}), 0
        if strict or not _LEAST <= len(typed) <= self.longest + 1:
            return frozenset(), 1
        near = (
            self.picture_of[word]
            for short in {typed, *_shorter(typed)}
            for word in self.shortened.get(short, ())
            if len(word) >= _LEAST and _one_fault(typed, word)
        )
        return frozenset(near), 1


class Reader:
    """Knows the words of all languages; nothing of what it reads stays in it."""

    def __init__(
        self, words: Mapping[str, Sequence[Sequence[str]]], fold: Callable[[str], str]
    ) -> None:
        """`words`: locale -> the spellings of each picture, in order; `fold`: to one form."""
        self._fold = fold
        self._languages = {
            locale: _language(spellings, self._folded) for locale, spellings in words.items()
        }

    def read(self, typed: str, locale: str = "") -> Code | None:
        """The code, None where the text is none. Of two languages `locale` is believed first."""
        typed = plain(typed[:LONGEST])
        if code := of_digits(digits_in(typed)):
            return code
        pieces = tuple(self._pieces(typed))
        order = sorted(self._languages, key=lambda one: one != locale)
        found = [f for one in order if (f := _in_language(pieces, self._languages[one]))]
        best = min(found, key=lambda one: one[0], default=None)
        return of_pictures(best[1]) if best else None

    def _pieces(self, typed: str) -> Iterator[str]:
        """What stands between spaces and points, folded; a sign is a piece of its own."""
        letters = ""
        for character in f"{typed} ":
            picture = PICTURE_OF.get(character)
            if (
                picture is None
                and unicodedata.category(character)[0] not in "PSZ"
                and (not character.isspace())
            ):
                letters += character
                continue
            folded = self._folded(letters)
            if folded and not folded.isdigit():  # a number before a word only counts it
                yield folded
            letters = ""
            if picture is not None:
                yield chr(_SIGN + picture)

    def _folded(self, text: str) -> str:
        return self._fold(text).replace(" ", "")


def digits_in(typed: str) -> str:
    """The digits 0-9 of a text that holds nothing else but spaces and signs between them.

    Anything else in it stands as a question mark.
    """
    found = ""
    for character in typed[:LONGEST]:
        value = unicodedata.decimal(character, None)
        if value is None and unicodedata.category(character)[0] in "PSZC":
            continue
        found += _LOOKS.get(character, "?") if value is None else str(value)
    return found


def _in_language(pieces: tuple[str, ...], language: _Language) -> tuple[int, _Pictures] | None:
    """Faults and pictures: first as she parted the words, then as if she had not."""
    text = "".join(pieces)
    parted = [0]
    for piece in pieces:
        parted.append(parted[-1] + len(piece))
    every = range(len(text) + 1)
    for stops, most in ((parted, 0), (every, 0), (parted, LENGTH), (every, 1)):
        faults, readings = _readings(text, stops, language, most)
        if len(readings) == 1:
            return faults, next(iter(readings))
        if readings:
            return None
    return None


def _readings(
    text: str, stops: Sequence[int], language: _Language, most: int
) -> tuple[int, frozenset[_Pictures]]:
    """Every way to read the text as nine pictures with the fewest faults, two at most."""
    at: dict[int, _Found] = {0: {0: (0, frozenset({()}))}}
    for start in stops:
        known = at.pop(start, None)
        if start == len(text):
            return (known or {}).get(LENGTH, (0, frozenset()))
        if not known:
            continue
        for end in stops:
            if not start < end <= start + language.longest + 1:
                continue
            named, fault = language.pictures(text[start:end], strict=not most)
            for picture in sorted(named):
                _go_on(known, at.setdefault(end, {}), (picture, fault), most)
    return 0, frozenset()


def _go_on(known: _Found, then: _Found, named: tuple[int, _Faults], most: int) -> None:
    picture, fault = named
    for count, (faults, readings) in known.items():
        total = faults + fault
        if count == LENGTH or total > most:
            continue
        longer = frozenset((*one, picture) for one in readings)
        least, there = then.get(count + 1, (total, frozenset()))
        if total < least:
            then[count + 1] = (total, longer)
        elif total == least:
            then[count + 1] = (total, frozenset(sorted(there | longer)[:2]))


def _language(spellings: Sequence[Sequence[str]], folded: Callable[[str], str]) -> _Language:
    """What is spelled alike for two pictures names neither."""
    named: dict[str, set[int]] = {}
    for picture, several in enumerate(spellings):
        for spelling in several:
            named.setdefault(folded(spelling), set()).add(picture)
    picture_of = {word: numbers.pop() for word, numbers in named.items() if len(numbers) == 1}
    shortened: dict[str, set[str]] = {}
    for word in picture_of:
        for short in (word, *_shorter(word)):
            shortened.setdefault(short, set()).add(word)
    return _Language(
        picture_of,
        {short: frozenset(words) for short, words in shortened.items()},
        max(map(len, picture_of), default=0),
    )


def _shorter(word: str) -> Iterator[str]:
    yield from (word[:place] + word[place + 1 :] for place in range(len(word)))


def _one_fault(typed: str, word: str) -> bool:
    """Whether one letter is wrong, missing, too many, or changed places with the next."""
    place = next((n for n, (a, b) in enumerate(zip(typed, word, strict=False)) if a != b), None)
    if place is None:
        return abs(len(typed) - len(word)) == 1
    rest, other = typed[place:], word[place:]
    return (
        rest[1:] == other[1:]
        or rest[1:] == other
        or rest == other[1:]
        or (rest[:2] == other[1::-1] and rest[2:] == other[2:])
    )
