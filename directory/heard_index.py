"""Finds the known names that sound like a name written in another script."""

from collections import defaultdict
from collections.abc import Iterable
from heapq import nlargest
from operator import itemgetter

from rapidfuzz.distance import OSA

from directory.hearing import frame
from directory.name_index import NameIndex

# Consonants survive the way into another script better than vowels.
FRAME_SHARE = 0.55
LEAST_FRAME = 0.6
# Below this, words that are no place at all begin to sound like one.
LEAST_ALIKE = 0.78
FRAMES = 20
KEPT = 40


class HeardIndex:
    """An index of keys by how they sound; built once, then only read."""

    def __init__(self, sounds: Iterable[tuple[str, str]]) -> None:
        """Take pairs of a key and how it sounds; those without a sound are passed over."""
        self._holders: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for key, sound in sounds:
            if sound:
                self._holders[frame(sound)].append((key, sound))
        self._frames = NameIndex(self._holders)

    def near(self, sound: str) -> list[tuple[str, float]]:
        """Return keys that sound like this, with their likeness from 0 to 1, best first."""
        own = frame(sound)
        frames = self._frames.near(own).items()
        close = [
            one for one in frames if one[1] >= LEAST_FRAME and abs(len(one[0]) - len(own)) <= 2
        ]
        alike: dict[str, float] = {}
        for other, like in nlargest(FRAMES, close, key=itemgetter(1)):
            for key, heard in self._holders[other]:
                whole = OSA.normalized_similarity(sound, heard)
                alike[key] = FRAME_SHARE * like + (1 - FRAME_SHARE) * whole
        sure = ((one, like) for one, like in alike.items() if like >= LEAST_ALIKE)
        return nlargest(KEPT, sure, key=itemgetter(1))
