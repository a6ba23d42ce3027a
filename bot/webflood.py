"""Keeps the web chat open to others while somebody floods it, without knowing who anybody is."""

import hashlib
import math
import secrets

from bot.webposts import Refused
from bot.webpuzzle import AFTER_WAITING, LIVES, Proof, new_puzzle, read_proof
from handlers.desk import Desk

# New conversations a second, and how many at once (safety.md R76: 17 a second are ordinary).
FREELY = (20.0, 200.0)
BY_PUZZLE = (60.0, 300.0)  # one core of a flooder solves about as many of the harder puzzles
BY_WAITING = (5.0, 100.0)  # browsers without JavaScript
EASY, HARD = 12, 13  # zero bits of each part: 65,000 hashes in the mean, or twice as many
MESSAGES = (10.0, 60.0)  # of one conversation; nobody taps faster


class Bucket:
    """So many a second, and so many at once after a pause."""

    def __init__(self, per_second: float, at_once: float) -> None:
        """Begin full."""
        self._per_second = per_second
        self._most = self._left = at_once
        self._at = 0.0

    def take(self, now: float) -> bool:
        """Take one if there is one at this moment (Unix seconds)."""
        grown = self._left + max(0.0, now - self._at) * self._per_second
        self._left, self._at = min(self._most, grown), now
        if self._left < 1:
            return False
        self._left -= 1
        return True

    @property
    def low(self) -> bool:
        """Whether more than half was taken when it was looked at last."""
        return self._left < self._most / 2

    @property
    def wait(self) -> int:
        """Whole seconds after which there is one again."""
        return max(1, math.ceil((1 - self._left) / self._per_second))

    def full(self, now: float) -> bool:
        """Whether it holds nothing worth remembering any more."""
        return self._left + (now - self._at) * self._per_second >= self._most


class Beginnings:
    """Who may begin a conversation: anybody, and under pressure who solved a puzzle or waited.

    Each way has a bucket of its own, so that whoever only sends much empties none but the first.
    Peppers of the key store seal the puzzles, so any process knows those of another.
    """

    def __init__(self, desk: Desk) -> None:
        """All buckets are full."""
        self._desk = desk
        self._freely, self._by_puzzle = Bucket(*FREELY), Bucket(*BY_PUZZLE)
        self._by_waiting = Bucket(*BY_WAITING)
        self._spent: dict[str, float] = {}  # puzzles used here, and when they end

    async def admit(self, given: str | None) -> None:
        """Let one in. Raises Refused(429) with a puzzle; one that still counts is given back."""
        now = self._desk.now()
        if self._freely.take(now):
            return
        keys = await self._desk.keystore.peppers(now)
        proof = read_proof(given, keys, now) if given else None
        if proof is not None and proof.puzzle in self._spent:
            proof = None
        if proof is not None and self._counts(proof, now):
            self._spend(proof, now)
            return
        bits = HARD if self._by_puzzle.low else EASY
        puzzle = proof.puzzle if proof else new_puzzle(keys[0], bits, now)
        raise Refused(429, "busy", AFTER_WAITING, puzzle)

    def _counts(self, proof: Proof, now: float) -> bool:
        if proof.solved:
            return self._by_puzzle.take(now)
        return proof.waited(now) and self._by_waiting.take(now)

    def _spend(self, proof: Proof, now: float) -> None:
        """A puzzle counts once. What is over is dropped, so the buckets bound what is held."""
        if len(self._spent) % 1_000 == 0:
            self._spent = {puzzle: end for puzzle, end in self._spent.items() if end >= now}
        self._spent[proof.puzzle] = proof.made_at + LIVES


class Pace:
    """How fast one conversation may go on; known for seconds, by a value that means nothing."""

    def __init__(self) -> None:
        """Nobody is known."""
        self._key = secrets.token_bytes(32)
        self._buckets: dict[bytes, Bucket] = {}
        self._looked_at = 0.0

    def take(self, token: str, now: float) -> None:
        """Count one message. Raises Refused(429) when they come too fast."""
        if now - self._looked_at >= 1 or now < self._looked_at:
            self._looked_at = now
            self._buckets = {n: b for n, b in self._buckets.items() if not b.full(now)}
        name = hashlib.blake2b(token.encode(), key=self._key, digest_size=16).digest()
        bucket = self._buckets.setdefault(name, Bucket(*MESSAGES))
        if not bucket.take(now):
            raise Refused(429, "fast", bucket.wait)
