"""The small language of gates: `strong>=1 or some>=2`, `age in [u15]`, `on_duty`, `else`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_OPERATORS: Mapping[str, Callable[[int, int], bool]] = {
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    ">": lambda a, b: a > b,
}
_COUNT = re.compile(r"^(\w+)\s*(>=|==|>)\s*(\d+)$")
_EQUAL = re.compile(r"^(\w+)\s*==\s*(\w+)$")
_ONE_OF = re.compile(r"^(\w+)\s+in\s+\[([\w,\s]+)\]$")
_FLAG = re.compile(r"^!?\w+$")


class GateFaulty(ValueError):
    """A gate's rule cannot be read; write e.g. `strong>=1 or some>=2`, `age == adult`, `else`."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a rule may ask about: flags, counters and facts of the moment."""

    flags: frozenset[str]
    counters: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a gate, read once at load. `flags` and `counters` are the names it asks for."""

    text: str
    flags: frozenset[str]
    counters: frozenset[str]
    alternatives: tuple[tuple[str, ...], ...]

    def holds(self, known: Known) -> bool:
        """Whether any alternative holds; `else` always does."""
        return any(all(_term_holds(term, known) for term in terms) for terms in self.alternatives)


def read_rule(text: str) -> Rule:
    """Read one rule. Raises GateFaulty."""
    alternatives = tuple(
        tuple(term.strip() for term in part.split(" and ")) for part in text.split(" or ")
    )
    flags: set[str] = set()
    counters: set[str] = set()
    for term in (term for terms in alternatives for term in terms):
        if match := _COUNT.match(term):
            counters.add(match[1])
        elif match := _EQUAL.match(term):
            flags.add(f"{match[1]}_{match[2]}")
        elif match := _ONE_OF.match(term):
            flags.update(f"{match[1]}_{value.strip()}" for value in match[2].split(","))
        elif not _FLAG.match(term):
            raise GateFaulty(text)
        elif term != "else":
            flags.add(term.removeprefix("!"))
    return Rule(text, frozenset(flags), frozenset(counters), alternatives)


def _term_holds(term: str, known: Known) -> bool:
    if term == "else":
        return True
    if match := _COUNT.match(term):
        return _OPERATORS[match[2]](known.counters.get(match[1], 0), int(match[3]))
    if match := _EQUAL.match(term):
        return f"{match[1]}_{match[2]}" in known.flags
    if match := _ONE_OF.match(term):
        return any(f"{match[1]}_{value.strip()}" in known.flags for value in match[2].split(","))
    return (term.removeprefix("!") in known.flags) is not term.startswith("!")
