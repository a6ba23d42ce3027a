"""What is counted aloud, as Prometheus text: closed lists of names and labels.

What people do is shown in whole tens, and nothing under ten: a counter that goes up by one while
somebody watches would tell that a woman is there now (safety.md 4.9, R29). What the machine does
is shown as it is. docs/alerts.yml says what to be woken for.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, MutableMapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from app.logs import EVENTS
from storage.figures import Figures

FLOOR: Final = 10
TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
# What the trees and jobs count (flows/talk.py, handlers/sweep.py); of gaps the kind alone.
KINDS: Final = frozenset({"node", "gap", "feedback", "exit", "interrupt", "alarm"})
# Events that tell of the machine alone, and may be counted one by one.
TROUBLE: Final = frozenset(
    {
        *("anchor_failed", "audit_broken", "card_not_made", "channel_moved", "clock_drift"),
        *("clockwork_failed", "deaf"),
        *("delivery_failed", "edition_not_published", "edition_refused", "job_failed"),
        *("removal_not_listed", "screen_refused", "sweep_failed", "trees_refused"),
    }
)
ALARMS: Final = frozenset({"anchor_failed", "audit_broken", "chat_not_cleared", "sweep_failed"})
BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0)  # seconds (R09: 0.5 and 5)
# Errors by which a database tells that it is away, full or in the way of others.
_DATABASE: Final = frozenset(
    {
        *("DBAPIError", "InterfaceError", "InternalError", "OperationalError", "TimeoutError"),
        "Trouble",
    }
)
_QUIET: Final = 60.0  # seconds: a letter younger than this is on its way, and would tell of her
_TOLD: Final = {
    "saphan_counted_total": "What all conversations counted, in whole tens.",
    "saphan_logged_total": "Events of this process, written or not, in whole tens.",
}


@dataclass(slots=True)
class Answers:
    """How long messages took until they were answered, in this process."""

    buckets: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    seconds: float = 0.0

    def took(self, seconds: float) -> None:
        """One message was answered."""
        self.buckets[bisect_left(BUCKETS, seconds)] += 1
        self.seconds += seconds


@dataclass(frozen=True, slots=True)
class Tally:
    """What this process did since it began: events of its log, answers, which doors it reached."""

    heard: Counter[str] = field(default_factory=Counter)
    database: Counter[str] = field(default_factory=Counter)
    doors: dict[str, int] = field(default_factory=dict)
    answers: Answers = field(default_factory=Answers)

    def hear(self, _logger: object, _method: str, event: MutableMapping[str, Any]) -> Any:
        """A step of structlog: count the event and pass it on."""
        name = event["event"]
        self.heard[name] += 1
        if event.get("kind") in _DATABASE:
            self.database["errors"] += 1
        if name in ("channel_ready", "channel_unreachable") and "channel" in event:
            self.doors[event["channel"]] = int(name == "channel_ready")
        return event


def exposition(counted: Mapping[str, int], heard: Mapping[str, int]) -> str:
    """What was counted of all conversations, and what was logged; in whole tens."""
    return _counter("saphan_counted_total", "what", counted, KINDS) + _counter(
        "saphan_logged_total", "event", heard, EVENTS.keys()
    )


def of_process(tally: Tally, cards: int) -> str:
    """What this process knows by itself, also while its databases are away.

    `cards`: how many were shown for want of a database.
    """
    trouble = {name: tally.heard[name] for name in sorted(TROUBLE)}
    doors = dict(sorted(tally.doors.items()))
    parts = (
        *_many("saphan_trouble_total", "Troubles of the machine.", "event", trouble),
        *_many("saphan_door_reachable", "1 when a door was last reached.", "door", doors),
        *_one("saphan_database_errors_total", "Errors of a database.", tally.database["errors"]),
        *_one("saphan_cards_total", "Cards served without a database.", _tens(cards)),
        *_histogram(tally.answers),
    )
    return "".join(parts)


def of_system(found: Figures, swept_at: float, now: float) -> str:
    """What the databases tell: the same from every process. Ages in seconds."""
    letters = now - found.letters_since if found.letters_since else 0.0
    words = now - found.notices_since if found.notices_since else 0.0
    backed_up = datetime.fromisoformat(found.backed_up_at) if found.backed_up_at else None
    alarms = {name: found.alarms.get(name, 0) for name in sorted(ALARMS)}
    parts = [
        *_one("saphan_database_up", "1 when both databases answered.", 1),
        *_one("saphan_letters_waiting", "Letters to be sent, in tens.", _tens(found.letters)),
        *_one("saphan_letters_oldest_seconds", "Age of the oldest, from a minute.", _old(letters)),
        *_one("saphan_notices_waiting", "Word to staff to be sent.", found.notices),
        *_one("saphan_notices_oldest_seconds", "Age of the oldest.", _old(words)),
        *_one("saphan_clocks_late", "Referrals whose clock is late.", found.clocks_late),
        *_one("saphan_swept_seconds", "Since what was over was erased.", max(0.0, now - swept_at)),
        *_many("saphan_alarms_total", "Alarms of all processes.", "alarm", alarms),
    ]
    if backed_up is not None:
        age = max(0.0, now - backed_up.timestamp())
        parts += _one("saphan_backup_seconds", "Since the last backup was made.", age)
    return "".join(parts)


AWAY: Final = (
    "# HELP saphan_database_up 1 when both databases answered.\n"
    "# TYPE saphan_database_up gauge\nsaphan_database_up 0\n"
)


def _tens(number: int) -> int:
    return number - number % FLOOR


def _old(seconds: float) -> float:
    return seconds if seconds >= _QUIET else 0.0


def _one(name: str, told: str, value: float) -> Iterator[str]:
    yield from _head(name, told)
    yield f"{name} {value:g}\n" if isinstance(value, int) else f"{name} {value:.0f}\n"


def _many(name: str, told: str, label: str, values: Mapping[str, int]) -> Iterator[str]:
    yield from _head(name, told)
    for key, value in values.items():
        yield f'{name}{{{label}="{key}"}} {value}\n'


def _head(name: str, told: str) -> Iterator[str]:
    kind = "counter" if name.endswith("_total") else "gauge"
    yield f"# HELP {name} {told}\n# TYPE {name} {kind}\n"


def _histogram(answers: Answers) -> Iterator[str]:
    name = "saphan_answer_seconds"
    yield f"# HELP {name} Until a message was answered, in whole tens.\n# TYPE {name} histogram\n"
    total = 0
    for limit, number in zip((*BUCKETS, "+Inf"), answers.buckets, strict=True):
        total += number
        yield f'{name}_bucket{{le="{limit}"}} {_tens(total)}\n'
    yield f"{name}_sum {answers.seconds if total >= FLOOR else 0:.0f}\n"
    yield f"{name}_count {_tens(total)}\n"


def _counter(name: str, label: str, numbers: Mapping[str, int], listed: Set[str]) -> str:
    samples = (
        f'{name}{{{label}="{value}"}} {_tens(numbers[value])}\n'
        for value in sorted(numbers.keys() & listed)
        if numbers[value] >= FLOOR
    )
    return f"# HELP {name} {_TOLD[name]}\n# TYPE {name} counter\n" + "".join(samples)
