"""problems(): everything that is wrong with a book, all at once, for `saphan flows check`."""

from collections.abc import Collection, Iterator, Mapping

from flows import lint, safety, structure, ways
from flows.book import FlowBook
from flows.faults import Problem


def problems(
    book: FlowBook,
    codes: Collection[str],
    tags: Collection[str],
    labels: Mapping[str, int] | None = None,
) -> tuple[Problem, ...]:
    """Every problem of form, wording and safety, in the order of the checks, each once.

    `codes` and `tags` are the closed lists of the directory; `labels` says how many characters a
    button takes, for each channel. Where names are missing, or the trees run in a circle, the
    checks that walk the trees with the engine wait until that is mended.
    """
    found = [
        *of_names(book, codes, tags),
        *of_words(book, labels or {}),
        *safety.before_consent(book),
        *safety.sign_off(book),
    ]
    if not any(True for _ in structure.names(book)):
        found += ways.answers(book)
        if not any(True for _ in ways.circles(book)) and _gates_end(book):
            found += _of_safety(book)
    return tuple(dict.fromkeys(found))


def of_names(book: FlowBook, codes: Collection[str], tags: Collection[str]) -> Iterator[Problem]:
    """What must be right before an edition may serve: every name leads somewhere."""
    yield from structure.names(book)
    yield from structure.words_of_rules(book)
    yield from structure.audiences(book)
    yield from structure.variants(book)
    yield from structure.queries(book, codes, tags)
    yield from ways.reached(book)
    yield from ways.circles(book)
    yield from ways.counters(book)


def of_words(book: FlowBook, labels: Mapping[str, int]) -> Iterator[Problem]:
    """What is wrong in the English of the trees: length, wording, what a neutral text says."""
    yield from lint.lengths(book, labels)
    yield from lint.wording(book)
    yield from lint.neutral(book)
    yield from lint.claims(book)
    yield from lint.misses(book)


def _of_safety(book: FlowBook) -> Iterator[Problem]:
    for crawled in safety.crawls(book):
        yield from safety.far_from_help(book, crawled)
        yield from safety.cannot_leave(book, crawled)
        yield from safety.far_from_clinic(book, crawled)
        yield from safety.far_from_danger(book, crawled)


def _gates_end(book: FlowBook) -> bool:
    return not any(True for _, node in structure.placed(book) for _ in structure.gate_ends(node))
