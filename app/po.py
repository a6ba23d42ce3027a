"""A catalogue out to a translator and in again: all of it or nothing, every fault named."""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from app.catalogues import entries_of, of_language
from app.checking import of_one_language, of_staff
from flows.book import FlowBook, read_book
from flows.faults import Problem, fault
from translations.catalogues import FOLDER, Domain, path_of, read_catalogue, updated
from translations.review import unsigned

MAX_FILE = 4_000_000  # bytes; the largest catalogue has a tenth of it


def export(locale: str, domain: Domain = Domain.MESSAGES) -> bytes:
    """The catalogue of a language as it stands."""
    return path_of(locale, domain=domain).read_bytes()


def check_import(
    locale: str,
    content: bytes,
    folder: Path = FOLDER,
    domain: Domain = Domain.MESSAGES,
) -> tuple[bytes, list[Problem]]:
    """The new catalogue of a language, and everything that speaks against taking it.

    Signatures are kept on texts that did not change and dropped on all others: only the console
    lets a native reviewer sign.
    """
    catalogue = _read(locale, content)
    if isinstance(catalogue, Problem):
        return b"", [catalogue]
    present = read_catalogue(locale, folder, domain)
    problems = [*_other_language(locale, catalogue), *_lost(locale, catalogue, present)]
    for message in catalogue:
        old = present.get(str(message.id), message.context) if message.id else None
        if old is None or old.string != message.string:
            message.user_comments = unsigned(message.user_comments)
        else:
            message.user_comments = old.user_comments
    book = read_book()
    new = updated(locale, of_language(locale, entries_of(domain, book)), catalogue)
    return new, [*problems, *_on_trial(locale, new, domain, book)]


def _on_trial(locale: str, new: bytes, domain: Domain, book: FlowBook) -> list[Problem]:
    """What `saphan flows check` would say of it."""
    with TemporaryDirectory() as folder:
        path = path_of(locale, Path(folder), domain)
        path.parent.mkdir(parents=True)
        path.write_bytes(new)
        if domain is Domain.DESK:
            return of_staff(locale, Path(folder))
        return of_one_language(locale, book, Path(folder))


def _read(locale: str, content: bytes) -> Catalog | Problem:
    if len(content) > MAX_FILE:
        return Problem("the file", "all", fault("po_big", most=MAX_FILE))
    try:
        return read_po(BytesIO(content), locale=locale, abort_invalid=True)
    except (PoFileError, ValueError, UnicodeDecodeError) as error:
        return Problem("the file", "all", fault("po_broken", what=type(error).__name__))


def _other_language(locale: str, catalogue: Catalog) -> list[Problem]:
    named = str(catalogue.locale_identifier or "").partition("_")[0]
    if named in ("", locale):
        return []
    wrong = fault("po_language", which=named, language=locale)
    return [Problem("the file", "the header", wrong)]


def _lost(locale: str, new: Catalog, present: Catalog) -> list[Problem]:
    """Texts that are there today and would be gone, and texts nobody knows."""
    lost = [
        Problem("the file", old.context or "", fault("po_lost", text=old.id))
        for old in present
        if old.id and old.string and not _string(new, str(old.id), old.context)
    ]
    known = {(old.context, str(old.id)) for old in present if old.id}
    odd = [
        Problem("the file", m.context or "", fault("po_unknown"))
        for m in new
        if m.id and (m.context, str(m.id)) not in known
    ]
    return [*lost, *odd]


def _string(catalogue: Catalog, msgid: str, context: str | None) -> str:
    message = catalogue.get(msgid, context)
    return str(message.string) if message and message.string else ""
