"""Backups and removals where the machine's clock is wrong: nothing is lost, nothing comes back."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.backup import back_up
from app.backup_files import newest, placed
from handlers import partners, staff
from handlers.desk import Desk
from handlers.sweep import sweep
from privacy.removals import BACKUP, RemovalList
from storage import accounts
from storage.keys import KeyTable
from tests.backup.place import Place
from tests.casework.scene import Scene
from tests.commands import saphan
from tests.proving import all_on_one

pytestmark = all_on_one("sqlite")
LATER = [timedelta(days=500), timedelta(days=-500), timedelta(hours=20)]


async def test_one_run_far_ahead_deletes_nothing_and_is_the_newest_of_its_time(
    place: Place, desk: Desk
) -> None:
    old = [placed(place.backups, place.clock() - timedelta(days=days)) for days in (1, 9)]
    for path in old:
        path.touch()
    listed = RemovalList(place.settings.removals)
    listed.note(BACKUP, "backup", "20261120T000000Z", desk.now() - 86_400)
    before = sorted(place.settings.removals.iterdir())
    await sweep(desk)
    place.clock.forward(minutes=5)
    far = await back_up(place.settings, place.backups, place.clock() + timedelta(days=500))
    right = await back_up(place.settings, place.backups, place.clock())
    left = {*place.backups.iterdir()}

    assert "it is 2028-" in far.doubt
    assert right.doubt == ""
    assert left == {*old, far.path, right.path}
    assert set(before) < {*place.settings.removals.iterdir()}
    assert newest(place.backups, place.clock()) == (right.path, ())


@pytest.mark.parametrize("apart", LATER, ids=str)
async def test_what_was_removed_since_stays_removed_whatever_the_machines_clock_says(
    place: Place, desk: Desk, scene: Scene, apart: timedelta
) -> None:
    boss, leaver = scene.who("Coordinator 1", ""), scene.who("Supervisor")
    await sweep(desk)
    place.clock.forward(seconds=20)
    path = await place.back_up(apart)
    place.clock.forward(seconds=20)
    await staff.off_board(desk, boss.id, leaver.id)
    await partners.suspend(desk, boss.id, "demo-kite")
    finished = await place.put_back(path)
    async with place.serving() as back:
        async with back.store.turn() as turn:
            gone = await accounts.read(turn, leaver.id)
        partner = await partners.look(back, boss.id, "demo-kite")

    assert (finished.accounts, finished.organisations) == (1, 1)
    assert gone is not None
    assert gone.state == "removed"
    assert partner is not None
    assert partner.suspended


async def test_a_key_store_that_is_away_makes_no_backup_fail_and_nothing_old_go(
    place: Place, desk: Desk, tmp_path: Path
) -> None:
    old = placed(place.backups, place.clock() - timedelta(days=40))
    old.touch()
    away = place.settings.model_copy(update={"home": tmp_path / "nowhere"})
    made = await back_up(away, place.backups, place.clock())

    assert "ever swept" in made.doubt
    assert {*place.backups.iterdir()} == {old, made.path}
    assert not (tmp_path / "nowhere" / "var" / "keys").exists()


def test_the_commands_say_what_they_doubt_and_pass_over(
    tmp_path: Path, pair: tuple[str, str]
) -> None:
    saphan("sweep", folder=tmp_path)
    asyncio.run(_last_seen(tmp_path, datetime.now(UTC) - timedelta(days=2)))
    backups, secret = tmp_path / "backups", tmp_path / "saphan.key"
    secret.write_text(pair[1])
    secret.chmod(0o600)
    made = saphan("backup", str(backups), folder=tmp_path, SAPHAN_BACKUP_RECIPIENT=pair[0])
    ahead = placed(backups, datetime.now(UTC) + timedelta(days=400))
    ahead.touch()
    back = saphan("restore", str(backups), "--identity", str(secret), folder=tmp_path)

    assert made.returncode == 0
    assert "no older backup and no list of removals was deleted: it is 2" in made.stderr
    assert f"{ahead.name} is passed over" in back.stderr
    assert (back.returncode, "not empty" in back.stderr) == (2, True)


async def _last_seen(home: Path, at: datetime) -> None:
    rows = KeyTable(f"sqlite:///{home}/var/keys/keys.db")
    await rows.set_back(at.timestamp())
    await rows.close()
