"""A backup that was harmed, is of another version, or meets rows already, is not put back."""

import os
from pathlib import Path

import orjson
import pytest
from sqlalchemy import text

from app.backup_stream import BackupFaulty
from app.restore import Asked, told_by
from handlers import staff
from handlers.desk import Desk
from privacy.age_files import AgeFaulty
from storage.migrate import migrate
from storage.rows import metadata
from storage.snapshot import SnapshotRefused
from storage.store import Store
from tests.backup.place import Place, everything, sealed
from tests.casework.scene import Scene
from tests.proving import on_one


@on_one("sqlite")
@pytest.mark.parametrize("harm", ["cut", "changed", "line", "end", "other key"])
async def test_a_harmed_file_puts_nothing_back(
    place: Place, scene: Scene, pair: tuple[str, str], harm: str
) -> None:
    path = await place.back_up()
    content, plain = path.read_bytes(), place.opened(path)
    match harm:
        case "cut":
            path.write_bytes(content[: len(content) // 2])
        case "changed":
            middle = len(content) // 2
            path.write_bytes(content[:middle] + os.urandom(20) + content[middle + 20 :])
        case "line":
            path.write_bytes(sealed(plain.replace(b"[", b"{", 90), pair[0]))
        case "end":
            path.write_bytes(sealed(plain[: plain.rindex(b'{"ends"')], pair[0]))
        case _:
            other = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
            path.write_bytes(sealed(plain, other))

    with pytest.raises((BackupFaulty, AgeFaulty)):
        await place.put_back(path)
    with pytest.raises(AssertionError):  # there is not even a table
        await _tables(place.other)


@on_one("postgresql")
async def test_a_database_with_anything_in_it_is_left_alone(place: Place) -> None:
    path = await place.back_up()
    store = Store(place.other)
    await migrate(store.engine)
    await store.close()

    with pytest.raises(SnapshotRefused, match="not empty"):
        await place.put_back(path)


async def test_an_older_backup_is_brought_up_and_a_newer_one_refused(
    place: Place, scene: Scene, pair: tuple[str, str]
) -> None:
    sent = await scene.sent()
    path = await place.back_up()
    plain = place.opened(path)
    newest = orjson.loads(plain.splitlines()[0])["begins"]["revision"]
    path.write_bytes(sealed(plain.replace(newest.encode(), b"0006", 1), pair[0]))
    await place.put_back(path)
    async with place.serving() as back:
        rows = await everything(back.store.engine.url.render_as_string(hide_password=False))
    path.write_bytes(sealed(plain.replace(newest.encode(), b"9999", 1), pair[0]))

    assert sent.id in {row[0] for row in rows["referrals"]}
    await _emptied(place.other)
    with pytest.raises(SnapshotRefused, match="newer version"):
        await place.put_back(path)


@on_one("sqlite")
async def test_a_list_that_ends_before_the_backup_is_refused(
    place: Place, scene: Scene, tmp_path: Path
) -> None:
    old = await place.back_up()
    carried = place.carried(tmp_path / "carried")
    place.clock.forward(minutes=5)
    path = await place.back_up()
    there = place.elsewhere(tmp_path / "there")

    with pytest.raises(BackupFaulty, match="--removals"):
        await place.put_back(path, there, lists=(carried,))
    assert (await place.put_back(old, there, lists=(carried,))).lost_referrals == 0


@on_one("sqlite")
async def test_the_operator_reads_how_much_of_which_list_was_read(
    place: Place, desk: Desk, scene: Scene, tmp_path: Path
) -> None:
    """A folder that holds marks of backups alone is taken: nothing may have been removed."""
    await place.back_up()
    marks = place.carried(tmp_path / "marks")
    await staff.off_board(desk, scene.who("Coordinator 1", "").id, scene.who("Supervisor").id)
    asked = Asked(path=tmp_path, identity="", lists=(marks, tmp_path / "typed wrongly"))
    both = [*told_by(place.settings, asked)]
    short = [*told_by(place.elsewhere(tmp_path / "there"), asked)]

    assert both == [
        f"{place.settings.removals}: 1 lists, 1 removed",
        f"{marks}: 1 lists, 0 removed",
        f"{tmp_path}/typed wrongly: 0 lists, 0 removed",
    ]
    assert len(short) == 4
    assert "no removal was read" in short[3]
    assert "--removals" in short[3]


async def _tables(url: str) -> None:
    store = Store(url)
    try:
        async with store.turn() as turn:
            tables = await turn.run_sync(lambda sync: sync.dialect.get_table_names(sync))
        assert tables
    finally:
        await store.close()


async def _emptied(url: str) -> None:
    store = Store(url)
    async with store.turn() as turn:
        for table in reversed(metadata.sorted_tables):
            await turn.execute(text(f"DROP TABLE {table.name}"))
        await turn.execute(text("DROP TABLE alembic_version"))
    await store.close()
