"""The audit chain as rows: kept with the act, in one order, guarded, cut and dropped in time."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from app.anchoring import read_anchors, verify_chain, write_anchor
from privacy.anchors import AnchorFaulty, dump, sign
from privacy.audit import Fault, StaffAct, link
from privacy.keystore import KeyStore
from privacy.retention import DAY, KEEP
from storage import audit
from storage.keys import KeyTable
from storage.rows import audit as audit_table
from storage.rows import audit_links, audit_starts
from storage.store import Store

NOW = time.time()
PULL = StaffAct(by="ma.1", what="pull", kind="service", object="TH-005", reason="closed")


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    store = Store(database_url)
    yield store
    await store.close()


@pytest.fixture
async def keystore(tmp_path: Path) -> AsyncIterator[KeyStore]:
    table = KeyTable(f"sqlite:///{tmp_path}/keys.db")
    await table.create()
    yield KeyStore(table, b"r" * 32)
    await table.close()


async def written(store: Store, number: int, at: float = NOW) -> None:
    for _ in range(number):
        async with store.turn() as turn:
            await audit.record(turn, PULL, at=at)


async def fault(store: Store, keystore: KeyStore, folder: Path | None = None) -> Fault | None:
    return (await verify_chain(store, keystore, folder, NOW)).fault


async def test_a_turn_that_fails_leaves_no_entry(store: Store) -> None:
    async def fails() -> None:
        async with store.turn() as turn:
            await audit.record(turn, PULL, at=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fails()

    async with store.turn() as turn:
        assert (await audit.head(turn)).seq == 0


async def test_several_writers_at_once_make_one_chain(store: Store, keystore: KeyStore) -> None:
    await asyncio.gather(*(written(store, 5) for _ in range(6)))

    checked = await verify_chain(store, keystore, None, NOW)
    assert (checked.head.seq, checked.fault) == (30, None)


@pytest.mark.parametrize(
    "statement",
    [update(audit_table).values(by="so.9"), delete(audit_table), text("TRUNCATE audit")],
    ids=["update", "delete", "truncate"],
)
async def test_the_database_refuses_to_change_an_entry(
    store: Store, keystore: KeyStore, statement: object
) -> None:
    await written(store, 2)
    with pytest.raises(DBAPIError):  # SQLite knows no TRUNCATE
        async with store.turn() as turn:
            await turn.execute(statement)  # type: ignore[call-overload]

    checked = await verify_chain(store, keystore, None, NOW)
    assert (checked.head.seq, checked.fault) == (2, None)


async def test_a_cut_link_means_nothing_and_the_chain_still_holds(
    store: Store, keystore: KeyStore
) -> None:
    async with store.turn() as turn:
        about = await audit.link(turn, keystore, "referral", "r-1", NOW + KEEP.audit)
        again = await audit.link(turn, keystore, "referral", "r-1", NOW + KEEP.audit)
        opened = StaffAct(by="cw.1", what="open", kind="referral", object=about)
        await audit.record(turn, opened, at=NOW)
        await audit.close(turn, "referral", "r-1", NOW + KEEP.audit_link)
        [name] = (await turn.execute(select(audit_links.c.key))).scalars()
    salt = await keystore.get(name)
    early = await audit.cut_links(store, keystore, NOW + KEEP.audit_link - 1)
    cut = await audit.cut_links(store, keystore, NOW + KEEP.audit_link + 1)
    async with store.turn() as turn:
        left = (await turn.execute(select(audit_links))).all()

    assert salt
    assert about == again == link(salt, "referral", "r-1")
    assert (early, cut, left) == (0, 1, [])
    assert await keystore.get(name) is None
    assert await fault(store, keystore) is None


async def test_what_is_two_years_old_is_dropped_and_the_rest_still_holds(
    store: Store, keystore: KeyStore, tmp_path: Path
) -> None:
    await written(store, 4, at=NOW - KEEP.audit - DAY)
    await write_anchor(store, keystore, tmp_path, NOW)
    await written(store, 3)
    async with store.turn() as turn:
        dropped = await audit.drop_old(turn, keystore, NOW - KEEP.audit, NOW)
    await written(store, 1)
    checked = await verify_chain(store, keystore, tmp_path, NOW)

    assert dropped == 4
    assert (checked.start.seq, checked.head.seq, checked.fault) == (4, 8, None)


async def test_when_all_is_dropped_the_chain_goes_on_from_its_start(
    store: Store, keystore: KeyStore
) -> None:
    await written(store, 4, at=NOW - KEEP.audit - DAY)
    async with store.turn() as turn:
        await audit.drop_old(turn, keystore, NOW - KEEP.audit, NOW)
    await written(store, 2)
    checked = await verify_chain(store, keystore, None, NOW)

    assert (checked.start.seq, checked.head.seq, checked.fault) == (4, 6, None)


async def test_a_date_that_was_altered_gets_no_entry_dropped(
    store: Store, keystore: KeyStore
) -> None:
    await written(store, 3)
    await without_triggers(store)
    async with store.turn() as turn:
        await turn.execute(update(audit_table).values(at=5))
        with pytest.raises(AnchorFaulty):
            await audit.drop_old(turn, keystore, NOW - KEEP.audit, NOW)

    assert await fault(store, keystore) == Fault(seq=1, wrong="changed")


async def test_a_start_that_we_did_not_sign_is_found(
    store: Store, keystore: KeyStore, tmp_path: Path
) -> None:
    await written(store, 3)
    await write_anchor(store, keystore, tmp_path, NOW)
    await without_triggers(store)
    async with store.turn() as turn:
        place = await audit.head(turn)
        forged = dump(sign(b"x" * 32, "start", place, NOW)).decode()
        await turn.execute(delete(audit_table))
        await turn.execute(insert(audit_starts).values(seq=3, signed=forged))

    assert await fault(store, keystore) == Fault(seq=1, wrong="start")


async def test_what_is_anchored_and_young_must_not_have_been_dropped(
    store: Store, keystore: KeyStore, tmp_path: Path
) -> None:
    await written(store, 2)
    await write_anchor(store, keystore, tmp_path, NOW)
    await written(store, 2)
    await without_triggers(store)
    async with store.turn() as turn:  # even with our own key, as a thief of both stores has it
        place = await audit.head(turn)
        seed = await audit.signing_seed(keystore)
        await turn.execute(delete(audit_table))
        signed = dump(sign(seed, "start", place, NOW)).decode()
        await turn.execute(insert(audit_starts).values(seq=4, signed=signed))

    assert await fault(store, keystore) is None
    assert await fault(store, keystore, tmp_path) == Fault(seq=2, wrong="missing")


async def test_an_anchor_is_written_once_for_each_place(
    store: Store, keystore: KeyStore, tmp_path: Path
) -> None:
    nothing = await write_anchor(store, keystore, tmp_path, NOW)
    await written(store, 2)
    first = await write_anchor(store, keystore, tmp_path, NOW)
    second = await write_anchor(store, keystore, tmp_path, NOW + 9)
    await written(store, 1)
    third = await write_anchor(store, keystore, tmp_path, NOW)

    assert (nothing, first, second, third) == (False, True, False, True)
    assert [anchor.place.seq for anchor in read_anchors(tmp_path)] == [2, 3]


@pytest.mark.parametrize("harm", [b"", b"{}", b'{"entry": 1}', b"\xff"])
async def test_a_damaged_anchor_is_named(
    store: Store, keystore: KeyStore, tmp_path: Path, harm: bytes
) -> None:
    await written(store, 2)
    folder = tmp_path / "anchors"
    await write_anchor(store, keystore, folder, NOW)
    [file] = folder.iterdir()
    file.write_bytes(harm)

    assert await fault(store, keystore, folder) == Fault(seq=2, wrong="anchor")


async def test_an_anchor_with_an_altered_place_is_none_of_ours(
    store: Store, keystore: KeyStore, tmp_path: Path
) -> None:
    await written(store, 2)
    folder = tmp_path / "anchors"
    await write_anchor(store, keystore, folder, NOW)
    [file] = folder.iterdir()
    file.write_bytes(file.read_bytes().replace(b'"entry": 2', b'"entry": 1'))

    assert await fault(store, keystore, folder) == Fault(seq=1, wrong="anchor")


async def without_triggers(store: Store) -> None:
    owned = " ON audit" if store.engine.dialect.name == "postgresql" else ""
    async with store.turn() as turn:
        for trigger in ("audit_unchanged", "audit_kept"):
            await turn.execute(text(f"DROP TRIGGER {trigger}{owned}"))
