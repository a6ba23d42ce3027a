"""Faults in words for the terminal: the English phrases of translations/desk.yaml."""

from functools import cache

from flows.faults import Fault, Problem
from translations.phrases import Phrases


def line_of(problem: Problem) -> str:
    """One line: file, place, what is wrong and what to do."""
    return f"{problem.file}: {problem.node}: {in_english(problem.fault)}"


def in_english(fault: Fault) -> str:
    """What is wrong and what to do."""
    return fault.told(lambda phrase, **fields: _phrases()[phrase].format(**fields))


@cache
def _phrases() -> Phrases:
    return Phrases.of_staff()
