"""The last good editions on this machine's disk, for a start at which the database's are bad."""

import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

_STATEMENT = "live.json"


def read(folder: Path) -> tuple[str, dict[int, bytes]]:
    """The statement and the bundles that were kept; ("", {}) where there is nothing."""
    try:
        document = (folder / _STATEMENT).read_text("utf-8")
        bundles = {int(path.stem): path.read_bytes() for path in folder.glob("*.zip")}
    except (OSError, ValueError):
        return "", {}
    return document, bundles


def keep(
    folder: Path, document: str, bundles: Mapping[int, bytes], named: Collection[int]
) -> None:
    """Keep them, and drop those that are named no more. A full disk stops nothing else."""
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for number, content in bundles.items():
            _put(folder / f"{number}.zip", content)
        _put(folder / _STATEMENT, document.encode())
        for path in folder.glob("*.zip"):
            if path.stem not in {str(number) for number in named}:
                path.unlink()


def _put(path: Path, content: bytes) -> None:
    """Whole or not at all; several processes may do it at once."""
    fresh = path.with_suffix(f".{os.getpid()}.new")
    fresh.write_bytes(content)
    fresh.replace(path)
