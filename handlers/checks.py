"""Checks: what judges an edition, given to the desk by app/wiring.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from babel.messages.catalog import Catalog

from flows.book import FlowBook
from flows.faults import Fault, Problem
from translations.phrases import Phrases


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Everything that is said in an edition: trees, words of the interface, each language."""

    book: FlowBook
    phrases: Phrases
    catalogues: Mapping[str, Catalog]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """Functions of app/checking.py, which knows the channels; handlers reach them only so.

    `quick`: names of the whole book, and the wording of the named trees; well under 300 ms.
    `trees`: everything `saphan flows check` says of the trees; takes seconds, so run it in a
    thread. `texts`: the same of every language's catalogue. `text`: what is wrong
    with one translation: locale, context, English, text, and the icon where it is an answer;
    glossary and rules of the script included.
    """

    quick: Callable[[FlowBook, frozenset[str]], tuple[Problem, ...]]
    trees: Callable[[FlowBook], tuple[Problem, ...]]
    texts: Callable[[Wording], tuple[Problem, ...]]
    text: Callable[[tuple[str, str, str, str], str | None], tuple[Fault, ...]]
