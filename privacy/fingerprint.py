"""The fingerprint of a public key as six of the 64 picture words, to be compared by voice."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache

from privacy.pictures import NAMES

WORDS = 6
# Six words say 36 bits, so another key with the same words could be found by trying. Each try is
# made this dear: 2^36 of them take about 300 years of one processor core at 0.15 s.
ROUNDS = 600_000
_BITS = 6


@lru_cache(maxsize=256)  # public values; a page of keys is shown more often than they change
def fingerprint(public: bytes, what: str) -> tuple[str, ...]:
    """Names of six pictures; `what` says whose key it is (`of_unit`, `of_device`).

    Takes a tenth of a second and more: call it outside of the event loop.
    """
    salt = f"saphan fingerprint 1|{what}".encode()
    made = int.from_bytes(hashlib.pbkdf2_hmac("sha256", public, salt, ROUNDS, 8))
    return tuple(NAMES[made >> _BITS * place & 63] for place in range(WORDS))


def agree(said: Sequence[str], shown: Sequence[str]) -> bool:
    """Whether the words heard are the words of the key, each in its place."""
    return tuple(said) == tuple(shown) and len(shown) == WORDS


def of_unit(organisation: str, number: int) -> str:
    """What the fingerprint of an organisation's key is bound to."""
    return f"unit|{organisation}|{number}"


def of_device(device: str) -> str:
    """What the fingerprint of a device's key is bound to."""
    return f"device|{device}"
