"""The glossary of each language: which word for which thing, found again in the English."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from translations.catalogues import FOLDER

GLOSSARY = FOLDER / "glossary"


@dataclass(frozen=True, slots=True)
class Term:
    """One line of a glossary: the English, the word to use, why, and words not to use."""

    en: str
    term: str
    why: str
    avoid: tuple[str, ...]


@cache
def terms_of(locale: str) -> tuple[Term, ...]:
    """All of a language, in the order of its file; none where it has no glossary."""
    path = GLOSSARY / f"{locale}.yaml"
    if not path.exists():
        return ()
    content = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    told: list[dict[str, Any]] = content.get("terms") or []
    return tuple(
        Term(
            str(one["en"]),
            str(one.get("term") or ""),
            str(one.get("why") or ""),
            tuple(str(word) for word in one.get("avoid") or ()),
        )
        for one in told
    )


@cache
def meant(english: str) -> re.Pattern[str]:
    """Any of `to type / write` as whole words: the glossary speaks of these alone."""
    words = [w.strip() for w in re.split(r"[/,;]", english.replace("to ", "")) if w.strip()]
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words)) or '$^'})\b", re.IGNORECASE)


def used(english: str, locale: str) -> tuple[Term, ...]:
    """The terms that stand in an English text."""
    return tuple(one for one in terms_of(locale) if meant(_plain(one.en)).search(english))


def marked(english: str, terms: Collection[Term]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, in its order: (words, whether they are a term)."""
    spots = sorted(
        (found.span() for one in terms for found in meant(_plain(one.en)).finditer(english)),
        key=lambda span: (span[0], -span[1]),
    )
    at = 0
    for begin, end in spots:
        if begin < at:
            continue
        if begin > at:
            yield english[at:begin], False
        yield english[begin:end], True
        at = end
    if at < len(english):
        yield english[at:], False


def _plain(english: str) -> str:
    """Without what stands in brackets: "more (menu item)"."""
    return re.sub(r"\([^)]*\)", "", english).strip()
