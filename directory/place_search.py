"""Finds which known names a typed text could mean, and which part of the text says so."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from operator import itemgetter

from rapidfuzz.distance import OSA

from directory.heard_index import HeardIndex
from directory.hearing import heard, script
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
# From this likeness of the letters on, looser sounds are not looked up.
_NO_NEED_OF_SOUND = 0.85
_SHORTEST_INSIDE = 4
_LONGEST_INSIDE = 26
_LONGEST_NAME = 30
_KEPT = 40
_USUAL_LENGTH = 10
_MOST_WINDOWS = 3
_MOST_HEARD = 3
# Below this likeness of the whole text, parts of it are searched with errors too.
_GOOD = 0.72
# From this likeness on, names inside unspaced writing are not looked for.
_SURE = 0.9
# Names of other scripts are listened for below this likeness.
_CLOSE = 0.8
# A name heard across scripts counts a little less than the same letters.
_ABROAD = 0.94
# Romanised names have looser keys already; hearing only helps where those fail.
_LATIN_HEARD = 0.86


@dataclass(frozen=True, slots=True)
class Found:
    """A known key, how alike the typed one is (0 to 1), and from where to where it was typed."""

    key: str
    likeness: float
    start: int
    end: int


class PlaceSearch:
    """Searches known keys for what a person typed; holds no place, only keys."""

    def __init__(
        self, rows: Sequence[IndexRow], words: Iterable[str] = (), lands: Sequence[str] = ()
    ) -> None:
        """Take the rows of all names, keys of words to see but not to guess, each place's country.

        Without the countries nothing is listened for.
        """
        self._known = frozenset(row[0] for row in rows).union(words)
        self._plain = NameIndex(row[0] for row in rows)
        self._by_sound: dict[str, list[str]] = defaultdict(list)
        for one, alike, _, _ in rows:
            if alike:
                self._by_sound[alike].append(one)
        self._sounds = NameIndex(self._by_sound)
        self._romanised = frozenset(row[0] for row in rows if row[1])
        by_land: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for one, _, sounds, holders in rows:
            for land in {lands[number] for number, _ in holders} if lands else ():
                by_land[land].append((one, sounds))
        self._abroad = {land: HeardIndex(pairs) for land, pairs in by_land.items()}
        self._of = {land: frozenset(one for one, _ in pairs) for land, pairs in by_land.items()}

    def find(
        self, text: str, *, beyond_exact: bool = False, country: str | None = None
    ) -> list[Found]:
        """Return what the text could mean: as a whole, by its pieces, or inside a sentence.

        A name that is known exactly ends the search, unless names like it are asked for too.
        Names that only sound alike are looked for in the country alone, where one is given.
        """
        text = clean(text[:LONGEST])
        pieces = parts(text)
        whole, bare = key(text), key("".join(pieces))
        exact = [Found(k, 1.0, 0, len(whole)) for k in {whole, bare} if k in self._known]
        if exact and beyond_exact:
            near = self._as_a_whole(whole, bare)
            reached = self._reached(near, country)
            return exact + near + self._from_abroad(pieces, reached, country)
        if exact and len(pieces) < 2:
            return exact
        if len(pieces) < 2 and " " not in text:
            return self._one_word(pieces, whole, bare, country)
        found = exact + [f for piece in self._words_of(pieces) for f in self._in_words(*piece)]
        if not exact and len(whole) <= _LONGEST_NAME:
            found += self._as_a_whole(whole, bare)
        if _best(found) < _GOOD:
            found += [f for piece in self._words_of(pieces) for f in self._near_words(*piece)]
        return found + self._from_abroad(pieces, self._reached(found, country), country)

    def _one_word(
        self, pieces: tuple[str, ...], whole: str, bare: str, country: str | None
    ) -> list[Found]:
        found = self._as_a_whole(whole, bare)
        if _best(found) < _SURE:
            found += self._inside(whole, 0)
        return found + self._from_abroad(pieces, self._reached(found, country), country)

    def _from_abroad(
        self, pieces: tuple[str, ...], reached: float, country: str | None
    ) -> list[Found]:
        """Find names that sound like a piece of the text, where letters reached little."""
        found, start = [], 0
        for piece in pieces[:_MOST_HEARD]:
            end = start + len(key(piece))
            latin = script(piece) == "Latin"
            if len(piece) <= _LONGEST_NAME and reached < (_GOOD if latin else _CLOSE):
                worth = _LATIN_HEARD if latin else _ABROAD
                found += [
                    Found(one, worth * like, start, end)
                    for one, like in self._heard(heard(piece), country)
                    if not latin or one in self._romanised
                ]
            start = end + 1
        return found

    def _reached(self, found: Iterable[Found], country: str | None) -> float:
        """Return the best likeness so far, of names in the country where one is given."""
        inside = self._of.get(country) if country else None
        return _best(one for one in found if inside is None or one.key in inside)

    def _heard(self, sounds: str, country: str | None) -> list[tuple[str, float]]:
        """Return the names that sound alike, in the country where one is given."""
        if country in self._abroad:
            return self._abroad[country].near(sounds)
        return [one for index in self._abroad.values() for one in index.near(sounds)]

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
        sounds = sound(typed) if max(likeness.values(), default=0.0) < _NO_NEED_OF_SOUND else ""
        if sounds:
            for like_sound, alike in self._sounds.near(sounds).items():
                for one in self._by_sound[like_sound]:
                    spelled = likeness.get(one) or OSA.normalized_similarity(typed, one)
                    mixed = _SOUND_SHARE * alike + (1 - _SOUND_SHARE) * spelled
                    likeness[one] = max(mixed, likeness.get(one, 0.0))
        best = nlargest(_KEPT, likeness.items(), key=itemgetter(1))
        return [Found(one, _believed(typed, like), start, end) for one, like in best]


def _best(found: Iterable[Found]) -> float:
    return max((one.likeness for one in found), default=0.0)


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
