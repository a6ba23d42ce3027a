"""Kill points: a number for each moment before and after a side effect, where the system kills.

Nothing of the product is changed. In a child process the seams that every side effect goes
through are wrapped: commits, the key store's writes, calls to a platform. At the wanted number
the child is killed by the system (SIGKILL); its name says what it was about to do, or had done.
"""

import asyncio
import json
import os
import signal
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

import app.wiring
from handlers.messages import Abilities, Address, Outgoing, Sent
from storage.keys import KeyTable
from storage.store import Store
from storage.wire import Wire

_WRITES = ("INSERT", "UPDATE", "DELETE", "WITH")


@dataclass
class Points:
    """Counts the moments a process comes to; `at` is the one where it is killed (None: none)."""

    at: int | None = None
    doing: str = "begin"  # the act of a person that is being carried out
    names: list[str] = field(default_factory=list)

    def here(self, what: str) -> None:
        """A moment has come."""
        self.names.append(f"{self.doing}: {what}")
        if len(self.names) == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    async def around(self, what: str, doing: Awaitable[Any]) -> Any:
        """Before a side effect, and after it."""
        self.here(f"before {what}")
        done = await doing
        self.here(f"after {what}")
        return done

    def watch(self) -> None:
        """Wrap every seam of this process; for children only."""
        vars(app.wiring)["Store"] = lambda url: PointedStore(url, self)
        vars(app.wiring)["KeyTable"] = lambda url: PointedKeys(url, self)
        ask, order, hop = Wire.ask, Wire.order, Wire.hop
        asking = ContextVar("asking", default=False)  # a question on SQLite is a hop too

        async def asked(wire: Wire, statement: str, values: Any) -> Any:
            token = asking.set(True)
            try:
                return await ask(wire, statement, values)
            finally:
                asking.reset(token)

        async def ordered(wire: Wire, statement: str, values: Any) -> Any:
            return await self.around("the quick commit", order(wire, statement, values))

        async def hopped(wire: Wire, work: Callable[[Any], Any]) -> Any:
            doing = hop(wire, work)
            return await (doing if asking.get() else self.around("the quick commit", doing))

        Wire.ask = asked  # type: ignore[method-assign, assignment]
        Wire.order, Wire.hop = ordered, hopped  # type: ignore[method-assign, assignment]


class PointedStore(Store):
    """The main database; a turn that wrote something has a point before and after its commit."""

    def __init__(self, url: str, points: Points) -> None:
        super().__init__(url)
        self._points = points
        self._wrote = set[int]()
        event.listen(self.engine.sync_engine, "before_cursor_execute", self._statement)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[AsyncConnection]:
        async with super().turn() as turn:
            name = id(turn.sync_connection)
            self._wrote.discard(name)
            yield turn
            wrote = name in self._wrote
            if wrote:
                self._points.here("before commit")
        if wrote:
            self._points.here("after commit")

    def _statement(self, connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(_WRITES):
            self._wrote.add(id(connection))


class PointedKeys(KeyTable):
    """The key store's database: a key made, keys destroyed."""

    def __init__(self, url: str, points: Points) -> None:
        super().__init__(url)
        self._points = points

    async def put_if_absent(
        self, name: str, wrapped: bytes, expires_at: float, proof: bytes
    ) -> bytes:
        making = super().put_if_absent(name, wrapped, expires_at, proof)
        kept: bytes = await self._points.around("a key is made", making)
        return kept

    async def delete(self, names: tuple[str, ...]) -> None:
        await self._points.around("keys are destroyed", super().delete(names))


@dataclass
class PaperChannel:
    """A messenger whose chats are lines in a file: they outlive whoever writes them."""

    name: str
    file: Path
    points: Points
    abilities: Abilities = field(
        default_factory=lambda: Abilities(text=4096, unit="utf16", edits=True, deletes=True)
    )

    def lines(self) -> list[dict[str, Any]]:
        """Everything that happened, in order."""
        return [json.loads(line) for line in self.file.read_text().splitlines()]

    def standing(self, chat: str) -> dict[str, dict[str, Any]]:
        """What stands in a chat now, by message id."""
        found: dict[str, dict[str, Any]] = {}
        for line in self.lines():
            if line["chat"] == chat:
                if line["what"] == "gone":
                    found.pop(line["card"], None)
                else:
                    found[line["card"]] = line
        return found

    async def show(
        self, address: Address, screen: Outgoing, card: str | None, reply: str | None = None
    ) -> Sent:
        self.points.here("before a screen is shown")
        if card is None or card not in self.standing(address.id):
            card = str(1 + len(self.lines()))
        options = [(screen.step, one.id) for one in screen.choices]
        self._write("shown", address, card, text="\n".join(screen.texts), options=options)
        self.points.here("after a screen is shown")
        return Sent((card,))

    async def neutral(
        self, address: Address, card: str, line: str, reply: str | None = None
    ) -> None:
        self.points.here("before the card is made neutral")
        if card in self.standing(address.id):
            self._write("neutral", address, card, text=line, options=[])
        self.points.here("after the card is made neutral")

    async def forget(self, address: Address, message_ids: Sequence[str]) -> tuple[str, ...]:
        self.points.here("before messages are deleted")
        for message in message_ids:
            self._write("gone", address, message)
        self.points.here("after messages are deleted")
        return ()

    async def receipt(self, callback_id: str) -> None:
        return None

    async def close(self) -> None:
        return None

    def _write(self, what: str, address: Address, card: str, **more: Any) -> None:
        line = json.dumps({"what": what, "chat": address.id, "card": card, **more})
        with self.file.open("a") as file:
            file.write(f"{line}\n")


@dataclass(frozen=True)
class Life:
    """What became of one child: what it told, whether it was killed, the points it came to."""

    told: tuple[dict[str, Any], ...]
    killed: bool
    points: tuple[str, ...] = ()


Tell = Callable[[dict[str, Any]], None]
Work = Callable[[Points, Tell], Awaitable[None]]


def lives(work: Work, at: int | None = None, seconds: float | None = None) -> Life:
    """A child does the work: killed at a point, after so many seconds, or not at all.

    It shares nothing with this process but files. AssertionError where it fails by itself.
    """
    hears, tells = os.pipe()
    child = os.fork()
    if not child:
        os.close(hears)
        _dies(work, Points(at), tells)
    os.close(tells)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(hears) as lines:
        told = [json.loads(line) for line in lines]
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0
    points = next((one["points"] for one in told if "points" in one), ())
    return Life(
        told=tuple(one for one in told if "points" not in one),
        killed=os.WIFSIGNALED(status),
        points=tuple(points),
    )


def _dies(work: Work, points: Points, tells: int) -> NoReturn:
    """Nothing of the parent's is tidied up here: what ends, ends at once."""
    ended = 1

    def tell(what: dict[str, Any]) -> None:
        os.write(tells, f"{json.dumps(what)}\n".encode())

    try:
        points.watch()
        asyncio.run(_whole(work, points, tell))
        tell({"points": points.names})
        ended = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(ended)


async def _whole(work: Work, points: Points, tell: Tell) -> None:
    await work(points, tell)
