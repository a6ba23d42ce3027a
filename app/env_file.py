"""Reads a `.env`: each line of it is taken, or the start stops and names it."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from pathlib import Path

from dotenv.main import resolve_variables
from dotenv.parser import Binding, parse_stream

PREFIX = "SAPHAN_"


def read(path: Path) -> tuple[dict[str, str], list[str]]:
    """Its values by name, the empty ones left out, and what is wrong with it, a line each.

    A line left out in silence could be the one that says that this is no trial. No line shows a
    value. Where no file is to be seen, both are empty.
    """
    if not os.path.lexists(path):
        return {}, []
    try:
        bindings = tuple(parse_stream(StringIO(path.read_text("utf-8"))))
    except UnicodeDecodeError:
        return {}, [f"{path.name} is not UTF-8; save it as UTF-8"]
    except OSError:
        return {}, [f"{path.name} cannot be read; give it to this user, or take it away"]
    given = [(one.key, one.value) for one in bindings if one.key and one.value]
    found = resolve_variables(given, override=True)
    unset = [k for k, v in given if well_named(k) and not found[k] and ":-" not in v]
    faults = [f"{k} in {path.name} names a variable that is not set" for k in unset]
    return {k: v for k, v in found.items() if v}, [*_unread(path.name, bindings), *faults]


def well_named(name: str) -> bool:
    """Whether a name has the form of a setting: SAPHAN_ and capitals."""
    return re.fullmatch(r"SAPHAN_[A-Z0-9_]+", name) is not None


def misnamed(names: Iterable[str]) -> Iterator[str]:
    """A line for each name that is meant as a setting and not written as one."""
    for name in sorted(names):
        meant = re.sub(r"[^a-z0-9]", "_", name.casefold()).lstrip("_")
        if meant.startswith(PREFIX.casefold()) and not well_named(name):
            # Its first word alone: what stands behind another sign may be a secret, NAME:secret=
            word = re.findall(r"[A-Za-z0-9_]+", name)[0]
            shown = word if word == name else f"{word}…"
            yield f"{shown} is not written as a setting; write {PREFIX} and capitals"


def _unread(file: str, bindings: Sequence[Binding]) -> Iterator[str]:
    for one in bindings:
        text = one.original.string
        line = one.original.line + text[: len(text) - len(text.lstrip())].count("\n")
        if one.error or (one.key and one.value is None):
            yield f"{file}, line {line}: write NAME=value, a quote at both ends or at none"
        elif one.key and "\n" in text.strip():
            yield f"{file}, line {line}: a quote is closed in a later line; close it in its own"
