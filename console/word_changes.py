"""What changed between two texts, by words: for pages that show an English that was changed."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "gone", "new"]


def word_changes(before: str, after: str) -> tuple[tuple[Kind, str], ...]:
    """(what became of them, words) in the order of reading; blanks belong to the word before."""
    return tuple(_pieces(_words(before), _words(after)))


def _pieces(old: list[str], new: list[str]) -> Iterator[tuple[Kind, str]]:
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield "same", "".join(new[k:m])
            continue
        if i < j:
            yield "gone", "".join(old[i:j])
        if k < m:
            yield "new", "".join(new[k:m])


def _words(text: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text)
