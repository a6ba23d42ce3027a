"""A code to come back with: one secret as nine pictures, nine words or sixteen digits.

The secret is a number below 10^16 (53 bits, safety.md R45): nine pictures of 64 could say a
little more, but all three forms must say the same. It is never kept: only `lookup` is.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from privacy.pictures import NAMES, SIGNS

DIGITS = 16
LENGTH = 9  # pictures
VALUES = 10**DIGITS  # how many codes there are
_EACH = len(NAMES)  # 64: six bits a picture
_HALF = 8  # digits: the code looks like two telephone numbers that stand beside each other


@dataclass(frozen=True, slots=True)
class Code:
    """One secret. Raises ValueError, which repeats nothing, where it is none."""

    value: int = field(repr=False)

    def __post_init__(self) -> None:
        if not 0 <= self.value < VALUES:
            raise ValueError("no code")

    @property
    def pictures(self) -> tuple[int, ...]:
        """The numbers of its pictures, in order."""
        return tuple(self.value // _EACH**place % _EACH for place in reversed(range(LENGTH)))

    def dump(self) -> str:
        """Sixteen digits, for a place that is sealed."""
        return f"{self.value:0{DIGITS}}"


def new_code() -> Code:
    """A secret that nobody can guess."""
    return Code(secrets.randbelow(VALUES))


def of_pictures(numbers: Sequence[int]) -> Code | None:
    """The code of these pictures in this order; None where no code has them."""
    if len(numbers) != LENGTH or not all(0 <= number < _EACH for number in numbers):
        return None
    value = 0
    for number in numbers:
        value = value * _EACH + number
    return Code(value) if value < VALUES else None


def of_digits(digits: str) -> Code | None:
    """The code of sixteen digits 0-9, None where they are not as many."""
    fits = len(digits) == DIGITS and digits.isascii() and digits.isdigit()
    return Code(int(digits)) if fits else None


def as_pictures(code: Code) -> str:
    """Nine signs in a row."""
    return " ".join(SIGNS[number] for number in code.pictures)


def as_words(code: Code, words: Sequence[str]) -> str:
    """Nine of the 64 words of a language, to be said aloud."""
    return ", ".join(words[number] for number in code.pictures)


def as_number(code: Code) -> str:
    """Sixteen digits that look like two telephone numbers on a shop's sign."""
    digits = code.dump()
    halves = (digits[:_HALF], digits[_HALF:])
    return " / ".join(f"{half[:2]} {half[2:5]} {half[5:]}" for half in halves)


def lookup(secret: bytes, code: Code) -> str:
    """What is kept instead of the code, in hex: means nothing without the key store's secret.

    Finding a row by it leaks nothing through time: what is compared is no part of the code.
    """
    return hmac.new(secret, f"saphan code 1\x00{code.dump()}".encode(), hashlib.sha256).hexdigest()


def same(one: bytes, other: bytes) -> bool:
    """Whether two secrets are equal, in a time that does not tell how far they agree."""
    return hmac.compare_digest(one, other)
