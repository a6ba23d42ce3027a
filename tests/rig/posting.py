"""Posts updates to a bot's hook as platforms do: each again until 200, in order, or many times."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import aiohttp

KEPT = 24 * 3_600.0  # seconds an update waits at Telegram ("Getting updates")


@dataclass(slots=True)
class Policy:
    """How updates are posted: `copies` (least, most) of each at the same time, `again` seconds
    after a refusal, `parallel` posts at once; `kept` seconds, then an update is dropped."""

    copies: tuple[int, int] = (1, 1)
    again: float = 0.2
    parallel: int = 32
    kept: float = KEPT
    seconds: float = 15.0


@dataclass(frozen=True, slots=True)
class Update:
    """One update on its way: its number, its chat, the body and the moment it was made."""

    id: str
    chat: str
    body: bytes
    made: float


@dataclass(frozen=True, slots=True)
class Attempt:
    """One post: which update, what was answered (0: nothing), and how long that took."""

    id: str
    status: int
    seconds: float


@dataclass
class Posting:
    """The queue of one bot. The updates of a chat go in order, one after another; chats do not
    wait for each other. Several hooks are taken in turn, as a proxy does."""

    clock: Callable[[], float]
    headers: Callable[[bytes], dict[str, str]]
    hooks: list[str] = field(default_factory=list)
    policy: Policy = field(default_factory=Policy)
    attempts: list[Attempt] = field(default_factory=list)
    dropped: int = 0
    _waiting: dict[str, deque[Update]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _random: Random = field(default_factory=lambda: Random(7))
    _turn: int = 0

    async def open(self) -> None:
        """In the loop that will post."""
        self._gate = asyncio.Semaphore(self.policy.parallel)
        self._client = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def close(self) -> None:
        """Post nothing more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.close()

    def push(self, update: Update) -> None:
        """An update is to be posted."""
        queue = self._waiting.setdefault(update.chat, deque())
        queue.append(update)
        if len(queue) == 1:
            task = asyncio.create_task(self._chat(update.chat))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    @property
    def waiting(self) -> int:
        """Updates nobody answered 200 yet."""
        return sum(map(len, self._waiting.values()))

    async def _chat(self, chat: str) -> None:
        queue = self._waiting[chat]
        while queue:
            if self.clock() - queue[0].made >= self.policy.kept:
                self.dropped += 1
                queue.popleft()
                continue
            if self.hooks and await self._taken(queue[0]):
                queue.popleft()
            else:
                await asyncio.sleep(self.policy.again)
        del self._waiting[chat]

    async def _taken(self, update: Update) -> bool:
        """All its copies at once; taken when one was answered 200."""
        copies = self._random.randint(*self.policy.copies)
        async with self._gate:
            told = await asyncio.gather(*(self._post(update) for _ in range(copies)))
        return any(200 <= status < 300 for status in told)

    async def _post(self, update: Update) -> int:
        self._turn += 1
        hook = self.hooks[self._turn % len(self.hooks)]
        begun, status = self.clock(), 0
        limit = aiohttp.ClientTimeout(total=self.policy.seconds)
        headers = {"Content-Type": "application/json", **self.headers(update.body)}
        try:
            async with self._client.post(
                hook, data=update.body, headers=headers, timeout=limit
            ) as answer:
                await answer.read()
                status = answer.status
        except (aiohttp.ClientError, OSError, TimeoutError):
            pass
        self.attempts.append(Attempt(update.id, status, self.clock() - begun))
        return status
