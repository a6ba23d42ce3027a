"""Says aloud when clocks disagree: the machine's was set, or is not the database's (R13)."""

import asyncio
from collections.abc import Callable

import structlog

from handlers.alarms import count_alarm
from handlers.desk import Desk
from privacy.clock import machine, running
from storage.soundness import clock_of

log = structlog.get_logger("clock")

MOST = 5.0  # seconds two clocks may differ
EVERY = 10.0  # seconds between looks
SAID_AGAIN = 600.0  # seconds between two words about a difference that stays


class ClockWatch:
    """Compares the machine's clock with the seconds that really pass, and with other clocks."""

    def __init__(
        self,
        machine: Callable[[], float] = machine,
        running: Callable[[], float] = running,
    ) -> None:
        """Both give seconds: of the day's time, and since the machine was started."""
        self._machine, self._running = machine, running
        self._apart = machine() - running()
        self._said_at = float("-inf")

    def drift(self, *others: float) -> float:
        """Seconds to be said aloud: a step since the last look, else the greatest standing
        difference to `others` (Unix seconds); 0.0 where nothing exceeds MOST."""
        now, ran = self._machine(), self._running()
        step, self._apart = now - ran - self._apart, now - ran
        if abs(step) > MOST:
            return step
        worst = max((now - other for other in others), key=abs, default=0.0)
        if abs(worst) <= MOST or ran - self._said_at < SAID_AGAIN:
            return 0.0
        self._said_at = ran
        return worst


async def watch_forever(desk: Desk, every: float = EVERY) -> None:
    """Look again and again; every process watches the machine it runs on."""
    watch = ClockWatch()
    while True:
        await look(desk, watch)
        await asyncio.sleep(every)


async def look(desk: Desk, watch: ClockWatch) -> float:
    """One look; the seconds that were said aloud."""
    database = await clock_of(desk.store.engine)
    drift = watch.drift(desk.now(), *(() if database is None else (database,)))
    if drift:
        log.error("clock_drift", seconds=round(drift))
        async with desk.store.turn() as turn:
            await count_alarm(turn, desk, "clock_drift", 1)
    return drift
