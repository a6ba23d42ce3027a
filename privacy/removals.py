"""The list of what was removed: kept apart from all backups, read before one of them comes back.

One file a day, a line each: a moment, what was done, a kind, and a keyed hash of an id. The key is
in the main database and in its backups, so that the list alone says nothing.
"""

import hashlib
import hmac
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

KEPT: Final = timedelta(days=36)  # a day longer than the oldest backup (safety.md 4.10)
_NAMES: Final = "removed-*.list"
_NAME: Final = "removed-%Y-%m-%d.list"
REMOVED, BACK, BACKUP = "removed", "back", "backup"
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
        """Write one line, down to the disk. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.folder / datetime.fromtimestamp(now, UTC).strftime(_NAME)
        fresh = not path.exists()
        file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        try:
            # A line that a power cut left unfinished must not swallow the next one.
            os.write(file, f"\n{now:.3f} {what} {kind} {hashed}\n".encode())
            os.fsync(file)
        finally:
            os.close(file)
        if fresh:
            self._begun(now)

    def _begun(self, now: float) -> None:
        """A new day: its name down to the disk, and what is older than any backup goes."""
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        if not self._prunes:
            return
        oldest = (datetime.fromtimestamp(now, UTC) - KEPT - timedelta(days=1)).strftime(_NAME)
        for path in self.folder.glob(_NAMES):
            if path.name < oldest:
                path.unlink(missing_ok=True)


def hidden(secret: bytes, kind: str, object_id: str) -> str:
    """What stands in the list for an id."""
    message = f"saphan removals 1\x00{kind}\x00{object_id}".encode()
    return hmac.new(secret, message, hashlib.sha256).hexdigest()


def read(folders: Iterable[Path]) -> Told:
    """What all these lists say together; a line that was never finished is passed over."""
    lines = sorted(
        found
        for folder in folders
        for path in sorted(folder.glob(_NAMES))
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
    """How many lists and removals are in a folder, for the operator."""
    lists, found = len([*folder.glob(_NAMES)]), len(read((folder,)).removed)
    return f"{lists} lists, {found} removed"


def _line(written: str) -> tuple[float, str, str, str] | None:
    found = _LINE.fullmatch(written)
    return (float(found[1]), found[2], found[3], found[4]) if found else None
