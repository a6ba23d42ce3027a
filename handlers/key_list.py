"""The signed list of organisations' keys: read only where it is ours, and no older than known."""

from collections.abc import Callable

from handlers.desk import Desk
from privacy.anchors import NEVER
from privacy.key_directory import (
    LASTS,
    SIGNING_KEY,
    ApprovedKey,
    DirectoryFaulty,
    KeyDirectory,
    public_of,
    read,
    sign,
)
from storage import unit_keys
from storage.store import Turn

Change = Callable[[KeyDirectory, float], KeyDirectory]


async def signing_seed(desk: Desk) -> bytes:
    """The secret that signs the list and the yeses of coordinators; made when first wanted."""
    return await desk.keystore.make(SIGNING_KEY, NEVER)


async def current(turn: Turn, desk: Desk) -> KeyDirectory:
    """The list in force; empty before the first key. Raises DirectoryFaulty.

    Faulty: changed, signed by others, ended, or older than the newest one that was signed. For
    the last, each edition has a mark in the key store, which is in no backup, and which goes when
    the next one is signed: a row put back finds its mark gone.
    """
    return await _read(turn, desk, desk.now())


async def approved_key(turn: Turn, desk: Desk, organisation: str) -> ApprovedKey | None:
    """The key this organisation is sealed to, or None: then nothing can be sealed to it."""
    try:
        return (await current(turn, desk)).keys.get(organisation)
    except DirectoryFaulty:
        return None


async def approved_keys(turn: Turn, desk: Desk) -> frozenset[str]:
    """The organisations that have such a key."""
    try:
        return frozenset((await current(turn, desk)).keys)
    except DirectoryFaulty:
        return frozenset()


async def signed_list(desk: Desk) -> tuple[str | None, str]:
    """The list as it is kept, for browsers that verify it themselves; and the signer's key."""
    async with desk.store.turn() as turn:
        document = await unit_keys.directory(turn)
    return document, public_of(await signing_seed(desk)).hex()


async def publish(turn: Turn, desk: Desk, change: Change) -> tuple[str, ...]:
    """Sign the next edition in this turn. Returns what `forget` gets once the turn is kept.

    From a list that is not ours nothing is taken over: all keys must then be approved anew.
    """
    try:
        old = await _read(turn, desk, 0.0)  # one that has only ended is still ours
    except DirectoryFaulty:
        old = KeyDirectory()
    new = change(old, desk.now())
    await desk.keystore.make(_mark(new.version), float(new.until + LASTS))
    await unit_keys.put_directory(turn, sign(await signing_seed(desk), new))
    return (_mark(old.version),) if old.version else ()


async def forget(desk: Desk, marks: tuple[str, ...]) -> None:
    """Make earlier editions worthless; after the turn, so that a turn undone harms nothing."""
    if marks:
        await desk.keystore.destroy(*marks)


async def _read(turn: Turn, desk: Desk, now: float) -> KeyDirectory:
    document = await unit_keys.directory(turn)
    if document is None:
        return KeyDirectory()
    found = read(public_of(await signing_seed(desk)), document, now)
    if await desk.keystore.get(_mark(found.version)) is None:
        raise DirectoryFaulty
    return found


def _mark(version: int) -> str:
    return f"{SIGNING_KEY}/{version}"
