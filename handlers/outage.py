"""Whether the databases are away: no update waits longer than two seconds to hear of it (R10)."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from handlers.messages import Address
from storage.probe import Probe
from storage.store import StoreAway

if TYPE_CHECKING:
    from handlers.emergency import Cards

T = TypeVar("T")
PATIENCE = 0.6  # seconds after which one asks whether the databases answer at all
PROBE = 0.8  # seconds they have for that
AGAIN = 0.3  # seconds between two questions while they answer, and how long a no is believed
LAST = 3.0  # seconds, when the process stops, for turns that a database still holds
AT_ONCE = 20  # cards that are being sent


@dataclass(slots=True)
class Outage:
    """What one process knows of it. `away`: since a turn failed, none went well.

    `shown` are chats that have the card, as numbers that only this process can make; `standing`
    the messages sent to them, until they can be put on record. Both go when it is over.
    """

    probes: tuple[Probe, ...] = ()
    cards: "Cards | None" = None
    glance: int = 0  # what they were made of (handlers/emergency.py)
    away: bool = False
    served: int = 0
    """Cards shown since the start, for the figures of operators."""
    shown: set[int] = field(default_factory=set)
    standing: dict[Address, tuple[str, ...]] = field(default_factory=dict, repr=False)
    sending: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set, repr=False)
    _probing: asyncio.Task[bool] | None = field(default=None, repr=False)
    _down_until: float = 0.0
    _well: float = float("-inf")

    async def within(self, turn: Coroutine[Any, Any, T]) -> T:
        """The turn's result. Raises StoreAway when the databases do not answer.

        A turn that is given up may still be kept: her message comes again and is known then.
        """
        task, wait = self.begin(turn), PATIENCE
        try:
            while not (await asyncio.wait({task}, timeout=wait))[0]:
                if not await self._answers():
                    raise StoreAway  # the turn hangs on: cut off, it might hold a lock for ever
                wait = AGAIN
        except asyncio.CancelledError:
            task.cancel()
            raise
        result = await task
        self._well = asyncio.get_running_loop().time()
        return result

    def begin(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Something that goes on by itself; it is held until it has ended."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def settled(self) -> None:
        """Until everything that goes on by itself has ended."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Give what goes on by itself a moment to end; a database that hangs may hold some."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=LAST)

    async def _answers(self) -> bool:
        """Whether all databases answer; asked once for all who wait. A turn that has just ended
        well says so too."""
        loop = asyncio.get_running_loop()
        if loop.time() < self._down_until:
            return False
        if loop.time() - self._well < PATIENCE:
            return True
        if self._probing is None or self._probing.done():
            self._probing = self.begin(self._probed())
        answers = await asyncio.shield(self._probing)
        if not answers:
            self._down_until = loop.time() + AGAIN
        return answers

    async def _probed(self) -> bool:
        return all(await asyncio.gather(*(one.answers(PROBE) for one in self.probes)))

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waited has it
