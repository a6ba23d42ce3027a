"""Reads a file of services: all of it, or nothing and every reason why not."""

import csv
import io
import re
from collections.abc import Iterator

from directory.crosswalk import (
    NONE,
    Fault,
    Judgement,
    judgement_faults,
    read_crosswalk,
)
from directory.row_checks import (
    COLUMNS,
    OPTIONAL_COLUMNS,
    Row,
    named_row,
    row_faults,
    without_note,
)
from directory.service import (
    Audience,
    Confidence,
    Contact,
    ContactKind,
    Doubt,
    Eligibility,
    Kind,
    Known,
    Nationality,
    Papers,
    Service,
    TagFact,
)
from directory.sheets_csv import decoding_fault

LONGEST_FILE = 5_000_000
MOST_ROWS = 20_000
_CONFIDENCE: dict[str, Confidence] = {
    "two_sources": "two_sources",
    "one_source": "one_source",
    "contact_unverified": "contact_unverified",
}
# The marks the seed's makers put into notes; notes themselves are never kept or shown.
_MARKS = re.compile(r"\b(DOUBTFUL|CONFLICT|WEAK):")


class ServicesFaulty(Exception):
    """The file cannot be used; `faults` names every faulty row and repeats no cell."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults in the services file")
        self.faults = tuple(faults)


def decoded(data: bytes) -> str:
    """The text of an uploaded file; raises ServicesFaulty when it is not UTF-8 or too big.

    The fault names the line on which the file stops being UTF-8.
    """
    if len(data) > LONGEST_FILE:
        raise ServicesFaulty([_file_fault("too big", f"keep it under {LONGEST_FILE} bytes")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ServicesFaulty([decoding_fault(data, error)]) from None


def read_services(csv_text: str, crosswalk_text: str) -> tuple[Service, ...]:
    """Every service of the file, in file order, joined with what the crosswalk says about it.

    Raises ServicesFaulty with the faults of all rows at once; nothing is half read.
    """
    rows, faults = _rows(csv_text)
    judgements, crosswalk_faults = read_crosswalk(crosswalk_text)
    faults += crosswalk_faults
    known = {row.cells["id"] for row in rows}
    faults += [
        statement_fault
        for row_id, judgement in judgements.items()
        if row_id not in known
        for statement_fault in _unknown_row(judgement)
    ]
    for row in rows:
        faults += row_faults(row)
        judgement = judgements.get(row.cells["id"], Judgement())
        faults += judgement_faults(judgement, row.cells)
        faults += _joint_faults(row, judgement)
    if faults:
        raise ServicesFaulty(faults)
    return tuple(_service(row, judgements.get(row.cells["id"], Judgement())) for row in rows)


def _rows(text: str) -> tuple[list[Row], list[Fault]]:
    if len(text) > LONGEST_FILE:
        return [], [_file_fault("too big", f"keep it under {LONGEST_FILE} characters")]
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    rows: list[Row] = []
    faults: list[Fault] = []
    try:
        faults += _column_faults(list(reader.fieldnames or ()))
        if faults:
            return [], faults
        for cells in reader:
            if None in cells or None in cells.values():
                faults.append(_line_fault(reader.line_num, "not one cell a column"))
            else:
                rows.append(named_row(reader.line_num, cells))
    except csv.Error:
        faults.append(_line_fault(reader.line_num, "broken quotes or a cell without end"))
    if len(rows) > MOST_ROWS:
        faults.append(_file_fault("too many rows", f"keep it under {MOST_ROWS}"))
    return rows, faults + list(_duplicates(rows))


def _column_faults(found: list[str]) -> Iterator[Fault]:
    for column in COLUMNS:
        if found.count(column) != 1:
            yield Fault(row="line 1", column=column, wrong="not there once", do="name it once")
    for place, column in enumerate(found, start=1):
        if column not in (*COLUMNS, *OPTIONAL_COLUMNS):
            where = f"column {place}"
            yield Fault(row="line 1", column=where, wrong="unknown column", do="take it out")


def _duplicates(rows: list[Row]) -> Iterator[Fault]:
    seen: set[str] = set()
    for row in rows:
        if row.cells["id"] in seen:
            yield row.fault("id", "used twice", "give each row its own id")
        seen.add(row.cells["id"])


def _unknown_row(judgement: Judgement) -> Iterator[Fault]:
    line = judgement.statements[0].line
    yield Fault(
        row=f"crosswalk line {line}",
        column="id",
        wrong="no such row in the services file",
        do="take the lines out or correct the id",
    )


def _joint_faults(row: Row, judgement: Judgement) -> Iterator[Fault]:
    if _confidential(row, judgement):
        for column in ("lat", "lon", "address"):
            if row.cells.get(column):
                yield row.fault(column, "a shelter with a place", "empty it, it must stay secret")
    listed = judgement.one("nationality", "") == Nationality.LISTED.value
    if listed != bool(judgement.all("nationalities")):
        yield row.fault("nationality", "listed needs countries, others none", "correct it")


def _confidential(row: Row, judgement: Judgement) -> bool:
    shelter_code = any(code.startswith("SHE.") for code in judgement.all("code"))
    return shelter_code or "shelter" in row.parts("sectors")


def _service(row: Row, judgement: Judgement) -> Service:
    cells = row.cells
    placed = bool(cells["admin1"] or cells["city"])
    unread = judgement.one("languages", "") == "unknown"
    languages = "" if unread else without_note(cells["languages"])
    return Service(
        id=cells["id"],
        organisation=cells["organisation_en"],
        organisation_local=cells["organisation_local"],
        name=cells["service_name_en"],
        kind=Kind(judgement.one("kind", Kind.UNKNOWN.value)),
        country=cells["country"],
        admin1=cells["admin1"],
        city=cells["city"],
        also_in=frozenset(judgement.all("also_in")),
        country_wide=judgement.one("reach", "local" if placed else "country") == "country",
        walk_in=judgement.known("walk_in"),
        address=cells.get("address") or None,
        lat=float(cells["lat"]) if cells["lat"] else None,
        lon=float(cells["lon"]) if cells["lon"] else None,
        codes=frozenset(judgement.all("code")) - {NONE},
        tags=tuple(TagFact(tag=tag, known=Known.YES) for tag in judgement.all("tag")),
        languages=frozenset(word.strip() for word in languages.split(";") if word.strip()),
        hours=cells["hours"],
        hours_osm=judgement.one("hours_osm", "") or None,
        cost=cells["cost"],
        contacts=tuple(_contacts(row, judgement)),
        eligibility=_eligibility(judgement),
        confidence=_CONFIDENCE[cells["confidence"]],
        doubts=_doubts(row, judgement),
        confidential=_confidential(row, judgement),
        may_be_shown=judgement.known("may_be_shown"),
        state_of=judgement.one("state_of", "") or None,
        asks_police_report=judgement.known("asks_police_report"),
        records_calls=judgement.known("records_calls"),
        sources=tuple(source for source in (cells["source_1"], cells["source_2"]) if source),
    )


def _contacts(row: Row, judgement: Judgement) -> Iterator[Contact]:
    free, abroad = judgement.known("toll_free"), judgement.known("from_abroad")
    standard = row.parts("phone_e164")
    for place, number in enumerate(row.parts("phone")):
        yield Contact(
            kind=ContactKind.VOICE,
            value=number,
            e164=standard[place] if standard else None,
            toll_free=free,
            from_abroad=abroad,
        )
    # A short code dialled abroad reaches somebody else: what works from abroad is the number.
    inland = Known.NO if abroad is Known.NO else Known.UNKNOWN
    for code in row.parts("short_code"):
        digits = code.replace(" ", "")
        yield Contact(
            kind=ContactKind.VOICE,
            value=code,
            short_code=digits,
            toll_free=free,
            from_abroad=inland,
        )
    for channel in row.parts("messaging"):
        app, _, name = channel.partition(" ")
        if app == "SMS":
            yield Contact(kind=ContactKind.SMS, value=name, short_code=name.replace(" ", ""))
        else:
            yield Contact(kind=ContactKind.CHAT, value=channel)
    if row.cells["email"]:
        yield Contact(kind=ContactKind.EMAIL, value=row.cells["email"])
    if row.cells["website"]:
        yield Contact(kind=ContactKind.WEB, value=row.cells["website"])


def _eligibility(judgement: Judgement) -> Eligibility:
    age_max = judgement.one("age_max", "")
    return Eligibility(
        nationality=Nationality(judgement.one("nationality", Nationality.UNKNOWN.value)),
        nationalities=frozenset(judgement.all("nationalities")),
        papers=Papers(judgement.one("papers", Papers.UNKNOWN.value)),
        audience=frozenset(Audience(group) for group in judgement.all("audience")),
        age_max=int(age_max) if age_max else None,
        men=judgement.known("men"),
        lgbti=judgement.known("lgbti"),
        pregnant=judgement.known("pregnant"),
        children=judgement.known("children"),
        older_boys=judgement.known("older_boys"),
        disability=judgement.known("disability"),
    )


def _doubts(row: Row, judgement: Judgement) -> frozenset[Doubt]:
    marks = {Doubt[mark] for mark in _MARKS.findall(row.cells["notes"])}
    return frozenset(marks | {Doubt(doubt) for doubt in judgement.all("doubt")})


def _line_fault(line: int, wrong: str) -> Fault:
    return Fault(row=f"line {line}", column="line", wrong=wrong, do="save it as CSV again")


def _file_fault(wrong: str, do: str) -> Fault:
    return Fault(row="file", column="file", wrong=wrong, do=do)
