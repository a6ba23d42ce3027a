"""Reads JSON from strangers within bounds: size, depth, no key twice (R69)."""

import json
import math
import re
from typing import Any

LONGEST_JSON = 1_000_000
DEEPEST = 20
# A string counts as one piece, so that brackets in it are not counted.
_PIECES = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


class JsonRefused(ValueError):
    """The text is not read; `wrong` and `do` say why and what to do, and repeat nothing."""

    def __init__(self, wrong: str, do: str) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.do = do


def read_json(data: bytes) -> Any:
    """The value. Raises JsonRefused."""
    if len(data) > LONGEST_JSON:
        do = f"keep it under {LONGEST_JSON} bytes: export country by country"
        raise JsonRefused("too big", do)
    data = data.removeprefix(b"\xef\xbb\xbf")
    _refuse_depth(data)
    try:
        return json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_once,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
    except JsonRefused:
        raise
    except json.JSONDecodeError as error:
        wrong = f"no JSON from line {error.lineno} on"
        raise JsonRefused(wrong, "export it again, or correct that line") from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        wrong = f"not UTF-8 in line {line}"
        raise JsonRefused(wrong, "save the file as UTF-8") from None
    except (ValueError, RecursionError):
        raise JsonRefused("a number without end", "give numbers of usual length") from None


def _refuse_depth(data: bytes) -> None:
    depth = 0
    for piece in _PIECES.finditer(data):
        first = piece[0][:1]
        if first in b"[{":
            depth += 1
            if depth > DEEPEST:
                do = f"keep it at most {DEEPEST} levels deep"
                raise JsonRefused("lists in lists without end", do)
        elif first in b"]}":
            depth -= 1


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise JsonRefused("a name twice in one object", "keep one of the two")
    return found


def _no_constant(_: str) -> Any:
    raise JsonRefused("NaN or Infinity", "give a number, or leave it out")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise JsonRefused("a number without end", "give numbers of usual length")
    return number
