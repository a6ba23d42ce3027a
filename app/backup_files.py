"""The files of backups: their names, how one is written whole or not at all, which are kept."""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final

from app.private_files import sync_folder

KEPT: Final = timedelta(days=35)  # R26, R77
_ALL: Final = timedelta(days=2)  # within this every backup is kept, then the last of each day
_ABANDONED: Final = timedelta(hours=1)  # so long nothing was written: its process was ended
_AHEAD: Final = timedelta(days=1)  # a moment further on is a mistake of a clock
MOMENT: Final = "%Y%m%dT%H%M%SZ"
_NAME: Final = re.compile(r"saphan-(\d{8}T\d{6}Z)\.backup\.age")
_UNFINISHED: Final = re.compile(rf"\.{_NAME.pattern}\.\d+\.unfinished")


def moment_of(path: Path) -> datetime | None:
    """When a backup was made, by its name; None for every file that is none of ours."""
    found = _NAME.fullmatch(path.name)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


def placed(folder: Path, at: datetime) -> Path:
    """Where a backup made at this moment goes; the folder is made for this user alone."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"saphan-{at.astimezone(UTC).strftime(MOMENT)}.backup.age"


def newest(folder: Path, now: datetime) -> tuple[Path | None, tuple[str, ...]]:
    """The latest backup of a folder, and the names of those dated more than a day after now.

    A clock that ran ahead has dated these: they would stand before all that were made since.
    """
    found = sorted((at, path) for path in folder.iterdir() if (at := moment_of(path)))
    believed = [path for at, path in found if at <= now + _AHEAD]
    passed = tuple(path.name for at, path in found if at > now + _AHEAD)
    return (believed[-1] if believed else None), passed


def newest_of(folder: Path, marks: Iterable[str]) -> Path | None:
    """The latest backup of a folder that was made at one of these moments, as MOMENT has them."""
    there = sorted(folder / f"saphan-{mark}.backup.age" for mark in marks)
    return next((path for path in reversed(there) if path.is_file()), None)


@contextmanager
def written(path: Path, mode: int = 0o600) -> Iterator[BinaryIO]:
    """A file that gets its name once all of it lies on the disk; for us alone, or as told."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    file = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, mode)
    try:
        with os.fdopen(file, "wb") as content:
            yield content
            content.flush()
            os.fsync(content.fileno())
        unfinished.replace(path)
        sync_folder(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def prune(folder: Path, now: datetime, *, one_stays: bool = False) -> int:
    """Delete what is too old, and of older days all but the last; how many. Only our own names.

    What a process left that was killed while it wrote goes too. `one_stays`: not the newest,
    before the one that comes after it is there.
    """
    gone, seen = 0, set()
    stays = newest(folder, now)[0] if one_stays else None
    found = sorted(
        ((at, path) for path in folder.iterdir() if (at := moment_of(path))), reverse=True
    )
    for at, path in found:
        age, day = now - at, at.date()
        if path != stays and (age > KEPT or (age > _ALL and day in seen)):
            path.unlink(missing_ok=True)
            gone += 1
        elif age > _ALL:
            seen.add(day)
    left = [path for path in folder.iterdir() if _abandoned(path, now)]
    for path in left:
        path.unlink(missing_ok=True)
    if gone or left:
        sync_folder(folder)
    return gone


def _abandoned(path: Path, now: datetime) -> bool:
    if not _UNFINISHED.fullmatch(path.name):
        return False
    try:
        return now.timestamp() - path.stat().st_mtime > _ABANDONED.total_seconds()
    except FileNotFoundError:  # it was finished meanwhile
        return False
