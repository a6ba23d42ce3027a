"""Sends updates at a rate, as a platform does, and measures the answers (R09).

    python -m tests.rig.load --seconds 3600 --rate 30 --burst 500x10

People go through the trees by the buttons that stand on their cards. An update is due at its
moment whether or not the ones before were answered, and its seconds are counted from then on.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy import text

from storage.store import Store
from tests.databases import in_memory, postgresql
from tests.rig.fleet import Fleet, fleet_over
from tests.rig.quick_platform import Delivered, QuickPlatform

PEOPLE = 400
SETTLES = 60.0  # seconds in which what was sent is answered, and what was posted is gone (R09)
FRESH = 0.05  # of all updates are /start: people come, go and begin again


@dataclass
class Figures:
    """What a load showed."""

    sent: list[Delivered] = field(default_factory=list)
    memory: list[tuple[float, int]] = field(default_factory=list)
    answered: float = 0.0  # seconds after the last update until all had their 200
    backlog: float = 0.0  # seconds after it until the outbox was empty
    enough: asyncio.Event = field(default_factory=asyncio.Event)  # set, no more updates come

    def seconds(self, share: float) -> float:
        """Within which so many of the updates were answered."""
        took = sorted(one.took for one in self.sent if one.took)
        return took[min(len(took) - 1, int(len(took) * share))] if took else 0.0

    @property
    def lost(self) -> int:
        """Updates that were never answered with 200."""
        return sum(not one.took for one in self.sent)

    @property
    def refused(self) -> int:
        """Answers that were not 200."""
        return sum(len(one.refused) for one in self.sent)

    def grown(self, settled: float = 300.0) -> float:
        """By which part memory grew from `settled` seconds on to the end."""
        late = [size for at, size in self.memory if at >= settled] or [1]
        return max(late[-min(len(late), 5) :]) / late[0] - 1

    def told(self) -> dict[str, object]:
        """For a report."""
        return {
            "updates": len(self.sent),
            "lost": self.lost,
            "refused": self.refused,
            "p50_ms": round(self.seconds(0.5) * 1000, 1),
            "p99_ms": round(self.seconds(0.99) * 1000, 1),
            "p999_ms": round(self.seconds(0.999) * 1000, 1),
            "max_ms": round(self.seconds(1) * 1000, 1),
            "answered_s": round(self.answered, 1),
            "backlog_s": round(self.backlog, 1),
            "memory_mb": [
                round(size / 1e6) for _, size in self.memory[:: len(self.memory) // 12 or 1]
            ],
            "memory_grown": round(self.grown(), 4),
        }


class Crowd:
    """So many people who tap what stands on their cards."""

    def __init__(self, platform: QuickPlatform, seed: int = 9, people: int = PEOPLE) -> None:
        self._platform, self._random, self._people = platform, Random(seed), people

    def does(self) -> dict[str, object]:
        """The next update of anybody."""
        chat = 700_000 + self._random.randrange(self._people)
        known = self._platform.chats.get(chat)
        if known is None or not known.buttons or self._random.random() < FRESH:
            return self._platform.says(chat)
        return self._platform.taps(chat, self._random.choice(known.buttons))


async def at_rate(
    fleet: Fleet, rate: float, seconds: float, crowd: Crowd, figures: Figures | None = None
) -> Figures:
    """So many updates a second for so long, until all are answered and the outbox is empty."""
    figures, tasks = figures or Figures(), set[asyncio.Task[None]]()
    begun = time.perf_counter()
    watch = asyncio.create_task(_watched(fleet, figures, begun))
    for number in range(int(rate * seconds)):
        due = begun + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        if figures.enough.is_set():
            break
        sent = Delivered(crowd.does(), due)
        figures.sent.append(sent)
        task = asyncio.create_task(fleet.platform.deliver(sent))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    ended = time.perf_counter()
    if tasks:
        await asyncio.wait(tasks, timeout=SETTLES)
    figures.answered = time.perf_counter() - ended
    await _drained(fleet, ended + 4 * SETTLES)
    figures.backlog = time.perf_counter() - ended
    watch.cancel()
    return figures


async def waiting(fleet: Fleet) -> int:
    """Screens that wait to be shown."""
    store = Store(fleet.settings["database_url"])
    try:
        async with store.turn() as turn:
            found = await turn.execute(text("SELECT count(*) FROM mail WHERE kind = 'show'"))
            return int(found.scalar_one())
    finally:
        await store.close()


async def _drained(fleet: Fleet, until: float) -> None:
    while True:
        if not await waiting(fleet) or time.perf_counter() > until:
            return
        await asyncio.sleep(0.25)


async def _watched(fleet: Fleet, figures: Figures, begun: float) -> None:
    while True:
        figures.memory.append((time.perf_counter() - begun, fleet.memory()))
        await asyncio.sleep(10)


def _read() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=60)
    asked.add_argument("--rate", type=float, default=30)
    asked.add_argument("--burst", default="500x10", help="updates a second x seconds; empty: none")
    asked.add_argument("--public", type=int, default=1)
    asked.add_argument("--jobs", type=int, default=1)
    asked.add_argument("--gigabytes", type=float, default=2.0)
    return asked.parse_args()


async def _run(asked: argparse.Namespace, tell: Callable[[str], None]) -> None:
    limit = ("prlimit", f"--data={int(asked.gigabytes * 1e9)}")
    with (
        postgresql() as server,
        tempfile.TemporaryDirectory(prefix="saphan-load-", dir=in_memory()) as home,
    ):
        async with fleet_over(Path(home), server, limit) as fleet:
            for number in range(asked.jobs):
                await fleet.start(f"jobs{number}", "jobs")
            for number in range(asked.public):
                await fleet.start(f"public{number}", "public")
            crowd = Crowd(fleet.platform)
            await at_rate(fleet, asked.rate, 20, crowd)  # everybody has a card
            steady = await at_rate(fleet, asked.rate, asked.seconds, crowd)
            tell(json.dumps({"steady": steady.told(), "calls": dict(fleet.platform.calls)}))
            if asked.burst:
                rate, _, seconds = asked.burst.partition("x")
                burst = await at_rate(fleet, float(rate), float(seconds), crowd)
                tell(json.dumps({"burst": burst.told(), "calls": dict(fleet.platform.calls)}))


if __name__ == "__main__":
    asyncio.run(_run(_read(), print))
