"""A clock that never goes back: lives are measured by it, whatever is done to the machine's."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

BELIEVED = 86_400.0  # seconds: a longer step forward while we run is somebody's mistake
_SLOWER = 0.01  # how much slower it goes until the machine's clock has caught up


def machine() -> float:
    """Unix seconds by the machine's clock, which may be set."""
    return time.time()


def running() -> float:
    """Seconds since the machine was started, those it slept counted where the system knows."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class SteadyClock:
    """Unix seconds of the machine's clock, made steady (R13).

    Set back, the machine's clock is not followed: time goes on by the seconds that really pass,
    one in a hundred slower until both agree, so no life is longer by more than that. Set forward
    by up to a day it is followed, since a machine may have stood still; by more it is not.
    """

    def __init__(
        self,
        latest: float,
        machine: Callable[[], float] = machine,
        running: Callable[[], float] = running,
    ) -> None:
        """`latest` is the latest moment seen before this start (Unix seconds)."""
        self._machine, self._running = machine, running
        self._ran = running()
        self._time = max(machine(), latest)

    def __call__(self) -> datetime:
        """The present moment."""
        ran, machine = self._running(), self._machine()
        passed, self._ran = max(0.0, ran - self._ran), ran
        steady = self._time + passed
        if steady <= machine <= steady + BELIEVED:
            self._time = machine
        elif machine > steady:
            self._time = steady
        else:
            self._time = steady - min(passed * _SLOWER, steady - machine)
        return datetime.fromtimestamp(self._time, UTC)
