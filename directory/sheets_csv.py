"""A CSV file as a table and back, in UTF-8, with commas."""

import csv
import io

from directory.crosswalk import Fault

Numbered = list[tuple[int, list[str]]]  # the line on which a row ends, and its cells


def csv_rows(text: str) -> tuple[Numbered, list[Fault]]:
    """Every row of the file with its line, and the fault that stopped the reading."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    rows: Numbered = []
    try:
        rows.extend((reader.line_num, row) for row in reader if any(row))
    except csv.Error:
        where = f"line {reader.line_num}"
        wrong = "broken quotes or a cell without end"
        return rows, [Fault(row=where, column="line", wrong=wrong, do="save it as CSV again")]
    return rows, []


def csv_bytes(rows: list[list[str]]) -> bytes:
    """The table as UTF-8 with a mark at its beginning, without which Excel misreads it."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def decoding_fault(data: bytes, error: UnicodeDecodeError) -> Fault:
    """Where a file stops being UTF-8; names the line, never what stands there."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        do = "save it again as CSV UTF-8"
        return Fault(row="file", column="file", wrong="saved as UTF-16", do=do)
    line = data.count(b"\n", 0, error.start) + 1
    wrong = "not UTF-8: letters of another encoding"
    do = "open the original, choose CSV UTF-8 when saving"
    return Fault(row=f"line {line}", column="line", wrong=wrong, do=do)
