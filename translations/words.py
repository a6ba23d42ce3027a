"""The words people type: commands that are the whole message, signals inside a sentence."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import yaml

from translations.catalogues import FOLDER
from translations.locales import LOCALES, western

Word = Literal["leave", "back", "menu", "help", "erase", "language", "listen", "yes", "no", "skip"]
Sign = Literal["cover", "self", "danger", "med", "watch", "child", "harm"]

WORDS: tuple[Word, ...] = get_args(Word)
SIGNS: tuple[Sign, ...] = get_args(Sign)  # in the order in which they win over one another
SYMBOLS: Mapping[str, Word] = {"0": "leave", "✖": "leave", "x": "leave", "❌": "leave"}

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_PUNCTUATION = re.compile(r"[^\w\s\u0300-\u036f]|_")
_SPACES = re.compile(r"\s+")
_LETTERS_RUN = re.compile(r"([^\W\d_])\1{2,}")


def fold(text: str) -> str:
    """The form in which typed words and lists are compared.

    One form of letters (NFKC), small letters, 0-9, no invisible characters, no punctuation that
    is not part of a script, "heeelp" as "heelp". Marks stay: what differs by a mark is listed.
    """
    text = western(unicodedata.normalize("NFKC", text)).casefold()
    text = _INVISIBLE.sub("", text)
    text = "".join(" " if _is_punctuation(character) else character for character in text)
    return _SPACES.sub(" ", _LETTERS_RUN.sub(r"\1\1", text)).strip()


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PSC"


@dataclass(frozen=True, slots=True)
class _List:
    words: Mapping[str, Word]
    signs: tuple[tuple[str, Sign], ...]


class Words:
    """The lists of all languages, read once from translations/<locale>/words.yaml."""

    def __init__(self, lists: Mapping[str, Mapping[str, Iterable[str]]]) -> None:
        """Hold locale -> class -> phrases."""
        self._lists = {locale: _folded(classes) for locale, classes in lists.items()}

    @classmethod
    def read(cls, folder: Path = FOLDER) -> "Words":
        """Read the lists of every language that has one."""
        paths = {locale: folder / locale / "words.yaml" for locale in LOCALES}
        return cls(
            {
                locale: yaml.safe_load(path.read_text("utf-8"))
                for locale, path in paths.items()
                if path.exists()
            }
        )

    def command(self, text: str, locale: str = "") -> Word | None:
        """The command a whole message is, in her language, in English or, before she chose one,
        in any; `0`, a cross and STOP leave everywhere."""
        if symbol := SYMBOLS.get(text.strip().casefold()):
            return symbol
        folded = fold(text)
        return next(
            (word for one in self._of(locale) if (word := one.words.get(folded))),
            None,
        )

    def sign(self, text: str, locale: str = "") -> Sign | None:
        """The gravest signal inside a sentence, or None. The words are not kept."""
        folded = fold(text)
        heard = {
            sign
            for one in self._of(locale)
            for phrase, sign in one.signs
            if _stands_in(phrase, folded)
        }
        return next((sign for sign in SIGNS if sign in heard), None)

    def _of(self, locale: str) -> Iterable[_List]:
        if not locale:
            return self._lists.values()
        return (self._lists[code] for code in dict.fromkeys((locale, "en")) if code in self._lists)


def _folded(classes: Mapping[str, Iterable[str]]) -> _List:
    words = {fold(phrase): word for word in WORDS for phrase in classes.get(word, ())}
    signs = {(fold(phrase), sign) for sign in SIGNS for phrase in classes.get(sign, ())}
    return _List(words, tuple(sorted(pair for pair in signs if pair[0])))


def _stands_in(phrase: str, text: str) -> bool:
    """Whether the phrase stands in the text as whole words, or as whole clusters where the
    script does not part words."""
    start = text.find(phrase)
    while start >= 0:
        end = start + len(phrase)
        if _is_border(text, start) and _is_border(text, end):
            return True
        start = text.find(phrase, start + 1)
    return False


def _is_border(text: str, at: int) -> bool:
    if at in (0, len(text)):
        return True
    before, after = text[at - 1], text[at]
    if unicodedata.category(after).startswith("M"):
        return False
    return not (_parts_words(before) and _parts_words(after))


def _parts_words(character: str) -> bool:
    """Letters and digits of scripts that put spaces between words."""
    return character.isalnum() and not "\u0e00" <= character <= "\u17ff"
