"""Files that hold secrets: read only when nobody else can, written whole or not at all."""

import os
import secrets
import stat
from pathlib import Path

ROOT_KEY_BYTES = 32
_DISTINCT = 20  # different bytes: random ones have fewer once in some 10^9 keys, words always
OTHERS = 0o007  # what anybody on the machine may do
ALL_BUT_US = 0o077
_OTHERS_WRITE = 0o022


class FileUnsafe(Exception):
    """What is wrong with a file and what to do; the message holds nothing of its content."""


def refuse_open(path: Path, whose: int = OTHERS) -> None:
    """Raises FileUnsafe when a file of secrets is open to `whose` bits, or others may change it.

    A folder that others may write to is as bad: they could put another file there.
    """
    mode = path.stat().st_mode
    if mode & whose:
        raise FileUnsafe("can be read by others; chmod 600 it")
    if mode & _OTHERS_WRITE:
        raise FileUnsafe("can be changed by others; chmod 600 it")
    folder = path.resolve().parent.stat().st_mode
    if folder & stat.S_IWOTH and not folder & stat.S_ISVTX:
        raise FileUnsafe("lies in a folder that anybody may write to; chmod 700 the folder")


def read_root_key(path: Path) -> bytes:
    """The 32 bytes of a root key that nobody else can read. Raises FileUnsafe."""
    try:
        refuse_open(path, ALL_BUT_US)
        key = path.read_bytes()
    except FileNotFoundError:
        raise FileUnsafe("names no file; put 32 random bytes there") from None
    except OSError:
        raise FileUnsafe("names a file that cannot be read; give it to this user") from None
    if len(key) != ROOT_KEY_BYTES:
        raise FileUnsafe(f"must hold exactly {ROOT_KEY_BYTES} bytes")
    if len(set(key)) < _DISTINCT:
        raise FileUnsafe("holds no random bytes; make new ones")
    return key


def make_root_key(path: Path, like: Path | None = None) -> None:
    """Put a fresh root key there, whole or not at all; whoever was quicker is left in peace.

    The file belongs to the owner of `like`, so that root may change the key of a service.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    file = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        os.write(file, secrets.token_bytes(ROOT_KEY_BYTES))
        if like is not None and os.geteuid() == 0:
            os.fchown(file, like.stat().st_uid, like.stat().st_gid)
        os.fsync(file)
        os.link(unfinished, path)
    except FileExistsError:
        pass
    finally:
        os.close(file)
        unfinished.unlink()
    sync_folder(path.parent)


def overwrite(file: int) -> None:
    """Write zeros over an open file, down to the disk. Flash memory may keep old blocks."""
    os.pwrite(file, bytes(os.fstat(file).st_size), 0)
    os.fsync(file)


def sync_folder(folder: Path) -> None:
    """The names in a folder, down to the disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
