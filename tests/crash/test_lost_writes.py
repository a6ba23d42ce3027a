"""R11: what was acknowledged survives a power cut; what would lose it is refused at the start."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.safe_start import refuse_unsafe
from app.settings import Settings, SettingsFaulty
from storage.keys import KeyTable
from storage.soundness import unsound
from storage.store import Store
from tests.crash.lost_writes import CALLS, Disk, File, calls
from tests.databases import copied_file, postgresql
from tests.proving import Proof, on_one

TURNS = 40
TABLES = {"main": ("seen", "event"), "keys": ("keys", "name")}

if shutil.which("strace") is None:
    TRACED = pytest.mark.skip("strace is not installed: what was not synced cannot be told apart")
else:
    TRACED = pytest.mark.timeout(1_200)


def logged(folder: Path, kind: str) -> tuple[Disk, Path]:
    """The folder before, and the log of a process that wrote into it."""
    file = folder / "saphan.db"
    disk, log = Disk(folder), folder.parent / f"{kind}.log"
    if file.exists():
        disk.holds(file)
    traced = ("strace", "-f", "-qq", "-xx", "-s", "70000", "-e", f"trace={CALLS}", "-o", log)
    works = (sys.executable, "-m", "tests.crash.writes", kind, f"sqlite:///{file}", str(TURNS))
    subprocess.run([*traced, *works], check=True, capture_output=True)
    return disk, log


def lost(disk: Disk, table: str, column: str, into: Path) -> list[str]:
    """What the process had said and the database, opened after the cut, does not know."""
    file = into / "saphan.db"
    with closing(sqlite3.connect(file)) as database:
        sound = database.execute("PRAGMA integrity_check").fetchone()
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
        asked = f"SELECT {column} FROM {table}"
        rows = {name for (name,) in database.execute(asked)} if table in tables else set()
    gone = {one.replace("gone", "made") for one in disk.told if one.startswith("gone")}
    made = {one for one in disk.told if one.startswith("made")} - gone
    last = disk.told[-1] if disk.told else ""
    doing = {f"made {int(last.split()[1])}"} if last.startswith("made") else set[str]()
    assert sound == ("ok",)
    return sorted(made - doing - rows | doing - rows - _may_go(doing) | gone & rows)


def _may_go(doing: set[str]) -> set[str]:
    """Its removal may be under way: every second key is destroyed right after it was made."""
    return {one for one in doing if int(one.split()[1]) % 2}


@TRACED
@pytest.mark.parametrize("kind", ["main", "keys"])
def test_R11_a_power_cut_loses_nothing_that_was_acknowledged(
    kind: str, sqlite_pattern: Path, tmp_path: Path, proof: Proof
) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    with copied_file(sqlite_pattern if kind == "main" else None, folder):
        disk, log = logged(folder, kind)
    effects, random = 0, Random(11)
    points = proof.count(200, quick=20)
    total = _changing(folder, kind, sqlite_pattern, log)
    wanted, cut = set(random.sample(range(1, total + 1), points)), 0
    for call in calls(log):
        if not disk.does(*call):
            continue
        effects += 1
        if effects not in wanted:
            continue
        for number in range(5):
            into = tmp_path / f"cut{cut}-{number}"
            into.mkdir()
            disk.after_a_cut(into, random)
            missing = lost(disk, *TABLES[kind], into)
            shutil.rmtree(into)
            assert missing == [], f"{call[0]} after {disk.told[-1:]}"
        cut += 1

    assert cut == points
    assert len([one for one in disk.told if one.startswith("made")]) == TURNS
    proof.figure(f"{kind}: {cut} points of {effects} calls, 5 cuts each: 0 lost, 0 came back")


def _changing(folder: Path, kind: str, pattern: Path, log: Path) -> int:
    disk = Disk(folder)
    if kind == "main":
        disk.sure[str(folder / "saphan.db")] = disk.now[str(folder / "saphan.db")] = _held(pattern)
    return sum(disk.does(*call) for call in calls(log))


def _held(pattern: Path) -> File:
    return File(pattern.read_bytes())


@on_one("sqlite")
async def test_R11_sqlite_below_full_is_refused_at_the_start(
    settings: Settings, tmp_path: Path, proof: Proof
) -> None:
    store, rows = Store(f"sqlite:///{tmp_path}/other.db"), KeyTable(f"sqlite:///{tmp_path}/k.db")

    def lessens(connection: object, _record: object) -> None:
        connection.execute("PRAGMA synchronous=NORMAL")  # type: ignore[attr-defined]

    before = [await unsound(one, keeps_keys=keys) for one, keys in _both(store, rows)]
    for one, _ in _both(store, rows):
        await one.dispose()
        event.listen(one.sync_engine, "connect", lessens)
    with pytest.raises(SettingsFaulty) as refused:
        await refuse_unsafe(settings, store, rows)
    await store.close()
    await rows.close()

    assert before == [(), ()]
    assert str(refused.value).count("synchronous is 1") == 2
    proof.figure("synchronous=NORMAL is refused, of either database")


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
async def test_R11_a_postgresql_that_does_not_sync_is_refused_at_the_start(
    setting: str, tmp_path: Path, proof: Proof
) -> None:
    with postgresql() as server:
        _say(server, f"ALTER SYSTEM SET {setting} = off")
        _say(server, "SELECT pg_reload_conf()")
        store, rows = Store(server), KeyTable(f"sqlite:///{tmp_path}/k.db")
        with pytest.raises(SettingsFaulty, match=f"main database: {setting} is off"):
            await refuse_unsafe(Settings(home=tmp_path, database_url=server), store, rows)
        await store.close()
        await rows.close()

    proof.figure(f"{setting}=off is refused")


def _both(store: Store, rows: KeyTable) -> tuple[tuple[AsyncEngine, bool], ...]:
    return (store.engine, False), (rows.engine, True)


def _say(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
