"""Finds which known names a typed text could mean, and which part of the text says so."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from operator import itemgetter

from rapidfuzz.distance import OSA

from directory.name_index import NameIndex
from directory.place_names import IndexRow
from directory.text import clean, key, parts, sound

# Longer texts are cut, so that time stays bounded whatever is sent.
LONGEST = 240
# Two typing errors are believed only from seven letters (decision 36), three from twelve.
_ERRORS_FROM = ((12, 3), (7, 2), (4, 1))
_BEYOND_ERRORS = 0.86
# A looser sound can raise a romanised name, but a plain match stays ahead of it.
_SOUND_SHARE = 0.55
_SHORTEST_INSIDE = 4
_LONGEST_INSIDE = 26
_LONGEST_NAME = 30
_KEPT = 40
_USUAL_LENGTH = 10
_MOST_WINDOWS = 3
# Below this likeness of the whole text, parts of it are searched with errors too.
_GOOD = 0.72


@dataclass(frozen=True, slots=True)
class Found:
    """A known key, how alike the typed one is (0 to 1), and from where to where it was typed."""

    key: str
    likeness: float
    start: int
    end: int


class PlaceSearch:
    """Searches known keys for what a person typed; holds no place, only keys."""

    def __init__(self, rows: Sequence[IndexRow], words: Iterable[str] = ()) -> None:
        """Take the rows of all names, and keys of further words to see but not to guess."""
        self._known = frozenset(row[0] for row in rows).union(words)
        self._plain = NameIndex(row[0] for row in rows)
        self._by_sound: dict[str, list[str]] = defaultdict(list)
        for one, heard, _ in rows:
            if heard:
                self._by_sound[heard].append(one)
        self._heard = NameIndex(self._by_sound)

    def find(self, text: str, *, beyond_exact: bool = False) -> list[Found]:
        """Return what the text could mean: as a whole, by its pieces, or inside a sentence.

        A name that is known exactly ends the search, unless names like it are asked for too.
        """
        text = clean(text[:LONGEST])
        pieces = parts(text)
        whole, bare = key(text), key("".join(pieces))
        exact = [Found(k, 1.0, 0, len(whole)) for k in {whole, bare} if k in self._known]
        if exact and beyond_exact:
            return exact + self._as_a_whole(whole, bare)
        if exact and len(pieces) < 2:
            return exact
        if len(pieces) < 2 and " " not in text:
            return self._one_word(whole, bare)
        found = exact + [f for piece in self._words_of(pieces) for f in self._in_words(*piece)]
        if not exact and len(whole) <= _LONGEST_NAME:
            found += self._as_a_whole(whole, bare)
        if max((f.likeness for f in found), default=0.0) < _GOOD:
            found += [f for piece in self._words_of(pieces) for f in self._near_words(*piece)]
        return found

    def _one_word(self, whole: str, bare: str) -> list[Found]:
        found = self._as_a_whole(whole, bare)
        if max((f.likeness for f in found), default=0.0) < 0.9:
            found += self._inside(whole, 0)
        return found

    def _as_a_whole(self, whole: str, bare: str) -> list[Found]:
        return [found for one in {whole, bare} for found in self._near(one, 0, len(whole))]

    def _words_of(self, pieces: tuple[str, ...]) -> Iterator[tuple[list[str], int]]:
        """Yield the keys of each piece's words and where in the text they begin."""
        start = 0
        for piece in pieces:
            words = [one for one in map(key, piece.split()) if one]
            yield words, start
            start += sum(map(len, words)) + 1

    def _in_words(self, words: list[str], start: int) -> list[Found]:
        """Find exact names made of one to four neighbouring words, or inside unspaced writing."""
        found = [
            Found(one, 1.0, begin, begin + len(one))
            for one, begin in _windows(words, start)
            if one in self._known and (len(words) == 1 or _is_telling(one))
        ]
        for word, begin in _with_starts(words, start):
            if not word.isascii() and word not in self._known:
                found += self._inside(word, begin)
        return found

    def _near_words(self, words: list[str], start: int) -> list[Found]:
        """Find names with errors in some neighbouring words: the longest few, for time's sake."""
        whole = "".join(words)
        windows = {w for w in _windows(words, start) if len(w[0]) > _SHORTEST_INSIDE}
        windows -= {(whole, start)} if start == 0 else set()
        likely = sorted(windows, key=lambda w: (-min(len(w[0]), _USUAL_LENGTH), w[1]))
        return [
            found
            for one, begin in likely[:_MOST_WINDOWS]
            for found in self._near(one, begin, begin + len(one))
        ]

    def _inside(self, run: str, start: int) -> list[Found]:
        """Return known names inside unspaced writing, the longest from each beginning."""
        if run.isascii():
            return []
        found: list[Found] = []
        reached = 0
        for begin in range(len(run) - _SHORTEST_INSIDE + 1):
            longest = min(len(run), begin + _LONGEST_INSIDE)
            for end in range(longest, max(reached, begin + _SHORTEST_INSIDE - 1), -1):
                if run[begin:end] in self._known:
                    found.append(Found(run[begin:end], 1.0, start + begin, start + end))
                    reached = end
                    break
        return found

    def _near(self, typed: str, start: int, end: int) -> list[Found]:
        if len(typed) < 3:
            return []
        likeness = self._plain.near(typed)
        heard = sound(typed)
        if heard:
            for like_sound, alike in self._heard.near(heard).items():
                for one in self._by_sound[like_sound]:
                    spelled = likeness.get(one) or OSA.normalized_similarity(typed, one)
                    mixed = _SOUND_SHARE * alike + (1 - _SOUND_SHARE) * spelled
                    likeness[one] = max(mixed, likeness.get(one, 0.0))
        best = nlargest(_KEPT, likeness.items(), key=itemgetter(1))
        return [Found(one, _believed(typed, like), start, end) for one, like in best]


def _believed(typed: str, likeness: float) -> float:
    """Lower a likeness that needs more typing errors than a word of this length is allowed."""
    allowed = next((errors for length, errors in _ERRORS_FROM if len(typed) >= length), 0)
    if likeness >= 1 - (allowed + 0.1) / len(typed):
        return likeness
    return likeness * _BEYOND_ERRORS


def _is_telling(one: str) -> bool:
    """Say whether a word inside a text is long enough to be meant as a name, or numbered: "Q7"."""
    return len(one) >= _SHORTEST_INSIDE or (one[-1].isdigit() and not one.isdigit())


def _with_starts(words: list[str], start: int) -> Iterator[tuple[str, int]]:
    for word in words:
        yield word, start
        start += len(word)


def _windows(words: list[str], start: int) -> Iterator[tuple[str, int]]:
    """Yield one to four neighbouring words written as one, with where they begin."""
    for first, (_, begin) in enumerate(_with_starts(words, start)):
        for last in range(first + 1, min(first + 4, len(words)) + 1):
            yield "".join(words[first:last]), begin
