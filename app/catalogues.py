"""Brings trees, phrases and catalogues together: extraction, update and status."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from app.wiring import book_for, tree_entries
from flows.book import FlowBook, read_book
from translations.catalogues import (
    FOLDER,
    TEMPLATE,
    Entry,
    path_of,
    read_catalogue,
    template,
    updated,
)
from translations.locales import LOCALES, SOURCE
from translations.phrases import Phrases
from translations.review import State, state_of
from translations.translator import Translator


def entries(book: FlowBook | None = None) -> tuple[Entry, ...]:
    """Every text of the product, trees first."""
    return (*tree_entries(book or read_book()), *Phrases.read().entries())


def of_language(locale: str, wanted: Iterable[Entry]) -> tuple[Entry, ...]:
    """What the catalogue of a language holds: English needs only short forms."""
    return tuple(entry for entry in wanted if entry.optional or locale != SOURCE)


def update(*, write: bool, minor: frozenset[str] = frozenset()) -> list[str]:
    """Bring the template and every PO up to the trees; the names of the files that changed."""
    wanted = entries()
    files = {TEMPLATE: template(wanted)}
    for locale in LOCALES:
        theirs = of_language(locale, wanted)
        files[path_of(locale)] = updated(locale, theirs, read_catalogue(locale), minor)
    stale = [path for path, new in files.items() if _differs(path, new)]
    if write:
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(files[path])
    return [str(path.relative_to(FOLDER.parent)) for path in stale]


def status() -> dict[str, dict[str, int | bool]]:
    """Per language: how many texts there are, in which state, with how many recordings.

    Optional short forms are not counted. English is the source and needs no translation.
    """
    wanted = {(entry.context, entry.msgid) for entry in entries() if not entry.optional}
    offered = book_for(Translator.read()).offered or frozenset()
    return {locale: _status_of(locale, wanted, locale in offered) for locale in LOCALES}


def _status_of(locale: str, wanted: set[tuple[str, str]], offered: bool) -> dict[str, int | bool]:
    states = Counter(
        state_of(message)
        for message in read_catalogue(locale)
        if message.id and ((message.context or "", str(message.id)) in wanted)
    )
    source = locale == SOURCE
    there = len(wanted) if source else states[State.DRAFT] + states[State.REVIEWED]
    return {
        "texts": len(wanted),
        "translated": there,
        "missing": 0 if source else len(wanted) - there - states[State.OUTDATED],
        "draft": 0 if source else states[State.DRAFT],
        "outdated": states[State.OUTDATED],
        "reviewed": states[State.REVIEWED],
        "audio": len(list((FOLDER / locale / "audio").glob("*.ogg"))),
        "offered": offered,
    }


def _differs(path: Path, new: bytes) -> bool:
    return not path.exists() or path.read_bytes() != new
