"""Reads and writes the directory as CSV, XLSX or HSDS 3 JSON: all of a file, or none of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from directory.crosswalk import CROSSWALK_COLUMNS, Fault
from directory.exchange import ServicesFaulty, decoded, read_services
from directory.exchange_checks import service_faults, service_notes, text_faults
from directory.exchange_document import as_document, read_document, sound_part, trimmed
from directory.exchange_public import is_public_column
from directory.hsds_file import Outgoing, hsds_bytes, hsds_services
from directory.hsds_foreign import kept_faults
from directory.row_checks import COLUMNS, named_row
from directory.service import Service
from directory.sheets import (
    MOST_ROWS,
    as_row,
    column_faults,
    columns_of,
    from_row,
    standing_cells,
)
from directory.sheets_csv import Numbered, csv_bytes, csv_rows
from directory.sheets_xlsx import xlsx_bytes, xlsx_rows

ENDINGS = (".csv", ".xlsx", ".json")
_NO_CROSSWALK = ",".join(CROSSWALK_COLUMNS) + "\n"

Read = Iterator[tuple[str, Service | list[Fault]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What a file holds, and what in it is allowed but worth a look."""

    services: tuple[Service, ...]
    notes: tuple[Fault, ...] = ()


def read_file(ending: str, data: bytes, on: date | None = None) -> Incoming:
    """Every service of a file, by its ending, as it came in on this day.

    Raises ServicesFaulty with every fault at once.

    What the file says about levels, checks, room and what is held back is not read: an import
    never sets it.
    """
    match ending:
        case ".json":
            found = hsds_services(data)
        case ".xlsx":
            found = _table(*xlsx_rows(data, MOST_ROWS))
        case _:
            found = _table(*csv_rows(decoded(data)))
    services: list[Service] = []
    faults: list[Fault] = []
    notes: list[Fault] = []
    seen: set[str] = set()
    for row, read in found:
        if isinstance(read, Service):
            read = trimmed(row, read)
        if isinstance(read, list):
            faults += read
            continue
        faults += [*service_faults(row, read, on), *kept_faults(row, read)]
        if read.id in seen:
            do = "give each row its own id"
            faults.append(Fault(row=row, column="id", wrong="used twice", do=do))
        seen.add(read.id)
        notes += service_notes(row, read)
        services.append(read)
    if faults:
        raise ServicesFaulty(faults)
    return Incoming(services=tuple(services), notes=tuple(notes))


def write_file(ending: str, outgoing: Iterable[Outgoing], *, public: bool = False) -> bytes:
    """The entries in the format of the ending, in the order given.

    A public table has no column at all for what is not public.
    """
    entries = list(outgoing)
    if ending == ".json":
        return hsds_bytes(entries)
    columns = columns_of(each.entry for each in entries)
    columns = [column for column in columns if not public or is_public_column(column)]
    standing = [standing_cells(each.more) for each in entries]
    now = list(dict.fromkeys(name for cells in standing for name in cells))
    rows = [[*columns, *now]]
    for each, cells in zip(entries, standing, strict=True):
        rows.append([*as_row(each.entry, columns), *(cells.get(name, "") for name in now)])
    return xlsx_bytes(rows) if ending == ".xlsx" else csv_bytes(rows)


def _table(rows: Numbered, faults: list[Fault]) -> Read:
    if not rows and not faults:
        do = "export the directory for a table to begin with"
        faults = [Fault(row="file", column="file", wrong="empty", do=do)]
    if not faults and set(COLUMNS[:3]) <= set(rows[0][1]):
        yield from _seed_form(rows)
        return
    if not faults:
        faults = list(column_faults(rows[0][1]))
    if len(rows) > MOST_ROWS + 1:
        do = f"keep it under {MOST_ROWS}"
        faults.append(Fault(row="file", column="file", wrong="too many rows", do=do))
    if faults:
        yield "file", faults
        return
    for line, row in rows[1:]:
        yield _row(line, rows[0][1], row)


def _row(line: int, header: list[str], row: list[str]) -> tuple[str, Service | list[Fault]]:
    if len(row) != len(header):
        wrong, do = "not one cell a column", "compare the row with the first line"
        name = f"line {line}"
        return name, [Fault(row=name, column="line", wrong=wrong, do=do)]
    cells = dict(zip(header, row, strict=True))
    name = named_row(line, cells).name
    document, faults = from_row(name, cells)
    blanked = {"row"} if faults else set[str]()  # what contradicts itself may be a blanked cell
    faults += text_faults(name, document)
    read = read_document(name, document)
    if isinstance(read, Service) and not faults:
        return name, read
    more = read if isinstance(read, list) else []
    if part := sound_part(document):
        more = [*more, *service_faults(name, part)]
    told = blanked | {fault.column for fault in faults}
    return name, [*faults, *(fault for fault in more if fault.column not in told)]


def _seed_form(rows: Numbered) -> Read:
    """The columns of the project's own seed; what they do not say is unknown."""
    text = csv_bytes([cells for _, cells in rows]).decode("utf-8-sig")
    try:
        services = read_services(text, _NO_CROSSWALK)
    except ServicesFaulty as faulty:
        yield "file", list(faulty.faults)
        return
    for service in services:
        faults = list(text_faults(service.id, as_document(service)))
        yield service.id, faults or service
