"""Brings trees, phrases and catalogues together: extraction, update and status."""

from pathlib import Path

from app.wiring import tree_entries
from flows.book import FlowBook, read_book
from translations.catalogues import (
    FOLDER,
    TEMPLATE,
    Entry,
    path_of,
    read_catalogue,
    template,
    translated,
    updated,
)
from translations.locales import LOCALES, SOURCE
from translations.phrases import Phrases


def entries(book: FlowBook | None = None) -> tuple[Entry, ...]:
    """Every text of the product, trees first."""
    return (*tree_entries(book or read_book()), *Phrases.read().entries())


def update(*, write: bool) -> list[str]:
    """Bring the template and every PO up to the trees; the names of the files that changed."""
    wanted = entries()
    files = {TEMPLATE: template(wanted)}
    for locale in LOCALES:
        if locale != SOURCE:
            files[path_of(locale)] = updated(locale, wanted, read_catalogue(locale))
    stale = [path for path, new in files.items() if _differs(path, new)]
    if write:
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(files[path])
    return [str(path.relative_to(FOLDER.parent)) for path in stale]


def status() -> dict[str, dict[str, int]]:
    """Per language: texts, translated, reviewed, outdated, audio (interfaces of the command)."""
    wanted = {(entry.context, entry.msgid) for entry in entries()}
    rows: dict[str, dict[str, int]] = {}
    for locale in LOCALES:
        catalogue = read_catalogue(locale)
        ready = wanted if locale == SOURCE else wanted & translated(catalogue).keys()
        outdated = sum(1 for message in catalogue if message.id and message.fuzzy)
        rows[locale] = {
            "texts": len(wanted),
            "translated": len(ready),
            "reviewed": 0,
            "outdated": outdated,
            "audio": len(list((FOLDER / locale / "audio").glob("*.ogg"))),
        }
    return rows


def _differs(path: Path, new: bytes) -> bool:
    return not path.exists() or path.read_bytes() != new
