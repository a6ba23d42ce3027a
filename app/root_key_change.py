"""`saphan keys rotate`: a new root key, and every key under it; a crash at any step loses nothing.

In this order, so that at each moment one of two files holds the root key in use, and every
process finds it there:

1. a fresh key into a second file beside the root key's;
2. every key of the key store under it, in one transaction;
3. the second file takes the first one's name, and what stood in the first is overwritten;
4. the key store is written to new places.

Begun again after a crash, it goes on with the second file it finds.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.private_files import FileUnsafe, make_root_key, overwrite, read_root_key, sync_folder
from app.settings import PREFIX, Settings, SettingsFaulty
from privacy.keystore import KeyStore
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

    Raises SettingsFaulty when a file is unsafe or another change is under way, RootKeyWrong when
    neither file holds the root key in use, OSError.
    """
    with _alone(settings.root_key_path):
        following = prepare(settings)
        try:
            new = read_root_key(following)
        except FileUnsafe as why:
            raise SettingsFaulty(f"the file {following.name} {why}") from None
        rows = KeyTable(settings.keystore())
        try:
            await rows.create()
            keystore = KeyStore(rows, settings.root_key(), settings.root_keys)
            changed = await keystore.change_root(new)
            _take_over(settings.root_key_path, following)
            await rows.write_afresh()
        finally:
            await rows.close()
    return changed


def _take_over(path: Path, following: Path) -> None:
    old = os.open(path, os.O_RDWR)
    try:
        following.replace(path)
        sync_folder(path.parent)
        overwrite(old)
    finally:
        os.close(old)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One change at a time: two would take each other's second file."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise SettingsFaulty(
            f"{PREFIX}ROOT_KEY_FILE is being changed by another command"
        ) from None
    finally:
        os.close(folder)
