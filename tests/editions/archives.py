"""Archives and files that must be refused: hostile, broken or careless uploads."""

import io
import stat
import struct
import tarfile
import zipfile
from collections.abc import Iterator

GOOD = {"phrases.yaml": b"row.leave: Leave\n", "trees/sv.yaml": b"tree: sv\n"}


def zipped(files: dict[str, bytes], **more: int) -> bytes:
    """A plain zip of these files; `mode` and `way` (of packing) of the first."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.external_attr = more.get("mode", stat.S_IFREG | 0o644) << 16
            info.compress_type = more.get("way", zipfile.ZIP_DEFLATED)
            archive.writestr(info, content)
    return buffer.getvalue()


def hostile() -> Iterator[tuple[str, bytes]]:
    """(what it is, the bytes), some 300."""
    yield from _too_much()
    yield from _names()
    yield from _nested()
    yield from _not_plain()
    yield from _broken()
    yield from _other_files()


def _too_much() -> Iterator[tuple[str, bytes]]:
    yield "expands to 21 MB", zipped({**GOOD, "trees/aa.yaml": b" " * 21_000_000})
    for number in (2, 3, 5):
        each = 21_000_000 // number
        files = {f"trees/a{chr(97 + n)}.yaml": b"\0" * each for n in range(number)}
        yield f"expands to 21 MB in {number}", zipped(GOOD | files)
    for number in (201, 250, 1_000, 5_000):
        yield f"{number} files", zipped({f"trees/x{n}.yaml": b"" for n in range(number)})
    declared = bytearray(zipped(GOOD))
    at = declared.rindex(b"PK\x01\x02")
    struct.pack_into("<I", declared, at + 24, 19_000_000)  # says another size than it has
    yield "another size than it says", bytes(declared)
    yield (
        "too large as it is",
        zipped({"trees/sv.yaml": bytes(10_100_000)}, way=zipfile.ZIP_STORED),
    )


def _names() -> Iterator[tuple[str, bytes]]:
    for name in (
        *(
            "/etc/passwd",
            "../phrases.yaml",
            "trees/../../x.yaml",
            "trees//sv.yaml",
            "./phrases.yaml",
        ),
        *(
            "C:\\phrases.yaml",
            "trees\\sv.yaml",
            "~/x.yaml",
            "trees/.hidden.yaml",
            "trees/sv.yaml ",
        ),
        *(
            "trees/",
            "trees/sv.yaml/",
            "con\n.yaml",
            "trees/s\u202ev.yaml",
            "trees/สะพาน.yaml",
            "a" * 300,
        ),
        *(
            "a/b/c/d/e/f.yaml",
            "%2e%2e/x.yaml",
            "trees/sv.yaml:stream",
            "\x01.yaml",
            "-",
            "..",
            "/",
        ),
    ):
        yield f"the name {name[:12]!r}", zipped({**GOOD, name: b"x: 1\n"})
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as archive:
        for content in ("a: 1\n", "a: 2\n"):
            archive.filelist.clear()
            archive.NameToInfo.clear()
            archive.writestr("phrases.yaml", content)
        archive.filelist.extend(list(archive.filelist))
    yield "one name twice", twice.getvalue()
    yield "one name in two cases", zipped({**GOOD, "Phrases.yaml": b"a: 1\n"})


def _nested() -> Iterator[tuple[str, bytes]]:
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("x"), io.BytesIO())
    heads = (
        *(
            zipped(GOOD),
            tar.getvalue(),
            b"\x1f\x8b\x08" + bytes(20),
            b"BZh91AY&SY",
            b"\xfd7zXZ\x00",
        ),
        *(
            b"7z\xbc\xaf\x27\x1c",
            b"Rar!\x1a\x07",
            b"\x28\xb5\x2f\xfd",
            b"MSCF\0",
            b"PK\x05\x06" + bytes(18),
        ),
    )
    for number, head in enumerate(heads):
        for name in ("phrases.yaml", "trees/aa.yaml", "audio.json"):
            yield f"an archive within it, {number} as {name}", zipped({**GOOD, name: head})


def _not_plain() -> Iterator[tuple[str, bytes]]:
    for kind in (
        stat.S_IFLNK,
        stat.S_IFDIR,
        stat.S_IFCHR,
        stat.S_IFBLK,
        stat.S_IFIFO,
        stat.S_IFSOCK,
    ):
        for mode in (0o644, 0o777, 0o4755):
            yield f"of the kind {kind:o}", zipped(GOOD, mode=kind | mode)
    for way in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        yield f"packed in way {way}", zipped(GOOD, way=way)
    locked = bytearray(zipped(GOOD))
    for head, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(head) + offset] |= 1
    yield "locked", bytes(locked)


def _broken() -> Iterator[tuple[str, bytes]]:
    good = zipped(GOOD)
    for cut in range(1, len(good)):
        yield f"cut at {cut}", good[:cut]
    for before in (
        b"\0",
        b"MZ",
        b"#!/bin/sh\n",
        b"%PDF-1.7\n",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n",
        b"<html>",
    ):
        yield f"behind {before[:4]!r}", before + good
    for after in (b"\0", b"<script>", good, b"\n" * 40):
        yield f"before {after[:4]!r}", good + after
    note = io.BytesIO()
    with zipfile.ZipFile(note, "w") as archive:
        archive.writestr("phrases.yaml", "a: 1\n")
        archive.comment = b"a note"
    yield "with a note", note.getvalue()


def _other_files() -> Iterator[tuple[str, bytes]]:
    for name in (
        *(
            "x.exe",
            "x.html",
            "trees/sv.py",
            "trees/sv.yml",
            "index.js",
            "audio.ogg",
            "trees/sva.yaml",
        ),
        *(
            "translations/km.mo",
            "phrases.json",
            "README.md",
            "x.svg",
            "x.png",
            "x.xlsx",
            "audio.yaml",
        ),
    ):
        yield f"a file {name}", zipped({**GOOD, name: b"x"})
    yield "no trees", zipped({"phrases.yaml": b"a: 1\n"})
    yield "no phrases", zipped({"trees/sv.yaml": b"tree: sv\n"})
    for kind, head in (
        ("png", b"\x89PNG\r\n\x1a\n"),
        ("pdf", b"%PDF-1.7"),
        ("html", b"<html>"),
        ("", b""),
    ):
        yield f"{kind or 'nothing'} alone", head + bytes(100 if head else 0)


def yamls() -> Iterator[tuple[str, bytes]]:
    """Files that must be refused as YAML (R69)."""
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    yield "a bomb of aliases", "\n".join(lines).encode()
    yield "one alias", b"a: &x [1]\nb: *x\n"
    yield "a merge key", b"a: {b: 1}\n<<: {c: 1}\n"
    yield "a merge key below", b"a:\n  <<: {c: 1}\n  b: 1\n"
    for tag in (
        "!!python/object/apply:os.getcwd []",
        "!!python/name:os.system",
        "!x y",
        "!!set {a, b}",
    ):
        yield f"the tag {tag[:9]}", f"a: {tag}\n".encode()
    for tag in (
        "!!str 1",
        "!!int '1'",
        "!!binary aGk=",
        "!!timestamp 2026-01-01",
        "!!omap [a: 1]",
    ):
        yield f"the tag {tag[:9]}", f"a: {tag}\n".encode()
    yield "a key twice", b"a: 1\na: 2\n"
    yield "a key twice below", b"a: {b: 1, b: 2}\n"
    for deep in (21, 100, 5_000, 100_000):
        yield f"{deep} deep", b"a: " + b"[" * deep + b"]" * deep
        yield f"{deep} mappings deep", b"{a: " * deep + b"1" + b"}" * deep
    yield "1 MB and more", b"a: " + b"x" * 1_000_001
    yield "two documents", b"a: 1\n---\nb: 2\n"
    yield "a list", b"- a\n- b\n"
    yield "no text", b"\xff\xfe\x00"
    yield "an anchor alone", b"a: &x 1\nb: 2\n"
    yield "not YAML", b"a: [1\n"


def jsons() -> Iterator[tuple[str, bytes]]:
    """Files that must be refused as JSON (R69)."""
    yield "a key twice", b'{"a": 1, "a": 2}'
    yield "a key twice below", b'{"a": {"b": 1, "b": 2}}'
    for deep in (22, 500, 100_000):
        yield f"{deep} lists deep", b"[" * deep + b"]" * deep
        yield f"{deep} mappings deep", b'{"a":' * deep + b"1" + b"}" * deep
    yield "1 MB and more", b'"' + b"x" * 1_000_001 + b'"'
    yield "not a number", b'{"a": NaN}'
    yield "cut", b'{"a": '
    yield "no text", b'{"a": "\xff"}'
