"""Frames: how people say a thing, as short patterns over sets of words, in scripts of any kind.

    sets:   {he: [ผัว, แฟน, phua], hit: [ตี, ตบ, thup], me: [หนู, ฉัน, nu]}
    frames: {danger: ["{he} .. {hit} {me}", "{hit} {me} .. {now}?"]}

`{name}` is any word of a set, `a|b` either word, `?` makes a piece optional, a space nothing or a
space or two, ` .. ` up to GAP characters, `^` and `$` the ends of the message.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from translations.locales import western

GAP = 24  # characters that may stand between two pieces of a frame

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_SPACES = re.compile(r"\s+")
_LONG_RUN = re.compile(r"([^\W\d_])\1{2,}")
# Between letters of scripts that put no spaces between words a space means nothing.
_IDLE_SPACE = re.compile("(?<=[\u0e00-\u17ff]) (?=[\u0e00-\u17ff])")
# Marks that people leave out on a phone: tones and the like, never vowels.
_DROPPED: Mapping[str, re.Pattern[str]] = {
    "km": re.compile("[\u17c7-\u17d1\u17dd]"),
    "lo": re.compile("[\u0ec8-\u0ecd]"),
    "my": re.compile("[\u1036\u1037\u1038]"),
    "th": re.compile("[\u0e47-\u0e4e]"),
}


class FrameFaulty(ValueError):
    """A frame names a set that is not there, or cannot be read; the message names it."""


def fold(text: str) -> str:
    """The form in which typed words and lists are compared.

    One form of letters (NFKC), small letters, 0-9, no invisible characters or punctuation, no
    idle spaces, "heeelp" as "heelp". Marks stay: what differs by a mark is another word.
    """
    text = western(unicodedata.normalize("NFKC", text)).casefold()
    text = _INVISIBLE.sub("", text)
    text = "".join(" " if unicodedata.category(c)[0] in "PSC" else c for c in text)
    text = _SPACES.sub(" ", _LONG_RUN.sub(r"\1\1", text)).strip()
    return _IDLE_SPACE.sub("", text)


def bare(text: str, locale: str) -> str:
    """Folded text without the marks that are often left out in this language."""
    if locale == "vi":
        plain = unicodedata.normalize("NFD", text).replace("đ", "d")
        return unicodedata.normalize("NFC", "".join(c for c in plain if not _is_mark(c)))
    dropped = _DROPPED.get(locale)
    return dropped.sub("", text) if dropped else text


class Frames:
    """The frames of one class in one language, as written and without marks."""

    def __init__(
        self, frames: Iterable[str], sets: Mapping[str, Iterable[str]], locale: str
    ) -> None:
        """Read them. Raises FrameFaulty."""
        self._locale = locale
        folded = {name: [fold(str(word)) for word in words] for name, words in sets.items()}
        plain = {name: [bare(word, locale) for word in words] for name, words in folded.items()}
        frames = list(frames)
        self._whole = [_pattern(frame, folded) for frame in frames]
        self._bare = [_pattern(bare(frame, locale), plain) for frame in frames]

    def stand_in(self, folded: str) -> bool:
        """Whether any frame stands in a folded text.

        Text that has none of the marks is compared without them; text that has some is taken at
        its word, for there the marks tell a danger from a harmless word.
        """
        if any(pattern.search(folded) for pattern in self._whole):
            return True
        if bare(folded, self._locale) != folded:
            return False
        return any(pattern.search(folded) for pattern in self._bare)


def _pattern(frame: str, sets: Mapping[str, list[str]]) -> re.Pattern[str]:
    out, pending = "", ""
    for part in frame.split():
        if part == "..":
            pending = f".{{0,{GAP}}}?"
        elif part in ("^", "$"):
            out += r"\A" if part == "^" else r" ?\Z"
            pending = ""
        else:
            optional = part.endswith("?")
            piece = _either(part.removesuffix("?"), sets, frame)
            out += f"(?:{pending or ' ?'}{piece}){'?' if optional else ''}"
            pending = ""
    return re.compile(out, re.DOTALL)


def _either(piece: str, sets: Mapping[str, list[str]], frame: str) -> str:
    words: list[str] = []
    for part in piece.split("|"):
        if part.startswith("{"):
            name = part.strip("{}")
            if name not in sets:
                raise FrameFaulty(f"the frame “{frame}” names no known set: {name}")
            words += sets[name]
        else:
            words.append(fold(part.replace("_", " ")))
    if not words:
        raise FrameFaulty(f"the frame “{frame}” cannot be read")
    longest_first = sorted(set(words), key=len, reverse=True)
    return f"(?:{'|'.join(_bordered(word) for word in longest_first if word)})"


def _bordered(word: str) -> str:
    """The word with a border on each side: no letter of a spaced script, no mark of its own."""
    before = r"(?<![0-9a-z\u00df-\u024f\u1e00-\u1eff])" if _spaced(word[0]) else ""
    after = r"(?![0-9a-z\u00df-\u024f\u1e00-\u1eff])" if _spaced(word[-1]) else _NO_MARK
    return before + re.escape(word) + after


def _spaced(character: str) -> bool:
    return character.isalnum() and not "\u0e00" <= character <= "\u17ff"


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


_NO_MARK = (
    "(?![" + "".join(chr(point) for point in range(0x0E00, 0x1800) if _is_mark(chr(point))) + "])"
)
