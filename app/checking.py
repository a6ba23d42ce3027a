"""all_problems(): trees and catalogues checked together, for `saphan flows check`."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from babel.messages.catalog import Catalog

from app.catalogues import entries_of, of_language
from app.glossary import against, words_to_avoid
from app.text_faults import LABELS, Translated, faults_of
from directory.taxonomy import TAGS, TAXONOMY
from flows.book import DATA, BookFaulty, FlowBook, read_book
from flows.check import of_names, of_words, problems
from flows.extract import SHORT_FORM
from flows.faults import Fault, Problem, fault
from flows.lint import seen_by_others, texts
from handlers.checks import Checks, Wording
from handlers.edition_texts import all_entries
from translations.catalogues import FOLDER, Domain, path_of, read_catalogue
from translations.locales import LOCALES, SOURCE
from translations.phrases import said_twice

LEAST_LABEL = 20  # Messenger's buttons; a longer label needs a short form (decisions 9)
# What Telegram shows of the bot before anybody writes (app/jobs.py), and the cover.
_PUBLIC = frozenset(
    {"web.title", "row.leave", "row.menu", "row.language", "poster.line", "poster.how"}
)
_COVER = "cover."
# What is kept of checks: a draft changes little, and is checked again and again. An edition has
# 13,000 texts; a book takes seconds to walk.
_TEXTS, _BOOKS = 20_000, 4


def all_problems(folder: Path = DATA, catalogues: Path = FOLDER) -> list[Problem]:
    """Every problem of every tree and every catalogue; nothing stops at the first one."""
    try:
        book = read_book(folder)
    except BookFaulty as fault:
        return list(fault.problems)
    return [
        *problems(book, TAXONOMY, TAGS, LABELS),
        *catalogue_problems(book, catalogues),
        *staff_problems(catalogues),
        *_said_twice(),
    ]


def checks() -> Checks:
    """What the desk is given, so that drafts are judged as the project's own files are."""
    return Checks(quick=_quick, trees=_trees, texts=_texts, text=_of_text)


def _quick(book: FlowBook, trees: frozenset[str]) -> tuple[Problem, ...]:
    """`trees` are files without their ending; those of country and platform texts among them."""
    part = replace(
        book,
        trees={name: tree for name, tree in book.trees.items() if name in trees},
        variants={kind: texts for kind, texts in book.variants.items() if kind in trees},
    )
    return tuple(dict.fromkeys((*of_names(book, TAXONOMY, TAGS), *of_words(part, LABELS))))


def _trees(book: FlowBook) -> tuple[Problem, ...]:
    return _judged(_Same(book))


class _Same:
    """A book by its content: trees that were judged are not walked again for another language."""

    def __init__(self, book: FlowBook) -> None:
        self.book = book

    def __hash__(self) -> int:
        return hash(self.book.edition)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.book == other.book


@lru_cache(maxsize=_BOOKS)
def _judged(same: _Same) -> tuple[Problem, ...]:
    return problems(same.book, TAXONOMY, TAGS, LABELS)


def _texts(wording: Wording) -> tuple[Problem, ...]:
    book, entries = wording.book, all_entries(wording.book, wording.phrases)
    found: list[Problem] = []
    for locale, catalogue in wording.catalogues.items():
        theirs = of_language(locale, entries)
        wanted = frozenset((entry.context, entry.msgid) for entry in theirs)
        found += _of_hers(_Place(locale, FOLDER), book, catalogue, wanted)
    return tuple(dict.fromkeys(found))


def _of_text(text: tuple[str, str, str, str], icon: str | None) -> tuple[Fault, ...]:
    return _faults(Translated(*text), icon, Domain.MESSAGES)


@lru_cache(maxsize=_TEXTS)
def _faults(one: Translated, icon: str | None, domain: Domain) -> tuple[Fault, ...]:
    """What is wrong with one text by itself."""
    # The glossary is of the words for her; among colleagues the words of the trade are right.
    avoided = words_to_avoid(one.locale) if domain is Domain.MESSAGES else ()
    return (*faults_of(one, icon), *against(one.msgid, one.text, avoided))


def catalogue_problems(book: FlowBook, folder: Path = FOLDER) -> Iterator[Problem]:
    """Every problem of every language: what is there must be right; what is missing may be."""
    for locale in LOCALES:
        yield from of_one_language(locale, book, folder)


def staff_problems(folder: Path = FOLDER) -> Iterator[Problem]:
    """Every problem of what staff read; nothing of it is a button's label that must be short."""
    for locale in LOCALES.keys() - {SOURCE}:
        yield from of_staff(locale, folder)


def of_staff(locale: str, folder: Path = FOLDER) -> list[Problem]:
    """Every problem of one language's catalogue for staff."""
    place = _Place(locale, folder, Domain.DESK)
    catalogue = _readable(place)
    if isinstance(catalogue, Problem):
        return [catalogue]
    return list(_of_catalogue(place, catalogue, _wanted(place), {}))


def _said_twice() -> Iterator[Problem]:
    """YAML keeps the last of two lines with the same id, and nobody would notice."""
    for name, ids in said_twice().items():
        for one in ids:
            yield Problem(name, one, fault("id_twice"))


def of_one_language(locale: str, book: FlowBook, folder: Path = FOLDER) -> list[Problem]:
    """Every problem of one catalogue of hers."""
    place = _Place(locale, folder)
    catalogue = _readable(place)
    if isinstance(catalogue, Problem):
        return [catalogue]
    return _of_hers(place, book, catalogue, _wanted(place, book))


def _of_hers(
    place: "_Place", book: FlowBook, catalogue: Catalog, wanted: frozenset[tuple[str, str]]
) -> list[Problem]:
    icons = {(said.node, said.text): said.icon for said in texts(book) if said.is_answer}
    return [
        *_of_catalogue(place, catalogue, wanted, icons),
        *_gives_away(place, catalogue, neutral_contexts(book)),
    ]


@dataclass(frozen=True, slots=True)
class _Place:
    """Which catalogue, and below which folder."""

    locale: str
    folder: Path
    domain: Domain = Domain.MESSAGES

    @property
    def file(self) -> str:
        """As it stands in the repository, wherever it was read."""
        return path_of(self.locale, domain=self.domain).relative_to(FOLDER.parent).as_posix()


def _wanted(place: _Place, book: FlowBook | None = None) -> frozenset[tuple[str, str]]:
    theirs = of_language(place.locale, entries_of(place.domain, book))
    return frozenset((entry.context, entry.msgid) for entry in theirs)


def neutral_contexts(book: FlowBook) -> frozenset[str]:
    """Where a text may stand in a notification, a list of chats, the bot's name or commands."""
    nodes = {node.id for node in book.nodes.values() if node.neutral}
    return frozenset(nodes | {book.rules.screens["leave"]} | _PUBLIC)


def _gives_away(place: _Place, catalogue: Catalog, neutral: frozenset[str]) -> Iterator[Problem]:
    """Words in such a text that say what this is about (R34)."""
    locale = place.locale
    for message in catalogue:
        context = (message.context or "").removesuffix(SHORT_FORM)
        if context not in neutral and not context.startswith(_COVER):
            continue
        if word := seen_by_others(str(message.string), locale):
            yield Problem(place.file, context, fault("given_away", word=word))


def _readable(place: _Place) -> Catalog | Problem:
    try:
        return read_catalogue(place.locale, place.folder, place.domain)
    except (ValueError, UnicodeDecodeError) as error:
        return Problem(place.file, "the file", fault("po_broken", what=type(error).__name__))


def _of_catalogue(
    place: _Place,
    catalogue: Catalog,
    wanted: Collection[tuple[str, str]],
    icons: Mapping[tuple[str, str], str],
) -> Iterator[Problem]:
    locale, file = place.locale, place.file
    there = {(m.context or "", str(m.id)): m for m in catalogue if m.id}
    for pair in sorted(there.keys() ^ set(wanted)):
        kind = "po_lacks" if pair in wanted else "po_unused"
        yield Problem(file, pair[0], fault(kind))
    said = {
        pair: Translated(locale, *pair, str(message.string))
        for pair, message in there.items()
        if message.string and not message.fuzzy and pair in wanted
    }
    for pair, one in said.items():
        icon = icons.get((pair[0].removesuffix(SHORT_FORM), pair[1]))
        for wrong in _faults(one, icon, place.domain):
            yield Problem(file, pair[0], wrong)
    yield from _between(file, said, icons)


def _between(
    file: str,
    said: Mapping[tuple[str, str], Translated],
    icons: Mapping[tuple[str, str], str],
) -> Iterator[Problem]:
    """What is wrong between texts: two answers that read alike, a label too long for some."""
    faces: dict[tuple[str, str], str] = {}
    for (context, msgid), one in said.items():
        if (context, msgid) not in icons or context.endswith(SHORT_FORM):
            continue
        same = faces.setdefault((context, one.text), msgid)
        if same != msgid:
            yield Problem(file, context, fault("alike", one=same, other=msgid))
        face = f"{icons[context, msgid]} {one.text}".strip()
        if len(face) > LEAST_LABEL and (f"{context}{SHORT_FORM}", msgid) not in said:
            wrong = fault("no_short", text=msgid, n=len(face), most=LEAST_LABEL)
            yield Problem(file, context, wrong)
