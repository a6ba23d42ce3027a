"""`saphan restore DIR`: a backup into an empty database, all of it or nothing; then what was
removed since it was made is removed again, before anybody may come in.
"""

import base64
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from app.anchoring import set_aside
from app.backup import FORMAT, folders
from app.backup_files import newest_of
from app.backup_stream import BackupFaulty, opening
from app.settings import Settings
from app.wiring import build, make_folders
from handlers.after_restore import Finished, finish
from privacy.removals import Told, counted, read
from storage import network_documents
from storage.audit import sign_start_again
from storage.network_documents import RESTORED, Note
from storage.snapshot import Filler, migrate_to, refuse_filled
from storage.store import Store, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is put back: a file, the key it is sealed to, and the lists that were carried apart.

    `without_list`: the operator says that there is none any more.
    """

    path: Path
    identity: str = field(repr=False)
    lists: tuple[Path, ...] = ()
    without_list: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begins:
    """The first line of a backup."""

    revision: str
    made_at: str
    mark: str


def told_by(settings: Settings, asked: Asked) -> Iterator[str]:
    """For the operator, before anything is put back: what was read of removals, by folder.

    Whether a list of another machine is missing nobody can see here but by these numbers.
    """
    if asked.without_list:
        return
    folders = tuple(dict.fromkeys((settings.removals, *asked.lists)))
    for folder in folders:
        yield f"{folder}: {counted(folder)}"
    if not read(folders).removed:
        yield (
            "no removal was read. Each machine and each SAPHAN_HOME that serves has a list of its "
            "own; where anything was removed since the backup it comes back now. Then empty the "
            "database, look for the other lists, and name each with --removals"
        )


async def restore(settings: Settings, asked: Asked, **tools: Any) -> Finished:
    """Put it back, and finish it; called again after a crash, it goes on where it was.

    Raises SnapshotRefused (not empty, or of a newer version), BackupFaulty, AgeFaulty,
    SettingsFaulty. Whatever is raised before the last row is in, the database stays empty.
    `tools`: what build() takes, where a test gives its own.
    """
    make_folders(settings)
    told = None if asked.without_list else read((settings.removals, *asked.lists))
    store = Store(settings.database())
    try:
        begun = await _begun(store)
        if begun is None:
            begun = await _put_back(settings, store, asked, told)
    finally:
        await store.close()
    _refuse_short(begun, told)
    made_at = datetime.fromisoformat(begun.made_at).timestamp()
    async with build(settings, channels={}, restoring=True, **tools) as desk:
        if settings.anchor_dir:
            await set_aside(desk.store, desk.keystore, settings.anchor_dir, desk.now())
        async with desk.store.turn() as turn:
            await sign_start_again(turn, desk.keystore, desk.now())
        return await finish(desk, told, made_at)


def _refuse_short(begins: _Begins, told: Told | None, folder: Path | None = None) -> None:
    """A list that ends before the backup does not say what was removed since. BackupFaulty.

    `folder`: where an earlier backup may lie, while one can still be put back instead.
    """
    if told is None or begins.mark in told.backups:
        return
    instead = ""
    reached = [mark for mark in told.backups if mark < begins.mark]
    if folder is not None and reached:
        before = newest_of(folder, reached)
        instead = ", or name the backup before this one, to which a list reaches"
        instead += f": {before.name}" if before else ""
        instead += " (it lacks what came after it)"
    raise BackupFaulty(
        "no list of removals reaches to this backup; name the folder of the newest copy with "
        f"--removals{instead}. Only where every copy is lost: --without-removals, which ends "
        "every open referral and locks every account"
    )


async def _begun(store: Store) -> _Begins | None:
    """What was put back already and not finished; None where nothing was."""
    async with store.turn() as turn:
        if not await network_documents.there(turn):
            return None
        note = await network_documents.read(turn, RESTORED)
    return _Begins(**orjson.loads(note.document)) if note.version else None


async def _put_back(settings: Settings, store: Store, asked: Asked, told: Told | None) -> _Begins:
    beside = Path(tempfile.mkdtemp(prefix="restore-", dir=settings.var))
    try:
        async with store.turn() as turn:
            await refuse_filled(turn)
            async with opening(asked.identity, asked.path) as lines:
                begins = await _filled(turn, lines, asked, beside, told)
            await migrate_to(turn, "head")
            told_of = {"revision": begins.revision, "made_at": begins.made_at}
            document = orjson.dumps({**told_of, "mark": begins.mark}).decode()
            await network_documents.keep(turn, Note(RESTORED, document))
            _place(settings, beside)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return begins


async def _filled(
    turn: Turn, lines: AsyncIterator[Any], asked: Asked, beside: Path, told: Told | None
) -> _Begins:
    """All rows of it, and its files in a folder beside. Raises BackupFaulty."""
    try:
        begins = _read_begins(await anext(lines, None))
        _refuse_short(begins, told, asked.path.parent)
        await migrate_to(turn, begins.revision)
        filler, files, ends = Filler(turn), set[str](), None
        async for line in lines:
            if isinstance(line, dict) and "file" in line:
                files.add(_kept(line, beside))
            elif isinstance(line, dict) and "ends" in line:
                ends = line["ends"]
            else:
                await filler.take(line)
        await filler.end()
    except (KeyError, TypeError, ValueError):
        raise BackupFaulty("it was not written by Saphan") from None
    if ends != {"rows": sum(filler.rows.values()), "files": len(files)}:
        raise BackupFaulty("its end is missing")
    return begins


def _read_begins(line: Any) -> _Begins:
    told = line["begins"]
    if told["format"] != FORMAT:
        raise BackupFaulty("it was made by a newer version of Saphan")
    datetime.fromisoformat(told["made_at"])
    return _Begins(**{name: str(told[name]) for name in ("revision", "made_at", "mark")})


def _kept(line: dict[str, Any], beside: Path) -> str:
    """One piece of a file, under a name that leads nowhere else."""
    kind, name = line["file"]
    if kind not in ("anchors", "editions") or Path(name).name != name or name.startswith("."):
        raise BackupFaulty("it holds a file that none of ours is")
    (beside / kind).mkdir(exist_ok=True)
    with (beside / kind / name).open("ab") as file:
        file.write(base64.b64decode(line["content"], validate=True))
    return f"{kind}/{name}"


def _place(settings: Settings, beside: Path) -> None:
    """Files to where they belong; nothing that lies there is written over."""
    for kind, folder in folders(settings).items():
        if folder is None or not (beside / kind).is_dir():
            continue
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in sorted((beside / kind).iterdir()):
            if not (folder / path.name).exists():
                shutil.copyfile(path, folder / path.name)
