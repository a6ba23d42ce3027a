"""Reads what a browser posts to the staff side; nothing of it ever stands in an error."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson
from fastapi import Request

from console.multipart import FORM_WITH_FILE, Upload, read_parts

MAX_FIELDS = 200
FORM = "application/x-www-form-urlencoded"
UNREADABLE: Final = "\ufffd"  # stands where a character was that PostgreSQL keeps in no text


@dataclass(frozen=True, slots=True)
class Posted:
    """The fields of a form; repr shows none of them."""

    _fields: Mapping[str, tuple[str, ...]] = field(repr=False)
    _files: Mapping[str, Upload] = field(default_factory=dict, repr=False)

    def one(self, name: str) -> str:
        """The field, without blanks around it; "" where it is absent or there twice."""
        given = self._fields.get(name, ())
        return given[0].strip() if len(given) == 1 else ""

    def exact(self, name: str) -> str:
        """The field as it was typed, for passwords."""
        given = self._fields.get(name, ())
        return given[0] if len(given) == 1 else ""

    def many(self, name: str) -> tuple[str, ...]:
        """All values of the fields of this name, as boxes that are ticked give them."""
        return self._fields.get(name, ())

    def file(self, name: str) -> Upload | None:
        """The file of this name; None where none was chosen, or an empty one."""
        found = self._files.get(name)
        return found if found and found.content else None

    def names(self) -> tuple[str, ...]:
        """The names of all fields."""
        return tuple(self._fields)


async def posted(request: Request) -> Posted:
    """The form of this request; empty where the body is anything else, or no UTF-8."""
    kind = request.headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() == FORM_WITH_FILE:
        fields, files = read_parts(kind, await request.body())
        return Posted(_readable((n, one) for n, many in fields.items() for one in many), files)
    if kind.partition(";")[0].strip().lower() != FORM:
        return Posted({})
    try:
        pairs = parse_qsl(
            (await request.body()).decode(),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=MAX_FIELDS,
        )
    except ValueError:  # its message may hold what was typed
        return Posted({})
    return Posted(_readable(pairs))


async def posted_json(request: Request) -> Mapping[str, Any]:
    """The JSON object that a script of ours sends; empty for anything else.

    Also for what is nested too deeply, and for text that no database takes.
    """
    body = await request.body()
    try:
        given = orjson.loads(body)  # refuses halves of characters, and deep nesting by itself
    except orjson.JSONDecodeError:
        return {}
    return given if isinstance(given, dict) and b"\\u0000" not in body else {}


def _readable(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        fields[name] = (*fields.get(name, ()), value.replace("\0", UNREADABLE))
    return fields
