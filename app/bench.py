"""`saphan bench`: how well typed words are understood, per language and class, with intervals."""

import math
import time
from collections.abc import Iterable
from statistics import median
from typing import Any

import yaml

from directory.text import zawgyi_readings
from translations.catalogues import FOLDER
from translations.locales import LOCALES, SOURCE
from translations.words import SIGNS, Words

Z = 1.96  # a 95 % interval
# Answers that lead to help as surely as the labelled one: the danger tree, or an interrupt that
# asks about a danger of its own.
_GRAVE = frozenset({"danger", "self", "med", "child", "harm", "help"})


def words_bench() -> dict[str, Any]:
    """Per language and class: n, missed (nothing heard), other (another class), intervals.

    The sets are translations/<locale>/labelled.yaml, written by somebody who had not seen the
    lists (decisions 36). `false_alarm` counts harmless sentences that fired anything at all.
    """
    words = Words.read()
    return {
        locale: _of_language(words, locale)
        for locale in LOCALES
        if locale != SOURCE and (FOLDER / locale / "labelled.yaml").exists()
    }


def heard(words: Words, typed: str, locale: str) -> str | None:
    """The command or signal the product hears in a message, as handlers/shortcuts.py asks."""
    readings = zawgyi_readings(typed)
    found: Iterable[str | None] = (
        *(words.command(reading, locale) for reading in readings),
        *(words.sign(reading, locale) for reading in readings),
    )
    return next((one for one in found if one), None)


def _of_language(words: Words, locale: str) -> dict[str, Any]:
    content = yaml.safe_load((FOLDER / locale / "labelled.yaml").read_text("utf-8"))
    took: list[float] = []

    def timed(typed: str) -> str | None:
        began = time.perf_counter()
        answer = heard(words, typed, locale)
        took.append(time.perf_counter() - began)
        return answer

    rows: dict[str, Any] = {}
    for name, sentences in content["positive"].items():
        answers = [timed(str(sentence)) for sentence in sentences]
        missed = sum(not _found(name, answer) for answer in answers)
        other = sum(answer is not None and answer != name for answer in answers)
        rows[name] = {**rate("missed", missed, len(answers)), "other": other}
    alarms = sum(timed(str(sentence)) is not None for sentence in content["harmless"])
    rows["harmless"] = rate("false_alarm", alarms, len(content["harmless"]))
    rows["milliseconds"] = {"median": median(took) * 1e3, "worst": max(took) * 1e3}
    return rows


def _found(name: str, answer: str | None) -> bool:
    """Whether she is led to help: the labelled class, or for a danger any grave one."""
    if answer == name:
        return True
    return name in _GRAVE and name in (*SIGNS, "help") and answer in _GRAVE


def rate(what: str, count: int, n: int) -> dict[str, Any]:
    """A share under the name `what`, with its Wilson interval, in percent."""
    share = count / n
    centre = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    low, high = max(0.0, centre - half), min(1.0, centre + half)
    return {
        "n": n,
        what: count,
        "percent": round(100 * share, 1),
        "interval": [round(100 * low, 1), round(100 * high, 1)],
    }
