"""Codes on posters: how they are drawn, and told from anything else that a platform brings."""

import re
import secrets
from typing import Final

LETTERS: Final = "bcdfghjkmnpqrstvwxz23456789"  # none looks like another, and they make no word
LONG: Final = 8
_CODE: Final = re.compile(rf"[{LETTERS}]{{{LONG}}}")


def drawn() -> str:
    """A new code, by chance."""
    return "".join(secrets.choice(LETTERS) for _ in range(LONG))


def code_in(given: object) -> str:
    """The code, where what was brought is one; "" for anything else."""
    return given if isinstance(given, str) and _CODE.fullmatch(given) else ""
