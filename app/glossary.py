"""Words that a language's glossary says to avoid, where the English means just that."""

import re
from collections.abc import Collection, Iterator
from functools import cache

from flows.faults import Fault, fault
from translations.terms import meant, terms_of

# Entries that hold in some sentences only, which no program can tell: "more (menu item)", "you".
_OF_CONTEXT = re.compile(r"\(|^(?:you|I)\b")
_FIELD = re.compile(r"\{[^{}]*\}")

Avoided = tuple[str, str, re.Pattern[str]]
"""The word not to use, the term it would stand for, the English in which that is meant."""


@cache
def words_to_avoid(locale: str) -> tuple[Avoided, ...]:
    """All of a language; none where it has no glossary."""
    return tuple(
        (word, one.en, meant(one.en))
        for one in terms_of(locale)
        for word in one.avoid
        if word not in one.term and not _OF_CONTEXT.search(one.en)
    )


def against(msgid: str, text: str, avoided: Collection[Avoided]) -> Iterator[Fault]:
    """A fault for each word to avoid that a translation uses."""
    text, msgid = _FIELD.sub("", text), _FIELD.sub("", msgid)
    folded = text.casefold()
    for word, term, where in avoided:
        # What costs least is asked first: most words are not in most texts.
        if word.casefold() in folded and _stands_in(word, text) and where.search(msgid):
            yield fault("avoided", word=word, term=term)


def _stands_in(word: str, text: str) -> bool:
    """As a whole word where the script parts words, anywhere where it does not."""
    if word[:1] < "\u0e00":
        return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None
    return word in text
