"""What makes data go: conversations that are over, old delivery ids, keys whose time is up."""

import asyncio

import structlog

from handlers import letters
from handlers.desk import Desk
from handlers.letters import Order
from handlers.receive import WAVE
from storage import conversations, seen
from storage.expired import drop_expired
from storage.store import Turn

log = structlog.get_logger("sweep")

EVERY = 20.0  # seconds; what is over is gone within a minute (R22)


async def sweep(desk: Desk) -> int:
    """One round; returns how many conversations ended."""
    useless: list[str] = []
    async with desk.store.turn() as turn:
        over = await conversations.expired(turn, desk.now())
        for person, key in over:
            if await conversations.drop_over(turn, person, key, desk.now()):
                useless += [key, *await _cleared(turn, desk, person)]
        await seen.forget_expired(turn, desk.now())
        await drop_expired(turn, desk.now())
    if useless:
        await desk.keystore.destroy(*useless)
        desk.posted.set()
    await desk.keystore.destroy_expired(desk.now())
    return len(over)


async def sweep_forever(desk: Desk) -> None:
    """Sweep on and on; one failing round does not stop the next."""
    while True:
        try:
            await sweep(desk)
        except Exception as error:
            log.error("sweep_failed", kind=type(error).__name__)
        await asyncio.sleep(EVERY)


async def _cleared(turn: Turn, desk: Desk, person: str) -> tuple[str, ...]:
    """The card is to be made neutral and the chat cleared; the keys that are of no use now."""
    found = await letters.read_trace(turn, desk, person)
    if found is None:
        return ()
    order = Order(kind="leave", address=found[1].address, line=WAVE)
    return await letters.goodbye(turn, desk, person, order)
