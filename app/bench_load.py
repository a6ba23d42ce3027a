"""The other end of `saphan bench web`: people who tap, over connections that stay open.

    python -m app.bench_load <processor>

Jobs come as lines of JSON on standard input, figures go back the same way. Each connection sends
the next tap when the last one was answered; everybody goes on where the last job left off.
"""

import asyncio
import itertools
import json
import os
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import uvloop

HEADER = "x-telegram-bot-api-secret-token"
TEXT = "x" * 300  # of the message the button hangs on, as Telegram sends it along
_END = b"\r\n\r\n"


@dataclass
class People:
    """Who taps at one server, and how often each has tapped."""

    first: int
    taps: list[str]
    chats: int
    secret: str
    done: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def request(self, chat: int) -> bytes:
        """The next tap of this chat, as Telegram pushes it (Bot API, Update)."""
        times = self.done[chat]
        self.done[chat] += 1
        person = {"id": chat, "is_bot": False, "first_name": "A", "language_code": "en"}
        update = {
            "update_id": next(self.numbers),
            "callback_query": {
                "id": str(times),
                "from": person,
                "message": {
                    "message_id": 7,
                    "from": {"id": 1, "is_bot": True, "first_name": "B"},
                    "chat": {"id": chat, "type": "private", "first_name": "A"},
                    "date": 1,
                    "text": TEXT,
                },
                "chat_instance": "1",
                "data": f"{self.first + times}:{self.taps[times % len(self.taps)]}",
            },
        }
        body = json.dumps(update).encode()
        head = (
            f"POST /hooks/telegram HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
            f"{HEADER}: {self.secret}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


class Tapping(asyncio.Protocol):
    """One connection: one tap after the other, of the chats that are its own."""

    def __init__(self, people: People, chats: "itertools.cycle[int]", until: float) -> None:
        """Tap until that moment (of time.perf_counter)."""
        self._people, self._chats, self._until = people, chats, until
        self._began, self._got = 0.0, b""
        self.took: list[float] = []
        self.failed = 0
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        """Begin."""
        self._transport = transport
        self._tap()

    def data_received(self, data: bytes) -> None:
        """An answer, or a part of one."""
        self._got += data
        head, found, body = self._got.partition(_END)
        if not found or len(body) < _length(head):
            return
        now = time.perf_counter()
        self.took.append(now - self._began)
        self.failed += not head.startswith(b"HTTP/1.1 200")
        self._got = b""
        if now < self._until:
            self._tap()
        else:
            self._transport.close()

    def connection_lost(self, _: Exception | None) -> None:
        """The end, wished for or not."""
        if not self.over.done():
            self.over.set_result(None)

    def _tap(self) -> None:
        request = self._people.request(next(self._chats))
        self._began = time.perf_counter()
        self._transport.write(request)


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0


async def load(people: People, port: int, connections: int, seconds: float) -> dict[str, Any]:
    """Taps a second, and how long they took in milliseconds."""
    loop, began = asyncio.get_running_loop(), time.perf_counter()
    tapping = []
    for number in range(connections):
        own = itertools.cycle(range(number + 1, people.chats + 1, connections))
        _, one = await loop.create_connection(
            lambda own=own: Tapping(people, own, began + seconds),  # type: ignore[misc]
            "127.0.0.1",
            port,
        )
        tapping.append(one)
    await asyncio.gather(*(one.over for one in tapping))
    lasted = time.perf_counter() - began
    took = sorted(1e3 * each for one in tapping for each in one.took)
    return {
        "done": len(took),
        "failed": sum(one.failed for one in tapping),
        "a_second": len(took) / lasted,
        "p50": took[len(took) // 2],
        "p99": took[int(len(took) * 0.99)],
        "worst": took[-1],
    }


async def _jobs() -> None:
    known: dict[int, People] = {}
    while line := await asyncio.to_thread(sys.stdin.readline):
        job = json.loads(line)
        if "people" in job:
            known[job["port"]] = People(**job["people"])
            continue
        people = known[job["port"]]
        print(json.dumps(await load(people, **job)), flush=True)


if __name__ == "__main__":
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(sys.argv[1])})
    uvloop.run(_jobs())
