"""Solves the puzzle of a flooded server, as bot/web/static/puzzle.js does."""

import base64
import hashlib
from itertools import count

from bot.webpuzzle import PARTS


def solve(puzzle: str) -> str:
    bits = base64.urlsafe_b64decode(puzzle)[0]
    return f"{puzzle}.{'-'.join(_number(puzzle, part, bits) for part in range(PARTS))}"


def _number(puzzle: str, part: int, bits: int) -> str:
    begun = hashlib.sha256(f"{puzzle}.{part}.".encode())
    for number in count():
        tried = begun.copy()
        tried.update(b"%d" % number)
        if int.from_bytes(tried.digest()[:4]) >> (32 - bits) == 0:
            return str(number)
    raise AssertionError
