"""The canary scanner: does a word stand anywhere in these files, in any way it could be written?

    Scanner(["kanarya"]).found([folder])  ->  ["kanarya (hex) in saphan.db-wal"]

Search for the part that all canaries of a kind share: it is found in each of them. Files are read
as bytes, so pages of SQLite and the heap and log of PostgreSQL need no reader of their own;
packed members are opened wherever they begin.
"""

import base64
import bz2
import hashlib
import html
import json
import lzma
import re
import urllib.parse
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from types import MappingProxyType

DIGITS = MappingProxyType(
    {"khmer": "០១២៣៤៥៦៧៨៩", "lao": "໐໑໒໓໔໕໖໗໘໙", "burmese": "၀၁၂၃၄၅၆၇၈၉", "thai": "๐๑๒๓๔๕๖๗๘๙"}
)
_MOST = 1 << 24  # bytes that a packed member is opened to
_DEEPEST = 4  # packed in packed in packed
_EMPTY = re.compile(rb"\0{16,}")  # most of a database, and no part of a word
_SOME_ZEROS = bytes(8)

Needles = Callable[[str], Iterator[bytes]]
Opened = Callable[[memoryview, int], bytes]


def _utf_8(text: str) -> Iterator[bytes]:
    yield text.encode()


def _utf_16(text: str) -> Iterator[bytes]:
    for order in ("utf-16-le", "utf-16-be"):
        yield text.encode(order).strip(b"\0")


def _utf_32(text: str) -> Iterator[bytes]:
    for order in ("utf-32-le", "utf-32-be"):
        yield text.encode(order).strip(b"\0")


def _hex(text: str) -> Iterator[bytes]:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        yield text.encode(encoding).hex().encode()


def _base64(text: str) -> Iterator[bytes]:
    """A word looks different at each of three offsets; its sure middle is searched."""
    for spelt in {text, text.lower(), text.upper(), text.title()}:
        for offset in range(3):
            raw = spelt.encode()
            first, last = -(-offset * 4 // 3), (offset + len(raw)) * 8 // 6
            whole = base64.b64encode(b"\0" * offset + raw)
            yield whole[first:last]
            yield whole.translate(bytes.maketrans(b"+/", b"-_"))[first:last]


def _url(text: str) -> Iterator[bytes]:
    yield urllib.parse.quote(text, safe="").encode()


def _percent(text: str) -> Iterator[bytes]:
    yield "".join(f"%{byte:02x}" for byte in text.encode()).encode()


def _json(text: str) -> Iterator[bytes]:
    yield json.dumps(text)[1:-1].encode()
    units = text.encode("utf-16-be").hex()
    yield "".join(rf"\u{units[n : n + 4]}" for n in range(0, len(units), 4)).encode()


def _python(text: str) -> Iterator[bytes]:
    yield ascii(text)[1:-1].encode()
    yield repr(text.encode())[2:-1].encode()
    yield "".join(rf"\x{byte:02x}" for byte in text.encode()).encode()


def _octal(text: str) -> Iterator[bytes]:
    """How PostgreSQL escapes bytes."""
    yield "".join(c if c.isascii() else _in_octal(c) for c in text).encode()
    yield _in_octal(text).encode()


def _in_octal(text: str) -> str:
    return "".join(rf"\{byte:03o}" for byte in text.encode())


def _html(text: str) -> Iterator[bytes]:
    yield html.escape(text).encode("ascii", "xmlcharrefreplace")
    yield "".join(f"&#{ord(c)};" for c in text).encode()
    yield "".join(f"&#x{ord(c):x};" for c in text).encode()
    yield "".join(c if c.isascii() else f"&#x{ord(c):x};" for c in text).encode()


FORMS: Mapping[str, Needles] = MappingProxyType(
    {
        "utf-8": _utf_8,
        "utf-16": _utf_16,
        "utf-32": _utf_32,
        "hex": _hex,
        "base64": _base64,
        "url": _url,
        "percent": _percent,
        "json": _json,
        "python": _python,
        "octal": _octal,
        "html": _html,
    }
)


def _inflated(content: memoryview, at: int, form: int) -> bytes:
    """What is packed from here; `form` is zlib's `wbits`. Raises zlib.error.

    Piece by piece, the first one small: most beginnings are none, and zlib copies what is left of
    its input when it gives up.
    """
    opener, inside, piece = zlib.decompressobj(form), bytearray(), 256
    while at < len(content) and not opener.eof and len(inside) < _MOST:
        inside += opener.decompress(content[at : at + piece], _MOST - len(inside))
        at, piece = at + piece, 1 << 16
    return bytes(inside)


def _zip_member(content: memoryview, at: int) -> bytes:
    """What follows one local header of a zip (APPNOTE 4.3.7); stored members lie open anyway."""
    name, extra = (int.from_bytes(content[n : n + 2], "little") for n in (at + 26, at + 28))
    start = at + 30 + name + extra
    return _inflated(content, start, -15)


def _gzip(content: memoryview, at: int) -> bytes:
    return _inflated(content, at, 31)


def _zlib(content: memoryview, at: int) -> bytes:
    return _inflated(content, at, 15)


def _xz(content: memoryview, at: int) -> bytes:
    return lzma.LZMADecompressor().decompress(content[at:], _MOST)


def _bzip2(content: memoryview, at: int) -> bytes:
    return bz2.BZ2Decompressor().decompress(content[at:], _MOST)


# How a packed member begins, and what opens it from there.
PACKED: Mapping[str, tuple[bytes, Opened]] = MappingProxyType(
    {
        "gzip": (rb"\x1f\x8b\x08", _gzip),
        "zip": (rb"PK\x03\x04.{4}\x08\0", _zip_member),
        "xz": (rb"\xfd7zXZ\0", _xz),
        "bzip2": (rb"BZh[1-9]1AY&SY", _bzip2),
        "zlib": (rb"\x78[\x01\x5e\x9c\xda]", _zlib),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanner:
    """Looks for words in every form; `raw` names bytes to be found as they are (ids as numbers).

    `forms`, `digits` and `packed` are all that is known unless a test takes some away.
    """

    words: Sequence[str]
    raw: Mapping[str, bytes] = field(default_factory=dict)
    forms: Mapping[str, Needles] = field(default_factory=lambda: FORMS)
    digits: Mapping[str, str] = field(default_factory=lambda: DIGITS)
    packed: Mapping[str, tuple[bytes, Opened]] = field(default_factory=lambda: PACKED)
    _sought: "_Sought" = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_sought", self._all_needles())

    def found(self, folders: Iterable[Path], clean: set[bytes] | None = None) -> list[str]:
        """One line for each word, form and file. What vanishes while we look is passed over.

        `clean`: digests of what an earlier look of this scanner found nothing in; it grows. What
        did not change since then is not searched again.
        """
        sought, read = self._sought, set() if clean is None else clean
        files = sorted({f for folder in folders for f in folder.rglob("*") if f.is_file()})
        hits = []
        for file in files:
            try:
                content = file.read_bytes()
            except OSError:
                continue
            same = hashlib.sha256(content).digest()  # PostgreSQL copies its templates
            inside = [] if same in read else sought.found_in(content)
            if not inside:
                read.add(same)
            named = sought.found_in(file.name.encode())  # a name may tell as much
            hits += [f"{hit} in {file.name}" for hit in dict.fromkeys((*named, *inside))]
        return hits

    def found_in(self, content: bytes) -> list[str]:
        """The words and forms that stand in these bytes."""
        return self._sought.found_in(content)

    def _all_needles(self) -> "_Sought":
        either: dict[bytes, str] = {}
        exact = {needle: name for name, needle in self.raw.items()}
        for word in self.words:
            for spelt in {word, *(word.translate(_native(d)) for d in self.digits.values())}:
                for name, form in self.forms.items():
                    for needle in form(spelt):
                        if name == "base64":
                            exact.setdefault(needle, f"{word} ({name})")
                        else:
                            either.setdefault(needle.lower(), f"{word} ({name})")
        return _Sought(either, exact, tuple(self.packed.values()))


class _Sought:
    """All needles as two patterns, so that a file is read twice and not four hundred times."""

    def __init__(
        self,
        either: dict[bytes, str],
        exact: dict[bytes, str],
        packed: tuple[tuple[bytes, Opened], ...],
    ) -> None:
        """`either`: needles in small letters, to be found in either case; `exact`: as they are."""
        self._named = either, exact
        self._patterns = _pattern(either), _pattern(exact)
        self._packed = packed

    def found_in(self, content: bytes, depth: int = 0) -> list[str]:
        """What stands in these bytes, and in what is packed in them."""
        squeezed = _EMPTY.sub(_SOME_ZEROS, content)
        hits: dict[str, None] = {}
        for text, named, pattern in zip(
            (squeezed.lower(), squeezed), self._named, self._patterns, strict=True
        ):
            hits |= dict.fromkeys(named[needle] for needle in pattern.findall(text))
        if depth < _DEEPEST:
            for inside in self._members(content):
                hits |= dict.fromkeys(self.found_in(inside, depth + 1))
        return list(hits)

    def _members(self, content: bytes) -> Iterator[bytes]:
        view = memoryview(content)
        for magic, opened in self._packed:
            for match in re.finditer(magic, content, re.DOTALL):
                try:
                    inside = opened(view, match.start())
                except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError):
                    continue  # it only looks like a beginning
                yield inside


def _native(digits: str) -> dict[int, str]:
    return {ord("0") + value: digit for value, digit in enumerate(digits)}


def _pattern(needles: Iterable[bytes]) -> re.Pattern[bytes]:
    """Any of the needles; of two that begin alike the shorter one tells."""
    return re.compile(_branches(sorted(needles)) or rb"(?!)", re.DOTALL)


def _branches(needles: Sequence[bytes]) -> bytes:
    if not needles or not needles[0]:
        return b""
    ways = []
    for _, begin_alike in groupby(needles, key=lambda needle: needle[:1]):
        alike = list(begin_alike)
        shared = _shared(alike[0], alike[-1])
        ways.append(re.escape(shared) + _branches([needle[len(shared) :] for needle in alike]))
    return ways[0] if len(ways) == 1 else b"(?:" + b"|".join(ways) + b")"


def _shared(first: bytes, last: bytes) -> bytes:
    """How the first and the last of sorted needles, and so all between them, begin."""
    same = 0
    while same < min(len(first), len(last)) and first[same] == last[same]:
        same += 1
    return first[:same]
