"""The whole content of an entry as one document of plain values, out and back without loss."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from directory.crosswalk import Fault
from directory.entry import bare
from directory.service import Service
from directory.truth import Truth, Verification

Document = dict[str, Any]
Path = tuple[str | int, ...]

# What people found out and stated: it goes out, and no file ever brings it in (decisions 12).
STANDING = frozenset(
    {"level", "checked_on", "suspended", "withheld", "silent_from", "ask_first", "intake"}
)
# Text as it was typed: blanks around it belong to it.
EXACT = frozenset(
    {
        "organisation",
        "organisation_local",
        "name",
        "address",
        "hours",
        "cost",
        "text",
        "approved_by",
    }
)
_SETS = frozenset(
    {
        "also_in",
        "audience",
        "codes",
        "doubts",
        "interpreter_languages",
        "languages",
        "nationalities",
        "starts",
    }
)
_SERVICE: TypeAdapter[Service] = TypeAdapter(Service)
_CHECKS: TypeAdapter[tuple[Verification, ...]] = TypeAdapter(tuple[Verification, ...])
_TEXTS = frozenset({"description", "safe_script"})
# The one field that a contradiction of the whole entry is about.
_CONTRADICTED = {
    "unknown country": "country",
    "unknown country of the authorities": "state_of",
    "a code outside the taxonomy": "codes",
    "a tag that is not recorded": "tags",
    "a tag recorded twice": "tags",
}
# How a person finds the field: contacts and locations are numbered from 1.
_NUMBERED = {"contacts": "contact", "locations": "location"}


def as_document(service: Service) -> Document:
    """The content; what is at its default is left out, and sets are in order."""
    full = _SERVICE.dump_python(bare(service), mode="json", exclude_defaults=True)
    return {name: value for name, value in _ordered(full).items() if not _is_empty(value)}


def standing_of(service: Service) -> Document:
    """Level, day of the last check, what holds it back, room, pause and alerts."""
    full = _SERVICE.dump_python(service, mode="json", exclude_defaults=True)
    return {name: full[name] for name in sorted(STANDING & full.keys()) if full[name]}


def history_of(truth: Truth) -> list[Document]:
    """Every check that was ever recorded, oldest first."""
    checks: list[Document] = _CHECKS.dump_python((*truth.earlier, *truth.checks), mode="json")
    return checks


def blank_document() -> Document:
    """Every field of the content at its default; those that have none are empty."""
    blank = Service(id="", organisation="", name="", country="TH")
    full: Document = _SERVICE.dump_python(blank, mode="json")
    return {n: v for n, v in full.items() if n not in STANDING} | {"country": ""}


def read_document(row: str, document: Mapping[str, Any]) -> Service | list[Fault]:
    """The service, or everything wrong with the document; `row` names it in each fault.

    A field that no entry has is a fault: a word written wrong must not become "unknown".
    """
    try:
        service = _SERVICE.validate_python(dict(document))
    except ValidationError as error:
        found = [(each["loc"], each["type"], each["msg"]) for each in error.errors()]
        return [_fault(row, path, kind, message) for path, kind, message in found]
    full = _SERVICE.dump_python(service, mode="json")
    strange = [path for path in _paths(document) if not _leads_into(full, path)]
    strange += [(name,) for name in sorted(STANDING & document.keys())]
    if strange:
        return [_fault(row, path, "unknown", "") for path in strange]
    return service


def sound_part(document: Mapping[str, Any]) -> Service | None:
    """What can be read of a document without its faulty fields, to look for more faults in it."""
    try:
        return _SERVICE.validate_python(dict(document))
    except ValidationError as error:
        faulty = {each["loc"][0] for each in error.errors() if each["loc"]}
    try:
        left = {name: value for name, value in document.items() if name not in faulty}
        return _SERVICE.validate_python({"id": "x"} | left)
    except ValidationError:
        return None


def trimmed(row: str, service: Service) -> Service | list[Fault]:
    """Without the blanks around its texts, so that an entry is the same out of every format."""
    document = as_document(service)
    bare_texts = _trimmed(document)
    return service if bare_texts == document else read_document(row, bare_texts)


def texts_of(document: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text of a document, with the way to it."""
    if isinstance(document, str):
        yield path, document
    elif isinstance(document, Mapping):
        for name, value in document.items():
            yield from texts_of(value, (*path, name))
    elif isinstance(document, list):
        for place, value in enumerate(document):
            yield from texts_of(value, (*path, place))


def column_of(path: Path) -> str:
    """What a field is called in a table and in a fault: `contact_2_value`, `age_min`."""
    match path:
        case (str(name), int(place), *rest) if name in _NUMBERED:
            field = f"_{rest[0]}" if rest else ""
            return f"{_NUMBERED[name]}_{place + 1}{field}"
        case ("eligibility" | "exposure" | "access" | "advice", str(name), *_):
            return name
        case (str(name), *_):
            return name
        case _:
            return "row"


def _ordered(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _ordered(each, key) for key, each in value.items()}
    if isinstance(value, list):
        if name in _SETS:
            return sorted(value)
        if name in _TEXTS:
            return sorted(value, key=lambda text: str(text["locale"]))
        return [_ordered(each) for each in value]
    return value


def _trimmed(value: Any, name: str = "") -> Any:
    """Without the blanks around texts; those of a list are left, for they may be a whole file."""
    match value:
        case Mapping():
            return {key: _trimmed(each, key) for key, each in value.items()}
        case list():
            return [each if isinstance(each, str) else _trimmed(each) for each in value]
        case str() if name not in EXACT:
            return value.strip()
        case _:
            return value


def _is_empty(value: Any) -> bool:
    return value is None or value in ({}, [])


def _paths(document: Any, path: Path = ()) -> Iterator[Path]:
    if isinstance(document, Mapping):
        for name, value in document.items():
            yield (*path, str(name))
            yield from _paths(value, (*path, str(name)))
    elif isinstance(document, list):
        for place, value in enumerate(document):
            yield from _paths(value, (*path, place))


def _leads_into(full: Any, path: Path) -> bool:
    for step in path:
        if isinstance(full, dict):
            if step not in full:
                return False
            full = full[step]
        elif isinstance(full, list) and isinstance(step, int):
            full = full[step] if step < len(full) else None
    return True


def _fault(row: str, path: Path, kind: str, message: str) -> Fault:
    column = column_of(path)
    match kind:
        case "missing":
            return Fault(row=row, column=column, wrong="empty", do="fill it in")
        case "enum" | "literal_error":
            choices = message.removeprefix("Input should be ")
            return Fault(row=row, column=column, wrong="unknown word", do=f"use {choices}")
        case "value_error":
            wrong = message.removeprefix("Value error, ")
            column = _CONTRADICTED.get(wrong, column)
            return Fault(row=row, column=column, wrong=wrong, do="correct what contradicts itself")
        case "unknown":
            # Its name may be words that somebody typed: what it stands in is named instead.
            inside = column_of(path[:-1]) if len(path) > 1 else "row"
            do = "take out the field that is not ours, or write its name right"
            return Fault(row=row, column=inside, wrong="a field we do not have", do=do)
        case _:
            do = "see the list of fields in docs/exchange.md"
            return Fault(row=row, column=column, wrong="not in the form of this field", do=do)
