"""How fast we send: so many calls a second at a door, one message a second to a chat (R07).

Who leaves and who is in danger goes before all others. A door that answers nothing is knocked at
once a second, and its letters wait meanwhile.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

from handlers.messages import Address, TryLater
from storage.mail import FIRST
from storage.pace import Share

MESSAGES = 24.0  # new messages a second at a door: 25 (R07), less what a late call may add
SHOWS = 29.0  # all calls that show something, edits of the live card too: about 30 at Telegram
CHAT = 1.02  # seconds between two messages to one chat
EDITS = 3.0  # edits of a live card at once; in the long run one a second
SLICE = 6  # calls for which the time is taken at once from the other processes
STALE = 0.2  # seconds after which time that was taken and not used is given up
HEARD = 0.2  # seconds after which it is asked anew whether another process was told to pause
AWAY = 6  # calls in a row without an answer, after which a door counts as away
KNOCK = 1.0  # seconds between two looks whether it is back
LONG = 0.05  # seconds of waiting after which one looks again whether it is still wanted
CHATS = 10_000  # remembered at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What a letter is going to do: `calls` that show something, `messages` of them new."""

    address: Address
    rank: int
    calls: int = 1
    messages: int = 0


@dataclass(slots=True)
class Pace:
    """The pace of one process. It is kept from `keep` on: one round by hand waits for nothing."""

    clock: Callable[[], float] = time.monotonic
    kept: bool = False
    _share: Share | None = None
    _doors: dict[str, "_Door"] = field(default_factory=dict)

    def keep(self, share: Share) -> None:
        """From now on limits are kept, with all other processes."""
        self.kept, self._share = True, share if share.shared else None

    async def admit(self, sending: Sending) -> bool:
        """Wait for the right moment; whether that took long enough for things to have changed.

        Raises TryLater where it is long after now.
        """
        if not self.kept:
            return False
        began = self.clock()
        await self._door(sending.address.channel).admit(sending)
        return self.clock() - began > LONG

    def is_down(self, door: str) -> bool:
        """Whether this door has not answered for a while."""
        return self.kept and door in self._doors and self._doors[door].failures >= AWAY

    def away(self, door: str) -> bool:
        """Whether it is down and was knocked at a moment ago."""
        return self.is_down(door) and self._doors[door].is_knocked()

    def answered(self, door: str) -> None:
        """The platform answered, whatever it said."""
        if self.kept:
            self._door(door).failures = 0

    def failed(self, door: str) -> None:
        """It did not answer."""
        if self.kept:
            self._door(door).failures += 1

    async def shut(self, door: str, seconds: float) -> None:
        """It wants no call at all for so long; every process hears of it."""
        if self.kept:
            self._door(door).shut(seconds)
            if self._share:
                await self._share.shut(door, seconds)

    def _door(self, name: str) -> "_Door":
        if name not in self._doors:
            self._doors[name] = _Door(name, self.clock, self._share)
        return self._doors[name]


@dataclass(slots=True)
class _Chat:
    """One chat: when it may get its next message, and how many edits it may have now."""

    message_at: float = 0.0
    edits: float = EDITS
    at: float = 0.0

    def wait(self, sending: Sending, now: float) -> float:
        """Seconds until it may have this."""
        if sending.messages:
            return self.message_at - now
        left = min(EDITS, self.edits + max(0.0, now - self.at))
        return 0.0 if sending.rank == FIRST else 1 - left

    def note(self, sending: Sending, now: float) -> None:
        """It is to have it next; another one waits behind it."""
        if sending.messages:
            self.message_at = now + CHAT * sending.messages
        left = min(EDITS, self.edits + max(0.0, now - self.at))
        self.edits, self.at = max(0.0, left - (0 if sending.messages else 1)), now

    def went(self, sending: Sending, now: float) -> None:
        """It goes only now: the next one is counted from here."""
        if sending.messages:
            self.message_at = max(self.message_at, now + CHAT * sending.messages)


@dataclass(slots=True)
class _Door:
    name: str
    clock: Callable[[], float]
    share: Share | None
    failures: int = 0
    _until: float = 0.0
    _knocked: float = 0.0
    _chats: dict[int, _Chat] = field(default_factory=dict)
    _waiting: list[tuple[int, int, Sending, "asyncio.Future[None]"]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)
    _serving: asyncio.Task[None] | None = None
    _free: float = 0.0  # when the next call may go
    _ours: float = 0.0  # until when the time is ours
    _message_at: float = 0.0  # when the next new message may go
    _looked_at: float = float("-inf")  # when it was last asked whether others were told to pause
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    def is_knocked(self) -> bool:
        return self.clock() - self._knocked < KNOCK

    def shut(self, seconds: float) -> None:
        """Whoever waits for this door is told at once."""
        self._until = max(self._until, self.clock() + seconds)
        waiting, self._waiting = self._waiting, []
        for _, _, _, turn in waiting:
            if not turn.done():
                turn.set_exception(TryLater(seconds))

    async def admit(self, sending: Sending) -> None:
        self._open()
        if self.failures >= AWAY:
            if self.is_knocked():
                raise TryLater(KNOCK)
            self._knocked = self.clock()
        chat = self._chat(sending.address)
        if sending.calls:
            wait = chat.wait(sending, self.clock())
            while wait > 0:
                await asyncio.sleep(wait)
                wait = chat.wait(sending, self.clock())
            chat.note(sending, self.clock())
            await self._turn(sending)
            chat.went(sending, self.clock())
        else:  # what only deletes takes no time of the door, and hears of its pauses here
            await self._look()
        self._open()

    def _open(self) -> None:
        if (left := self._until - self.clock()) > 0:
            raise TryLater(left)

    def _chat(self, address: Address) -> _Chat:
        if len(self._chats) >= CHATS:
            now = self.clock()
            self._chats = {n: one for n, one in self._chats.items() if now - one.at < EDITS}
        return self._chats.setdefault(hash(address), _Chat())

    async def _look(self) -> None:
        """Hear of a pause that another process was told; one asks for all who wait meanwhile."""
        if self.share is None:
            return
        async with self._looking:
            if self.clock() - self._looked_at > HEARD:
                now = self.clock()
                if (shut := await self.share.pause(self.name)) > 0:
                    self.shut(shut)
                self._looked_at = now

    async def _turn(self, sending: Sending) -> None:
        """Wait among those who want to send: the first rank first, then who came first."""
        turn = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (sending.rank, next(self._numbers), sending, turn))
        if self._serving is None or self._serving.done():
            self._serving = asyncio.create_task(self._serve())
        await turn

    async def _serve(self) -> None:
        """Let them go one by one, as long as anybody waits."""
        while self._waiting:
            try:
                wait = await self._wait()
            except Exception as error:  # the database is away; they are tried again
                self._give_up(error)
                return
            if wait > 0:  # meanwhile somebody may come who goes first
                await asyncio.sleep(wait)
            elif self._waiting:
                _, _, sending, turn = heappop(self._waiting)
                if not turn.done():
                    self._go(sending)
                    turn.set_result(None)

    async def _wait(self) -> float:
        """Seconds until the next may go; the time for it is ours then."""
        now = self.clock()
        need = self._waiting[0][2].calls / SHOWS
        if self.share and (self._free + need > self._ours or now - self._free > STALE):
            length = max(need, min(SLICE, len(self._waiting)) / SHOWS)
            begins, shut = await self.share.take(self.name, length)
            if shut > 0:
                self.shut(shut)
            now = self.clock()
            self._free = now + max(0.0, begins)
            self._ours = self._free + length
        if not self._waiting:
            return 0.0
        messages = self._waiting[0][2].messages
        return max(self._free, self._message_at if messages else 0.0) - now

    def _go(self, sending: Sending) -> None:
        now = self.clock()
        self._free = max(self._free, now) + sending.calls / SHOWS
        if sending.messages:
            self._message_at = max(self._message_at, now) + sending.messages / MESSAGES

    def _give_up(self, error: Exception) -> None:
        waiting, self._waiting = self._waiting, []
        for _, _, _, turn in waiting:
            if not turn.done():
                turn.set_exception(error)
