"""The key store: wrapped keys in a database apart, gone for good when destroyed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from privacy.keystore import KeyStore, RootKeyWrong
from privacy.pseudonym import DAY
from storage.keys import KeyTable

ROOT = b"r" * 32


@pytest.fixture
async def table(database_url: str) -> AsyncIterator[KeyTable]:
    table = KeyTable(database_url)
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
    await table.put_if_absent("a", b"CANARY-KEY-BYTES" * 4, 10)
    await table.delete(("a",))
    await table.close()

    assert not any(b"CANARY-KEY" in content for content in _contents(tmp_path))


def _contents(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in folder.iterdir()]
