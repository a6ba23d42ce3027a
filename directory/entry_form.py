"""An entry with what somebody typed into the form of one group, or everything wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from directory.access import LOCALES
from directory.crosswalk import Fault
from directory.entry_fields import CONTACT_PARTS, GROUPS, PLACE_PARTS, TEXTS
from directory.exchange_checks import service_faults, text_faults
from directory.exchange_document import as_document, read_document
from directory.row_checks import e164_of
from directory.service import Service
from directory.sheets import MOST_CONTACTS, cells_of, from_row
from directory.sheets_cells import joined, neutral
from directory.taxonomy import COUNTRIES, RECORDED_TAGS

Typed = Mapping[str, tuple[str, ...]]
ROOM = 2  # empty contacts that stand below those there are
_LONGEST_SHORT_CODE = 6
_ROW = "entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What somebody typed into a form of these groups, and who on which day."""

    groups: tuple[str, ...]
    typed: Typed
    by: str
    on: date


def columns_in(group: str, cells: Mapping[str, str]) -> tuple[str, ...]:
    """Every column the form of a group has for an entry of these cells."""
    plain = tuple(field.column for field in GROUPS[group])
    match group:
        case "contact":
            return (*_numbered("contact", CONTACT_PARTS, cells, ROOM), *_complaint())
        case "place":
            return (*plain, *_numbered("location", PLACE_PARTS, cells, 0))
        case "what":
            tags = tuple(f"tag_{one}" for one in sorted(RECORDED_TAGS))
            return (*plain, *tags, *(f"{text}_{one}" for text in TEXTS for one in sorted(LOCALES)))
        case _:
            return plain


def shown_cells(service: Service) -> dict[str, str]:
    """The cells of an entry as the form shows them: each tag has one of its own."""
    tags = {f"tag_{fact.tag}": fact.known.value for fact in service.tags}
    return cells_of(as_document(service)) | tags


def edited(before: Service, edit: Edit) -> Service | tuple[Fault, ...]:
    """The entry with what was typed, or everything wrong with it, by column.

    A shelter becomes confidential and loses every place by itself: no such place is ever kept.
    """
    cells = cells_of(as_document(before))
    columns = [one for group in edit.groups for one in columns_in(group, cells)]
    typed = {one: _cell(edit, one) for one in columns}
    cells |= {one: cell for one, cell in typed.items() if not one.startswith("tag_")}
    if "what" in edit.groups:
        cells["tags"] = _tags(before, typed, edit.on)
        _approve(cells, before, typed, edit.by)
    if before.confidential:
        cells["confidential"] = "yes"  # nobody takes that back: an address would be kept
    country = cells["country"]
    for stem in {one.rpartition("_")[0] for one in columns if one.endswith("_value")}:
        _complete(cells, stem, country)
    if _hides_her(cells):
        _forget_places(cells)
    return _read(cells, edit.on)


def _cell(edit: Edit, column: str) -> str:
    given = tuple(one.strip() for one in edit.typed.get(column, ()))
    kinds = {one.column: one.kind for group in edit.groups for one in GROUPS[group]}
    match kinds.get(column):
        case "many":
            return joined([one for one in given if one])
        case "flag":
            return "yes" if given else "no"
        case _:
            return given[0].replace("\r\n", "\n") if given else ""


def _read(cells: Mapping[str, str], on: date) -> Service | tuple[Fault, ...]:
    document, faults = from_row(_ROW, {name: neutral(cell) for name, cell in cells.items()})
    faults = faults or list(text_faults(_ROW, document))
    read = faults or read_document(_ROW, document)
    if isinstance(read, list):
        return tuple(read)
    return tuple(service_faults(_ROW, read, on)) or read


def _numbered(
    name: str, parts: tuple[str, ...], cells: Mapping[str, str], room: int
) -> Iterator[str]:
    there = {int(one.split("_")[1]) for one in cells if one.startswith(f"{name}_")}
    for place in range(1, min(max(there, default=0) + room, MOST_CONTACTS) + 1):
        yield from (f"{name}_{place}_{part}" for part in parts)


def _complaint() -> tuple[str, ...]:
    return ("complaint_kind", "complaint_value")


def _tags(before: Service, typed: Mapping[str, str], on: date) -> str:
    """A tag said anew is as of today; one that stays keeps its day."""
    old = {fact.tag: fact for fact in before.tags}
    said = []
    for tag in sorted(RECORDED_TAGS):
        known = typed[f"tag_{tag}"]
        if known not in ("yes", "no"):
            continue
        fact = old.get(tag)
        same = fact is not None and fact.known.value == known
        day = fact.checked_on if same and fact else on
        said.append(f"{tag} {known} {day or ''}".strip())
    return joined(said)


def _approve(cells: dict[str, str], before: Service, typed: Mapping[str, str], by: str) -> None:
    """A text that was changed is approved by whoever changed it, and then by who checks it."""
    old = cells_of(as_document(before))
    for text in TEXTS:
        for locale in sorted(LOCALES):
            column = f"{text}_{locale}"
            if typed[column] != old.get(column, ""):
                cells[f"{column}_by"] = by if typed[column] else ""


def _complete(cells: dict[str, str], stem: str, country: str) -> None:
    """Fill in the international form, or the short code; a contact without a value is none."""
    value, kind = cells.get(f"{stem}_value", ""), cells.get(f"{stem}_kind", "")
    for part in ("e164", "short_code"):
        cells[f"{stem}_{part}"] = ""
    if not value:
        cells |= {f"{stem}_{part}": "" for part in CONTACT_PARTS}
    elif kind in ("voice", "sms"):
        figures = value.replace(" ", "")
        if figures.isdecimal() and len(figures) <= _LONGEST_SHORT_CODE:
            cells[f"{stem}_short_code"] = figures
        else:
            homes = (country, *COUNTRIES) if country in COUNTRIES else COUNTRIES
            near = homes if value.startswith("+") else homes[:1]
            cells[f"{stem}_e164"] = next(filter(None, (e164_of(value, one) for one in near)), "")


def _hides_her(cells: Mapping[str, str]) -> bool:
    shelter = any(one.strip().startswith("SHE.") for one in cells.get("codes", "").split(";"))
    return shelter or cells.get("confidential") == "yes"


def _forget_places(cells: dict[str, str]) -> None:
    cells |= {"confidential": "yes", "address": "", "lat": "", "lon": ""}
    for column in [one for one in cells if one.startswith("location_")]:
        part = column.split("_", 2)[2]
        if part in ("address", "lat", "lon"):
            cells[column] = ""
        elif part == "id" and cells[column]:
            cells[column.replace("_id", "_confidential")] = "yes"
