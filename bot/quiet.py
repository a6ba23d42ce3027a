"""The pauses a platform asked for: inside one, no call is made to that chat, or to the platform.

A platform that is asked inside a window it has forbidden makes it longer. So every call of a door
goes through here; what is refused here was never sent.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from handlers.messages import TryLater

T = TypeVar("T")
CHATS = 10_000  # remembered at most; a pause lasts seconds
IN_A_ROW = 3  # chats refused one after the other, all until the same moment: it means the door
SAME = 1.5  # seconds: what counts as the same moment; platforms name whole ones


@dataclass(slots=True)
class Quiet:
    """The windows of one door. Chats are remembered by a number that only this process can make;
    `clock` gives seconds that only grow."""

    clock: Callable[[], float] = time.monotonic
    _chats: dict[int, float] = field(default_factory=dict)
    _door: float = 0.0
    _refused: list[tuple[int, float]] = field(default_factory=list)

    def check(self, chat: object = None) -> None:
        """Raises TryLater inside a window; `chat` None where a call is about nobody."""
        now = self.clock()
        if now < self._door:
            raise TryLater(self._door - now, whole=True)
        until = self._chats.get(hash(str(chat)), 0.0) if chat is not None else 0.0
        if now < until:
            raise TryLater(until - now)

    def told(self, chat: object, seconds: float, *, whole: bool = False) -> bool:
        """The platform wants a pause; whether it is one for the whole door.

        Telegram does not say which it means. Several chats refused until the same moment, with
        none accepted in between, are taken as the door.
        """
        number, until = hash(str(chat)), self.clock() + seconds
        self._refused = [*self._refused[1 - IN_A_ROW :], (number, until)]
        ends = [end for _, end in self._refused]
        several = len({who for who, _ in self._refused}) == IN_A_ROW
        if whole or chat is None or (several and max(ends) - min(ends) <= SAME):
            self._door = max(self._door, *ends)
            return True
        if len(self._chats) >= CHATS:
            self._chats = {one: end for one, end in self._chats.items() if end > self.clock()}
        self._chats[number] = max(until, self._chats.get(number, 0.0))
        return False

    def answered(self) -> None:
        """A call was taken, so it is not the door that is shut."""
        self._refused.clear()


async def quietly(
    quiet: Quiet,
    chat: object,
    call: Callable[[], Awaitable[T]],
    named: Callable[[Exception], float | None],
) -> T:
    """Make a call unless it falls into a window; `named` gives the seconds an error asks for.

    Raises TryLater, and whatever `call` raises.
    """
    quiet.check(chat)
    try:
        result = await call()
    except Exception as error:
        if (seconds := named(error)) is not None and quiet.told(chat, seconds):
            whole = TryLater(seconds, whole=True)
        else:
            raise
    else:
        quiet.answered()
        return result
    raise whole


def limiter() -> Any:
    """A limiter for python-telegram-bot, which asks for one of its own kind by name alone."""
    return _Limiter(Quiet())


@dataclass(frozen=True, slots=True)
class _Limiter:
    """In python-telegram-bot's place for a limiter; what falls into no pause goes at once."""

    quiet: Quiet

    async def initialize(self) -> None:
        """Nothing is opened."""

    async def shutdown(self) -> None:
        """Nothing is open."""

    async def process_request(  # noqa: PLR0913, PLR0917  # the library's own signature
        self,
        callback: Callable[..., Awaitable[T]],
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        endpoint: str,
        data: Mapping[str, Any],
        rate_limit_args: object,
    ) -> T:
        """Make the call, unless its chat or the door has a pause."""
        call = partial(callback, *args, **kwargs)
        return await quietly(self.quiet, data.get("chat_id"), call, _of_library)


def _of_library(error: Exception) -> float | None:
    """Seconds of python-telegram-bot's RetryAfter; its public name warns of a change to come."""
    named = getattr(error, "_retry_after", None)
    return named.total_seconds() if isinstance(named, timedelta) else None
