"""A puzzle that costs a phone a second and a flooder his computer; nothing is kept of it."""

import base64
import hashlib
import hmac
import re
import secrets
import struct
from collections.abc import Iterable
from dataclasses import dataclass

PARTS = 16  # many small searches: their sum takes nearly the same time on each try
LIVES = 300  # seconds
AFTER_WAITING = 8  # seconds after which an unsolved puzzle, kept on the page, counts too

_FORM = struct.Struct(">BI12s")
_SEAL = 16
_PROOF = re.compile(r"([A-Za-z0-9_-]{44})(?:\.([0-9]{1,7}(?:-[0-9]{1,7}){15}))?")


@dataclass(frozen=True, slots=True)
class Proof:
    """A puzzle of ours as it came back: when it was made, and whether it was solved."""

    puzzle: str
    made_at: int
    solved: bool

    def waited(self, now: float) -> bool:
        """Whether the page that held it was old enough, for a browser without JavaScript."""
        return now - self.made_at >= AFTER_WAITING


def new_puzzle(key: bytes, bits: int, now: float) -> str:
    """44 characters: find for each of PARTS a number whose hash begins with `bits` zeros."""
    content = _FORM.pack(bits, int(now), secrets.token_bytes(12))
    return base64.urlsafe_b64encode(content + _seal(key, content)).decode()


def read_proof(given: str, keys: Iterable[bytes], now: float) -> Proof | None:
    """The proof, if its puzzle is ours, not older than LIVES, and not wrongly solved.

    `given` is the puzzle, alone or followed by a point and PARTS numbers with a dash between.
    """
    match = _PROOF.fullmatch(given)
    if match is None:
        return None
    raw = base64.urlsafe_b64decode(match[1])
    content, seal = raw[:-_SEAL], raw[-_SEAL:]
    bits, made_at, _ = _FORM.unpack(content)
    ours = [hmac.compare_digest(_seal(key, content), seal) for key in keys]
    if not any(ours) or not -1 <= now - made_at <= LIVES:
        return None
    if match[2] is None:
        return Proof(match[1], made_at, solved=False)
    numbers = match[2].split("-")
    fits = all(_fits(match[1], part, number, bits) for part, number in enumerate(numbers))
    return Proof(match[1], made_at, solved=True) if fits else None


def _fits(puzzle: str, part: int, number: str, bits: int) -> bool:
    digest = hashlib.sha256(f"{puzzle}.{part}.{number}".encode()).digest()
    return int.from_bytes(digest[:4]) >> (32 - bits) == 0


def _seal(key: bytes, content: bytes) -> bytes:
    return hmac.new(key, b"web puzzle\x00" + content, hashlib.sha256).digest()[:_SEAL]
