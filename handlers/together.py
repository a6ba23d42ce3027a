"""Together: lets those who come at the same moment share one piece of work."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from storage.store import StoreAway

_One = TypeVar("_One")
_Done = TypeVar("_Done")

MOST = 64  # of one group


class Together:
    """Nobody waits for company: who comes alone goes at once, who comes meanwhile goes next.

    One group at a time: with two under way each is half as large, and both cost more (measured).
    """

    def __init__(self) -> None:
        """Nobody is here yet."""
        self._names: set[str] = set()
        self._waiting: list[tuple[Any, asyncio.Future[Any]]] = []
        self._going: asyncio.Task[None] | None = None

    async def go(
        self,
        name: str,
        one: _One,
        work: Callable[[Sequence[_One]], Awaitable[Sequence[_Done]]],
    ) -> _Done | None:
        """Take part in the next group, and have the answer when the work of all of it is done.

        None where one of this name is on its way already. `work` is the same for all, and answers
        in order; what it raises is raised to each of the group. Raises StoreAway where something
        inside the work was cancelled: whether it was done is known when it comes again.
        """
        if name in self._names:
            return None
        self._names.add(name)
        answer: asyncio.Future[_Done] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, answer))
        if self._going is None or self._going.done():
            self._going = asyncio.create_task(self._carry_on(work))
        try:
            return await answer
        finally:
            self._names.discard(name)

    async def _carry_on(self, work: Callable[[Sequence[Any]], Awaitable[Sequence[Any]]]) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            group = [(one, answer) for one, answer in group if not answer.done()]  # who has gone
            if not group:
                continue
            try:
                done = await work([one for one, _ in group])
                answered = list(zip(group, done, strict=True))
            except Exception as error:
                _fail(group, error)
            except BaseException as error:
                if _is_from_inside(error):
                    _fail(group, StoreAway())
                    continue
                for _, answer in (*group, *self._waiting):
                    answer.cancel()
                self._waiting = []
                raise
            else:
                for (_, answer), result in answered:
                    if not answer.done():
                        answer.set_result(result)


def _fail(group: Sequence[tuple[Any, asyncio.Future[Any]]], error: Exception) -> None:
    for _, answer in group:
        if not answer.done():
            answer.set_exception(error)


def _is_from_inside(error: BaseException) -> bool:
    """Whether something the work waited for was cancelled, and not the work itself."""
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and not (task and task.cancelling())
