"""Puts what is removed on the list that outlives every backup, in the act that removes it.

The line is on the disk before the act is kept; that something stands again is written only after
its act. Where the act is not kept after all, the line stays: what a backup brings back is then
ended although nobody ended it, which harms less than something ended that comes back. Where it
cannot be written, the act goes on, and that is said aloud: what was sealed is closed by its
destroyed keys in any case.
"""

import asyncio
import secrets

import structlog

from handlers.desk import Desk
from privacy.removals import BACK, REMOVED, hidden
from storage import network_documents
from storage.network_documents import Note
from storage.store import Store, Turn, VersionConflict

log = structlog.get_logger("removals")

_KEY = "removals/key"  # its row in `network`
_BYTES = 32


async def prepare(store: Store) -> None:
    """Make the key of the list, where there is none; before anything can be removed."""
    try:
        async with store.turn() as turn:
            if not (await network_documents.read(turn, _KEY)).version:
                made = Note(_KEY, secrets.token_hex(_BYTES))
                await network_documents.keep(turn, made)
    except VersionConflict:  # another process was quicker
        return


async def removed(turn: Turn, desk: Desk, kind: str, object_id: str) -> None:
    """This must not come back with a backup."""
    await _note(turn, desk, REMOVED, (kind, object_id))


async def stands_again(turn: Turn, desk: Desk, kind: str, object_id: str) -> None:
    """What was removed holds again, by a new act that was kept already."""
    await _note(turn, desk, BACK, (kind, object_id))


async def key_of(turn: Turn) -> bytes:
    """By which ids are hidden in the list; empty in a database that never served."""
    return bytes.fromhex((await network_documents.read(turn, _KEY)).document)


async def _note(turn: Turn, desk: Desk, what: str, about: tuple[str, str]) -> None:
    key = await key_of(turn) if desk.removals else b""
    if desk.removals is not None and key:
        hashed = hidden(key, *about)
        try:
            await asyncio.to_thread(desk.removals.note, what, about[0], hashed, desk.now())
        except OSError as error:  # her word to stop must not wait for a disk
            log.error("removal_not_listed", kind=type(error).__name__)
