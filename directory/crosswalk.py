"""Reads the crosswalk: what a person judged about each row of the seed, in the row's own words."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass

from directory.hours import readable
from directory.service import (
    COUNTRIES,
    TAXONOMY,
    Audience,
    Kind,
    Known,
    Nationality,
    Papers,
)
from directory.taxonomy import RECORDED_TAGS

CROSSWALK_COLUMNS = ("id", "field", "value", "evidence")
NONE = "none"
_YES_NO = frozenset({Known.YES.value, Known.NO.value})

# What each field may say. A field that is missing for a row is unknown, never "no".
FIELDS: dict[str, frozenset[str]] = {
    "code": frozenset({NONE, *TAXONOMY}),
    "kind": frozenset(kind.value for kind in Kind),
    "tag": RECORDED_TAGS,
    "audience": frozenset(audience.value for audience in Audience),
    "nationality": frozenset(rule.value for rule in Nationality),
    "nationalities": frozenset(COUNTRIES),
    "papers": frozenset(rule.value for rule in Papers),
    "men": _YES_NO,
    "lgbti": _YES_NO,
    "pregnant": _YES_NO,
    "children": _YES_NO,
    "older_boys": _YES_NO,
    "disability": _YES_NO,
    "state_of": frozenset(COUNTRIES),
    "reach": frozenset({"country", "local"}),
    "walk_in": _YES_NO,
    "toll_free": _YES_NO,
    "from_abroad": _YES_NO,
    "records_calls": _YES_NO,
    "asks_police_report": _YES_NO,
    "may_be_shown": _YES_NO,
    "doubt": frozenset({"old"}),
    "languages": frozenset({"unknown"}),
}
# Fields whose values are no closed set.
OPEN_FIELDS: dict[str, Callable[[str], bool]] = {
    "hours_osm": readable,
    "also_in": lambda value: value.isprintable(),
    "age_max": lambda value: value.isdecimal() and int(value) < 120,
}
MANY = frozenset({"code", "tag", "audience", "nationalities", "also_in", "doubt"})
SHORTEST_EVIDENCE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in a file: where, what, and what to do; it never repeats a cell."""

    row: str
    column: str
    wrong: str
    do: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One judgement on one row: `evidence` is a literal part of one of the row's cells."""

    line: int
    id: str
    field: str
    value: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that the crosswalk says about one row."""

    statements: tuple[Statement, ...] = ()

    def all(self, name: str) -> tuple[str, ...]:
        """Every value given for a field, in file order."""
        return tuple(s.value for s in self.statements if s.field == name)

    def one(self, name: str, otherwise: str) -> str:
        """The value of a field that has at most one, or `otherwise`."""
        return next(iter(self.all(name)), otherwise)

    def known(self, name: str) -> Known:
        """Yes, no or unknown."""
        return Known(self.one(name, Known.UNKNOWN.value))


def read_crosswalk(text: str) -> tuple[dict[str, Judgement], list[Fault]]:
    """Every row's judgement by row id, and every faulty line of the file."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    statements: list[Statement] = []
    faults: list[Fault] = []
    try:
        if tuple(reader.fieldnames or ()) != CROSSWALK_COLUMNS:
            return {}, [_fault(1, "columns", "not id, field, value, evidence", "name these four")]
        for cells in reader:
            if None in cells or None in cells.values():
                faults.append(_fault(reader.line_num, "line", "not four cells", "give four"))
                continue
            statements.append(Statement(line=reader.line_num, **cells))
    except csv.Error:
        faults.append(_fault(reader.line_num, "line", "broken quotes", "save it as CSV again"))
    return _grouped(statements), faults + [f for s in statements for f in _line_faults(s)]


def judgement_faults(judgement: Judgement, cells: dict[str, str]) -> list[Fault]:
    """Faults that need the row: evidence it does not hold, and statements that contradict."""
    faults = [
        _fault(s.line, "evidence", "these words are not in the row", "quote the row")
        for s in judgement.statements
        if not any(s.evidence in cell for cell in cells.values())
    ]
    seen: set[tuple[str, str]] = set()
    for s in judgement.statements:
        key = (s.field, s.value if s.field in MANY else "")
        if key in seen:
            faults.append(_fault(s.line, "field", "said twice for this row", "keep one line"))
        seen.add(key)
    codes = judgement.all("code")
    if NONE in codes and len(codes) > 1:
        line = judgement.statements[0].line
        faults.append(_fault(line, "value", "both none and a code", "keep none or the codes"))
    return faults


def _line_faults(statement: Statement) -> list[Fault]:
    name, value = statement.field, statement.value
    allowed = FIELDS.get(name)
    judge = OPEN_FIELDS.get(name)
    if allowed is None and judge is None:
        return [_fault(statement.line, "field", "unknown field", "use a field of FIELDS")]
    faults = []
    if (allowed is not None and value not in allowed) or (judge is not None and not judge(value)):
        faults.append(_fault(statement.line, "value", "unknown value", "use a value of FIELDS"))
    if len(statement.evidence.strip()) < SHORTEST_EVIDENCE:
        faults.append(_fault(statement.line, "evidence", "no evidence", "quote the row's words"))
    return faults


def _grouped(statements: list[Statement]) -> dict[str, Judgement]:
    by_id: dict[str, list[Statement]] = {}
    for statement in statements:
        by_id.setdefault(statement.id, []).append(statement)
    return {row: Judgement(tuple(of_row)) for row, of_row in by_id.items()}


def _fault(line: int, column: str, wrong: str, do: str) -> Fault:
    return Fault(row=f"crosswalk line {line}", column=column, wrong=wrong, do=do)
