"""Finds the known keys most like a typed key, out of tens of thousands, in under a millisecond."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

# Measured on the shipped file: reading the rarest pairs of letters first, until this many holders
# were read, and comparing this many keys finds as much as comparing every key.
LEAST_PAIRS = 4
HOLDERS_READ = 4000
# Over very many keys each pair has more holders: as many as one in so many keys are read.
KEYS_A_HOLDER = 40
COMPARED = 120
MOST_COMPARED = 240
# What is less alike is never sure enough to be shown.
LEAST_LIKE = 0.6
# People stop typing early: a beginning of at least four letters is as good as a few errors.
SHORTEST_BEGINNING = 4
BEGINNING = 0.72
MOST_BEGUN = 60


class NameIndex:
    """An index of distinct keys by pairs of neighbouring letters; built once, then only read."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = sorted(keys)
        self._read = max(HOLDERS_READ, len(self._keys) // KEYS_A_HOLDER)
        # The numbers of the keys that hold a pair, apart by their length.
        self._holders: dict[str, dict[int, list[int]]] = {}
        for number, key in enumerate(self._keys):
            for pair in _pairs(key):
                self._holders.setdefault(pair, {}).setdefault(len(key), []).append(number)

    def near(self, key: str) -> dict[str, float]:
        """Return known keys like this one with their likeness, from 0.6 to 1, in no order.

        Likeness is one minus the number of insertions, deletions, replacements and swaps of
        neighbours, divided by the length of the longer key; a key whose beginning was typed
        counts at least `BEGINNING`.
        """
        found = process.extract(
            key,
            self._candidates(key),
            scorer=OSA.normalized_similarity,
            processor=None,
            score_cutoff=LEAST_LIKE,
            limit=None,
        )
        likeness = {name: float(like) for name, like, _ in found}
        for name in self._begun_by(key):
            begun = BEGINNING + 0.15 * len(key) / len(name)
            likeness[name] = max(begun, likeness.get(name, 0.0))
        return likeness

    def _begun_by(self, key: str) -> Iterator[str]:
        """Yield keys that begin with this one and go on, some of them where there are many."""
        if len(key) < SHORTEST_BEGINNING:
            return
        first = bisect_right(self._keys, key)
        for name in self._keys[first : first + MOST_BEGUN]:
            if not name.startswith(key):
                return
            yield name

    def _candidates(self, key: str) -> list[str]:
        """Return the keys of a length like the typed one's that share most of its rarest pairs."""
        spread = max(2, len(key) // 3)
        lengths = range(len(key) - spread, len(key) + spread + 1)
        by_pair = [self._holders[pair] for pair in _pairs(key) if pair in self._holders]
        lists = [[held[n] for n in lengths if n in held] for held in by_pair]
        sizes = sorted((sum(map(len, held)), at) for at, held in enumerate(lists))
        shared = _Shared()
        read = 0
        for count, (size, at) in enumerate(sizes):
            if count >= LEAST_PAIRS and read + size > self._read:
                break
            shared.add(list(chain.from_iterable(lists[at])))
            read += size
        return [self._keys[number] for number in shared.most(COMPARED, MOST_COMPARED)]


class _Shared:
    """Counts how many lists a number is in, by whole sets: a loop over them all is too slow."""

    def __init__(self) -> None:
        # At place n: the numbers seen in more than n lists.
        self._above: list[set[int]] = [set()]

    def add(self, numbers: list[int]) -> None:
        """Count the numbers of one more list, each once."""
        again = self._above[0].intersection(numbers)
        for level in range(len(self._above) - 1, 0, -1):
            known = self._above[level] & again
            if known:
                self._above_at(level + 1).update(known)
        if again:
            self._above_at(1).update(again)
        self._above[0].update(numbers)

    def most(self, enough: int, limit: int) -> list[int]:
        """Return the numbers with the highest counts: `enough`, and `limit` at the most."""
        found: list[int] = []
        higher: set[int] = set()
        for level in reversed(self._above):
            found += islice(level - higher, limit - len(found))
            if len(found) >= enough:
                break
            higher = level
        return found

    def _above_at(self, level: int) -> set[int]:
        if level == len(self._above):
            self._above.append(set())
        return self._above[level]


def _pairs(key: str) -> set[str]:
    """Return the pairs of letters of a key, its beginning and its end included."""
    framed = f"^{key}$"
    return {framed[at : at + 2] for at in range(len(framed) - 1)}
