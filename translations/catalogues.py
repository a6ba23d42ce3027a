"""Gettext catalogues: one PO file a language, read and written in the form Poedit expects."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

FOLDER = Path(__file__).parent
TEMPLATE = FOLDER / "messages.pot"
_FIELD = re.compile(r"\{(\w+)\}")
_UNDATED = datetime(2026, 11, 21, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """A text to translate: its context (a node, a variant, a phrase), the English, a note."""

    context: str
    msgid: str
    note: str = ""


def path_of(locale: str, folder: Path = FOLDER) -> Path:
    """Where the catalogue of a language stands."""
    return folder / locale / "LC_MESSAGES" / "messages.po"


def read_catalogue(locale: str, folder: Path = FOLDER) -> Catalog:
    """The catalogue of a language, empty where there is none. Raises ValueError if malformed."""
    path = path_of(locale, folder)
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def translated(catalogue: Catalog) -> Mapping[tuple[str, str], str]:
    """(context, msgid) -> text, for what is there and not outdated (`fuzzy` in PO)."""
    return {
        (message.context or "", str(message.id)): str(message.string)
        for message in catalogue
        if message.id and message.string and not message.fuzzy
    }


def fields(text: str) -> frozenset[str]:
    """The placeholders of a text."""
    return frozenset(_FIELD.findall(text))


def template(entries: Iterable[Entry]) -> bytes:
    """messages.pot: every text once, in the order of the trees."""
    return _written(_catalogue(entries, None))


def updated(locale: str, entries: Iterable[Entry], old: Catalog) -> bytes:
    """The PO of a language after a change of the English.

    What kept its context and English keeps its translation; where the English of the only text
    in a context changed, the old translation stays as `fuzzy`, which means outdated.
    """
    catalogue = _catalogue(entries, locale)
    known = {(m.context or "", str(m.id)): m for m in old if m.id}
    wanted = {(m.context or "", str(m.id)) for m in catalogue if m.id}
    orphans: dict[str, list[Message]] = {}
    for (context, msgid), message in known.items():
        if (context, msgid) not in wanted and message.string:
            orphans.setdefault(context, []).append(message)
    for message in catalogue:
        context, msgid = message.context or "", str(message.id)
        if not message.id:
            continue
        if same := known.get((context, msgid)):
            message.string = same.string
            message.flags |= same.flags & {"fuzzy"}
            message.user_comments = same.user_comments
        elif len(left := orphans.get(context, [])) == 1:
            message.string = left[0].string
            message.flags.add("fuzzy")
            message.previous_id = [str(left[0].id)]
    return _written(catalogue)


def _catalogue(entries: Iterable[Entry], locale: str | None) -> Catalog:
    catalogue = Catalog(
        locale=locale,
        project="Saphan",
        header_comment="# Texts of Saphan. Drafts, until a native reviewer signs them.",
        fuzzy=False,
    )
    for entry in entries:
        notes = [entry.note] if entry.note else []
        catalogue.add(
            entry.msgid,
            context=entry.context,
            auto_comments=notes,
            flags=["python-brace-format"] if fields(entry.msgid) else [],
        )
    return catalogue


def _written(catalogue: Catalog) -> bytes:
    buffer = BytesIO()
    # Dates would make every run of the same texts look like a change.
    catalogue.creation_date = catalogue.revision_date = _UNDATED
    write_po(buffer, catalogue, width=0, include_previous=True)
    return buffer.getvalue()
