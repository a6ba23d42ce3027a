"""Checks the cells of one row of a services file, before anything is made of it."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

import phonenumbers

from directory.crosswalk import Fault
from directory.service import COUNTRIES, Confidence

COLUMNS = (
    "id",
    "organisation_en",
    "organisation_local",
    "service_name_en",
    "country",
    "admin1",
    "city",
    "lat",
    "lon",
    "sectors",
    "audience_notes",
    "languages",
    "phone",
    "phone_e164",
    "short_code",
    "messaging",
    "email",
    "website",
    "hours",
    "cost",
    "cross_border",
    "source_1",
    "source_1_date",
    "source_2",
    "source_2_date",
    "confidence",
    "notes",
)
OPTIONAL_COLUMNS = ("address",)
SECTORS = frozenset(
    {
        "emergency",
        "health",
        "mental_health",
        "police_justice",
        "legal_aid",
        "shelter",
        "social",
        "labour",
        "trafficking",
        "child_protection",
        "helpline",
        "embassy",
        "livelihood",
    }
)
APPS = frozenset({"SMS", "Messenger", "Telegram", "Facebook", "Viber", "LINE", "WhatsApp"})
LONGEST_CELL = 2_000

# South, west, north, east in degrees: the country boxes of Natural Earth 1:110m (public domain)
# with each side moved out to the next whole degree, so that islands near the coast are inside.
BOXES = {
    "KH": (10.0, 102.0, 15.0, 108.0),
    "LA": (13.0, 100.0, 23.0, 108.0),
    "MM": (9.0, 92.0, 29.0, 102.0),
    "TH": (5.0, 97.0, 21.0, 106.0),
    "VN": (8.0, 102.0, 24.0, 110.0),
}

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_WEBSITE = re.compile(r"(https?://|www\.)[^\s<>\"]+\.[^\s<>\"]+")
_SHORT_CODE = re.compile(r"[0-9]([0-9 ]{0,13}[0-9])?")
# A spreadsheet runs a cell that begins so; wide forms are turned into these on some systems.
_FORMULA = tuple("=+-@＝＋－＠")
# Joiners and the zero-width space belong to the spelling of Khmer, Burmese, Lao and Thai.
_SPELLING = frozenset("\u200b\u200c\u200d")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as text, and how it is named in a message (its id, or its line)."""

    name: str
    cells: dict[str, str]

    def parts(self, column: str) -> list[str]:
        """The cell's values; several are separated by semicolons."""
        return [part.strip() for part in self.cells[column].split(";") if part.strip()]

    def fault(self, column: str, wrong: str, do: str) -> Fault:
        """A fault of this row."""
        return Fault(row=self.name, column=column, wrong=wrong, do=do)


def named_row(line: int, cells: dict[str, str]) -> Row:
    """The row, named by its id when that is a plain one, else by its line in the file."""
    plain = _ID.fullmatch(cells["id"]) is not None
    return Row(cells["id"] if plain else f"line {line}", cells)


def row_faults(row: Row) -> Iterator[Fault]:
    """Everything wrong with the cells of one row."""
    unsafe = list(_unsafe_cells(row))
    if unsafe:
        yield from unsafe
        return
    yield from _closed_sets(row)
    yield from _patterns(row)
    yield from _phones(row)
    yield from _position(row)


def without_note(cell: str) -> str:
    """A cell without the remark in brackets at its end."""
    return cell.split("(", 1)[0].strip()


def _unsafe_cells(row: Row) -> Iterator[Fault]:
    for column, cell in row.cells.items():
        if len(cell) > LONGEST_CELL:
            yield row.fault(column, "too long", f"keep it under {LONGEST_CELL} characters")
        elif "\ufffd" in cell:
            yield row.fault(column, "damaged characters", "save the file as UTF-8")
        elif any(_hidden(character) for character in cell):
            yield row.fault(column, "control characters", "type it again as plain text")
        elif cell.lstrip().startswith(_FORMULA) and not _international(column, cell):
            yield row.fault(column, "looks like a formula", "begin with a letter or a digit")


def _hidden(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs"} and character not in _SPELLING


def _international(column: str, cell: str) -> bool:
    return column in {"phone", "phone_e164"} and cell.startswith("+")


def _closed_sets(row: Row) -> Iterator[Fault]:
    if not _ID.fullmatch(row.cells["id"]):
        yield row.fault("id", "not an id", "use letters, digits and hyphens")
    for column in ("organisation_en", "service_name_en"):
        if not row.cells[column].strip():
            yield row.fault(column, "empty", "give a name")
    if row.cells["country"] not in COUNTRIES:
        yield row.fault("country", "unknown country", "use " + ", ".join(COUNTRIES))
    if not row.parts("sectors") or not SECTORS.issuperset(row.parts("sectors")):
        yield row.fault("sectors", "empty or unknown sector", "use the 13 sectors")
    if row.cells["confidence"] not in get_args(Confidence):
        yield row.fault("confidence", "unknown", "use " + ", ".join(get_args(Confidence)))
    if without_note(row.cells["cross_border"]) not in {"yes", "no", "unknown"}:
        yield row.fault("cross_border", "unknown", "begin with yes, no or unknown")


def _patterns(row: Row) -> Iterator[Fault]:
    for language in without_note(row.cells["languages"]).split(";"):
        if language.strip() and not _LANGUAGE.fullmatch(language.strip()):
            yield row.fault("languages", "not a language code", "use codes such as km; my")
    for code in row.parts("short_code"):
        if not _SHORT_CODE.fullmatch(code):
            yield row.fault("short_code", "not digits only", "use digits")
    for channel in row.parts("messaging"):
        app, _, name = channel.partition(" ")
        if app not in APPS or not name:
            yield row.fault("messaging", "unknown app or no name", "write: Messenger m.me/name")
        elif app == "SMS" and not _SHORT_CODE.fullmatch(name):
            yield row.fault("messaging", "not digits only", "use digits after SMS")
    for column, pattern in (("email", _EMAIL), ("website", _WEBSITE)):
        if row.cells[column] and not pattern.fullmatch(row.cells[column]):
            yield row.fault(column, "not in the usual form", "give one address only")


def _phones(row: Row) -> Iterator[Fault]:
    country = row.cells["country"]
    shown, standard = row.parts("phone"), row.parts("phone_e164")
    if country not in COUNTRIES:
        return
    if any(e164_of(number, country) is None for number in shown):
        yield row.fault("phone", "not a valid number there", "check the digits")
    elif standard and [e164_of(number, country) for number in shown] != standard:
        yield row.fault("phone_e164", "does not match phone", "give one for each phone")


def e164_of(number: str, country: str) -> str | None:
    """The international form of a number that is valid in the country, else None."""
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number_for_region(parsed, country):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _position(row: Row) -> Iterator[Fault]:
    lat, lon = row.cells["lat"], row.cells["lon"]
    if not lat and not lon:
        return
    try:
        here = (float(lat), float(lon))
    except ValueError:
        yield row.fault("lat", "not a position", "give degrees for both lat and lon")
        return
    south, west, north, east = BOXES.get(row.cells["country"], (-90.0, -180.0, 90.0, 180.0))
    if not (south <= here[0] <= north and west <= here[1] <= east):
        yield row.fault("lat", "outside the country", "check lat and lon, maybe swapped")
