"""How a code looks to her: as pictures, words or digits, to read, to repeat and to type."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from directory.text import zawgyi_readings
from flows.actions import Action
from flows.talk import Returned
from flows.walk import Offer, Walk
from handlers.desk import Desk
from privacy.pictures import NAMES, SIGNS
from privacy.receipt import Code, as_number, as_pictures, as_words, new_code, of_digits
from privacy.receipt_reading import LONGEST, Reader
from translations.folding import bare, fold
from translations.locales import LOCALES, SOURCE

FORM = "code"  # the group of flags that says how she wants it: code_pictures, code_words …
OFFERED = 5  # parts she chooses from at each step of repeating
LONGEST_TYPED = LONGEST  # characters of a typed code that are looked at
OPEN = "⬜"  # stands for what she has not repeated yet
_CHANCE = secrets.SystemRandom()


@dataclass(frozen=True, slots=True)
class _Part:
    """One thing she repeats: a picture, or a group of digits."""

    id: str
    face: str
    label: str


def shown(desk: Desk, walk: Walk) -> str:
    """Her code in the form she chose; while she repeats it, what she has repeated so far."""
    code = code_of(walk)
    if code is None:
        return ""
    if desk.book.nodes[walk.node].action is Action.REPEAT_CODE:
        parts = _parts(desk, walk, code)
        done = _place(walk.offers[0].id) if walk.offers else 0
        return " ".join((*(part.face for part in parts[:done]), *(OPEN for _ in parts[done:])))
    return in_form(desk, walk, code, walk.value_of(FORM))


def in_form(desk: Desk, walk: Walk, code: Code, form: str) -> str:
    """A code as numbers, words or pictures; pictures where her language lacks a word."""
    words = words_of(desk, walk.locale)
    match form:
        case "numbers":
            return _digits(walk, as_number(code))
        case "words" if words:
            return as_words(code, words)
        case _:
            return as_pictures(code)


def code_of(walk: Walk) -> Code | None:
    """What she has before her: her receipt while it is shown, else what goes on elsewhere."""
    receipt = walk.opened.receipt if walk.opened else ""
    return of_digits(receipt or walk.code)


def repeated(desk: Desk, walk: Walk, chosen: str) -> Returned:
    """The next part of her code among others, to be tapped; a wrong one ends it at once."""
    code = code_of(walk)
    if code is None:
        return Returned("wrong")
    parts = _parts(desk, walk, code)
    place = _place(chosen) + 1 if chosen else 0
    if chosen and chosen != f"{place - 1}-{parts[place - 1].id}":
        return Returned("wrong")
    if place == len(parts):
        return Returned("right")
    offered = [parts[place], *_others(desk, walk, parts[place])]
    _CHANCE.shuffle(offered)
    return Returned(offers=tuple(Offer(f"{place}-{part.id}", part.label) for part in offered))


def read(desk: Desk, locale: str, typed: str) -> Code | None:
    """The code that was typed, in any form and any language; None where it is none."""
    reader = _reader(tuple((one, words_of(desk, one)) for one in LOCALES))
    readings = (reader.read(reading, locale) for reading in zawgyi_readings(typed[:LONGEST]))
    return next((code for code in readings if code), None)


@lru_cache(maxsize=2)
def _reader(words: tuple[tuple[str, tuple[str, ...]], ...]) -> Reader:
    """Of these (locale, words); made once, which takes a while. It holds nothing of anybody's."""
    spellings = {
        # Each word in full, and without the marks that are often left out.
        locale: tuple((word, bare(fold(word), locale)) for word in several)
        for locale, several in words
    }
    return Reader(spellings, fold)


def words_of(desk: Desk, locale: str) -> tuple[str, ...]:
    """The 64 words of a language; none where one is missing."""
    words = [desk.translator.sign(locale or SOURCE, f"picture.{name}") for name in NAMES]
    return tuple(word for word in words if word) if all(words) else ()


def _parts(desk: Desk, walk: Walk, code: Code) -> list[_Part]:
    if walk.value_of(FORM) == "numbers":
        groups = as_number(code).replace("/", " ").split()
        faces = [_digits(walk, group) for group in groups]
        return [_Part(group, face, face) for group, face in zip(groups, faces, strict=True)]
    words = words_of(desk, walk.locale)
    return [_picture(words, number) for number in code.pictures]


def _picture(words: tuple[str, ...], number: int) -> _Part:
    sign = SIGNS[number]
    return _Part(str(number), sign, f"{sign} {words[number]}" if words else sign)


def _others(desk: Desk, walk: Walk, part: _Part) -> Iterator[_Part]:
    """Different parts that might as well stand here."""
    seen = {part.id}
    while len(seen) < OFFERED:
        other = _CHANCE.choice(_parts(desk, walk, new_code()))
        alike = len(other.id) == len(part.id) or walk.value_of(FORM) != "numbers"
        if alike and other.id not in seen:
            seen.add(other.id)
            yield other


def _digits(walk: Walk, text: str) -> str:
    return LOCALES[walk.locale or SOURCE].with_digits(text)


def _place(offer: str) -> int:
    """How many parts were right before this offer."""
    return int(offer.partition("-")[0])
