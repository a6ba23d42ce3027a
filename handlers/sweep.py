"""What makes data go: conversations that are over, rows and keys whose time has passed."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from handlers import clips, letters
from handlers.alarms import count_alarm
from handlers.desk import Desk
from handlers.letters import Order
from handlers.messages import WAVE
from storage import audit, conversations, mail
from storage.expired import drop_expired
from storage.store import Turn

log = structlog.get_logger("sweep")

HOUR = 3600.0  # seconds between looks at recordings that nothing names
EVERY = 20.0  # seconds; what is over is gone within a minute (R22)
LAST_HOUR = 3600.0  # seconds before the end of a clearing when its lateness is told
LONGEST = 600.0  # seconds; a round that hangs is given up, said aloud and begun again (R80)


async def sweep(desk: Desk) -> int:
    """One round; returns how many conversations ended.

    Every step is tried, whatever becomes of the others; then the first trouble is raised.
    """
    trouble: list[Exception] = []
    ended = 0
    with _going_on(trouble):
        ended = await _end_conversations(desk)
    with _going_on(trouble):
        await _tell_late(desk)
    with _going_on(trouble):
        await audit.cut_links(desk.store, desk.keystore, desk.now())
    with _going_on(trouble):
        async with desk.store.turn() as turn:
            await drop_expired(turn, desk.now())
    with _going_on(trouble):
        async with desk.store.turn() as turn:
            oldest = desk.now() - desk.keep.audit
            await audit.drop_old(turn, desk.keystore, oldest, desk.now())
    with _going_on(trouble):
        await desk.keystore.destroy_expired(desk.now())
    if trouble:
        raise trouble[0]
    return ended


async def sweep_forever(desk: Desk, every: float = EVERY, longest: float = LONGEST) -> None:
    """Sweep on and on; one failing round does not stop the next."""
    failed, tidied = 0, float("-inf")
    while True:
        try:
            async with asyncio.timeout(longest):
                await sweep(desk)
                if desk.now() - tidied >= HOUR:
                    await clips.drop_unused(desk)
                    tidied = desk.now()
                if failed:  # counted when the database is there again
                    async with desk.store.turn() as turn:
                        await count_alarm(turn, desk, "sweep_failed", failed)
            failed = 0
        except Exception as error:
            failed += 1
            log.error("sweep_failed", kind=type(error).__name__, times=failed)
        await asyncio.sleep(every)


@contextmanager
def _going_on(trouble: list[Exception]) -> Iterator[None]:
    """What fails here is told later; the steps after it are tried first."""
    try:
        yield
    except Exception as error:
        trouble.append(error)


async def _end_conversations(desk: Desk) -> int:
    """All that are over, each in a turn of its own: one that cannot be ended keeps no other."""
    async with desk.store.turn() as turn:
        over = await conversations.expired(turn, desk.now())
    trouble: list[Exception] = []
    for person, key in over:
        with _going_on(trouble):
            await _end(desk, person, key)
    if trouble:
        raise trouble[0]
    return len(over)


async def _end(desk: Desk, person: str, key: str) -> None:
    async with desk.store.turn() as turn:
        if not await conversations.drop_over(turn, person, key, desk.now()):
            return
        useless = [key, *await _cleared(turn, desk, person)]
    await desk.keystore.destroy(*useless)
    desk.posted.set()


async def _tell_late(desk: Desk) -> None:
    """A chat that cannot be cleared is said aloud while there is still time (R32: at 47 h)."""
    async with desk.store.turn() as turn:
        late = await mail.newly_late(turn, desk.now() + LAST_HOUR)
        if late:
            await count_alarm(turn, desk, "chat_not_cleared", late)
    if late:
        log.error("chat_not_cleared", times=late)


async def _cleared(turn: Turn, desk: Desk, person: str) -> tuple[str, ...]:
    """The card is to be made neutral and the chat cleared; the keys that are of no use now."""
    found = await letters.read_trace(turn, desk, person)
    if found is None:  # nothing of ours stands, or nothing of it can be changed
        return ()
    order = Order(kind="leave", address=found[1].address, line=WAVE)
    return await letters.goodbye(turn, desk, person, order)
