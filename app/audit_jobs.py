"""The clockwork of the audit chain: an anchor each hour, a look at the whole every ten minutes."""

import asyncio
from pathlib import Path

import structlog

from app.anchoring import verify_chain, write_anchor
from handlers.alarms import count_alarm
from handlers.desk import Desk

log = structlog.get_logger("audit")

ANCHOR = 3600.0  # seconds between anchors: at most so much can be cut off unseen (R67)
CHECK = 600.0  # seconds between looks at the whole chain (safety.md 4.6)
AGAIN = 60.0  # seconds until what failed is tried again


async def anchor_forever(desk: Desk, folder: Path | None, every: float = ANCHOR) -> None:
    """Write an anchor now and each hour. Without a folder it says so once, and ends."""
    if folder is None:
        log.warning("anchors_off")
        return
    failed = 0
    while True:
        try:
            await write_anchor(desk.store, desk.keystore, folder, desk.now())
            if failed:
                async with desk.store.turn() as turn:
                    await count_alarm(turn, desk, "anchor_failed", failed)
            failed = 0
        except Exception as error:  # the disk is full, the folder is gone, the database is away
            failed += 1
            log.error("anchor_failed", kind=type(error).__name__, times=failed)
        await asyncio.sleep(min(every, AGAIN) if failed else every)


async def check_forever(desk: Desk, folder: Path | None, every: float = CHECK) -> None:
    """Read the chain and its anchors every ten minutes; a broken one is said aloud each time."""
    while True:
        checked = await verify_chain(desk.store, desk.keystore, folder, desk.now())
        if checked.fault is not None:
            log.error("audit_broken", entry=checked.fault.seq, kind=checked.fault.wrong)
            async with desk.store.turn() as turn:
                await count_alarm(turn, desk, "audit_broken", 1)
        await asyncio.sleep(every)
