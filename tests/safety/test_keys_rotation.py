"""A new root key: a kill at any step loses no key, others go on, the old one opens nothing."""

import asyncio
import itertools
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.root_key_change import change_root_key, prepare
from app.settings import Settings, SettingsFaulty
from privacy.keystore import KeyStore, RootKeyWrong
from storage.keys import KeyTable
from tests.proving import FULL

ROOT = Path(__file__).parents[2]
KEPT = 3
# A plain run kills at every fifth line, so at one of the five between steps 2 and 3 at least;
# SAPHAN_TESTS_PROVE=1 at each.
QUICK = 5
KINDS = ("sqlite", "postgresql") if os.environ.get(FULL) else ("sqlite",)


@pytest.fixture
def home(tmp_path: Path, empty_url: str) -> Settings:
    """The key store is on either kind of database; the main one is not needed."""
    url = empty_url.replace("saphan.db", "keys.db")
    settings = Settings.model_validate({"home": tmp_path, "keystore_url": url})
    settings.root_key()
    return settings


@pytest.fixture
async def rows(home: Settings) -> AsyncIterator[KeyTable]:
    table = KeyTable(home.keystore())
    await table.create()
    yield table
    await table.close()


@pytest.fixture
def nursery(home: Settings) -> Iterator["subprocess.Popen[str]"]:
    words = [sys.executable, "-m", "tests.safety.rotations", str(home.home), home.keystore()]
    with subprocess.Popen(
        words, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def _killed_at(nursery: "subprocess.Popen[str]", line: int) -> str:
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(f"{line}\n")
    nursery.stdin.flush()
    return nursery.stdout.readline().strip()


@pytest.mark.parametrize("empty_url", KINDS, indirect=True)
async def test_a_kill_at_any_line_of_the_change_loses_no_key(
    home: Settings, rows: KeyTable, nursery: "subprocess.Popen[str]", every_line: int
) -> None:
    made = await _made(rows, home)
    running = KeyStore(rows, home.root_key(), home.root_keys)
    ended, held_by = [], set()
    for line in itertools.count(1, every_line):
        ended.append(await asyncio.to_thread(_killed_at, nursery, line))
        started = KeyStore(rows, home.root_key(), home.root_keys)
        assert {n: await started.get(n) for n in made} == made, f"line {line}"
        assert {n: await running.get(n) for n in made} == made, f"line {line}"
        await running.destroy("last")
        made["last"] = await running.make("last", 1e12)
        held_by.add(await _file_in_use(rows, home))
        if ended[-1] != "killed":
            break
    await change_root_key(home)

    assert ended[-1] == "done"
    assert len(ended) > 10
    assert held_by == {home.root_key_path, home.next_root_key_path}
    assert not home.next_root_key_path.exists()
    assert {n: await KeyStore(rows, home.root_key()).get(n) for n in made} == made


@pytest.fixture
def every_line() -> int:
    return 1 if os.environ.get(FULL) else QUICK


async def test_the_old_root_key_opens_nothing_and_its_bytes_are_overwritten(
    home: Settings, rows: KeyTable
) -> None:
    made = await _made(rows, home)
    old = home.root_key()
    with home.root_key_path.open("rb") as still_open:
        changed = await change_root_key(home)
        left = still_open.read()

    assert changed == len(made)
    assert left == bytes(32)
    assert home.root_key() != old
    assert home.root_key_path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(RootKeyWrong):
        await KeyStore(rows, old).get("0")


async def test_processes_that_make_keys_meanwhile_notice_nothing(
    home: Settings, rows: KeyTable
) -> None:
    made = await _made(rows, home)
    running = [KeyStore(rows, home.root_key(), home.root_keys) for _ in range(3)]
    done = False

    async def work(number: int) -> None:
        for n in itertools.count():
            if done:
                return
            name = f"{number}-{n}"
            made[name] = await running[number].make(name, 1e12)
            assert await running[number].get("0") == made["0"]

    async def change() -> None:
        nonlocal done
        try:
            for _ in range(3):
                await change_root_key(home)
        finally:
            done = True

    await asyncio.gather(change(), *(work(n) for n in range(3)))
    now = KeyStore(rows, home.root_key())

    assert len(made) >= KEPT + 3
    assert {n: await now.get(n) for n in made} == made


async def test_a_key_carried_to_several_machines_beforehand_is_the_one_that_is_taken(
    home: Settings, rows: KeyTable
) -> None:
    await _made(rows, home)
    carried = prepare(home).read_bytes()
    await change_root_key(home)

    assert home.root_key() == carried


async def test_two_changes_at_once_do_not_meet(home: Settings, rows: KeyTable) -> None:
    made = await _made(rows, home)
    ended = await asyncio.gather(
        *(change_root_key(home) for _ in range(3)), return_exceptions=True
    )

    assert sum(isinstance(one, int) for one in ended) >= 1
    assert all(isinstance(one, int | SettingsFaulty) for one in ended)
    assert {n: await KeyStore(rows, home.root_key()).get(n) for n in made} == made


async def _file_in_use(rows: KeyTable, home: Settings) -> Path:
    """The file whose root key opens the store now; a start must find it in either."""
    try:
        await KeyStore(rows, home.root_key()).check()
    except RootKeyWrong:
        return home.next_root_key_path
    return home.root_key_path


async def _made(rows: KeyTable, home: Settings) -> dict[str, bytes]:
    keystore = KeyStore(rows, home.root_key())
    return {f"{n}": await keystore.make(f"{n}", 1e12) for n in range(KEPT)}
