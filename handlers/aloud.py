"""The words of a recording: what is read aloud at a place in one language, answers numbered."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Final

from flows.aloud import Reading, readings
from flows.book import FlowBook
from flows.talk import PHRASE, Option, Text
from translations.catalogues import fields
from translations.locales import LOCALES, SOURCE
from translations.phrases import Phrases
from translations.translator import Translator

VOLUME: Final = "audio.volume"  # said before the first sound (conversation design 1.3)
NUMBER: Final = "audio.number"  # said before a telephone number
AGAIN: Final = "audio.again"  # and before it is read once more
DIGITS: Final = {
    **{digit: f"digit.{digit}" for digit in "0123456789"},
    "+": "digit.plus",
}
"""What a telephone number is read with, one after the other."""
_SIGNS: Final = {name: sign for sign, name in DIGITS.items()}
PHRASES: Final = (VOLUME, NUMBER, AGAIN, "row.more", "row.next", *DIGITS.values())
"""Recorded by themselves, to be put together with what a search finds."""

Said = Callable[[str, str], str | None]
"""(context, English) -> the words of one language, None where it has none."""


def places(book: FlowBook, phrases: Phrases) -> dict[str, Reading]:
    """Everything that can be recorded, by place: the trees, then the words around them."""
    found = {one.place: one for one in readings(book)}
    for name in PHRASES:
        if name in phrases:
            found[name] = Reading(place=name, texts=(Text(name, phrases[name]),))
    return found


def words_of(book: FlowBook, reading: Reading, locale: str, said: Said) -> tuple[str, ...]:
    """What is read aloud, in order; nothing where a word is missing, or is filled in for her.

    The greeting is read once in each language: its own name there is the only answer.
    """
    numbered = list(enumerate(reading.choices, start=1))
    if is_greeting(book, reading):
        own = LOCALES[locale].name
        numbered = [(at, one) for at, one in numbered if _name(one) == own]
        if not numbered:
            return ()
    words = [_said(locale, one, said) for one in reading.texts]
    words += [_numbered(locale, at, one, said) for at, one in numbered]
    whole = tuple(one for one in words if one)
    complete = len(whole) == len(words) and not any(fields(one) for one in whole)
    return whole if complete else ()


def is_greeting(book: FlowBook, reading: Reading) -> bool:
    """Whether this is the screen on which a language is chosen."""
    return reading.place == book.rules.screens["start"]


def digest_of(words: tuple[str, ...]) -> str:
    """What tells whether a recording still says what is written."""
    return sha256("\n".join(words).encode()).hexdigest()[:16]


def said_by(translator: Translator, locale: str) -> Said:
    """The words that serve in a language; in live mode those that are reviewed."""

    def said(context: str, msgid: str) -> str | None:
        if msgid == PHRASE:
            msgid = translator.phrases[context]
        there = translator.has(locale, context, msgid)
        return translator.say(locale, context, msgid) if there else None

    return said


def all_words(
    book: FlowBook, phrases: Phrases, locale: str, said: Said
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(place, its words) of every place that can be recorded in this language."""
    for reading in places(book, phrases).values():
        if words := words_of(book, reading, locale, said):
            yield reading.place, words


def in_digits(locale: str, number: int) -> str:
    """The number of an answer as it stands before it."""
    return LOCALES[locale or SOURCE].with_digits(str(number))


def _said(locale: str, text: Text, said: Said) -> str | None:
    """A text; a sign of a telephone number is itself where nobody wrote how it is read."""
    sign = _SIGNS.get(text.context)
    words = said(text.context, text.msgid)
    return words or (LOCALES[locale].with_digits(sign) if sign else None)


def _numbered(locale: str, at: int, option: Option, said: Said) -> str | None:
    label = option.label
    if isinstance(label, str):
        return None
    name = _name(option)
    words = name if name in _NAMES else said(label.context, label.msgid)
    return f"{in_digits(locale, at)}. {words}" if words else None


def _name(option: Option) -> str:
    return option.label.msgid if isinstance(option.label, Text) else option.label


_NAMES: Final = frozenset(locale.name for locale in LOCALES.values())
