"""`saphan keys rotate`: a new root key, and every key under it; a crash at any step loses nothing.

In this order, so that at each moment one of two files holds the root key in use, and every
process finds it there:

1. a fresh key into a second file beside the root key's;
2. every key of the key store under it, in one transaction;
3. the second file takes the first one's name, and what stood in the first is overwritten;
4. the key store is written to new places.

Begun again after a crash, it goes on with the second file it finds. After step 2 there is no way
back: what would be refused later is refused before step 1.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.private_files import FileUnsafe, make_root_key, overwrite, read_root_key, sync_folder
from app.settings import PREFIX, Settings, SettingsFaulty
from privacy.keystore import KeyStore
from storage.apart import sqlite_file
from storage.keys import KeyTable


def prepare(settings: Settings) -> Path:
    """Only the first step, for several machines: the second file is carried to each of them."""
    settings.root_key()
    following = settings.next_root_key_path
    if not following.exists():
        make_root_key(following, like=settings.root_key_path)
    return following


async def change_root_key(settings: Settings) -> int:
    """All steps; how many keys lie under the new root key now.

    Raises SettingsFaulty when a file is unsafe or cannot be replaced, no Saphan ever served over
    this key store, or another change is under way; RootKeyWrong when neither file holds the root
    key in use; OSError.
    """
    path = settings.root_key_path
    settings.root_key()
    with _alone(path) as folder, _replaceable(path, folder) as old:
        rows = KeyTable(settings.keystore())
        try:
            await _refuse_unused(settings, rows)
            following = prepare(settings)
            try:
                new = read_root_key(following)
            except FileUnsafe as why:
                raise SettingsFaulty(f"the file {following.name} {why}") from None
            keystore = KeyStore(rows, settings.root_key(), settings.root_keys)
            changed = await keystore.change_root(new)
            _take_over(path, following, old)
            await rows.write_afresh()
        finally:
            await rows.close()
    return changed


def _take_over(path: Path, following: Path, old: int) -> None:
    following.replace(path)
    sync_folder(path.parent)
    overwrite(old)


async def _refuse_unused(settings: Settings, rows: KeyTable) -> None:
    """The key store in view may be another than the one whose keys lie under this root key."""
    file = sqlite_file(settings.keystore())
    there = file is None or file.exists()
    if there:
        await rows.create()
    if not there or not await rows.has_served():
        raise SettingsFaulty(
            "no Saphan ever served over the key store in view; it may be the wrong one, and the "
            f"right one would never open again: look at {PREFIX}HOME and {PREFIX}KEYSTORE_URL, "
            "and whether the disk of the key store is mounted"
        )


@contextmanager
def _replaceable(path: Path, folder: int) -> Iterator[int]:
    """The open file of the root key, which another file can be put in the place of."""
    try:
        old = os.open(path, os.O_RDWR)
    except OSError:
        raise SettingsFaulty(
            f"{PREFIX}ROOT_KEY_FILE cannot be written by this user; give it to this user with "
            "mode 0600, in a folder that is not read-only"
        ) from None
    try:
        if _mount_of(old) != _mount_of(folder):
            raise SettingsFaulty(
                f"{PREFIX}ROOT_KEY_FILE is mounted as a single file, which no new one can take "
                "the place of; mount the folder it lies in, with all files of the root key"
            )
        yield old
    finally:
        os.close(old)


def _mount_of(file: int) -> str:
    """By which mount a file was reached, also one of the same disk; "" where Linux is not."""
    try:
        told = Path(f"/proc/self/fdinfo/{file}").read_text("utf-8")
    except OSError:
        return ""
    return next((line for line in told.splitlines() if line.startswith("mnt_id:")), "")


@contextmanager
def _alone(path: Path) -> Iterator[int]:
    """The open folder; one change at a time: two would take each other's second file."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield folder
    except BlockingIOError:
        raise SettingsFaulty(
            f"{PREFIX}ROOT_KEY_FILE is being changed by another command"
        ) from None
    finally:
        os.close(folder)
