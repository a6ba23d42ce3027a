"""Reads JSON from outside: no key twice, not deep, not large (R69)."""

import json
from typing import Any, Final

from handlers.draft_shapes import too_deep

MOST: Final = 1_000_000  # bytes


class JsonFaulty(ValueError):
    """Not JSON we take; repeats nothing of it."""


def read_json(content: bytes) -> Any:
    """What it holds. Raises JsonFaulty."""
    if len(content) > MOST:
        raise JsonFaulty("too large")
    try:
        found = json.loads(content, object_pairs_hook=_once, parse_constant=_none)
    except (ValueError, RecursionError):
        raise JsonFaulty("no JSON") from None
    if too_deep(found):
        raise JsonFaulty("too deep")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise JsonFaulty("a key twice")
    return found


def _none(_name: str) -> Any:
    raise JsonFaulty("not a number")
