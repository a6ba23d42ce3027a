"""Passwords of staff: Argon2id with a pepper, and which passwords are refused (safety.md R57)."""

import base64
import hashlib
import hmac
import math
import re
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Literal

from argon2.low_level import Type, hash_secret_raw

from privacy.common_passwords import COMMON

LEAST, MOST = 15, 128  # characters (R57)
_LONGEST_TYPED = 1_024  # characters that are hashed at all
_SALT, _HASH = 16, 32  # bytes
_NAME = 4  # characters: a shorter sign-in name may stand in a password by chance
_SHORT = 8  # characters: what is less, said again and again, is no long password
_FEW = 3  # common pieces in a row: more of them are a phrase that is hard enough to guess
_BETWEEN = frozenset(" !?.,-_@#$*+=/&~';:()")
_STORED = re.compile(r"argon2id\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/=]+)\$([\w+/=]+)")

Fault = Literal["short", "long", "common", "name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one guess costs: memory in KiB, rounds, lanes (safety.md 4.7)."""

    memory: int = 64 * 1024
    rounds: int = 3
    lanes: int = 1


def faults(password: str, names: tuple[str, ...] = ()) -> tuple[Fault, ...]:
    """Why this password is refused; empty where it is taken. No rule asks for kinds of signs.

    `names` are the names the person signs in with.
    """
    meant = _normal(password)
    found: list[Fault] = []
    if len(meant) < LEAST:
        found.append("short")
    if len(meant) > MOST:
        found.append("long")
    elif _is_common(meant.casefold()):
        found.append("common")
    if any(len(name) >= _NAME and name.casefold() in meant.casefold() for name in names):
        found.append("name")
    return tuple(found)


def hashed(password: str, pepper: bytes, cost: Cost) -> str:
    """What is kept of a password; takes some tenths of a second and `cost.memory`."""
    salt = secrets.token_bytes(_SALT)
    return _dump(cost, salt, _argon2(password, pepper, cost, salt))


def matches(stored: str, password: str, pepper: bytes, cost: Cost) -> bool:
    """Whether it is this password. Nothing stored costs the same work, and never matches."""
    found = _STORED.fullmatch(stored)
    if found is None:
        _argon2(password, pepper, cost, b"\x00" * _SALT)
        return False
    memory, rounds, lanes = (int(number) for number in found.group(1, 2, 3))
    salt, kept = (base64.b64decode(part) for part in found.group(4, 5))
    made_with = Cost(memory=memory, rounds=rounds, lanes=lanes)
    return hmac.compare_digest(_argon2(password, pepper, made_with, salt), kept)


def outdated(stored: str, cost: Cost) -> bool:
    """Whether it was made with another cost than is asked for now."""
    wanted = f"argon2id$m={cost.memory},t={cost.rounds},p={cost.lanes}$"
    return not stored.startswith(wanted)


def _argon2(password: str, pepper: bytes, cost: Cost, salt: bytes) -> bytes:
    """The pepper goes in first, so that a stolen database alone allows no guess."""
    typed = _normal(password)[:_LONGEST_TYPED].encode("utf-8", "replace")
    peppered = hmac.new(pepper, typed, hashlib.sha256).digest()
    return hash_secret_raw(peppered, salt, cost.rounds, cost.memory, cost.lanes, _HASH, Type.ID)


def _dump(cost: Cost, salt: bytes, made: bytes) -> str:
    parts = (base64.b64encode(part).decode() for part in (salt, made))
    return f"argon2id$m={cost.memory},t={cost.rounds},p={cost.lanes}${'$'.join(parts)}"


def _normal(password: str) -> str:
    """The same password from every keyboard."""
    return unicodedata.normalize("NFKC", password[:_LONGEST_TYPED])


def _is_common(password: str) -> bool:
    """Whether it is three common pieces in a row at most, or a short one again and again."""
    letters = "".join(sign for sign in password if sign not in _BETWEEN)
    unit = _repeated(letters)
    return len(unit) < _SHORT or _pieces(unit) <= _FEW


def _repeated(text: str) -> str:
    """What the text is when it is one piece said several times, else the text."""
    period = (text + text).find(text, 1)
    return text[:period]


def _pieces(text: str) -> float:
    """Of how many common pieces in a row the text is made; infinitely many where it is not."""
    least = [0.0, *([math.inf] * len(text))]
    for end in range(1, len(text) + 1):
        starts = (start for start in range(end) if text[start:end] in COMMON)
        least[end] = min((least[start] + 1 for start in starts), default=math.inf)
    return least[-1]
