"""One file a backup: what is in it and what is not, whole or not at all, for one key alone."""

import asyncio
import stat
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pyrage
import pytest
from sqlalchemy import insert, update

from app.backup import back_up
from app.backup_files import placed, prune
from app.doctor import _backups
from app.settings import Settings, SettingsFaulty
from handlers.after_restore import Finished
from handlers.desk import Desk
from privacy.retention import NETWORK
from storage import network_documents
from storage.backup_tables import BACKED, LEFT_OUT, columns_of, network_kinds
from storage.edition_rows import draft_steps
from storage.network_documents import LAST_BACKUP, Note
from storage.rows import counts, key_metadata, metadata, network, seen
from storage.snapshot import SnapshotRefused
from storage.store import Store
from tests.backup.place import Place, everything, tables_in
from tests.casework.scene import Scene
from tests.commands import saphan
from tests.proving import on_one


def test_every_table_is_backed_up_or_left_out_for_a_reason() -> None:
    tables = {*metadata.tables, *key_metadata.tables}

    assert {*BACKED, *LEFT_OUT} == tables
    assert not {*BACKED} & LEFT_OUT.keys()
    assert all(LEFT_OUT.values())


def test_every_kind_of_network_document_is_in_one_of_both() -> None:
    goes_in, stays_out = network_kinds()

    assert goes_in | stays_out == NETWORK.keys()
    assert not goes_in & stays_out
    assert {kind for kind in goes_in if "sealed" in NETWORK[kind].holds} == set()


async def test_it_holds_every_row_of_its_tables_and_nothing_else(
    place: Place, desk: Desk, scene: Scene
) -> None:
    await scene.sent()
    async with desk.store.turn() as turn:
        await turn.execute(insert(seen).values(event="telegram:1", expires_at=9e9))
        for name in ("request/1", "check/1"):
            await turn.execute(insert(network).values(id=name, document="[]", version=1))
    path = await place.back_up()
    found, rows = tables_in(place.opened(path)), await everything(place.settings.database())

    names = {row[0] for row in found["network"]}
    assert tuple(found) == BACKED
    for table in {*BACKED} - {"network", "codes"}:
        assert len(found[table]) == len(rows[table]), table
    assert {row[columns_of("codes").index("kind")] for row in found["codes"]} == {"receipt"}
    assert not any(name.startswith(("request/", "check/", "later/")) for name in names)
    assert any(name.startswith("removals/") for name in names)


async def test_what_is_put_back_is_what_was_there(place: Place, scene: Scene) -> None:
    await scene.sent()
    path = await place.back_up()
    before = await everything(place.settings.database())
    await place.put_back(path)
    after = await everything(place.other)

    for table in {*BACKED} - {"network", "codes", "audit", "audit_links", "editions"}:
        assert sorted(after[table]) == sorted(before[table]), table
    assert set(before["audit"]) < set(after["audit"])
    assert after["audit"][-1][4] == "restore"
    assert all(after[table] == [] for table in LEFT_OUT if table in after)


async def test_it_goes_into_the_other_kind_of_database_too(
    place: Place, scene: Scene, of_the_other_kind: str
) -> None:
    await scene.sent()
    async with scene.desk.store.turn() as turn:
        step = {"id": 7, "draft": "d", "by": "s-abcdef", "document": "{}"}
        await turn.execute(insert(draft_steps).values(step))
    path = await place.back_up()
    before = await everything(place.settings.database())
    moved = replace(place, other=of_the_other_kind)
    await moved.put_back(path)
    after = await everything(of_the_other_kind)

    for table in {*BACKED} - {"network", "codes", "audit", "audit_links", "editions"}:
        assert sorted(after[table]) == sorted(before[table]), table
    async with moved.serving() as back, back.store.turn() as turn:
        step = {"draft": "d", "by": "s-abcdef", "document": "{}"}
        number = insert(draft_steps).values(step).returning(draft_steps.c.id)
        assert (await turn.execute(number)).scalar_one() > 7  # they go on where they were


@on_one("postgresql")
async def test_memory_does_not_grow_with_the_rows(
    place: Place, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.restore.finish", _nothing)
    async with desk.store.turn() as turn:
        long = {"document": "x" * 8_000, "version": 1}
        rows = [{"id": f"text/{n:050}", **long} for n in range(4_000)]
        await turn.execute(insert(network), rows)
    del rows
    tracemalloc.start()
    path = await place.back_up()
    _, making = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    await place.put_back(path)
    _, restoring = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert max(making, restoring) < 20_000_000 < 4_000 * 8_000


async def _nothing(*_: object) -> Finished:
    return Finished()


@on_one("sqlite")
async def test_without_a_recipient_it_refuses_and_says_what_to_do(place: Place) -> None:
    none = place.settings.model_copy(update={"backup_recipient": None})

    with pytest.raises(SettingsFaulty, match="age-keygen"):
        await back_up(none, place.backups)
    assert not place.backups.exists()


def test_a_recipient_that_is_none_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="BACKUP_RECIPIENT is no public key"):
        Settings(home=tmp_path, backup_recipient="AGE-SECRET-KEY-1NOTAPUBLICONE")


async def test_before_the_first_start_it_says_that_there_is_nothing(
    empty_url: str, tmp_path: Path
) -> None:
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    settings = Settings(home=tmp_path / "home", database_url=empty_url, backup_recipient=recipient)

    with pytest.raises(SnapshotRefused, match="no database of Saphan yet"):
        await back_up(settings, tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []


@on_one("sqlite")
async def test_the_file_is_for_this_user_alone_and_old_ones_go(place: Place) -> None:
    path = await place.back_up()
    clock = place.clock()
    for days in (1, 3, 20, 34, 36, 400):
        for hours in (1, 2):
            placed(place.backups, clock - timedelta(days=days, hours=hours)).touch()
    (place.backups / "photos.zip").touch()
    gone = prune(place.backups, clock)
    left = sorted(one.name for one in place.backups.iterdir())

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.backups.stat().st_mode) == 0o700
    assert gone == 7
    assert "photos.zip" in left
    assert len(left) == 7


@on_one("sqlite")
async def test_one_that_fails_leaves_no_file(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "")

    monkeypatch.setattr("app.backup_files.os.fsync", full)
    with pytest.raises(OSError, match="28"):
        await place.back_up()

    assert list(place.backups.iterdir()) == []


async def test_it_sees_one_moment_and_hinders_nobody_who_writes(place: Place, desk: Desk) -> None:
    """Two rows that always change together; a writer goes on all the time."""
    key = {"week": "2026-W47", "what": "node", "country": "TH", "locale": "my"}
    async with desk.store.turn() as turn:
        for name in ("a", "z"):
            await turn.execute(insert(counts).values(**key, name=name, number=0))
        await turn.execute(
            insert(network),
            [{"id": f"text/{n:050}", "document": "x" * 400, "version": 1} for n in range(3_000)],
        )
    stop, written = asyncio.Event(), 0

    async def write() -> None:
        nonlocal written
        while not stop.is_set():
            async with desk.store.turn() as turn:
                for name in ("a", "z"):
                    mine = counts.c.name == name
                    await turn.execute(
                        update(counts).where(mine).values(number=counts.c.number + 1)
                    )
            written += 1

    writing = asyncio.create_task(write())
    path = await place.back_up()
    stop.set()
    await writing
    numbers = [row[-1] for row in tables_in(place.opened(path))["counts"] if row[2] in "az"]

    assert written > 3
    assert len(set(numbers)) == 1


def test_the_commands_as_they_are_typed(tmp_path: Path, pair: tuple[str, str]) -> None:
    home, backups = tmp_path / "home", tmp_path / "backups"
    home.mkdir()
    secret = tmp_path / "saphan.key"
    secret.write_text(pair[1])
    secret.chmod(0o600)
    refused = saphan("backup", str(backups), folder=home)
    saphan("migrate", folder=home)
    made = saphan("backup", str(backups), "--json", folder=home, SAPHAN_BACKUP_RECIPIENT=pair[0])
    told = orjson.loads(made.stdout) if made.returncode == 0 else {}
    (home / "var" / "saphan.db").rename(tmp_path / "lost.db")
    for end in ("-wal", "-shm"):
        (home / "var" / f"saphan.db{end}").unlink(missing_ok=True)
    words = ("restore", str(backups), "--identity", str(secret))
    back = saphan(*words, folder=home)
    again = saphan(*words, folder=home)

    assert (refused.returncode, "age-keygen" in refused.stderr) == (2, True)
    assert made.returncode == 0, made.stderr
    assert told["file"].startswith("saphan-20")
    assert back.returncode == 0, back.stderr
    assert "1 lists, 0 removed\nno removal was read" in back.stderr
    assert (again.returncode, "not empty" in again.stderr) == (2, True)
    assert pair[1].splitlines()[-1] not in back.stdout + back.stderr


def test_why_no_backup_was_made_is_said_without_an_address(
    tmp_path: Path, pair: tuple[str, str]
) -> None:
    given = {"SAPHAN_BACKUP_RECIPIENT": pair[0]}
    nowhere = "postgresql+psycopg://saphan:hidden@127.0.0.1:1/saphan"
    saphan("migrate", folder=tmp_path)
    (tmp_path / "taken").touch()
    refused = saphan("backup", str(tmp_path / "taken"), folder=tmp_path, **given)
    given["SAPHAN_DATABASE_URL"] = nowhere
    away = saphan("backup", str(tmp_path / "backups"), folder=tmp_path, **given)

    assert (refused.returncode, away.returncode) == (1, 1)
    assert "a file or folder says “File exists”; see that there is room" in refused.stderr
    assert "a database does not answer (OperationalError); see that it is there" in away.stderr
    assert "hidden" not in away.stderr


@on_one("sqlite")
@pytest.mark.parametrize(
    ("recipient", "minutes", "told"),
    [(False, 0, "no key"), (True, None, "none was ever"), (True, 16, "16 min"), (True, 9, "")],
)
async def test_doctor_says_in_live_mode_that_backups_are_missing(
    place: Place, recipient: bool, minutes: int | None, told: str
) -> None:
    given = {"mode": "live"} | ({} if recipient else {"backup_recipient": None})
    live, store = place.settings.model_copy(update=given), Store(place.settings.database())
    if minutes is not None:
        at = (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()
        async with store.turn() as turn:
            await network_documents.keep(turn, Note(LAST_BACKUP, at))
    found = [one async for one in _backups(live, store)]
    in_trial = [one async for one in _backups(place.settings, store)]
    await store.close()

    assert in_trial == []
    assert [one.ok for one in found] == [not told]
    assert told in found[0].line()
