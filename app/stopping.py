"""Ends a process in order: says that it is about to stop, takes nothing new, finishes the rest."""

import asyncio
import contextlib
import fcntl
import os
import signal
from collections.abc import Iterator

import uvicorn

from handlers.desk import Desk
from storage.apart import sqlite_file

FINISH = 20  # seconds for requests in hand; a platform that was not answered delivers again


class AnotherServes(Exception):
    """SQLite serves one process, and another one has it."""


@contextlib.contextmanager
def the_only_process(url: str) -> Iterator[None]:
    """Hold a SQLite database for this process alone; the system lets go of it at any end.

    Raises AnotherServes. Nothing is held of a database of several processes.
    """
    file = sqlite_file(url)
    if file is None or not file.parent.is_dir():
        yield
        return
    held = os.open(file.with_name(f"{file.name}.serving"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        raise AnotherServes from None
    try:
        yield
    finally:
        os.close(held)


class Signals:
    """SIGINT and SIGTERM as they come: the first says stop, a second says at once."""

    def __init__(self) -> None:
        """Hear them from here on; before, they end the process as it is."""
        self.stop, self.at_once = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._signalled)

    def _signalled(self) -> None:
        (self.at_once if self.stop.is_set() else self.stop).set()


async def until_stopped(
    desk: Desk, servers: tuple[uvicorn.Server, ...], signals: Signals, drain: float
) -> None:
    """Serve until a signal, and then let everything that is open be given back.

    From the signal on /readyz says no. For `drain` seconds more everything is still answered, so
    that a proxy has time to hear it; a second signal ends that. The servers' own handling of
    signals would end the process before our databases are closed.
    """
    for server in servers:
        server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
    serving = [asyncio.create_task(server.serve()) for server in servers]
    until = asyncio.create_task(signals.stop.wait())
    await asyncio.wait((until, *serving), return_when=asyncio.FIRST_COMPLETED)
    until.cancel()
    desk.ending.set()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(drain):
            await signals.at_once.wait()
    for server in servers:
        server.should_exit = True
    await asyncio.gather(*serving)
