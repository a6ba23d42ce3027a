"""The canary search: does a word stand anywhere in these files, in any way it could be written?"""

import base64
import json
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

_DIGITS = ("០១២៣៤៥៦៧៨៩", "໐໑໒໓໔໕໖໗໘໙", "၀၁၂၃၄၅၆၇၈၉", "๐๑๒๓๔๕๖๗๘๙")


def found(words: list[str], folders: list[Path]) -> list[str]:
    """`word in file` for each hit, in UTF-8/16, hex, base64, URL, JSON, and native digits."""
    hits = []
    needles = {word: tuple(_forms(word)) for word in words}
    for file in (f for folder in folders for f in folder.rglob("*") if f.is_file()):
        try:
            content = file.read_bytes()
        except OSError:  # a database removes its own temporary files while we look
            continue
        hits += [
            f"{word} in {file.name}"
            for word, forms in needles.items()
            if any(form in content for form in forms)
        ]
    return hits


def _forms(word: str) -> Iterator[bytes]:
    for text in (word, *(word.translate(_to_native(digits)) for digits in _DIGITS)):
        raw = text.encode()
        yield raw
        yield text.encode("utf-16-le")
        yield text.encode("utf-16-be")
        yield raw.hex().encode()
        yield raw.hex().upper().encode()
        yield urllib.parse.quote(text).encode()
        yield json.dumps(text)[1:-1].encode()
        # In base64 a word looks different at each of three offsets; its sure middle is searched.
        for offset in range(3):
            encoded = base64.b64encode(b"\x00" * offset + raw)
            yield encoded[4 : len(encoded) - 4]


def _to_native(digits: str) -> dict[int, str]:
    return {ord("0") + value: digit for value, digit in enumerate(digits)}
