"""Whether the audit chain and its anchors are as they were written; names the first fault."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from privacy.anchors import SIGNING_KEY, AnchorFaulty, Signed, awaited, check
from privacy.audit import BEGINNING, Fault, Place, Reader
from privacy.keystore import KeyStore
from storage import audit
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found: where the chain starts, how far it holds, how far anchors vouch for it."""

    start: Place
    head: Place
    anchors: int
    anchored_to: int
    fault: Fault | None


async def verify(
    store: Store, keystore: KeyStore, anchors: Iterable[Signed], oldest: float
) -> Checked:
    """Read the whole chain. `oldest` (Unix seconds): what is younger must not have been dropped.

    A chain that is shortened while it is read is read once more.
    """
    anchors = tuple(anchors)
    checked = await _verified(store, keystore, anchors, oldest)
    if checked.fault is not None:
        checked = await _verified(store, keystore, anchors, oldest)
    return checked


async def _verified(
    store: Store, keystore: KeyStore, anchors: tuple[Signed, ...], oldest: float
) -> Checked:
    reader = Reader()
    try:
        async with store.turn() as turn:
            begin = await audit.start(turn)
        _signed_by_us(await keystore.get(SIGNING_KEY), begin, "start")
    except AnchorFaulty:
        begin, reader.fault = None, Fault(seq=1, wrong="start")
    reader.place = start = begin.place if begin else BEGINNING
    if reader.fault is None:
        reader.fault = await _await_anchors(reader, keystore, anchors, oldest)
    if reader.fault is None:
        async for page in audit.pages(store, start.seq):
            reader.read(page)
            if reader.fault is not None:
                break
        reader.end()
    if reader.fault is None:
        async with store.turn() as turn:
            there = await audit.number(turn, reader.place.seq)
        if there != reader.place.seq - start.seq:  # beside the chain, where nobody reads
            reader.fault = Fault(seq=start.seq, wrong="inserted")
    return Checked(
        start=start,
        head=reader.place,
        anchors=len(anchors),
        anchored_to=max((seq for seq in reader.awaited if seq <= reader.place.seq), default=0),
        fault=reader.fault,
    )


async def _await_anchors(
    reader: Reader, keystore: KeyStore, anchors: tuple[Signed, ...], oldest: float
) -> Fault | None:
    """Tell the reader which places to look for; a fault where an anchor is none of ours."""
    seed = await keystore.get(SIGNING_KEY)
    for anchor in anchors:
        await asyncio.sleep(0)  # thousands of signatures must hold nobody up
        try:
            _signed_by_us(seed, anchor, "anchor")
        except AnchorFaulty:
            return Fault(seq=anchor.place.seq, wrong="anchor")
    found = awaited(anchors, reader.place, oldest)
    if isinstance(found, Fault):
        return found
    reader.awaited = found
    return None


def _signed_by_us(seed: bytes | None, signed: Signed | None, purpose: str) -> None:
    if signed is None:
        return
    if seed is None or signed.purpose != purpose:
        raise AnchorFaulty
    check(seed, signed)
