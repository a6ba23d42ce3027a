"""The words people type: commands that are the whole message, signals inside a sentence."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

import yaml

from translations.catalogues import FOLDER
from translations.ear import Ear
from translations.folding import fold, visible
from translations.frames import FrameFaulty, Frames, Lexicon
from translations.locales import LOCALES, SOURCE

Word = Literal["leave", "back", "menu", "help", "erase", "language", "listen", "yes", "no", "skip"]
Sign = Literal["cover", "self", "danger", "med", "watch", "child", "harm"]

WORDS: tuple[Word, ...] = get_args(Word)
SIGNS: tuple[Sign, ...] = get_args(Sign)  # in the order in which they win over one another
# Signals whose words stand in jokes and idioms most often ("so hungry I could die").
DOUBTED: frozenset[Sign] = frozenset({"self", "danger", "harm"})
LONGEST_COMMAND = 80  # characters; what is longer is a sentence
# What the ear learnt -> what she is asked; that she wants to leave is asked, not done.
_ASKED: Mapping[str, Sign] = {sign: sign for sign in SIGNS} | {"leave": "cover"}
SYMBOLS: Mapping[str, Word] = {"0": "leave", "✖": "leave", "x": "leave", "❌": "leave"}


@dataclass(frozen=True, slots=True)
class _List:
    """What is listed for one language, ready to be compared."""

    lexicon: Lexicon
    words: Mapping[str, Word]
    said: Mapping[Word, Frames]
    signs: Mapping[Sign, Frames]
    harmless: Mapping[Sign, Frames]
    particles: tuple[str, ...]


class Words:
    """The lists of all languages, read once from translations/<locale>/words.yaml."""

    def __init__(
        self,
        lists: Mapping[str, Mapping[str, Any]],
        ears: Mapping[str, Ear] = MappingProxyType({}),
    ) -> None:
        """Hold locale -> class -> phrases, and frames; and the ears. Raises FrameFaulty."""
        self._lists = {locale: _read(locale, classes) for locale, classes in lists.items()}
        self._ears = ears

    @classmethod
    def read(cls, folder: Path = FOLDER, *, ears: bool = True) -> "Words":
        """Read the list and the ear of every language that has one. Raises EarFaulty too."""
        lists = _there(folder, "words.yaml")
        return cls(
            {
                locale: yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
                for locale, path in lists.items()
            },
            {locale: Ear.read(path) for locale, path in _there(folder, "ear.bin").items()}
            if ears
            else {},
        )

    def command(self, text: str, locale: str = "") -> Word | None:
        """The command a whole message is, in her language, in English or, before she chose one,
        in any; `0` in any digits, a cross and STOP leave everywhere. Polite particles around it
        do not count."""
        folded = fold(text)
        for sign in (visible(text).strip().casefold(), folded):
            if symbol := SYMBOLS.get(sign):
                return symbol
        found = [word for _, one in self._of(locale) if (word := _command(one, folded))]
        if not locale and "leave" in found:
            return "leave"  # before a language is known the safest reading counts
        return next(iter(found), None)

    def sign(self, text: str, locale: str = "") -> Sign | None:
        """The gravest signal inside a sentence, or None. The words are not kept.

        The lists are asked, and the ear of her language: it speaks by itself when it is sure, and
        silences a list of DOUBTED when nothing sounds wrong to it.
        """
        folded = fold(text)
        listed = {code: frozenset(_signs(one, folded)) for code, one in self._of(locale)}
        first = next((sign for sign in SIGNS if sign in frozenset().union(*listed.values())), None)
        ear = self._ears.get(locale)
        if ear is None or not folded:
            return first
        heard = ear.hear(folded)
        if heard.chance > ear.alone and first is None:
            return _ASKED.get(heard.sign, "danger")
        # It learnt her language only, so it says nothing against what is heard in English.
        doubted = first in DOUBTED and not any(
            first in signs for code, signs in listed.items() if code != locale
        )
        return None if doubted and heard.chance <= ear.beside else first

    def _of(self, locale: str) -> Iterable[tuple[str, _List]]:
        """The lists that count: hers and the English one, or all before she chose a language."""
        if not locale:
            return self._lists.items()
        codes = dict.fromkeys((locale, SOURCE))
        return ((code, self._lists[code]) for code in codes if code in self._lists)


def _there(folder: Path, name: str) -> dict[str, Path]:
    paths = {locale: folder / locale / name for locale in LOCALES}
    return {locale: path for locale, path in paths.items() if path.exists()}


def _signs(one: _List, folded: str) -> Iterator[Sign]:
    reading = one.lexicon.read(folded)
    for sign, frames in one.signs.items():
        harmless = one.harmless.get(sign)
        if frames.stand_in(reading) and not (harmless and harmless.stand_in(reading)):
            yield sign


def _command(one: _List, folded: str) -> Word | None:
    core = _without_particles(folded, one.particles)
    for text in (folded, core):
        if word := one.words.get(text):
            return word
    if not one.said or len(core) > LONGEST_COMMAND:
        return None
    readings = [one.lexicon.read(text) for text in dict.fromkeys((folded, core))]
    return next(
        (
            word
            for word, frames in one.said.items()
            if any(frames.stand_in(reading) for reading in readings)
        ),
        None,
    )


def _without_particles(text: str, particles: tuple[str, ...]) -> str:
    """The text without polite words at its ends; what is nothing but particles stays."""
    while True:
        cut = next(
            (
                text.removesuffix(p).removeprefix(p).strip()
                for p in particles
                if text != p and (text.endswith(p) or text.startswith(p + " "))
            ),
            text,
        )
        if cut in ("", text):
            return text
        text = cut


def _some(folded: str, locale: str, word: Word) -> str:
    if not folded:
        raise FrameFaulty(f"words.yaml of {locale}: a phrase of {word} holds no letter or digit")
    return folded


def _read(locale: str, raw: Mapping[str, Any]) -> _List:
    sets, frames, unless = (raw.get(key) or {} for key in ("sets", "frames", "unless"))
    lexicon = Lexicon(sets, locale)
    signs: dict[Sign, Frames] = {}
    for sign in SIGNS:
        phrases = [str(phrase).replace(" ", "_") for phrase in raw.get(sign) or ()]
        signs[sign] = lexicon.frames([*phrases, *(frames.get(sign) or ())])
    return _List(
        lexicon=lexicon,
        words={
            _some(fold(str(phrase)), locale, word): word
            for word in WORDS
            for phrase in raw.get(word) or ()
        },
        said={
            word: lexicon.frames(f"^ {frame} $" for frame in frames[word])
            for word in WORDS
            if frames.get(word)
        },
        signs=signs,
        harmless={sign: lexicon.frames(unless[sign]) for sign in SIGNS if unless.get(sign)},
        particles=tuple(
            sorted((fold(str(p)) for p in raw.get("particles") or ()), key=len, reverse=True)
        ),
    )
