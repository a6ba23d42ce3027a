"""Anchors of the audit chain: written into a folder to be carried off, read again, compared."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.looking import opened
from app.settings import Settings
from privacy.anchors import AnchorFaulty, Signed, check, dump, load, sign
from privacy.audit import Place
from privacy.keystore import KeyStore
from privacy.retention import DAY, KEEP
from storage import audit
from storage.audit_check import Checked, verify
from storage.keys import KeyTable
from storage.store import Store

_ENDING = ".anchor.json"

WRONG = {
    "missing": "it is missing",
    "changed": "it was changed, or stands in another place",
    "inserted": "entries were inserted before it",
    "cut_off": "it and all after it were cut off",
    "not_anchored": "it is not the one that was anchored: the chain was written anew",
    "start": "the mark of where the chain begins is not ours",
    "anchor": "the anchor of it is damaged, or was signed with another key than ours",
}
"""What is wrong with an entry, in words for an operator."""


async def write_anchor(store: Store, keystore: KeyStore, folder: Path, now: float) -> bool:
    """Sign how far the chain goes; False when that place has its anchor already.

    A file is there whole or not at all, and never written over. Raises OSError.
    """
    async with store.turn() as turn:
        place = await audit.head(turn)
    path = folder / f"{place.seq:010}-{place.hash[:12]}{_ENDING}"
    if place.seq == 0 or path.exists():
        return False
    seed = await audit.signing_seed(keystore)
    _write(path, dump(sign(seed, "anchor", place, now)))
    return True


def read_anchors(folder: Path) -> Iterator[Signed]:
    """Every anchor of a folder, by its entry. One that cannot be read counts as a damaged one."""
    for path in sorted(folder.glob(f"*{_ENDING}")):
        try:
            yield load(path.read_bytes())
        except AnchorFaulty:
            seq = path.name.partition("-")[0]
            place = Place(seq=int(seq) if seq.isdecimal() else 0, hash="", at=0)
            yield Signed(purpose="anchor", place=place, signed_at=0, key="", signature="")


async def verify_chain(
    store: Store, keystore: KeyStore, folder: Path | None, now: float
) -> Checked:
    """The chain and every anchor of the folder. A day of grace for clocks that differ."""
    anchors = await asyncio.to_thread(lambda: tuple(read_anchors(folder)) if folder else ())
    return await verify(store, keystore, anchors, now - KEEP.audit + DAY)


async def set_aside(store: Store, keystore: KeyStore, folder: Path, now: float) -> int:
    """After a backup was put back: anchors of what it does not hold go into a folder beside.

    Those of a key that is lost too. They stay there as what they are, signed; how many.
    """
    async with store.turn() as turn:
        place = await audit.head(turn)
    seed = await audit.signing_seed(keystore)
    return await asyncio.to_thread(_set_aside, folder, (seed, place.seq), now)


def _set_aside(folder: Path, ours: tuple[bytes, int], now: float) -> int:
    seed, last = ours
    beside, moved = folder / f"before-restore-{now:.0f}", 0
    for path in sorted(folder.glob(f"*{_ENDING}")):
        try:
            signed = load(path.read_bytes())
            check(seed, signed)
            known = signed.place.seq <= last
        except AnchorFaulty:
            known = False
        if not known:
            beside.mkdir(exist_ok=True)
            path.rename(beside / path.name)
            moved += 1
    return moved


async def verify_command(settings: Settings, folder: Path | None, now: float) -> dict[str, Any]:
    """The document of `saphan audit verify --json`; `fault` is None when the chain holds."""
    async with opened(settings) as store:
        if store is None:
            return _told(None)
        rows = KeyTable(settings.keystore())
        try:
            await rows.create()
            keystore = KeyStore(rows, settings.root_key(), settings.root_keys)
            return _told(await verify_chain(store, keystore, folder, now))
        finally:
            await rows.close()


def _told(checked: Checked | None) -> dict[str, Any]:
    if checked is None:
        none = dict.fromkeys(("entries", "first", "last", "anchors", "anchored_to"), 0)
        return {**none, "head": None, "fault": None}
    start, head, fault = checked.start, checked.head, checked.fault
    return {
        "entries": head.seq - start.seq,
        "first": start.seq + 1 if head.seq > start.seq else 0,
        "last": head.seq,
        "head": head.hash,
        "anchors": checked.anchors,
        "anchored_to": checked.anchored_to,
        "fault": fault and {"entry": fault.seq, "kind": fault.wrong, "wrong": WRONG[fault.wrong]},
    }


def _write(path: Path, content: bytes) -> None:
    """To the disk itself, under another name first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
