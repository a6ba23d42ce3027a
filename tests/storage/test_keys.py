"""The key store: wrapped keys in a database apart, gone for good when destroyed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import update

from privacy.keystore import KeyStore, RootKeyWrong
from privacy.pseudonym import DAY
from storage.keys import KeyTable
from storage.rows import keys

ROOT, OTHER_ROOT = b"r" * 32, b"o" * 32


@pytest.fixture
async def table(empty_url: str) -> AsyncIterator[KeyTable]:
    table = KeyTable(empty_url)
    await table.create()
    yield table
    await table.close()


@pytest.fixture
def keystore(table: KeyTable) -> KeyStore:
    return KeyStore(table, ROOT)


async def test_a_key_is_made_once_and_found_again(keystore: KeyStore) -> None:
    made = await keystore.make("a", 10)

    assert await keystore.make("a", 10) == made
    assert await keystore.get("a") == made


async def test_a_destroyed_key_is_gone(keystore: KeyStore) -> None:
    name, _ = await keystore.new(10)
    await keystore.destroy(name)

    assert await keystore.get(name) is None


async def test_expired_keys_go_together(keystore: KeyStore) -> None:
    await keystore.make("old", 5)
    await keystore.make("new", 50)
    await keystore.destroy_expired(10)

    assert await keystore.get("old") is None
    assert await keystore.get("new") is not None


async def test_two_processes_share_a_pepper(table: KeyTable) -> None:
    one, other = KeyStore(table, ROOT), KeyStore(table, ROOT)

    assert await one.peppers(100 * DAY) == await other.peppers(100 * DAY)


async def test_tomorrow_todays_pepper_is_yesterdays_and_the_day_after_it_is_gone(
    keystore: KeyStore,
) -> None:
    today, _ = await keystore.peppers(100 * DAY)
    _, yesterday = await keystore.peppers(101 * DAY)
    assert yesterday == today
    await keystore.destroy_expired(102 * DAY + 1)

    assert await keystore.get("pepper/100") is None


async def test_another_root_key_is_refused_aloud(table: KeyTable) -> None:
    await KeyStore(table, ROOT).make("a", 10)

    with pytest.raises(RootKeyWrong):
        await KeyStore(table, b"x" * 32).get("a")


async def test_a_destroyed_key_leaves_no_byte_in_the_file(tmp_path: Path) -> None:
    table = KeyTable(f"sqlite:///{tmp_path}/keys.db")
    await table.create()
    proof = await table.claim(b"proof")
    await table.put_if_absent("a", b"CANARY-KEY-BYTES" * 4, 10, proof)
    await table.delete(("a",))
    await table.close()

    assert not any(b"CANARY-KEY" in content for content in _contents(tmp_path))


def _contents(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in folder.iterdir()]


async def test_several_processes_that_start_at_once_make_one_store(empty_url: str) -> None:
    tables = [KeyTable(empty_url) for _ in range(4)]
    await asyncio.gather(*(table.create() for table in tables))
    made = await asyncio.gather(*(KeyStore(table, ROOT).make("a", 10) for table in tables))
    for table in tables:
        await table.close()

    assert len(set(made)) == 1


async def test_a_new_root_key_opens_every_key_and_the_old_one_none(table: KeyTable) -> None:
    keystore = KeyStore(table, ROOT)
    made = {f"{n}": await keystore.make(f"{n}", 10) for n in range(20)}
    changed = await keystore.change_root(OTHER_ROOT)
    await table.write_afresh()

    assert changed == len(made)
    assert {n: await keystore.get(n) for n in made} == made
    assert {n: await KeyStore(table, OTHER_ROOT).get(n) for n in made} == made
    with pytest.raises(RootKeyWrong):
        await KeyStore(table, ROOT).get("1")


async def test_whoever_reads_the_root_key_again_goes_on_after_a_change(table: KeyTable) -> None:
    running = KeyStore(table, ROOT, reread=lambda: (OTHER_ROOT,))
    stranded = KeyStore(table, ROOT)
    before = await running.make("before", 10)
    await stranded.make("mine", 10)
    await KeyStore(table, ROOT).change_root(OTHER_ROOT)

    assert await running.get("before") == before
    after = await running.make("after", 10)
    assert await KeyStore(table, OTHER_ROOT).get("after") == after
    with pytest.raises(RootKeyWrong):
        await stranded.make("new", 10)
    assert await KeyStore(table, OTHER_ROOT).get("new") is None


async def test_keys_made_while_the_root_key_changes_open_under_the_new_one(
    table: KeyTable,
) -> None:
    running = [KeyStore(table, ROOT, reread=lambda: (OTHER_ROOT,)) for _ in range(4)]
    made: dict[str, bytes] = {}

    async def work(number: int) -> None:
        for n in range(15):
            made[f"{number}-{n}"] = await running[number].make(f"{number}-{n}", 10)

    change = asyncio.create_task(KeyStore(table, ROOT).change_root(OTHER_ROOT))
    await asyncio.gather(change, *(work(n) for n in range(4)))
    new = KeyStore(table, OTHER_ROOT)

    assert {name: await new.get(name) for name in made} == made
    assert change.result() <= len(made)


async def test_a_change_that_fails_half_way_changes_nothing(table: KeyTable) -> None:
    keystore = KeyStore(table, ROOT)
    made = {f"{n}": await keystore.make(f"{n}", 10) for n in range(5)}
    proof = await table.claim(b"")

    def stumbling(name: str, wrapped: bytes) -> bytes:
        if name == "3":
            raise ZeroDivisionError
        return b"lost" + wrapped

    with pytest.raises(ZeroDivisionError):
        await table.rewrap(stumbling, proof, b"new")

    assert {n: await KeyStore(table, ROOT).get(n) for n in made} == made


async def test_wrapped_keys_that_change_places_open_nothing(table: KeyTable) -> None:
    keystore = KeyStore(table, ROOT)
    await keystore.make("hers", 10)
    await keystore.make("another", 10)
    wrapped = await table.get("hers")
    async with table.engine.begin() as connection:
        other = update(keys).where(keys.c.name == "another").values(wrapped=wrapped)
        await connection.execute(other)

    with pytest.raises(RootKeyWrong):
        await keystore.get("another")


async def test_a_change_of_the_root_key_leaves_nothing_of_the_old_one_in_the_file(
    tmp_path: Path,
) -> None:
    table = KeyTable(f"sqlite:///{tmp_path}/keys.db")
    await table.create()
    keystore = KeyStore(table, ROOT)
    await keystore.make("a", 10)
    old = await table.get("a")
    found_before = any(old in content for content in _contents(tmp_path) if old)
    await keystore.change_root(OTHER_ROOT)
    await table.write_afresh()
    await table.close()

    assert found_before
    assert not any(old in content for content in _contents(tmp_path) if old)


async def test_the_latest_moment_seen_never_goes_back_by_itself(
    table: KeyTable, keystore: KeyStore
) -> None:
    await keystore.check()
    for now in (100.0, 5_000.0, 200.0):
        await keystore.destroy_expired(now)
    assert await table.latest() == 5_000.0


async def test_a_clock_set_back_leaves_living_referrals_their_keys(
    table: KeyTable, keystore: KeyStore
) -> None:
    """Made long before the clock ran ahead, or meanwhile; the second gets an end that is right."""
    year, now, life = 365 * DAY, 1_000 * DAY, 400 * DAY
    await keystore.make("before", now + year + 7_200)
    await keystore.destroy_expired(now + year)
    await keystore.make("meanwhile", now + year + life)
    await keystore.make("a talk", now + year - 3_600)
    gone = await table.set_back(float(now), {"before": float(life), "meanwhile": float(life)})
    await keystore.destroy_expired(now + year)
    first = await keystore.get("before")
    await keystore.destroy_expired(now + life + 1)

    assert gone == 1
    assert first is not None
    assert await keystore.get("a talk") is None
    assert await keystore.get("meanwhile") is None


async def test_a_clock_that_ran_ahead_is_set_back_with_the_keys_it_dated(
    table: KeyTable, keystore: KeyStore
) -> None:
    ten_years, now = 3_650 * DAY, 1_000 * DAY
    await keystore.make("for ever", 10.0**12)
    await keystore.destroy_expired(now + ten_years)
    await keystore.make("wrong", now + ten_years + 3_600)
    await keystore.make("right", now + 3_600)
    gone = await table.set_back(float(now))

    assert gone == 1
    assert await keystore.get("wrong") is None
    assert await keystore.get("right") is not None
    assert await keystore.get("for ever") is not None
    assert await table.latest() == now
