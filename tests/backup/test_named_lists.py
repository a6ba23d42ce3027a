"""Which lists and which backup an operator names: one that cannot be read is no empty list."""

import re
import shutil
from pathlib import Path

import pytest

from app.backup_stream import BackupFaulty
from privacy.removals import BACKUP, UNREAD, RemovalList, counted, read
from tests.backup.place import Place
from tests.casework.scene import Scene
from tests.commands import saphan
from tests.proving import all_on_one

pytestmark = all_on_one("sqlite")
MARK = "20261122T000001Z"


def _listed(folder: Path) -> Path:
    RemovalList(folder).note(BACKUP, "backup", MARK, 1_795_305_600.0)
    return folder


def test_a_named_folder_without_a_list_that_can_be_read_ends_the_restore(
    tmp_path: Path, pair: tuple[str, str]
) -> None:
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / f"saphan-{MARK}.backup.age").touch()
    secret, there = tmp_path / "saphan.key", _listed(tmp_path / "there")
    secret.write_text(pair[1])
    secret.chmod(0o600)
    empty, above, broken = (tmp_path / name for name in ("empty", "above", "broken"))
    empty.mkdir()
    shutil.copytree(there, above / "removals")
    (broken / "removed-2026-11-22.list").mkdir(parents=True)

    def restored(*folders: Path) -> str:
        words = ["restore", str(tmp_path / "backups"), "--identity", str(secret)]
        given = [word for one in folders for word in ("--removals", str(one))]
        ended = saphan(*words, *given, folder=tmp_path)
        assert ended.returncode, ended.stdout
        return f"{ended.returncode} {ended.stderr}"

    for wrong in (tmp_path / "away", empty, above, broken, secret):
        said = restored(there, wrong)
        assert said.startswith(f"2 {wrong}: "), said
        assert said.count("\n") == 1
    assert restored(there).startswith(f"1 {tmp_path}/var/removals: 0 lists, 0 removed\n")


def test_a_folder_that_cannot_be_listed_is_not_counted_as_empty(tmp_path: Path) -> None:
    file = tmp_path / "removals"
    file.touch()
    with pytest.raises(OSError, match="directory"):
        read((file,))

    assert counted(file) == UNREAD
    assert counted(tmp_path / "away") == "0 lists, 0 removed"


async def test_where_the_list_is_older_than_the_backup_the_one_before_it_is_named_first(
    place: Place, scene: Scene, tmp_path: Path
) -> None:
    oldest = await place.back_up()
    place.clock.forward(minutes=5)
    old = await place.back_up()
    lists = (place.carried(tmp_path / "carried"),)
    place.clock.forward(minutes=5)
    path = await place.back_up()
    there = place.elsewhere(tmp_path / "there")

    async def refused(*named: Path) -> str:
        with pytest.raises(BackupFaulty) as faulty:
            await place.put_back(path, there, lists=named)
        first, _, _ = str(faulty.value).partition("--without-removals")
        return first

    said = [await refused(*lists)]
    for one in (old, oldest):
        one.unlink()
        said.append(await refused(*lists))

    named = [re.findall(r"saphan-\w+\.backup\.age", one) for one in said]
    assert named == [[old.name], [oldest.name], []]
    assert all("backup before this one" in one for one in said)
    assert "before this one" not in await refused(), "no list reaches to any"


async def test_one_that_was_put_back_already_is_not_to_be_changed_for_another(
    place: Place, scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is no longer empty: only the right list ends it."""
    await place.back_up()
    short = (place.carried(tmp_path / "short"),)
    place.clock.forward(minutes=5)
    path = await place.back_up()
    whole = (place.carried(tmp_path / "whole"),)
    there = place.elsewhere(tmp_path / "there")
    with monkeypatch.context() as broken:
        broken.setattr("app.restore.finish", _stopped)
        with pytest.raises(InterruptedError):
            await place.put_back(path, there, lists=whole)
    with pytest.raises(BackupFaulty) as faulty:
        await place.put_back(path, there, lists=short)

    assert "--removals" in str(faulty.value)
    assert "before this one" not in str(faulty.value)


async def _stopped(*_: object) -> None:
    raise InterruptedError
