"""What makes data go: conversations that are over, old delivery ids, keys whose time is up."""

import asyncio

import structlog

from handlers import letters
from handlers.desk import Desk
from handlers.letters import Order
from storage import conversations, seen
from storage.expired import drop_expired
from storage.store import Turn

log = structlog.get_logger("sweep")

EVERY = 20.0  # seconds; what is over is gone within a minute (R22)
_HELLO = "👋"


async def sweep(desk: Desk) -> int:
    """One round; returns how many conversations ended."""
    over: tuple[tuple[str, str], ...] = ()
    async with desk.store.turn() as turn:
        over = await conversations.expired(turn, desk.now())
        for person, _ in over:
            await _end(turn, desk, person)
        await seen.forget_expired(turn, desk.now())
        await drop_expired(turn, desk.now())
    if over:
        await desk.keystore.destroy(*(key for _, key in over))
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


async def _end(turn: Turn, desk: Desk, person: str) -> None:
    """First the card is to be made neutral and the chat cleared; then nothing is left."""
    found = await letters.read_trace(turn, desk, person)
    if found:
        order = Order(kind="leave", address=found[1].address, line=_HELLO)
        await letters.goodbye(turn, desk, person, order)
    await conversations.drop(turn, person)
