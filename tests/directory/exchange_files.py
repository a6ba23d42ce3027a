"""Many files that somebody might hand in for an import, each with something wrong."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import openpyxl

from directory.sheets_csv import csv_bytes
from directory.sheets_xlsx import xlsx_bytes
from tests.directory.exchange_makers import LINE, SHELTER, foreign, hsds, packed, table

File = tuple[str, bytes]

# The same word in Zawgyi: a text for the detector, long enough to be sure of.
ZAWGYI = "သီဟိုဠ္မွ ဉာဏ္ႀကီးရွင္သည္ အာယုဝၯနေဆးၫႊန္းစာကို ဇလြန္ေစ်းေဘးဗာဒံပင္ထက္ အဓိ႒ာန္လ်က္ဂဃနဏဖတ္ခဲ့သည္။"
THAI = "สายด่วนช่วยเหลือผู้หญิง"


def faulty_files() -> Iterator[tuple[str, File]]:
    """Every faulty file by a name of its own."""
    yield from _cells()
    yield from _shelters()
    yield from _columns()
    yield from _encodings()
    yield from _archives()
    yield from _jsons()


def _both(name: str, rows: list[list[str]]) -> Iterator[tuple[str, File]]:
    yield f"{name} csv", (".csv", csv_bytes(rows))
    yield f"{name} xlsx", (".xlsx", xlsx_bytes(rows))


WRONG_CELLS = {
    "contact_1_value": ["12", "02 433 514", "phone", "+66 2 433 51", "0812345", "00000000"],
    "contact_1_e164": ["+6624335148", "66 24335149", "+999123456789", "+66", "+84981848484"],
    "contact_1_short_code": ["13OO", "1300", "x"],
    "contact_1_kind": ["pager", "VOICE!", "fax"],
    "contact_1_toll_free": ["perhaps", "y/n"],
    "contact_2_value": ["02 433 5149"],
    "id": ["../etc", "a b", "", "x" * 41],
    "name": ["", " "],
    "country": ["US", "Thailand", ""],
    "kind": ["charity"],
    "codes": ["HOT.NONE", "HOT.GBV; SHELTER"],
    "tags": ["pep", "pep perhaps", "magic yes", "pep yes 31.12.2026", "ec yes; ec no"],
    "languages": ["Burmese", "km my"],
    "hours_osm": ["nine to five"],
    "lat": ["13.7", "north", "nan"],
    "age_min": ["young", "3.5"],
    "nationality": ["thai", "listed"],
    "papers": ["passport"],
    "confidence": ["sure"],
    "must_report_adult": ["always"],
    "starts": ["fax"],
    "description_en": ["x" * 201],
    "confidential": ["maybe"],
    "state_of": ["US"],
}
FORMULAS = (
    "=1+1",
    "=HYPERLINK(A1)",
    "+1+1",
    "-1",
    "@SUM(1)",
    " =1",
    "＝1+1",
    "＋1",
    "\t=1",
    "=cmd|' /C calc'!A0",
)
CHARACTERS = {
    "bell": "ring \x07",
    "turned": "turned \u202e round",
    "damaged": "damaged \ufffd",
    "long": "x" * 2_001,
    "zawgyi": ZAWGYI,
    "latin": THAI.encode().decode("latin-1").replace("\x85", "").replace("\xad", ""),
    "cp1252": "".join(
        bytes([b]).decode("cp1252", "ignore") or chr(b) for b in "ជំនួយសម្រាប់ស្ត្រី".encode()
    ),
}


def _cells() -> Iterator[tuple[str, File]]:
    for column, wrong in WRONG_CELLS.items():
        for number, cell in enumerate(wrong):
            yield from _both(f"{column} {number}", table(**{column: cell}))
    for number, formula in enumerate(FORMULAS):
        for column in ("name", "cost"):
            yield f"formula {column} {number}", (".csv", csv_bytes(table(**{column: formula})))
    yield "formula in phone", (".csv", csv_bytes(table(contact_1_value="+1+cmd|'!A0")))
    for name, text in CHARACTERS.items():
        yield f"{name} csv", (".csv", csv_bytes(table(organisation_local=text)))
        if name not in ("bell",):  # no such character can stand in an .xlsx file
            yield f"{name} xlsx", (".xlsx", xlsx_bytes(table(organisation_local=text)))
    for second in (LINE, replace(SHELTER, id=LINE.id)):
        yield from _both(f"id twice {second.confidential}", table(LINE, second))


def _shelters() -> Iterator[tuple[str, File]]:
    for cells in ({"address": "5 Example Road"}, {"lat": "13.7", "lon": "100.5"}):
        name = " ".join(cells)
        yield from _both(f"shelter {name}", table(SHELTER, **cells))
        yield from _both(f"open shelter {name}", table(SHELTER, confidential="no", **cells))
    placed = {"location_1_id": "b", "location_1_country": "TH", "location_1_address": "6 Road"}
    yield from _both("shelter location", table(SHELTER, **placed))
    for at in ("service_at_locations", "locations", "unheard_of"):
        where = {"address_1": "5 Example Road", "latitude": 13.7}
        found = foreign(name="Example shelter", service_at_locations=[]) | {at: [where]}
        yield f"foreign shelter {at}", (".json", json.dumps([found]).encode())
        own = hsds(SHELTER)[0] | {at: [where]}
        yield f"own shelter {at}", (".json", json.dumps([own]).encode())


def _columns() -> Iterator[tuple[str, File]]:
    rows = table()
    for column in ("id", "name", "codes", "sources", "tags", "description_my"):
        place = rows[0].index(column)
        without = [[*row[:place], *row[place + 1 :]] for row in rows]
        yield from _both(f"without {column}", without)
        yield from _both(f"twice {column}", [[*row, row[place]] for row in rows])
    for strange in ("secret words", "contact_1_fax", "contact_21_value", "location_1_", "Name"):
        yield from _both(f"column {strange}", [[*rows[0], strange], [*rows[1], ""]])
    yield "too few", (".csv", csv_bytes([rows[0], rows[1][:-1]]))
    yield "too many", (".csv", csv_bytes([rows[0], [*rows[1], "x"]]))
    yield "open quote", (".csv", csv_bytes(rows) + b'"open')
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    yield "semicolons", (".csv", text.getvalue().encode())
    yield "tabs", (".csv", text.getvalue().replace(";", "\t").encode())
    yield "empty", (".csv", b"")
    yield "blank xlsx", (".xlsx", xlsx_bytes([[]]))
    yield "too big", (".csv", csv_bytes(rows) + b"x" * 5_000_000)
    yield "too many rows", (".csv", csv_bytes([["id"], *([["x"]] * 20_001)]))


def _encodings() -> Iterator[tuple[str, File]]:
    text = csv_bytes(table(organisation_local=THAI)).decode("utf-8-sig")
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "tis-620", "cp874", "utf-32"):
        yield f"in {encoding}", (".csv", text.encode(encoding))
    good = csv_bytes(table(LINE, replace(LINE, id="TH-902")))
    for place, damage in enumerate((b"\xff", b"\xe0\xb8", b"caf\xe9,", b"\xed\xa0\x80")):
        yield f"mixed {place}", (".csv", good.replace(b"TH-902", b"TH-902" + damage))
    latin = csv_bytes(table(organisation_local="Tổ chức")).decode("utf-8-sig")
    yield "cp1258", (".csv", latin.replace("ổ", "é").encode("cp1258", "replace"))


def _archives() -> Iterator[tuple[str, File]]:
    zeros = b"\0" * 21_000_000
    found = {
        "bomb": packed({"xl/big.xml": zeros}),
        "many files": packed({f"f{n}.xml": b"x" for n in range(200)}),
        "nested": packed({"in.zip": b"x"}),
        "nested unnamed": packed({"in.dat": b"PK\x03\x04 and more"}),
        "absolute": packed({"/etc/passwd": b"x"}),
        "upwards": packed({"../x": b"x"}),
        "drive": packed({"C:\\x": b"x"}),
        "macros": packed({"xl/vbaProject.bin": b"x"}),
        "links": packed({"xl/externalLinks/1.xml": b"x"}),
        "entities": packed({"xl/e.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'}),
        "hidden entities": packed({"xl/u.xml": '<!DOCTYPE x [<!ENTITY a "">]>'.encode("utf-16")}),
        "long row": _sheet(b"<row>" + b"<c><v>1</v></c>" * 1_000_000),
        "rows without end": _sheet(b"<row><c><v>1</v></c></row>" * 600_000),
        "deep xml": _sheet(b"<row>" * 2_000_000),
        "no archive": b"hello",
        "half": xlsx_bytes(table())[:800],
        "damaged": xlsx_bytes(table()).replace(b"PK\x01\x02", b"PK\x01\x03"),
        "in front": b"MZ" + xlsx_bytes(table()),
        "picture": b"\x89PNG\r\n\x1a\n" + xlsx_bytes(table()),
        "big": packed({}) + b"\0" * 5_000_000,
        "no table": _zip({"a.txt": b"x"}),
        "false table": _zip({"xl/workbook.xml": b"<x/>", "[Content_Types].xml": b"<x/>"}),
    }
    link = zipfile.ZipInfo("xl/link.xml")
    link.external_attr = 0o120777 << 16
    data = io.BytesIO(packed({}))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    found["link"] = data.getvalue()
    for name, content in found.items():
        yield name, (".xlsx", content)
    for value in ("=1+1", 24335149, "#REF!", 1300.0):
        yield f"typed {value}", (".xlsx", _typed(value))


def _jsons() -> Iterator[tuple[str, File]]:
    good = hsds()[0]
    entry = good["saphan"]["entry"]
    ours = {
        "version": {"version": 2, "entry": entry},
        "no entry": {"version": 1},
        "list": [],
        "strange field": {"version": 1, "entry": entry | {"nmae": "x"}},
        "level": {"version": 1, "entry": entry | {"level": 3}},
        "wrong type": {"version": 1, "entry": entry | {"contacts": "02"}},
        "another name": {"version": 1, "entry": entry | {"name": "Other"}},
        "zawgyi": {"version": 1, "entry": entry | {"cost": ZAWGYI}},
    }
    found: dict[str, Any] = {name: [good | {"saphan": each}] for name, each in ours.items()}
    found |= {f"without {name}": [_left_out(name)] for name in ("id", "name", "status")}
    found |= {
        "text": "hello",
        "number": 5,
        "numbers": [5],
        "twice": [good, good],
        "no country": [foreign(phones=[], service_at_locations=[])],
        "bad phone": [foreign(phones=[{"id": "p", "number": "02 1"}])],
        "phones are text": [foreign(phones="02 433 5149")],
        "own phones gone": [{k: v for k, v in good.items() if k != "phones"}],
        "own name changed": [good | {"name": "Other"}],
        "foreign zawgyi": [foreign(alternate_name=ZAWGYI)],
        "too much": [foreign(unheard_of=["x" * 500] * 60)],
        "bad email": [foreign(email="nobody")],
        "bad link": [foreign(url="javascript:alert(1)")],
        "bad age": [foreign(minimum_age=40, maximum_age=3)],
        "far away": [_moved(48.8, 2.3)],
    }
    for name, value in found.items():
        yield f"json {name}", (".json", json.dumps(value).encode())
    raw = {
        "broken": b'[{"id": ',
        "deep": b"[" * 40 + b"]" * 40,
        "very deep": b"[" * 400_000,
        "big": b"[" + b" " * 1_000_000 + b"]",
        "key twice": b'[{"id": 1, "id": 2}]',
        "nan": b'[{"id": NaN}]',
        "endless": b'[{"id": 1e999}]',
        "digits": b'[{"id": ' + b"9" * 5_000 + b"}]",
        "utf-16": json.dumps(hsds()).encode("utf-16"),
        "latin": json.dumps([foreign(name="café")], ensure_ascii=False).encode("latin-1"),
        "surrogate": b'[{"id": "\\ud800", "name": "\\ud800", "status": "active"}]',
    }
    for name, content in raw.items():
        yield f"raw {name}", (".json", content)


def _left_out(name: str) -> dict[str, Any]:
    return {key: value for key, value in foreign().items() if key != name}


def _moved(lat: float, lon: float) -> dict[str, Any]:
    found = foreign()
    found["service_at_locations"][0]["location"] |= {"latitude": lat, "longitude": lon}
    return found


def _zip(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def _sheet(rows: bytes) -> bytes:
    """A good .xlsx file but for its sheet."""
    start = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    data = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx_bytes(table()))) as good,
        zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for member in good.infolist():
            sheet = member.filename == "xl/worksheets/sheet1.xml"
            content = start + b"<sheetData>" + rows if sheet else good.read(member)
            archive.writestr(member.filename, content)
    return data.getvalue()


def _typed(value: Any) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    rows = table()
    for row in rows:
        sheet.append(row)
    sheet.cell(2, rows[0].index("contact_1_value") + 1, value)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()
