"""What a caseworker reads: cards of words and buttons made of views; knows no messenger."""

from collections.abc import Iterable
from dataclasses import dataclass

MARKED, OPEN = "☑", "☐"
LONGEST_FACE = 38  # characters of a button that a small phone shows whole
NUMBER = 4  # characters of a button that is a number, marked or not; several share a row
PAGE = 8  # buttons of a list at once
_MIXED = 4  # of so many buttons one may be a number among words


@dataclass(frozen=True, slots=True)
class Key:
    """A button: its words, and what its tap does (bot/caseworkers_steps.py reads it)."""

    face: str
    does: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One screen. `back` is what the way back does; `more`, where a list goes on."""

    lines: tuple[str, ...]
    keys: tuple[Key, ...] = ()
    back: str = "menu"


def lined(keys: Iterable[Key]) -> tuple[tuple[str, ...], tuple[Key, ...]]:
    """Words too long for a phone's button stand above as a line, with a number for the button.

    Where that is so of many, all get numbers: a row of them is found faster than a mixture.
    """
    keys = tuple(keys)
    long = sum(_is_long(key) for key in keys)
    every = long * _MIXED > len(keys)
    lines, short = [], []
    for number, key in enumerate(keys, start=1):
        if not every and not _is_long(key):
            short.append(key)
            continue
        mark, words = _parted(key.face)
        lines.append(f"{number}. {words}")
        short.append(Key(f"{mark} {number}".strip(), key.does))
    return tuple(lines), tuple(short)


def paged(
    keys: tuple[Key, ...], page: int, more: str, *, fixed: tuple[Key, ...] = ()
) -> tuple[Key, ...]:
    """One page of many buttons, a way to the next, and what stands on every page."""
    if len(keys) <= PAGE + 2 or all(len(key.face) <= NUMBER for key in keys):
        return (*keys, *fixed)
    pages = -(-len(keys) // PAGE)
    here = page % pages
    shown = keys[here * PAGE : (here + 1) * PAGE]
    following = (here + 1) % pages
    return (*shown, Key(f"{more} {following + 1}/{pages}", f"page:{following}"), *fixed)


def _is_long(key: Key) -> bool:
    return len(key.face) > LONGEST_FACE


def _parted(face: str) -> tuple[str, str]:
    """The mark of a choice, and its words."""
    mark, _, words = face.partition(" ")
    return (mark, words) if mark in (MARKED, OPEN) else ("", face)
