"""Finds the known keys most like a typed key, out of tens of thousands, in under a millisecond."""

from collections import Counter
from collections.abc import Iterable
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

# Measured on the shipped file: reading the rarest pairs of letters first, until this many holders
# were read, and comparing this many keys finds as much as comparing every key.
LEAST_PAIRS = 4
HOLDERS_READ = 4000
COMPARED = 120
MOST_COMPARED = 240
LEAST_LIKE = 0.5
# People stop typing early: a beginning of at least four letters is as good as a few errors.
SHORTEST_BEGINNING = 4
BEGINNING = 0.72


class NameIndex:
    """An index of distinct keys by pairs of neighbouring letters; built once, then only read."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = list(keys)
        self._holders: dict[str, list[int]] = {}
        for number, key in enumerate(self._keys):
            for pair in _pairs(key):
                self._holders.setdefault(pair, []).append(number)

    def near(self, key: str) -> dict[str, float]:
        """Return known keys like this one with their likeness, from 0.5 to 1, in no order.

        Likeness is one minus the number of insertions, deletions, replacements and swaps of
        neighbours, divided by the length of the longer key; a key whose beginning was typed
        counts at least `BEGINNING`.
        """
        candidates = self._candidates(key)
        found = process.extract(
            key,
            candidates,
            scorer=OSA.normalized_similarity,
            processor=None,
            score_cutoff=LEAST_LIKE,
            limit=None,
        )
        likeness = {name: float(like) for name, like, _ in found}
        if len(key) >= SHORTEST_BEGINNING:
            for name in candidates:
                if name.startswith(key) and name != key:
                    begun = BEGINNING + 0.15 * len(key) / len(name)
                    likeness[name] = max(begun, likeness.get(name, 0.0))
        return likeness

    def _candidates(self, key: str) -> list[str]:
        """Return the keys that share most of the typed key's rarest pairs."""
        shared: Counter[int] = Counter()
        read = 0
        lists = [self._holders[pair] for pair in _pairs(key) if pair in self._holders]
        for count, holders in enumerate(sorted(lists, key=len)):
            if count >= LEAST_PAIRS and read + len(holders) > HOLDERS_READ:
                break
            shared.update(holders)
            read += len(holders)
        return [self._keys[number] for number in _most_shared(shared)]


def _most_shared(shared: Counter[int]) -> list[int]:
    """Return the numbers with the highest counts, about `COMPARED`, without sorting them all."""
    sizes = Counter(shared.values())
    least, total = 1, 0
    for least in sorted(sizes, reverse=True):
        total += sizes[least]
        if total >= COMPARED:
            break
    above = [number for number, count in shared.items() if count > least]
    level = (number for number, count in shared.items() if count == least)
    return above + list(islice(level, MOST_COMPARED - len(above)))


def _pairs(key: str) -> set[str]:
    """Return the pairs of letters of a key, its beginning and its end included."""
    framed = f"^{key}$"
    return {framed[at : at + 2] for at in range(len(framed) - 1)}
