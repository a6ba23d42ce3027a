"""The list of what was removed: kept apart from all backups, read before one of them comes back.

One file a day, a line each: a moment, what was done, a kind, and a keyed hash of an id. The key is
in the main database and in its backups, so that the list alone says nothing.
"""

import errno
import hashlib
import hmac
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

KEPT: Final = timedelta(days=36)  # a day longer than the oldest backup (safety.md 4.10)
_NAMES: Final = "removed-*.list"
_NAME: Final = "removed-%Y-%m-%d.list"
REMOVED, BACK, BACKUP = "removed", "back", "backup"
_APPENDING: Final = os.O_CREAT | os.O_APPEND | os.O_WRONLY | os.O_NOFOLLOW
UNREAD: Final = "cannot be read"
_TRIES: Final = 3  # a second one fails aloud where there is no room
_LINE: Final = re.compile(
    r"(\d{1,12}\.\d{3}) (removed|back|backup) ([a-z]+) ([0-9a-f]{64}|\d{8}T\d{6}Z)"
)
REFERRAL, ACCOUNT, ORGANISATION = "referral", "account", "organisation"
ITEM = "item"  # of a referral that goes on without it; its id is "<referral>/<item>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What lists say. `removed`: kind and hash -> when it was last removed, in Unix seconds.

    `backups`: the moments of backups that were made beside these lists; `until`: the last line.
    """

    removed: Mapping[tuple[str, str], float] = field(default_factory=dict)
    backups: frozenset[str] = frozenset()
    until: float = 0.0


class RemovalList:
    """The list of this machine. Any number of processes may write it at once."""

    def __init__(self, folder: Path, *, prunes: bool = True) -> None:
        """Hold the folder; it is made with the first line.

        `prunes` False: the clock is not believed, so that none of it is called too old.
        """
        self.folder = folder
        self._prunes = prunes

    def note(self, what: str, kind: str, hashed: str, now: float) -> None:
        """Write one line, whole and down to the disk. Raises OSError; no other line is harmed."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = datetime.fromtimestamp(now, UTC).strftime(_NAME)
        fresh = not (self.folder / name).exists()
        with _opened(self.folder, os.O_RDONLY | os.O_DIRECTORY) as folder:
            if os.path.samestat(os.fstat(folder), self.folder.lstat()):  # no link elsewhere
                _give_on(folder, self.folder.parent.stat())
            with _opened(name, _APPENDING, folder) as file:
                _give_on(file, os.fstat(folder))
                if fresh:
                    self._begun(folder, now)
                # A line that a power cut left unfinished must not swallow the next one.
                _append(file, f"\n{now:.3f} {what} {kind} {hashed}\n".encode())
                os.fsync(file)

    def _begun(self, folder: int, now: float) -> None:
        """A new day: its name down to the disk, and what is older than any backup goes."""
        os.fsync(folder)
        if not self._prunes:
            return
        oldest = (datetime.fromtimestamp(now, UTC) - KEPT - timedelta(days=1)).strftime(_NAME)
        for path in self.folder.glob(_NAMES):
            if path.name < oldest:
                path.unlink(missing_ok=True)


def _append(file: int, line: bytes) -> None:
    """A whole line in one piece: on a full disk only a part of it is written, without an error.

    The rest does not follow later: another process may have written behind the part by then.
    """
    for _ in range(_TRIES):
        if os.write(file, line) == len(line):
            return
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def _opened(path: Path | str, flags: int, folder: int | None = None) -> Iterator[int]:
    file = os.open(path, flags, 0o600, dir_fd=folder)
    try:
        yield file
    finally:
        os.close(file)


def _give_on(file: int, like: os.stat_result) -> None:
    """What root made goes to the owner of what it lies in: the service writes there too.

    A file with a second name may be another's, put there so that it is given away: it stays.
    """
    found = os.fstat(file)
    alone = stat.S_ISDIR(found.st_mode) or found.st_nlink == 1
    if os.geteuid() == found.st_uid == 0 != like.st_uid and alone:
        os.fchown(file, like.st_uid, like.st_gid)


def hidden(secret: bytes, kind: str, object_id: str) -> str:
    """What stands in the list for an id."""
    message = f"saphan removals 1\x00{kind}\x00{object_id}".encode()
    return hmac.new(secret, message, hashlib.sha256).hexdigest()


def lists(folder: Path) -> list[Path]:
    """The files of a folder; none where it is not there. Raises OSError when it cannot be read."""
    try:
        return sorted(path for path in folder.iterdir() if path.match(_NAMES))
    except FileNotFoundError:
        return []


def read(folders: Iterable[Path]) -> Told:
    """What all these lists say together; a line that was never finished is passed over.

    Raises OSError for what cannot be read: it may name what must not come back.
    """
    lines = sorted(
        found
        for folder in folders
        for path in lists(folder)
        for line in path.read_text("utf-8", errors="replace").splitlines()
        if (found := _line(line)) is not None
    )
    removed: dict[tuple[str, str], float] = {}
    backups = set()
    for at, what, kind, hashed in lines:
        if what == REMOVED:
            removed[kind, hashed] = at
        elif what == BACK:
            removed.pop((kind, hashed), None)
        else:
            backups.add(hashed)
    until = lines[-1][0] if lines else 0.0
    return Told(removed=removed, backups=frozenset(backups), until=until)


def counted(folder: Path) -> str:
    """How many lists and removals are in a folder, for the operator; else UNREAD."""
    try:
        return f"{len(lists(folder))} lists, {len(read((folder,)).removed)} removed"
    except OSError:
        return UNREAD


def _line(written: str) -> tuple[float, str, str, str] | None:
    found = _LINE.fullmatch(written)
    return (float(found[1]), found[2], found[3], found[4]) if found else None
