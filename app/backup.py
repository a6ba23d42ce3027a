"""`saphan backup DIR`: one file, sealed to a key that lies offline, of what must outlive the disk.

Never in it: talks, screens on their way, deliveries seen, keys, sessions and codes of staff
(storage/backup_tables.py says which tables, and why). It sees the database at one moment and
hinders nobody who writes.
"""

import asyncio
import base64
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson

from app.backup_files import MOMENT, placed, prune, written
from app.backup_stream import sealing
from app.settings import PREFIX, Settings, SettingsFaulty
from privacy.clock import BELIEVED
from privacy.removals import BACKUP, RemovalList
from storage import network_documents
from storage.apart import sqlite_file
from storage.keys import KeyTable
from storage.network_documents import LAST_BACKUP, Note
from storage.snapshot import lines, reading, revision_of
from storage.store import Store, VersionConflict

FORMAT: Final = 1
_PIECE: Final = 1 << 20  # bytes of a file in one line
ANCHORS, EDITIONS = "anchors", "editions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was written: the file, how many rows and files it holds, how many old ones went.

    `doubt`: why the machine's clock is not believed, so that nothing old was deleted.
    """

    path: Path
    rows: int
    files: int
    pruned: int
    doubt: str = ""

    def document(self) -> dict[str, Any]:
        """As `saphan backup --json` prints it."""
        size = self.path.stat().st_size
        told = {"file": self.path.name, "bytes": size, "rows": self.rows}
        return {**told, "files": self.files, "deleted": self.pruned, "doubt": self.doubt}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dated:
    """By which moment a backup is named, and since when what was removed is not in it.

    Removals are dated by clocks that do not follow a jump of more than a day (privacy/clock.py).
    A machine's clock that is further off would date backups and removals by two clocks, and call
    all old ones too old. Then the latest moment seen names the backup, and nothing is deleted.
    """

    at: datetime
    since: datetime
    doubt: str = ""


async def back_up(settings: Settings, folder: Path, now: datetime | None = None) -> Made:
    """Write one backup, and delete those that are too old, where the clock is to be believed.

    Before too, so that it has their room: on a full disk nothing else would give it any.
    Raises SettingsFaulty without a recipient, SnapshotRefused for a database that is not as this
    version has it, OSError for the disk.
    """
    recipient = settings.backup_recipient
    if not recipient:
        do = "make a pair of keys on a machine that stays offline: age-keygen -o saphan.key"
        raise SettingsFaulty(
            f"{PREFIX}BACKUP_RECIPIENT is missing; {do}, and put its public key (age1…) here"
        )
    dated = await _dated(settings, now or datetime.now(UTC))
    path = placed(folder, dated.at)
    pruned = _pruned_before(folder, dated)
    counted = _Counted()
    with written(path) as file:
        async with sealing(recipient, file) as sealed:
            async for line in _content(settings, dated, counted):
                await sealed.write(line)
        mark, listed = dated.at.strftime(MOMENT), _list_of(settings, dated)
        listed.note(BACKUP, "backup", mark, dated.at.timestamp())
    await _remember(settings, dated.at)
    return Made(
        path=path,
        rows=counted.rows,
        files=counted.files,
        pruned=pruned if dated.doubt else pruned + prune(folder, dated.at),
        doubt=dated.doubt,
    )


def _pruned_before(folder: Path, dated: _Dated) -> int:
    """What is too old goes, but never the last that there is."""
    if dated.doubt:
        return 0
    try:
        return prune(folder, dated.at, one_stays=True)
    except OSError:  # there may be room all the same; afterwards it is said
        return 0


def _list_of(settings: Settings, dated: _Dated) -> RemovalList:
    return RemovalList(settings.removals, prunes=not dated.doubt)


async def _dated(settings: Settings, at: datetime) -> _Dated:
    """The machine's moment beside the latest that the key store has seen."""
    at = at.astimezone(UTC)
    try:
        latest = await _latest(settings)
    except Exception as error:  # a backup needs no key; its message may hold an address
        doubt = f"the key store does not answer ({type(error).__name__})"
        return _Dated(at=at, since=at, doubt=doubt)
    if not latest:
        return _Dated(at=at, since=at, doubt="nothing was ever swept here: start Saphan")
    seen = datetime.fromtimestamp(latest, UTC)
    since = min(at, seen)
    if abs(at.timestamp() - latest) <= BELIEVED:
        return _Dated(at=at, since=since)
    doubt = f"it is {at:%Y-%m-%d %H:%M} UTC here, and Saphan last saw {seen:%Y-%m-%d %H:%M}"
    return _Dated(at=seen, since=since, doubt=f"{doubt}: set the clock right, or start Saphan")


async def _latest(settings: Settings) -> float:
    """The latest moment seen (Unix seconds); 0 where there is no key store yet."""
    file = sqlite_file(settings.keystore())
    if file is not None and not file.exists():
        return 0.0
    rows = KeyTable(settings.keystore())
    try:
        return await rows.latest()
    finally:
        await rows.close()


@dataclass(slots=True)
class _Counted:
    rows: int = 0
    files: int = 0


async def _content(settings: Settings, dated: _Dated, counted: _Counted) -> AsyncIterator[bytes]:
    """The first line says what it is, the last that all of it is there."""
    async with reading(settings.database()) as connection:
        mark = dated.at.strftime(MOMENT)
        begins = {"format": FORMAT, "made_at": dated.since.isoformat(), "mark": mark}
        yield _line({"begins": {**begins, "revision": await revision_of(connection)}})
        async for line in lines(connection):
            counted.rows += line.startswith(b"[")
            yield line
    for kind, path in kept_files(settings):
        counted.files += 1
        for piece in await asyncio.to_thread(_pieces, path):
            yield _line({"file": [kind, path.name], "content": base64.b64encode(piece).decode()})
    yield _line({"ends": {"rows": counted.rows, "files": counted.files}})


def kept_files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """What lies on the disk and is needed: anchors of the audit chain, editions as they served."""
    for kind, folder in folders(settings).items():
        if folder is not None and folder.is_dir():
            for path in sorted(folder.iterdir()):
                if path.is_file() and not path.name.startswith("."):
                    yield kind, path


def folders(settings: Settings) -> dict[str, Path | None]:
    """Where files of each kind lie; None where this machine keeps none."""
    return {ANCHORS: settings.anchor_dir, EDITIONS: settings.var / "editions"}


async def _remember(settings: Settings, at: datetime) -> None:
    """When it was, for every process that is asked about it."""
    store = Store(settings.database())
    try:
        async with store.turn() as turn:
            old = await network_documents.read(turn, LAST_BACKUP)
            await network_documents.keep(turn, Note(LAST_BACKUP, at.isoformat(), old.version))
    except VersionConflict:  # another backup was quicker
        return
    finally:
        await store.close()


def _pieces(path: Path) -> list[bytes]:
    """The whole file in pieces: one of nothing for an empty file."""
    content = path.read_bytes()
    return [content[at : at + _PIECE] for at in range(0, max(1, len(content)), _PIECE)]


def _line(told: dict[str, Any]) -> bytes:
    return orjson.dumps(told) + b"\n"
