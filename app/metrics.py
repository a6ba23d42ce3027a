"""What is counted aloud, as Prometheus text: closed lists of labels, nothing under ten.

A number is shown in whole tens: a counter that goes up by one while somebody watches would tell
that a woman is there now (safety.md 4.9, R29).
"""

from collections import Counter
from collections.abc import Mapping, MutableMapping, Set
from dataclasses import dataclass, field
from typing import Any, Final

from app.logs import EVENTS

FLOOR: Final = 10
TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
# What the trees and jobs count (flows/talk.py, handlers/sweep.py); of gaps the kind alone.
KINDS: Final = frozenset({"node", "gap", "feedback", "exit", "interrupt", "alarm"})
_TOLD: Final = {
    "saphan_counted_total": "What all conversations counted, in whole tens.",
    "saphan_logged_total": "Events in the log of this process, in whole tens.",
}


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each event was logged since this process began."""

    heard: Counter[str] = field(default_factory=Counter)

    def hear(self, _logger: object, _method: str, event: MutableMapping[str, Any]) -> Any:
        """A step of structlog: count the event and pass it on."""
        self.heard[event["event"]] += 1
        return event


def exposition(counted: Mapping[str, int], heard: Mapping[str, int]) -> str:
    """The page of `GET /metrics`: what was counted of all conversations, and what was logged."""
    return _counter("saphan_counted_total", "what", counted, KINDS) + _counter(
        "saphan_logged_total", "event", heard, EVENTS.keys()
    )


def _counter(name: str, label: str, numbers: Mapping[str, int], listed: Set[str]) -> str:
    samples = (
        f'{name}{{{label}="{value}"}} {numbers[value] - numbers[value] % FLOOR}\n'
        for value in sorted(numbers.keys() & listed)
        if numbers[value] >= FLOOR
    )
    return f"# HELP {name} {_TOLD[name]}\n# TYPE {name} counter\n" + "".join(samples)
