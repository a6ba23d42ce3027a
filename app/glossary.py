"""Words that a language's glossary says to avoid, where the English means just that."""

import re
from collections.abc import Collection, Iterator

import yaml

from translations.catalogues import FOLDER

GLOSSARY = FOLDER / "glossary"
# Entries that hold in some sentences only, which no program can tell: "more (menu item)", "you".
_OF_CONTEXT = re.compile(r"\(|^(?:you|I)\b")
_FIELD = re.compile(r"\{[^{}]*\}")

Avoided = tuple[str, str, re.Pattern[str]]
"""The word not to use, the term it would stand for, the English in which that is meant."""


def words_to_avoid(locale: str) -> tuple[Avoided, ...]:
    """All of a language; none where it has no glossary."""
    path = GLOSSARY / f"{locale}.yaml"
    if not path.exists():
        return ()
    terms = yaml.safe_load(path.read_text("utf-8")).get("terms") or ()
    return tuple(
        (str(word), str(term["en"]), _meant(str(term["en"])))
        for term in terms
        for word in term.get("avoid") or ()
        if str(word) not in str(term.get("term")) and not _OF_CONTEXT.search(str(term["en"]))
    )


def against(msgid: str, text: str, avoided: Collection[Avoided]) -> Iterator[tuple[str, str]]:
    """(what is wrong, what to do) for each word to avoid that a translation uses."""
    text, msgid = _FIELD.sub("", text), _FIELD.sub("", msgid)
    for word, term, meant in avoided:
        if meant.search(msgid) and _stands_in(word, text):
            yield f"“{word}” is a word to avoid", f"See “{term}” in the glossary."


def _meant(term: str) -> re.Pattern[str]:
    """Any of `to type / write` as whole words: the glossary speaks of these alone."""
    words = [w.strip() for w in re.split(r"[/,;]", term.replace("to ", "")) if w.strip()]
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words)) or '$^'})\b", re.IGNORECASE)


def _stands_in(word: str, text: str) -> bool:
    """As a whole word where the script parts words, anywhere where it does not."""
    if word[:1] < "\u0e00":
        return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None
    return word in text
