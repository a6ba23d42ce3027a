"""An .xlsx file as a table of texts and back; every cell is written as text."""

import io
import warnings
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell

from directory.crosswalk import Fault
from directory.sheets_archive import archive_problem
from directory.sheets_csv import Numbered

MOST_COLUMNS = 500  # more than a table has that is full of contacts and locations
LONGEST = 32_767  # characters; Excel cuts off what is more in a cell, and says nothing
# A number typed into these has lost its leading zeros or its plus already.
_NEVER_NUMBERS = ("_value", "_e164", "_short_code")


class CellTooLong(ValueError):
    """A table that no .xlsx file can hold; says what to do."""


def xlsx_rows(data: bytes, most_rows: int) -> tuple[Numbered, list[Fault]]:
    """The rows of the first sheet as texts with their lines, and every fault of a cell."""
    if problem := archive_problem(data):
        return [], [Fault(row="file", column="file", wrong=problem[0], do=problem[1])]
    try:
        with warnings.catch_warnings():
            # Excel's own extensions are left out by openpyxl, which says so each time.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            return _table(book.worksheets[0], most_rows)
    except Exception:  # openpyxl answers damaged XML with errors of every kind
        do = "save the table again as .xlsx"
        return [], [Fault(row="file", column="file", wrong="no table can be read", do=do)]


def xlsx_bytes(rows: list[list[str]]) -> bytes:
    """The table as one sheet, its first row standing still, every cell marked as text.

    Raises CellTooLong.
    """
    if any(len(text) > LONGEST for row in rows for text in row):
        raise CellTooLong(f"a cell of over {LONGEST:,} characters; export it as .csv or .json")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("services")
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([_written(sheet, text) for text in row])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _written(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"  # else openpyxl makes a formula of what begins with =
    cell.number_format = "@"
    return cell


def _table(sheet: Any, most_rows: int) -> tuple[Numbered, list[Fault]]:
    sheet.reset_dimensions()
    rows: Numbered = []
    faults: list[Fault] = []
    header: list[str] = []
    for line, row in enumerate(
        sheet.iter_rows(max_row=most_rows + 3, max_col=MOST_COLUMNS + 1), start=1
    ):
        cells = list(row)
        while cells and cells[-1].value is None:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            do = f"keep it under {MOST_COLUMNS}"
            return [], [Fault(row=f"line {line}", column="line", wrong="too many columns", do=do)]
        if not cells:
            continue
        texts = [_text(cell.value) for cell in cells]
        faults += _cell_faults(f"line {line}", header, cells)
        header = header or texts
        rows.append((line, texts + [""] * (len(header) - len(texts))))
    return rows, faults


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime() | date():
            return value.isoformat()[:10]
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def _cell_faults(row: str, header: list[str], cells: list[Any]) -> Iterator[Fault]:
    for place, cell in enumerate(cells):
        column = header[place] if place < len(header) else ""
        named = column if column.isascii() and column.isidentifier() else f"column {place + 1}"
        if cell.data_type == "f":
            do = "put the value itself there, as text"
            yield Fault(row=row, column=named, wrong="looks like a formula", do=do)
        elif cell.data_type == "e":
            yield Fault(row=row, column=named, wrong="an error value", do="put a value there")
        elif cell.data_type == "n" and cell.value is not None and named.endswith(_NEVER_NUMBERS):
            do = "format the column as text, then type it again with its zeros"
            yield Fault(row=row, column=named, wrong="a number instead of text", do=do)
