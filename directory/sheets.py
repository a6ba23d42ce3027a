"""Entries as a table that a coordinator edits: one row a service, one column a field."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, reduce
from operator import getitem
from typing import Any

from directory.crosswalk import Fault
from directory.exchange_document import EXACT, Document, blank_document, column_of
from directory.sheets_cells import Runs, joined, meant, neutral, parted

Table = list[list[str]]

MOST_ROWS = 20_000
MOST_CONTACTS = 20
FEWEST_CONTACTS = 3  # so that there is room to type one more
NOW = "now_"  # columns that say how an entry stands; they go out and are not read
_PARTS = {
    "contacts": (
        "kind",
        "value",
        "e164",
        "short_code",
        "toll_free",
        "from_abroad",
        "caller_seen",
    ),
    "locations": (
        "id",
        "country",
        "admin1",
        "city",
        "address",
        "lat",
        "lon",
        "confidential",
        "side",
    ),
}
_COMPLAINT = tuple(f"complaint_{part}" for part in _PARTS["contacts"])
_LOCALES = ("en", "km", "lo", "my", "th", "vi")
_TEXTS = ("description", "safe_script")
_SPREAD = re.compile(r"(contact|location)_([1-9][0-9]?)_([a-z0-9_]+)")


def columns_of(documents: Iterable[Document]) -> list[str]:
    """The columns of a table of these documents: every field of ours, and room for contacts."""
    found = list(documents)
    spread = [
        f"{name[:-1]}_{place}_{part}"
        for name, fewest in (("contacts", FEWEST_CONTACTS), ("locations", 1))
        for place in range(1, max([fewest, *(len(d.get(name, ())) for d in found)]) + 1)
        for part in _PARTS[name]
    ]
    return [*fixed_columns(), *spread]


def fixed_columns() -> list[str]:
    """The columns that every table has."""
    texts = [f"{name}_{loc}{by}" for name in _TEXTS for loc in _LOCALES for by in ("", "_by")]
    return [*_simple(), "tags", *texts, *_COMPLAINT]


def as_row(document: Document, columns: Iterable[str]) -> list[str]:
    """The document as cells, each of which a spreadsheet shows and never runs."""
    cells = cells_of(document)
    return [neutral(cells.get(column, "")) for column in columns]


def cells_of(document: Document) -> dict[str, str]:
    """Column to cell, as it is meant and not as a spreadsheet must have it."""
    return dict(_cells(document))


def standing_cells(more: Document) -> dict[str, str]:
    """How an entry stands, in columns that are not read again."""
    found = {"level": "0", "checked_on": ""} | more.get("standing", {})
    intake = found.pop("intake", {})
    found |= {
        "paused_until": intake.get("paused_until"),
        "room": [
            f"{s['says']} {s.get('value', '')} until {s['until']}"
            for s in intake.get("capacity", ())
        ],
        "alerts": [f"{a['kind']} until {a['until']}" for a in intake.get("alerts", ())],
        "checks": [
            f"{c['on']} {c['method']} {c['result']} {c['by']}" for c in more.get("history", ())
        ],
    }
    return {f"{NOW}{name}": neutral(_cell(value)) for name, value in found.items()}


def column_faults(header: list[str]) -> Iterator[Fault]:
    """Columns that are missing, twice there, or none of ours."""
    if len(header) == 1 and header[0].count(";") > 1:
        do = "save it with commas between the cells (CSV UTF-8)"
        yield Fault(row="line 1", column="line", wrong="semicolons between the cells", do=do)
        return
    for column in fixed_columns():
        if header.count(column) != 1:
            yield Fault(row="line 1", column=column, wrong="not there once", do="name it once")
    ours = set(fixed_columns())
    for place, column in enumerate(header, start=1):
        known = column in ours or column.startswith(NOW) or _is_spread(column)
        if not known or (_is_spread(column) and header.count(column) > 1):
            where = f"column {place}"
            wrong = "used twice" if known else "unknown column"
            yield Fault(row="line 1", column=where, wrong=wrong, do="take it out")


def from_row(row: str, cells: Mapping[str, str]) -> tuple[Document, list[Fault]]:
    """The document that a row says, without the cells that cannot be read, and these."""
    read: dict[str, str] = {}
    faults = []
    for column, cell in cells.items():
        if column.startswith(NOW):
            continue
        try:
            text = meant(cell)
        except Runs:
            do = "begin with a letter or a digit, or put an apostrophe before it"
            faults.append(Fault(row=row, column=column, wrong="looks like a formula", do=do))
            continue
        read[column] = text if _keeps_blanks(column) else text.strip()
    return _document(read), faults


def _keeps_blanks(column: str) -> bool:
    """Whether blanks at the ends of a cell are left: of a list, `parted` knows which count."""
    part = column.rpartition("_")[2] if column.startswith("location_") else column
    return part in EXACT or column in _lists() or column.startswith(_TEXTS)


@cache
def _lists() -> frozenset[str]:
    """The columns of several values."""
    blank = blank_document()
    ways = _simple().items()
    several = (column for column, way in ways if isinstance(reduce(getitem, way, blank), list))
    return frozenset({"tags", *several})


def _simple() -> dict[str, tuple[str, ...]]:
    """Column to way, for every field that is one cell."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in blank_document().items():
        if isinstance(value, dict) and name != "advice":
            found |= {inner: (name, inner) for inner in value}
        elif name not in (*_PARTS, "tags", "advice"):
            found[name] = (name,)
    return found


def _cells(document: Document) -> Iterator[tuple[str, str]]:
    for column, path in _simple().items():
        value: Any = document
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        yield column, _cell(value)
    tags = document.get("tags", ())
    days = [f"{t['tag']} {t['known']} {t.get('checked_on') or ''}".strip() for t in tags]
    yield "tags", joined(days)
    for name in _PARTS:
        for place, one in enumerate(document.get(name, ())):
            for part, value in one.items():
                yield column_of((name, place, part)), _cell(value)
    advice = document.get("advice", {})
    for name in _TEXTS:
        for text in advice.get(name, ()):
            yield f"{name}_{text['locale']}", text["text"]
            yield f"{name}_{text['locale']}_by", text.get("approved_by", "")
    for part, value in (advice.get("complaint") or {}).items():
        yield f"complaint_{part}", _cell(value)


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return joined(value)
        case _:
            return str(value)


def _document(read: Mapping[str, str]) -> Document:
    blank = blank_document()
    document: Document = {name: read.get(name, "") for name in ("organisation", "name")}
    for column, path in _simple().items():
        cell = read.get(column, "")
        if not cell:
            continue
        holder, default = document, blank
        for step in path[:-1]:
            holder, default = holder.setdefault(step, {}), default[step]
        holder[path[-1]] = parted(cell) if isinstance(default[path[-1]], list) else cell
    document |= {name: found for name in _PARTS if (found := _spread(read, name))}
    if read.get("tags"):
        document["tags"] = [_tag(each) for each in parted(read["tags"])]
    if advice := _advice(read):
        document["advice"] = advice
    return document


def _spread(read: Mapping[str, str], name: str) -> list[dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for column, cell in read.items():
        where = _SPREAD.fullmatch(column)
        if where and where[1] == name[:-1] and cell:
            found.setdefault(int(where[2]), {})[where[3]] = cell
    return [found[place] for place in sorted(found)]


def _tag(text: str) -> dict[str, str]:
    """`pep yes 2026-03-01`: the tag, what is known, the day it was checked."""
    tag, _, rest = text.partition(" ")
    known, _, day = rest.strip().partition(" ")
    return {"tag": tag, "known": known, **({"checked_on": day.strip()} if day.strip() else {})}


def _advice(read: Mapping[str, str]) -> Document:
    advice: Document = {}
    for name in _TEXTS:
        texts = [
            {"locale": loc, "text": text, "approved_by": read.get(f"{name}_{loc}_by", "")}
            for loc in _LOCALES
            if (text := read.get(f"{name}_{loc}", ""))
        ]
        if texts:
            advice[name] = texts
    parts = {part: read.get(f"complaint_{part}", "") for part in _PARTS["contacts"]}
    if any(parts.values()):
        advice["complaint"] = {part: cell for part, cell in parts.items() if cell}
    return advice


def _is_spread(column: str) -> bool:
    found = _SPREAD.fullmatch(column)
    if not found or int(found[2]) > MOST_CONTACTS:
        return False
    return found[3] in _PARTS[f"{found[1]}s"]
