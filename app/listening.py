"""What jobs share that ask for updates: each is taken before the next, whatever is away."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable

import structlog

from handlers.desk import Desk
from handlers.messages import ChannelError, Refused, TryLater, Unreachable
from storage import seen
from storage.store import StoreAway, is_trouble
from storage.wire import is_full

log = structlog.get_logger("listening")

PAUSES = (0.5, 2.0, 5.0, 15.0, 30.0)  # seconds until an update is tried again; then the last
LOOK = 1.5  # seconds between looks at who else has written while an update waits
TRY_AGAIN = 30.0  # seconds until a messenger that is out of reach is tried again
CALLED = 600.0  # seconds between looks whether a messenger still calls us
SELDOM = 3_600.0  # and at most until it is asked again for what a door works without


async def heard(
    desk: Desk,
    channel: str,
    take: Callable[[], Awaitable[object]],
    meanwhile: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Take one update; while a database is away or full it waits, unconfirmed, and so do the next.

    `meanwhile` is done every second or two, for all who wait, and notes that it is away; once
    another turn goes well the next try is at once. It is given up only when the fault is its own:
    no trouble of storage, or both databases took what we wrote right after it had failed, six
    times in a row. The others must not wait for such a one for ever.
    """
    pauses, alone = iter(PAUSES), 0
    while True:
        try:
            await take()
        except Exception as error:
            log.error("turn_failed", kind=type(error).__name__, channel=channel)
            if not is_trouble(error):
                return
            if meanwhile:
                await meanwhile()
            alone = alone + 1 if await _others_would_go_well(desk, error) else 0
            if alone > len(PAUSES):
                return
        else:
            return
        await _pause(desk, next(pauses, PAUSES[-1]), meanwhile)


async def _pause(
    desk: Desk, seconds: float, meanwhile: Callable[[], Awaitable[None]] | None
) -> None:
    if meanwhile is None:
        return await asyncio.sleep(seconds)
    loop, was_away = asyncio.get_running_loop(), desk.outage.away
    ends = loop.time() + seconds
    while (left := ends - loop.time()) > 0:
        await asyncio.sleep(min(left, LOOK))
        if was_away and not desk.outage.away:
            return None
        await meanwhile()
    return None


async def _others_would_go_well(desk: Desk, error: Exception) -> bool:
    """Whether both databases take something now, though they did not take this.

    A plain question would not tell: a full disk answers it, and so does one of two databases.
    """
    if isinstance(error, StoreAway) or is_full(error):
        return False
    try:
        await desk.outage.within(_written(desk))
    except Exception:
        return False
    return True


async def _written(desk: Desk) -> None:
    """Two rows that say nothing; one is removed at once, the other by the next sweep."""
    name, _ = await desk.keystore.new(desk.now())
    await desk.keystore.destroy(name)
    async with desk.store.turn() as turn:
        await seen.first_time(turn, f"trial/{secrets.token_hex(8)}", desk.now())


async def keep_taken(
    channel: str, ask: Callable[[], Awaitable[object]], calls_us: Callable[[], Awaitable[bool]]
) -> None:
    """Have the platform call us, and look every ten minutes whether it does; never ends.

    A token may be revoked later, and whoever else has it may have another address called, or
    none: then that is said, and ours is registered again. Where looking is refused from the
    beginning, asking alone tells whether the platform is in reach. Each process looks for itself.
    """
    looks = False

    async def again() -> None:
        if looks:
            await calls_us()
        await ask()

    while True:
        await until_taken(channel, again)
        while (called := await _later(calls_us)) is True:
            looks = True
        if called is False:
            looks = True
            log.warning("channel_moved", channel=channel)


async def _later(calls_us: Callable[[], Awaitable[bool]]) -> bool | None:
    """Whether it calls us in ten minutes; None where it did not tell."""
    pause = CALLED
    while True:
        await asyncio.sleep(pause)
        try:
            return await calls_us()
        except TryLater as trouble:  # so it is in reach
            pause = max(TRY_AGAIN, trouble.seconds)
        except ChannelError:
            return None


async def until_taken(channel: str, ask: Callable[[], Awaitable[None]]) -> None:
    """Ask until the platform does it; say so, and each time that it was out of reach."""
    times = 0
    while True:
        try:
            await ask()
        except ChannelError as trouble:
            times += 1
            reached(channel, times)
            named = trouble.seconds if isinstance(trouble, TryLater) else 0.0
            await asyncio.sleep(max(TRY_AGAIN, named))
        else:
            return reached(channel, 0)


async def until_answered(ask: Callable[[], Awaitable[None]]) -> None:
    """Ask for what a door works without, such as its name, less and less often.

    What is refused is not asked again, and how the profile stands `saphan doctor` tells. Whether
    the door is in reach is said by whoever listens at it.
    """
    pause = TRY_AGAIN
    while True:
        try:
            return await ask()
        except (Refused, Unreachable):
            return None
        except ChannelError as trouble:
            named = trouble.seconds if isinstance(trouble, TryLater) else 0.0
            await asyncio.sleep(max(pause, named))
            pause = min(2 * pause, SELDOM)


def reached(channel: str, times: int) -> None:
    """Say how often in a row a platform was out of reach; 0 when it has answered (again)."""
    if times:
        log.warning("channel_unreachable", channel=channel, times=times)
    else:
        log.info("channel_ready", channel=channel)
