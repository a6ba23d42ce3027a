"""How much room the words of a node leave: in English, in each language, on each channel."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from console.node_fields import Filled
from flows.extract import SHORT
from flows.lint import MAX_GRADE, MAX_LABEL, MAX_TEXT
from flows.reading import grade
from translations.locales import LOCALES, SOURCE
from translations.translator import Translator

MAX_SCREEN: Final = 250  # characters of a text in any language (conversation design 1.2)
# Characters on a button as the doors state them; the shortest is Messenger's (decisions 9).
BUTTONS: Final[Mapping[str, int]] = {"Telegram": 64, "Web": 64, "Messenger": 20}


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One language: characters left of its text, and on each channel's button of its longest
    answer; a negative number is too much. None where nothing is translated."""

    code: str
    text: int | None
    buttons: tuple[tuple[str, int], ...]
    missing: int
    recorded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class English:
    """The English as it is typed: what is left of text and answers, and how hard it reads."""

    text: int
    answers: tuple[int, ...]
    grade: float
    too_hard: bool


def english(filled: Filled) -> English:
    """Counts for what stands in the form now."""
    level = grade(filled.texts["say"])
    return English(
        text=MAX_TEXT - len(filled.texts["say"]),
        answers=tuple(MAX_LABEL - len(row.face) for row in filled.picks),
        grade=level,
        too_hard=level > MAX_GRADE,
    )


def rooms(
    translator: Translator, node: str, filled: Filled, recorded: Mapping[str, object]
) -> Iterator[Room]:
    """Every language but English; `recorded` has those with a recording of this node."""
    texts = tuple(filter(None, (filled.texts["say"], *(row.label for row in filled.picks))))
    for code in LOCALES:
        if code == SOURCE:
            continue
        said = {text: _said(translator, code, node, text) for text in texts}
        main = said.get(filled.texts["say"])
        yield Room(
            code=code,
            text=None if main is None else MAX_SCREEN - len(main),
            buttons=tuple(_buttons(translator, code, node, filled)),
            missing=sum(1 for text in said.values() if text is None),
            recorded=code in recorded,
        )


def _buttons(
    translator: Translator, code: str, node: str, filled: Filled
) -> Iterator[tuple[str, int]]:
    for channel, most in BUTTONS.items():
        faces = []
        for row in filled.picks:
            label = _said(translator, code, node, row.label)
            if label is not None and len(f"{row.icon} {label}".strip()) > most <= SHORT + 3:
                label = translator.short(code, node, row.label) or label
            if label is not None:
                faces.append(len(f"{row.icon} {label}".strip()))
        if faces:
            yield channel, most - max(faces)


def _said(translator: Translator, code: str, node: str, text: str) -> str | None:
    return translator.say(code, node, text) if translator.has(code, node, text) else None
