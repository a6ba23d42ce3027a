"""Gettext catalogues: two PO files a language, read and written in the form Poedit expects."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

FOLDER = Path(__file__).parent
_FIELD = re.compile(r"\{(\w+)\}")
_UNDATED = datetime(2026, 11, 21, tzinfo=UTC)


class Domain(StrEnum):
    """Whose texts a catalogue holds; the value is the name of its files, gettext's "domain".

    They are apart so that a text for staff that nobody has translated takes no language away from
    the women.
    """

    MESSAGES = "messages"  # what she reads
    DESK = "desk"  # what caseworkers, partners and coordinators read


@dataclass(frozen=True, slots=True)
class Entry:
    """A text to translate: its context (a node, a variant, a phrase), the English, a note.

    Without an `optional` one the language is complete all the same.
    """

    context: str
    msgid: str
    note: str = ""
    optional: bool = False


def template_of(domain: Domain = Domain.MESSAGES) -> Path:
    """Where the template of a domain stands."""
    return FOLDER / f"{domain}.pot"


def path_of(locale: str, folder: Path = FOLDER, domain: Domain = Domain.MESSAGES) -> Path:
    """Where the catalogue of a language stands."""
    return folder / locale / "LC_MESSAGES" / f"{domain}.po"


def read_catalogue(
    locale: str, folder: Path = FOLDER, domain: Domain = Domain.MESSAGES
) -> Catalog:
    """The catalogue of a language, empty where there is none. Raises ValueError if malformed."""
    path = path_of(locale, folder, domain)
    return catalogue_of(locale, path.read_bytes() if path.exists() else b"")


def catalogue_of(locale: str, content: bytes) -> Catalog:
    """The catalogue in the bytes of a PO file; none makes an empty one. Raises ValueError."""
    if not content:
        return Catalog(locale=locale)
    return read_po(BytesIO(content), locale=locale, abort_invalid=True)


def fields(text: str) -> frozenset[str]:
    """The placeholders of a text."""
    return frozenset(_FIELD.findall(text))


def template(entries: Iterable[Entry]) -> bytes:
    """A template: every text once, in the order given."""
    return written(_catalogue(entries, None))


def updated(
    locale: str, entries: Iterable[Entry], old: Catalog, minor: frozenset[str] = frozenset()
) -> bytes:
    """The PO of a language after a change of the English.

    What kept its context and English keeps its translation. Where the English of a text changed,
    the old translation stays and is marked `fuzzy`, which means outdated; not so in the contexts
    of `minor`, where the editor says that the meaning is the same.
    """
    return written(carried(locale, entries, old, minor))


def carried(
    locale: str, entries: Iterable[Entry], old: Iterable[Message], minor: frozenset[str]
) -> Catalog:
    """The same as `updated`, before it is written."""
    old = tuple(old)
    catalogue = _catalogue(entries, locale)
    known = {(m.context or "", str(m.id)): m for m in old if m.id}
    wanted = {(m.context or "", str(m.id)) for m in catalogue if m.id}
    orphans: dict[str, list[Message]] = {}
    for (context, msgid), message in known.items():
        if (context, msgid) not in wanted and message.string:
            orphans.setdefault(context, []).append(message)
    for message in catalogue:
        context = message.context or ""
        if not message.id:
            continue
        if same := known.get((context, str(message.id))):
            _carry(message, same)
        elif len(left := orphans.get(context, [])) == 1:
            _carry(message, left[0])
            if context not in minor:
                message.flags.add("fuzzy")
                message.previous_id = [str(left[0].id)]
    return catalogue


def _carry(message: Message, old: Message) -> None:
    message.string = old.string
    message.flags |= old.flags & {"fuzzy"}
    message.previous_id = old.previous_id
    message.user_comments = old.user_comments


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


def written(catalogue: Catalog) -> bytes:
    """A catalogue as the bytes of a PO file."""
    buffer = BytesIO()
    # Dates would make every run of the same texts look like a change.
    catalogue.creation_date = catalogue.revision_date = _UNDATED
    write_po(buffer, catalogue, width=0, include_previous=True)
    return buffer.getvalue()
