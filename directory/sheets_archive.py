"""Looks at an .xlsx file, which is an archive, before anything of it is opened (R68)."""

import io
import lzma
import stat
import zipfile
import zlib

from directory.sheets_xml import XmlBounds, XmlRefused

MOST_MEMBERS = 200
LONGEST_UNPACKED = 20_000_000
LONGEST_ARCHIVE = 5_000_000
_ENCRYPTED = 0x1
_CHUNK = 65_536
# Programs, links to other files and files in the file; none is needed for a table.
_UNWANTED = ("vbaproject", "externallinks/", "embeddings/", "activex/", "connections.xml")
_NESTED = (".zip", ".xlsx", ".xlsm", ".xls", ".ods", ".gz", ".7z", ".rar", ".jar")
_XML = (".xml", ".rels", ".vml")
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    OSError,
)


def archive_problem(data: bytes) -> tuple[str, str] | None:
    """What is wrong with the archive and what to do, or None; unpacks within bounds only."""
    again = "save the table again as .xlsx, with nothing else in it"
    if len(data) > LONGEST_ARCHIVE:
        return "too big", f"keep it under {LONGEST_ARCHIVE} bytes"
    if not data.startswith(b"PK\x03\x04"):
        return "no .xlsx file", again
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            problem = _listed(archive.infolist()) or _unpacked(archive)
    except XmlRefused as refused:
        return str(refused), again
    except _DAMAGED:
        return "a damaged archive", again
    return (problem, again) if problem else None


def _listed(members: list[zipfile.ZipInfo]) -> str | None:
    names = [member.filename.replace("\\", "/").lower() for member in members]
    checks = {
        "too many files in the archive": len(members) > MOST_MEMBERS,
        "unpacks to too much": sum(m.file_size for m in members) > LONGEST_UNPACKED,
        "a file twice in the archive": len(set(names)) < len(names),
        "a file outside the archive": any(
            name.startswith("/") or ".." in name.split("/") or ":" in name for name in names
        ),
        "a link in the archive": any(stat.S_ISLNK(m.external_attr >> 16) for m in members),
        "an encrypted file": any(m.flag_bits & _ENCRYPTED for m in members),
        "programs or links in the table": any(
            part in name for name in names for part in _UNWANTED
        ),
        "an archive in the archive": any(name.endswith(_NESTED) for name in names),
        "no .xlsx file": "xl/workbook.xml" not in names,
    }
    return next((problem for problem, holds in checks.items() if holds), None)


def _unpacked(archive: zipfile.ZipFile) -> str | None:
    """The sizes an archive states may be untrue, so they are counted."""
    left = LONGEST_UNPACKED
    for member in archive.infolist():
        xml = XmlBounds() if member.filename.lower().endswith(_XML) else None
        with archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    return "unpacks to too much"
                if chunk.startswith(b"PK\x03\x04"):
                    return "an archive in the archive"
                if xml:
                    xml.feed(chunk)
        if xml:
            xml.close()
    return None
