"""The audit chain against a forger who writes into the database (R67)."""

import os
import random
from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import delete, insert, text, update

from app.anchoring import verify_chain, write_anchor
from privacy.audit import BEGINNING, Entry, Reader
from privacy.keystore import KeyStore
from storage.keys import KeyTable
from storage.rows import audit
from storage.store import Store
from tests.proving import FULL, Proof
from tests.safety.audit_chains import BEGAN, EDITS, chain, forgeries, found, rewritten

LENGTH = 10_000
STOOD = LENGTH if os.environ.get(FULL) else LENGTH // 5  # entries in a database
NOW = float(BEGAN + 60 * LENGTH)


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return chain(LENGTH)


def test_R67_a_chain_as_it_was_written_holds(entries: list[Entry], proof: Proof) -> None:
    fault = found(entries, 0, [], 0)

    assert fault is None
    proof.figure(f"{LENGTH:,} entries hold")


def test_R67_each_edit_delete_insert_swap_and_duplicate_is_found_at_its_entry(
    entries: list[Entry], proof: Proof
) -> None:
    missed = []
    tried = 0
    for i in range(0, LENGTH, LENGTH // proof.count(LENGTH, quick=2_000)):
        for what, stands, goes_on in forgeries(entries, i):
            tried += 1
            fault = found(entries, i, stands, goes_on)
            if fault is None or fault.seq - entries[i].seq not in (0, 1):
                missed.append((what, i))

    assert missed == []
    proof.figure(f"{tried - len(missed):,} of {tried:,} forgeries found")


def test_R67_every_truncated_tail_older_than_the_last_anchor_is_found(
    entries: list[Entry], proof: Proof
) -> None:
    last = entries[-1]
    missed = []
    for length in range(LENGTH):
        place = entries[length - 1].place if length else BEGINNING
        fault = Reader(place=place, awaited={last.seq: last.hash}).end()
        if fault is None or (fault.seq, fault.wrong) != (length + 1, "cut_off"):
            missed.append(length)

    assert missed == []
    proof.figure(f"{LENGTH - len(missed):,} of {LENGTH:,} truncations found")


def test_R67_a_chain_written_anew_from_any_entry_is_found_by_the_next_anchor(
    entries: list[Entry], proof: Proof
) -> None:
    anchors = {entry.seq: entry.hash for entry in entries[59::60]}  # one an hour
    places = random.Random(67).sample(range(LENGTH - 60), proof.count(5_000, quick=300))
    missed = []
    for i in places:
        before = entries[i - 1].place if i else BEGINNING
        altered = [replace(entries[i], by="so.9"), *entries[i + 1 : i + 61]]
        reader = Reader(place=before, awaited=anchors)
        reader.read(rewritten(before, altered))
        if reader.fault is None or reader.fault.wrong != "not_anchored":
            missed.append(i)

    assert missed == []
    proof.figure(f"{len(places) - len(missed):,} of {len(places):,} rewritten chains found")


class Stand:
    """A database with the whole chain and one anchor, and a forger who is its owner."""

    def __init__(self, store: Store, keystore: KeyStore, folder: Path) -> None:
        self.store, self.keystore, self.folder = store, keystore, folder

    async def fault(self) -> tuple[int, str] | None:
        checked = await verify_chain(self.store, self.keystore, self.folder, NOW)
        return (checked.fault.seq, checked.fault.wrong) if checked.fault else None

    async def run(self, *statements: object) -> None:
        async with self.store.turn() as turn:
            for statement in statements:
                await turn.execute(statement)  # type: ignore[call-overload]


@pytest_asyncio.fixture
async def stand(database_url: str, tmp_path: Path, entries: list[Entry]) -> AsyncIterator[Stand]:
    store, keys = Store(database_url), KeyTable(f"sqlite:///{tmp_path}/keys.db")
    await keys.create()
    stand = Stand(store, KeyStore(keys, b"r" * 32), tmp_path / "anchors")
    async with store.turn() as turn:
        await turn.execute(insert(audit), [asdict(entry) for entry in entries[:STOOD]])
    await write_anchor(store, stand.keystore, stand.folder, NOW)
    owned = store.engine.dialect.name == "postgresql"
    for trigger in ("audit_unchanged", "audit_kept"):
        await stand.run(text(f"DROP TRIGGER {trigger}" + (" ON audit" if owned else "")))
    yield stand
    await keys.close()
    await store.close()


async def test_R67_the_owner_of_the_database_changes_nothing_unseen(
    stand: Stand, entries: list[Entry], proof: Proof
) -> None:
    chance = random.Random(67)
    count = proof.count(500, quick=13)
    names = sorted(EDITS)
    missed = []
    for number in range(count):
        i = chance.randrange(1, STOOD - 1)
        name = ("delete", "append", "swap", *names)[number % (len(names) + 3)]
        await forge(stand, entries, i, name)
        fault = await stand.fault()
        at = STOOD + 1 if name == "append" else entries[i].seq
        if fault is None or fault[0] not in (at, at + 1):
            missed.append((name, i, fault))
        await mend(stand, entries, i)

    assert missed == []
    assert await stand.fault() is None
    proof.figure(f"{count - len(missed):,} of {count:,} found in a database of {STOOD:,} entries")


async def forge(stand: Stand, entries: list[Entry], i: int, name: str) -> None:
    one, other = entries[i], entries[i + 1]
    same = audit.c.seq == one.seq
    if name == "delete":
        await stand.run(delete(audit).where(same))
    elif name == "append":
        await stand.run(insert(audit).values(asdict(replace(one, seq=STOOD + 1))))
    elif name == "swap":
        away = [delete(audit).where(audit.c.seq.in_((one.seq, other.seq)))]
        back = [asdict(replace(other, seq=one.seq)), asdict(replace(one, seq=other.seq))]
        await stand.run(*away, insert(audit).values(back))
    else:
        await stand.run(update(audit).where(same).values({name: EDITS[name]}))


async def mend(stand: Stand, entries: list[Entry], i: int) -> None:
    numbers = {entries[i].seq, entries[i + 1].seq}
    there = [asdict(entries[i]), asdict(entries[i + 1])]
    beyond = audit.c.seq > STOOD
    await stand.run(delete(audit).where(audit.c.seq.in_(numbers) | beyond))
    await stand.run(insert(audit).values(there))


async def test_R67_a_tail_cut_off_and_entries_beside_the_chain_are_found(
    stand: Stand, entries: list[Entry], proof: Proof
) -> None:
    await stand.run(insert(audit).values(asdict(replace(entries[5], seq=-3))))
    beside = await stand.fault()
    await stand.run(delete(audit).where(audit.c.seq == -3))
    await stand.run(delete(audit).where(audit.c.seq > STOOD - 3))
    cut = await stand.fault()
    await stand.run(delete(audit))
    emptied = await stand.fault()

    assert (beside, cut, emptied) == (
        (0, "inserted"),
        (STOOD - 2, "cut_off"),
        (1, "cut_off"),
    )
    proof.figure("tail, whole chain, entry beside the chain: found")
