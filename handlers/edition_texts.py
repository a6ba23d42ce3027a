"""Brings trees and texts of an edition together: what can be said in which language."""

from collections.abc import Iterable, Mapping
from typing import Final

from babel.messages.catalog import Catalog

from flows.book import FlowBook, read_book
from flows.extract import tree_texts, unready
from translations.catalogues import Entry
from translations.locales import LOCALES, SOURCE
from translations.phrases import Phrases
from translations.translator import Translator

# Opening, interrupts, danger, health clock, child path, safer phone, consent (coordination 5.3).
SAFETY_SET: Final = frozenset({"sh", "rx", "dn", "sv", "ch", "ph", "co"})


def book_for(translator: Translator, book: FlowBook | None = None) -> FlowBook:
    """The trees, knowing which nodes are not there yet in which language.

    A language is offered when every screen of the safety set and every word of the interface can
    be said in it (decisions 32); a screen with another `instead` of it takes no language away.
    """
    book = book or read_book()
    entries, words = tree_entries(book), tuple(translator.phrases.entries())
    missing = {locale: unready(book, translator.missing(locale, entries)) for locale in LOCALES}
    offered = frozenset(
        locale
        for locale, nodes in missing.items()
        if not any(_must_be_said(book, node) for node in nodes)
        and not translator.missing(locale, words)
    )
    return book.in_languages(missing, offered)


def _must_be_said(book: FlowBook, node: str) -> bool:
    return node.partition(".")[0] in SAFETY_SET and book.nodes[node].instead is None


def tree_entries(book: FlowBook) -> tuple[Entry, ...]:
    """The texts of the trees as entries of a catalogue."""
    return tuple(Entry(t.context, t.msgid, t.note, t.optional) for t in tree_texts(book))


def all_entries(book: FlowBook, phrases: Phrases) -> tuple[Entry, ...]:
    """Every text that she may read, trees first."""
    return (*tree_entries(book), *phrases.entries())


def of_language(locale: str, wanted: Iterable[Entry]) -> tuple[Entry, ...]:
    """What the catalogue of a language holds: English needs only short forms."""
    return tuple(entry for entry in wanted if entry.optional or locale != SOURCE)


def filled(translator: Translator, shipped: Translator) -> Translator:
    """The texts of an edition with the words of the interface that a newer program needs.

    An edition older than the program may lack them, and no screen can be drawn without.
    """
    lacking = tuple(
        entry for entry in shipped.phrases.entries() if entry.context not in translator.phrases
    )
    if not lacking:
        return translator
    pairs = {(entry.context, entry.msgid) for entry in lacking}
    catalogues: Mapping[str, Mapping[tuple[str, str], str]] = {
        locale: {
            **{pair: text for pair, text in shipped.catalogues[locale].items() if pair in pairs},
            **texts,
        }
        for locale, texts in translator.catalogues.items()
    }
    phrases = translator.phrases.with_words_of(shipped.phrases)
    return Translator(catalogues, phrases, translator.desk)


def translator_of(
    catalogues: Mapping[str, Catalog], phrases: Phrases, shipped: Translator, *, live: bool
) -> Translator:
    """What can be said with these catalogues; words for staff come with the program."""
    texts = Translator.of(catalogues, phrases, shipped.desk, live=live)
    return filled(texts, shipped)
