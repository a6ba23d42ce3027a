"""Several processes over one database, each of which may die in the middle of a turn."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.desk import Desk
from storage.keys import KeyTable
from storage.store import Store


class Killed(BaseException):
    """The process is no more: nothing after it runs, and the database undoes the open turn."""


class Mortal(Store):
    """A process's own way to the database. After `lives` statements it is killed (None: never)."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.lives: int | None = None
        event.listen(self.engine.sync_engine, "before_cursor_execute", self._statement)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[AsyncConnection]:
        async with super().turn() as turn:
            yield turn
            self._beat()  # killed at the very end, before the commit

    def _statement(self, *_: Any) -> None:
        self._beat()

    def _beat(self) -> None:
        if self.lives is not None:
            self.lives -= 1
            if self.lives < 0:
                raise Killed


@dataclass
class Processes:
    """So many desks over one database; whoever is killed is started again."""

    desk: Desk
    url: str
    number: int
    kills: int = 0
    desks: list[Desk] = field(default_factory=list)

    def __post_init__(self) -> None:
        for _ in range(self.number):
            store = Mortal(self.url)
            if self.url.startswith("sqlite"):  # which is for one process: its turns stand in line
                store.in_line = self.desk.store.in_line
            self.desks.append(replace(self.desk, store=store))

    async def run(self, which: int, life: int | None, what: Callable[[Desk], Any]) -> Any:
        """Let this process do something; what it answered, or None where it was killed."""
        store = self.desks[which].store
        assert isinstance(store, Mortal)
        store.lives = life
        try:
            return await what(self.desks[which])
        except Killed:
            self.kills += 1
            return None
        finally:
            store.lives = None

    async def let_go(self) -> None:
        """Close every connection; the next turn opens one again."""
        rows = self.desk.keystore._rows
        if isinstance(rows, KeyTable):
            await rows.close()
        for one in (self.desk, *self.desks):
            await one.store.close()

    async def close(self) -> None:
        for one in self.desks:
            await one.store.close()
