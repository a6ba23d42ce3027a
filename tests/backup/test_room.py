"""Backups give their room back: also before one is written, and what a killed one left."""

import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.backup_files import placed, prune, written
from handlers.desk import Desk
from handlers.sweep import sweep
from tests.backup.place import Place
from tests.proving import all_on_one

pytestmark = all_on_one("sqlite")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def _aged(folder: Path, *days: float, now: datetime) -> list[Path]:
    made = [placed(folder, now - timedelta(days=age)) for age in days]
    for path in made:
        path.touch()
    return made


async def test_old_backups_go_before_the_next_one_needs_their_room_and_one_stays(
    place: Place, desk: Desk
) -> None:
    await sweep(desk)
    newest, *_ = _aged(place.backups, 40, 41, 42, now=place.clock())
    await _failing(place)
    left = [*place.backups.iterdir()]
    path = await place.back_up()

    assert left == [newest]
    assert [*place.backups.iterdir()] == [path]


async def test_what_is_dated_ahead_is_not_the_one_that_stays(place: Place, desk: Desk) -> None:
    await sweep(desk)
    ahead, newest, _ = _aged(place.backups, -400, 40, 41, now=place.clock())
    await _failing(place)

    assert {*place.backups.iterdir()} == {ahead, newest}


async def _failing(place: Place) -> None:
    """A backup that ends when all but its name is written, for want of a folder."""
    listed = place.settings.removals
    listed.touch()
    with pytest.raises(FileExistsError):
        await place.back_up()
    listed.unlink()


async def test_where_the_clock_is_not_believed_nothing_goes(place: Place, desk: Desk) -> None:
    await sweep(desk)
    old = _aged(place.backups, 40, 41, now=place.clock())
    left = place.backups / ".saphan-20200101T000000Z.backup.age.7.unfinished"
    left.touch()
    os.utime(left, (0, 0))
    path = await place.back_up(timedelta(days=500))

    assert {*place.backups.iterdir()} == {*old, left, path}


def test_what_a_killed_backup_left_goes_after_an_hour_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    path = placed(folder, NOW)
    left = _killed(path)
    others = [folder / name for name in (".photos.7.unfinished", ".saphan-x.unfinished")]
    for other in others:
        other.touch()
        os.utime(other, (0, 0))
    os.utime(left, (NOW.timestamp(), NOW.timestamp()))
    prune(folder, NOW + timedelta(minutes=59))
    stood = left.exists()
    prune(folder, NOW + timedelta(minutes=61))

    assert stood
    assert {*folder.iterdir()} == {*others}


def _killed(path: Path) -> Path:
    """What a process leaves that is ended in the middle of a backup."""
    child = os.fork()
    if not child:
        try:
            with written(path) as file:
                file.write(b"x" * 1_000)
                os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    (left,) = path.parent.iterdir()
    return left
