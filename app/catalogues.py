"""Brings trees, phrases and catalogues together: extraction, update and status."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import assert_never

from babel.messages.catalog import Catalog

from app.recordings import ready_counts
from flows.book import FlowBook, read_book
from handlers.edition_texts import all_entries, book_for
from handlers.edition_texts import of_language as of_language
from translations.catalogues import (
    FOLDER,
    Domain,
    Entry,
    path_of,
    read_catalogue,
    template,
    template_of,
    updated,
)
from translations.locales import LOCALES, SOURCE
from translations.phrases import Phrases
from translations.review import State, state_of
from translations.translator import Translator


def entries(book: FlowBook | None = None) -> tuple[Entry, ...]:
    """Every text that she may read, trees first."""
    return all_entries(book or read_book(), Phrases.read())


def entries_of(domain: Domain, book: FlowBook | None = None) -> tuple[Entry, ...]:
    """Every text of a domain."""
    match domain:
        case Domain.MESSAGES:
            return entries(book)
        case Domain.DESK:
            return tuple(Phrases.of_staff().entries())
        case _:
            assert_never(domain)


def update(*, write: bool, minor: frozenset[str] = frozenset()) -> list[str]:
    """Bring templates and every PO up to the English; the names of the files that changed."""
    files = {path: new for domain in Domain for path, new in _files_of(domain, minor)}
    stale = [path for path, new in files.items() if _differs(path, new)]
    if write:
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(files[path])
    return [str(path.relative_to(FOLDER.parent)) for path in stale]


def _files_of(domain: Domain, minor: frozenset[str]) -> Iterator[tuple[Path, bytes]]:
    wanted = entries_of(domain)
    yield template_of(domain), template(wanted)
    for locale in LOCALES:
        if theirs := of_language(locale, wanted):
            old = read_catalogue(locale, domain=domain)
            yield path_of(locale, domain=domain), updated(locale, theirs, old, minor)


def status(kept: Path | None = None) -> dict[str, dict[str, int | bool]]:
    """Per language: how many texts there are, in which state, with how many ready recordings.

    `kept` is the folder where this machine keeps its live edition, whose recordings count too.

    Optional short forms are not counted. English is the source and needs no translation. `staff`:
    how many of the phrases for staff it has; they are in no other figure.
    """
    wanted = {(entry.context, entry.msgid) for entry in entries() if not entry.optional}
    offered = book_for(Translator.read()).offered or frozenset()
    for_staff = {(entry.context, entry.msgid) for entry in entries_of(Domain.DESK)}
    sounds = ready_counts(kept)
    return {
        locale: {
            **_status_of(locale, wanted, locale in offered),
            "audio": sounds[locale],
            "staff": _translated(locale, for_staff),
        }
        for locale in LOCALES
    }


def _translated(locale: str, wanted: set[tuple[str, str]]) -> int:
    if locale == SOURCE:
        return len(wanted)
    states = _states(read_catalogue(locale, domain=Domain.DESK), wanted)
    return states[State.DRAFT] + states[State.REVIEWED]


def _states(catalogue: Catalog, wanted: set[tuple[str, str]]) -> Counter[State]:
    return Counter(
        state_of(message)
        for message in catalogue
        if message.id and ((message.context or "", str(message.id)) in wanted)
    )


def _status_of(locale: str, wanted: set[tuple[str, str]], offered: bool) -> dict[str, int | bool]:
    states = _states(read_catalogue(locale), wanted)
    source = locale == SOURCE
    there = len(wanted) if source else states[State.DRAFT] + states[State.REVIEWED]
    return {
        "texts": len(wanted),
        "translated": there,
        "missing": 0 if source else len(wanted) - there - states[State.OUTDATED],
        "draft": 0 if source else states[State.DRAFT],
        "outdated": states[State.OUTDATED],
        "reviewed": states[State.REVIEWED],
        "offered": offered,
    }


def _differs(path: Path, new: bytes) -> bool:
    return not path.exists() or path.read_bytes() != new
