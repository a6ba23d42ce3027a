"""Ends tasks of ours, also those that lost the word to stop."""

import asyncio
from collections.abc import Iterable

CANCEL_AGAIN = 5.0  # seconds until a job that goes on all the same is told again to stop


async def ended(tasks: Iterable[asyncio.Task[None]], again: float = CANCEL_AGAIN) -> None:
    """Cancel them, and wait until all have ended; `again` in seconds.

    It is said again until it is heard: before Python 3.12, asyncio.wait_for loses a cancellation
    that comes at the moment of its answer, and then we would never be stopped. But nobody is told
    twice at once: cancelled again while it closes its connection, SQLAlchemy leaves a task behind
    that waits for SQLite's ended thread and hears nothing, and then the loop would never end.
    """
    waiting = set(tasks)
    for task in waiting:
        if not task.cancelling():
            task.cancel()
    while waiting:
        _, waiting = await asyncio.wait(waiting, timeout=again)
        for task in waiting:
            task.cancel()
