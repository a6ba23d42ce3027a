"""The words people type: commands that are the whole message, signals inside a sentence."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from translations.catalogues import FOLDER
from translations.folding import fold
from translations.frames import FrameFaulty, Frames, Lexicon
from translations.locales import LOCALES

Word = Literal["leave", "back", "menu", "help", "erase", "language", "listen", "yes", "no", "skip"]
Sign = Literal["cover", "self", "danger", "med", "watch", "child", "harm"]

WORDS: tuple[Word, ...] = get_args(Word)
SIGNS: tuple[Sign, ...] = get_args(Sign)  # in the order in which they win over one another
LONGEST_COMMAND = 80  # characters; what is longer is a sentence
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

    def __init__(self, lists: Mapping[str, Mapping[str, Any]]) -> None:
        """Hold locale -> class -> phrases, and frames. Raises FrameFaulty."""
        self._lists = {locale: _read(locale, classes) for locale, classes in lists.items()}

    @classmethod
    def read(cls, folder: Path = FOLDER) -> "Words":
        """Read the lists of every language that has one."""
        paths = {locale: folder / locale / "words.yaml" for locale in LOCALES}
        return cls(
            {
                locale: yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
                for locale, path in paths.items()
                if path.exists()
            }
        )

    def command(self, text: str, locale: str = "") -> Word | None:
        """The command a whole message is, in her language, in English or, before she chose one,
        in any; `0`, a cross and STOP leave everywhere. Polite particles around it do not count."""
        if symbol := SYMBOLS.get(text.strip().casefold()):
            return symbol
        folded = fold(text)
        found = [word for one in self._of(locale) if (word := _command(one, folded))]
        if not locale and "leave" in found:
            return "leave"  # before a language is known the safest reading counts
        return next(iter(found), None)

    def sign(self, text: str, locale: str = "") -> Sign | None:
        """The gravest signal inside a sentence, or None. The words are not kept."""
        folded = fold(text)
        heard = {sign for one in self._of(locale) for sign in _signs(one, folded)}
        return next((sign for sign in SIGNS if sign in heard), None)

    def _of(self, locale: str) -> Iterable[_List]:
        if not locale:
            return self._lists.values()
        return (self._lists[code] for code in dict.fromkeys((locale, "en")) if code in self._lists)


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
