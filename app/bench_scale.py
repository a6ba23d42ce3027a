"""A month of a million conversations and a radio programme, simulated event by event.

She taps, a public process answers, the database keeps it, the sender shows the next screen within
the messenger's limit, she reads, and taps again: nobody taps what is not shown yet, so a crowd
slows itself down. docs/scale.md says what each assumption rests on.
"""

import heapq
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

# Shares of a day by hour, local time: asleep, work, and evenings when a domestic worker is free.
DAY: Final = (1, 1, 1, 1, 1, 2, 3, 4, 4, 4, 4, 5, 5, 4, 4, 4, 5, 5, 6, 8, 9, 8, 6, 3)
HOUR: Final = 3600.0
TEN: Final = 600.0  # seconds: the stretch over which a part is called busy
WEB: Final = -1
Place = Literal["process", "database", "sender"]
PARTS: Final[tuple[Place, ...]] = ("process", "database", "sender")


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Who comes. Times in seconds, `talks` a month of 30 days."""

    talks: float = 1_000_000
    day: tuple[float, ...] = DAY
    """Shares of a day by hour."""
    taps: float = 12.0
    """Taps of one conversation, in the mean; geometric."""
    reads: float = 12.0
    """Seconds from a screen to the next tap, in the mean; exponential."""
    web: float = 0.2
    """The share that talks on the web page, whose answers pass no messenger's limit."""
    called: float = 30_000
    """Talks that one radio programme brings."""
    calms: float = 1_200.0
    """Seconds after which a third of them is still to come; exponential."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """What serves them: processes and what one update costs each part, in seconds."""

    processes: int = 2
    step: float
    commit: float
    sends: float = 25.0
    """Screens a second that one bot may show."""
    bots: int = 1


@dataclass(slots=True)
class Seen:
    """What the simulation saw."""

    taps: int = 0
    answer: list[float] = field(default_factory=list)
    """Seconds from a tap until it was kept."""
    screen: list[float] = field(default_factory=list)
    """Seconds from a tap until the next screen stood on her phone."""
    busy: dict[Place, float] = field(default_factory=dict)
    """Seconds of work of each part in the busiest ten minutes, divided by what it could do."""
    most: int = 0
    """Taps in the busiest minute, per second."""
    open: int = 0
    """Conversations at the same time, at most."""


def rows(load: Load, plant: Plant, seed: int = 1) -> dict[str, object]:
    """One evening with a radio programme at 20:00, as a table."""
    seen = evening(load, plant, seed)
    return {
        "taps": seen.taps,
        "taps_a_second_at_most": seen.most,
        "talks_at_once": seen.open,
        "answer_p99_seconds": share(seen.answer, 0.99),
        "screen_p50_seconds": share(seen.screen, 0.5),
        "screen_p99_seconds": share(seen.screen, 0.99),
        "busy": {part: round(part_of, 3) for part, part_of in sorted(seen.busy.items())},
        "gives_first": max(seen.busy, key=lambda part: seen.busy[part]),
    }


def share(values: list[float], part: float) -> float:
    """The value that `part` of them do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


def evening(load: Load, plant: Plant, seed: int = 1) -> Seen:
    """From 19:00 to 22:00, with the programme at 20:00."""
    chance = random.Random(seed)  # noqa: S311  the same evening again, no secret
    events = [_Tap(moment, _door(load, plant, chance)) for moment in _beginnings(load, chance)]
    heapq.heapify(events)
    seen, queues, minutes, talks = Seen(), _Queues(plant), Counter[int](), 0
    while events:
        tap = heapq.heappop(events)
        talks += tap.first
        minutes[int(tap.at // 60)] += 1
        kept = queues.keeps(tap.at)
        shown = queues.shows(kept, tap.bot)
        seen.answer.append(kept - tap.at)
        seen.screen.append(shown - tap.at)
        seen.open = max(seen.open, talks)
        if chance.random() < 1 / load.taps:
            talks -= 1
            continue
        again = shown + chance.expovariate(1 / load.reads)
        heapq.heappush(events, _Tap(again, tap.bot, first=False))
    seen.taps = len(seen.answer)
    seen.most = round(max(minutes.values(), default=0) / 60)
    seen.busy = queues.busiest()
    return seen


class _Tap(NamedTuple):
    """One tap to come: when, by which bot (WEB for the page), whether a talk begins with it."""

    at: float
    bot: int
    first: bool = True


def _door(load: Load, plant: Plant, chance: random.Random) -> int:
    return WEB if chance.random() < load.web else chance.randrange(plant.bots)


def _beginnings(load: Load, chance: random.Random) -> Iterator[float]:
    """When conversations begin, in seconds after 19:00: the day's own, and the programme's."""
    weights = [part / sum(load.day) for part in load.day]
    for hour in range(3):
        mean = load.talks / 30 * weights[19 + hour]
        for _ in range(_poisson(mean, chance)):
            yield HOUR * (hour + chance.random())
    for _ in range(_poisson(load.called, chance)):
        yield HOUR + chance.expovariate(1 / load.calms)


def _poisson(mean: float, chance: random.Random) -> int:
    """How many come where `mean` are expected; beyond a hundred the normal law is near enough."""
    if mean > 100:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    left, number = mean, 0
    while (left := left - chance.expovariate(1.0)) > 0:
        number += 1
    return number


class _Queues:
    """The three parts in a row, each first come, first served."""

    def __init__(self, plant: Plant) -> None:
        self._plant = plant
        self._free = [0.0] * plant.processes
        self._database = 0.0
        self._bots = [0.0] * plant.bots
        self._work: dict[Place, defaultdict[int, float]] = {
            part: defaultdict(float) for part in PARTS
        }

    def keeps(self, now: float) -> float:
        """When an update that comes now is kept: a process takes it, then the one database."""
        began = max(now, heapq.heappop(self._free))
        stepped = began + self._plant.step
        heapq.heappush(self._free, stepped)
        self._note("process", began, self._plant.step / self._plant.processes)
        began = max(stepped, self._database)
        self._database = began + self._plant.commit
        self._note("database", began, self._plant.commit)
        return self._database

    def shows(self, kept: float, bot: int) -> float:
        """When its screen is shown: each bot shows so many a second, the page at once."""
        if bot == WEB or self._plant.sends == math.inf:
            return kept
        began = max(kept, self._bots[bot])
        self._bots[bot] = began + 1 / self._plant.sends
        self._note("sender", began, 1 / self._plant.sends / self._plant.bots)
        return began

    def busiest(self) -> dict[Place, float]:
        return {part: max(work.values(), default=0.0) / TEN for part, work in self._work.items()}

    def _note(self, part: Place, at: float, work: float) -> None:
        self._work[part][int(at // TEN)] += work
