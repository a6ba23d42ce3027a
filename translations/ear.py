"""The ear: hears a danger in words that no list holds, by the pieces that a message is made of.

Lists hear what somebody thought of; people say it in other words. The ear is a linear reading
(logistic regression, a class against the rest) of all pieces of one to five characters, all words
and all pairs of near words, learnt from the example sentences of
translations/<locale>/sentences.yaml by translations/learn_ear.py. It makes no words: it only says
how much a message resembles which kind of example.
"""

import itertools
import json
import lzma
import math
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from icu4py.breakers import WordBreaker

PIECES = (1, 5)  # characters of the shortest and the longest piece
NEAR = 4  # words: how far the second of a pair may stand from the first
CELLS = 1 << 17  # a piece's weights stand in the cell of its CRC-32
WINDOW = 120  # characters looked at together; a longer message is heard part by part
STEP = 60
HARMLESS = "harmless"


class EarFaulty(ValueError):
    """The file is not an ear that this program can use; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The likeliest class that is not harmless, and how likely it is that anything is wrong."""

    sign: str
    chance: float


@dataclass(frozen=True, slots=True)
class Ear:
    """What was learnt for one language.

    `weights` holds CELLS rows of one signed byte a class, `scale` what a unit of them is worth.
    `alone`: from this chance on the ear speaks by itself; `beside`: below this one it silences a
    list that may be wrong.
    """

    locale: str
    classes: tuple[str, ...]
    weights: memoryview
    scale: float
    bias: tuple[float, ...]
    alone: float
    beside: float

    @classmethod
    def read(cls, path: Path) -> "Ear":
        """Read an ear file. Raises EarFaulty."""
        header, _, packed = path.read_bytes().partition(b"\n")
        told = json.loads(header)
        weights = memoryview(lzma.decompress(packed)).cast("b")
        if len(weights) != CELLS * len(told["classes"]):
            raise EarFaulty(f"{path.parent.name}/{path.name}: run `make ear` again")
        return cls(
            locale=path.parent.name,
            classes=tuple(told["classes"]),
            weights=weights,
            scale=told["scale"],
            bias=tuple(told["bias"]),
            alone=told["alone"],
            beside=told["beside"],
        )

    def hear(self, folded: str) -> Heard:
        """What a folded message (translations.folding.fold) sounds like, at its gravest part."""
        return max((self._part(part) for part in _windows(folded)), key=lambda one: one.chance)

    def _part(self, text: str) -> Heard:
        cells = cells_of(text, self.locale)
        unit = self.scale / math.sqrt(len(cells) or 1)
        width = len(self.classes)
        rows = (self.weights[cell * width : (cell + 1) * width] for cell in cells)
        columns = zip(*rows, strict=True)
        sums = [unit * sum(column) for column in columns] or [0.0] * width
        scores = {
            name: bias + value
            for name, bias, value in zip(self.classes, self.bias, sums, strict=True)
        }
        harmless = scores.pop(HARMLESS)
        return Heard(max(scores, key=lambda name: scores[name]), 1 / (1 + math.exp(harmless)))


def cells_of(text: str, locale: str) -> frozenset[int]:
    """The cells of all pieces, words and pairs of words of a folded text, its two ends marked."""
    parts = itertools.chain(_pieces(f"\x02{text}\x03"), _words(text, locale))
    return frozenset(zlib.crc32(part.encode()) % CELLS for part in parts)


def packed(told: Mapping[str, object], weights: Iterable[int]) -> bytes:
    """An ear as the bytes of its file: a line of JSON, then the weights, compressed."""
    body = lzma.compress(bytes(weight % 256 for weight in weights), preset=9)
    return json.dumps(told, sort_keys=True).encode() + b"\n" + body


def _pieces(text: str) -> Iterator[str]:
    shortest, longest = PIECES
    for size in range(shortest, longest + 1):
        for start in range(len(text) - size + 1):
            yield text[start : start + size]


def _words(text: str, locale: str) -> Iterator[str]:
    words = [word for part in WordBreaker(text, locale) if (word := str(part)).strip()]
    for place, word in enumerate(words):
        yield f"\x04{word}"
        for other in words[place + 1 : place + 1 + NEAR]:
            yield f"\x05{word}\x06{other}"


def _windows(text: str) -> Iterator[str]:
    yield text[:WINDOW]
    for start in range(STEP, len(text) - STEP, STEP):
        yield text[start : start + WINDOW]
