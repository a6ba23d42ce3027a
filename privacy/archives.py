"""Reads a zip from outside with care: bounded, flat in kind, and nothing hidden in it (R68)."""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Final

MOST_PACKED: Final = 10_000_000  # bytes of the archive
MOST: Final = 20_000_000  # bytes of everything in it
MOST_FILES: Final = 200
_NAME: Final = re.compile(
    r"(?:[A-Za-z0-9_-][A-Za-z0-9_.-]{0,79}/){0,3}[A-Za-z0-9_-][A-Za-z0-9_.-]{0,79}"
)
_FIRST: Final = b"PK\x03\x04"
_END: Final = b"PK\x05\x06"
_END_SIZE: Final = 22
_PLAIN: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ARCHIVES: Final = (
    *(_FIRST, _END, b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!"),
    *(b"\x28\xb5\x2f\xfd", b"MSCF", b"\x04\x22\x4d\x18", b"!<arch>"),
)
_ENCRYPTED: Final = 0x1


class ArchiveFaulty(ValueError):
    """Not an archive we take. Says which rule it was and repeats nothing of it."""


def members(content: bytes) -> dict[str, bytes]:
    """Every file of a zip by its path. Raises ArchiveFaulty; what is refused is refused whole."""
    if len(content) > MOST_PACKED:
        raise ArchiveFaulty("too large")
    if not content.startswith(_FIRST) or content[-_END_SIZE:][:4] != _END:
        raise ArchiveFaulty("not a zip, or something beside one")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return dict(_members(archive))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        raise ArchiveFaulty("broken") from None
    except (UnicodeDecodeError, ValueError) as error:
        if isinstance(error, ArchiveFaulty):
            raise
        raise ArchiveFaulty("broken") from None


def packed(files: dict[str, bytes]) -> bytes:
    """The same files make the same bytes, whenever and wherever they are packed."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            info.create_system = 3  # the same on every system
            archive.writestr(info, files[name])
    return buffer.getvalue()


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    listed = archive.infolist()
    names = [one.filename for one in listed]
    if len(listed) > MOST_FILES or len({name.casefold() for name in names}) != len(names):
        raise ArchiveFaulty("too many files, or one twice")
    if sum(one.file_size for one in listed) > MOST or archive.comment:
        raise ArchiveFaulty("too large, or with a note")
    if listed and min(one.header_offset for one in listed) != 0:
        raise ArchiveFaulty("something before it")
    for one in listed:
        _check(one)
        with archive.open(one) as file:
            content = file.read(one.file_size + 1)
        if len(content) != one.file_size:
            raise ArchiveFaulty("another size than it says")
        if content.startswith(_ARCHIVES) or content[257:262] == b"ustar":
            raise ArchiveFaulty("an archive within it")
        yield one.filename, content


def _check(one: zipfile.ZipInfo) -> None:
    mode = one.external_attr >> 16
    if not _NAME.fullmatch(one.filename) or one.orig_filename != one.filename:
        raise ArchiveFaulty("a name that is none of ours")
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG) or one.is_dir():
        raise ArchiveFaulty("a link or a folder")
    if one.flag_bits & _ENCRYPTED or one.compress_type not in _PLAIN:
        raise ArchiveFaulty("locked, or packed in another way")
