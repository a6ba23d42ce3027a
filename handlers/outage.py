"""Whether the databases are away: no update waits longer than two seconds to hear of it (R10)."""

import asyncio
from collections.abc import Coroutine, Iterable
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
LONGEST = 45.0  # seconds after which a turn is given up whatever they answer; platforms wait 60
AGAIN = 0.3  # seconds between two questions while they answer, and how long a no is believed
LAST = 3.0  # seconds, when the process stops, for turns that a database still holds
AT_ONCE = 20  # cards that are being sent
CHATS = 10_000  # that have the card; beyond that nobody is sent another
TAPS = 50  # in one chat that are answered with a card; nobody needs so many


@dataclass(slots=True)
class Outage:
    """What one process knows of it. `away`: since a turn failed, none went well.

    `shown` is what was answered with a card, by chat, and `gone` the chats of those who have left
    since, as numbers that only this process can make; `standing` the messages sent to them, the
    live card last, until they are put on record. All go when it is over. `farewells` are exits
    that were answered with a neutral sign, until they are brought again.
    """

    probes: tuple[Probe, ...] = ()
    cards: "Cards | None" = None
    glance: tuple[object, ...] = field(default=(), repr=False)
    """What they were made of (handlers/emergency.py)."""
    kept: bool = False
    """Whether they are on disk as well (handlers/emergency_files.py)."""
    away: bool = False
    served: int = 0
    """Cards shown since the start, for the figures of operators."""
    shown: dict[int, set[int]] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    standing: dict[Address, tuple[str, ...]] = field(default_factory=dict, repr=False)
    farewells: set[int] = field(default_factory=set)
    sending: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    recording: bool = False
    """Whether what stands is being put on record."""
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set, repr=False)
    _probing: asyncio.Task[bool] | None = field(default=None, repr=False)
    _down_until: float = 0.0
    _well: float = float("-inf")

    async def within(self, turn: Coroutine[Any, Any, T]) -> T:
        """The turn's result. Raises StoreAway when the databases do not answer, or take too long.

        A turn that is given up may still be kept: her message comes again and is known then.
        """
        task, wait = self.begin(turn), PATIENCE
        loop = asyncio.get_running_loop()
        ends = loop.time() + LONGEST
        try:
            while not (await asyncio.wait({task}, timeout=wait))[0]:
                if loop.time() > ends or not await self._answers():
                    raise StoreAway  # the turn hangs on: cut off, it might hold a lock for ever
                wait = AGAIN
        except asyncio.CancelledError:
            task.cancel()
            raise
        result = await task
        self._well = loop.time()
        return result

    def begin(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Something that goes on by itself; it is held until it has ended."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def takes(self, address: Address, what: str) -> bool:
        """Whether this is to be answered with a card. Never the same twice; and bounded."""
        chat = hash(address)
        if chat not in self.shown and len(self.shown) >= CHATS:
            return False
        answered = self.shown.setdefault(chat, set())
        if hash(what) in answered or len(answered) >= TAPS:
            return False
        answered.add(hash(what))
        self.gone.discard(chat)
        return True

    def takes_again(self, address: Address, what: str) -> None:
        """No card went out for it: when it is brought again it is to be answered."""
        answered = self.shown.get(hash(address), set())
        answered.discard(hash(what))
        if not answered:
            self.shown.pop(hash(address), None)

    def leaves(self, address: Address, what: str) -> bool:
        """She has left: no card that is on its way may stand. Whether this exit is a new one."""
        first = self.takes(address, what)
        if hash(address) in self.shown:
            self.gone.add(hash(address))
        return first

    def has_left(self, address: Address) -> bool:
        """Whether she left after what was to be answered with a card."""
        return hash(address) in self.gone

    def waved(self, address: Address, event: str | None) -> None:
        """This exit was answered with a neutral sign. Bounded: one more would get a second."""
        if len(self.farewells) < CHATS:
            self.farewells.add(hash((address, event)))

    def has_waved(self, address: Address, event: str | None) -> bool:
        """Whether it was; asked when it is brought again, and forgotten with the answer."""
        known = hash((address, event))
        was = known in self.farewells
        self.farewells.discard(known)
        return was

    def stands(self, address: Address, messages: Iterable[str]) -> None:
        """These stand in her chat, besides what is known to."""
        new = tuple(messages)
        known = tuple(one for one in self.standing.get(address, ()) if one not in new)
        if new:
            self.standing[address] = (*known, *new)

    def is_on_record(self, address: Address, messages: Iterable[str]) -> None:
        """These are kept, or gone; what was sent meanwhile is not."""
        done = frozenset(messages)
        left = tuple(one for one in self.standing.pop(address, ()) if one not in done)
        self.stands(address, left)

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
