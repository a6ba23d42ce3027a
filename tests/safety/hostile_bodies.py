"""Hostile values, and bodies of requests with them: forms, files, JSON, what messengers bring."""

from collections.abc import Callable, Iterable
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from tests.safety import hostile
from tests.safety.crawling import Pairs

NUMBERS = (
    *("0", "-1", "-0", "+1", "1_000", "²", "១", "٣", "1.5", "2147483648", str(2**63), "9" * 19),
    *("9" * 20, "9" * 400, "9" * 5_000, "1e999", "NaN", "Infinity", "0x10", " 7 "),
)
DATES = (
    *("0000-00", "0001-01", "9999-12", "2026-13", "9999-12-31", "0001-01-01", "2026-02-30"),
    *("2026-W00", "2026-W99", "9999-W53", "2026-366", "20261122", "9999-12-31T23:59"),
    *("0001-01-01T00:00", "24:00", "99:99", "00:00", "23:59:60", "០៩:០០", "09:00+05:00", "0900Z"),
)
TEXTS = (
    *("", "\x00", "x\x00y", " ", "\r\n", "null", "true", "[]", "{}", "[[[", '{"a":', "~", "- a"),
    *("&a [*a]", "{a: 1}", "? ", "!!str", "en", "km", "xx", "TH", "TH-63", "a", "A", "q1", ".."),
    *("../..", "x/y", "%00", "%s{0}", "#?&", "\u202e", "\ufffe\uffff", "\U0010ffff", "ក" * 400),
    *("a" * 70, "a" * 5_000, "é" * 30_000, "\u200b", "\t", "*", "'", '"', "<", "\\", "SHE.EMERG"),
)
VALUES = (*NUMBERS, *DATES, *TEXTS)
OF_KIND = {
    **dict.fromkeys(("date", "month", "week", "time", "datetime-local"), DATES),
    "number": NUMBERS,
}
MARK = "\ufdd0"  # where half a character comes into JSON
HALF = b"\\ud800"
FILES = ("x.csv", "x.zip", "x.xlsx", "x.json", "x.po", "x.ogg", "x\x00", "", "a" * 300)
STARTS = (
    *(b"PK\x03\x04", b"PK\x05\x06" + b"\x00" * 18, b"OggS\x00\x02", b"\x1aE\xdf\xa3", b"RIFF"),
    *(b'msgid ""\nmsgstr ""\n', b"id,name\n", b"\xef\xbb\xbfid;name\r\n", b'{"organizations": ['),
)
JSON = "application/json"


def value_for(kind: str, chance: Random) -> str:
    """Hostile to what a field of this kind is for, or to anything."""
    if kind in OF_KIND and chance.random() < 0.7:
        return chance.choice(OF_KIND[kind])
    if chance.random() < 0.85:
        return chance.choice(VALUES)
    return next(hostile.texts(str(chance.random()), 1))


def encoded(pairs: Pairs) -> str:
    return urlencode(pairs, errors="replace")


def as_form(pairs: Pairs, chance: Random) -> tuple[bytes, str]:
    body = encoded(pairs).encode()
    if chance.random() < 0.1:
        body += chance.choice((b"&%ed%a0%80=x", b"&x=%ff", b"&\x00=\x00", b"&a" * 300, b"&=&&;"))
    return body, "application/x-www-form-urlencoded"


def with_file(pairs: Pairs, ours: list[bytes], chance: Random) -> tuple[bytes, str]:
    """A form with a file: one that we gave out ourselves, changed somewhere, or made up."""
    parts = [
        _part(f'name="{quote(name)}"', value.encode(errors="replace")) for name, value in pairs
    ]
    name = chance.choice(FILES)
    content = _changed(chance.choice(ours), chance) if ours and chance.random() < 0.5 else b""
    content = content or chance.choice(STARTS) + chance.choice((b"", chance.randbytes(300)))
    parts.append(_part(f'name="file"; filename="{name}"', content))
    body = b"".join(parts) + b"--edge--\r\n"
    if chance.random() < 0.1:
        body = body[: chance.randrange(len(body))]
    return body, "multipart/form-data; boundary=edge"


def _changed(content: bytes, chance: Random) -> bytes:
    """With a few bytes others, or a hostile value put in, or cut off."""
    place = chance.randrange(max(1, len(content)))
    more = value_for("", chance).encode("utf-8", "replace")[:300]
    kinds = (content[:place], content[:place] + more + content[place:], content)
    return chance.choice(kinds)


def _part(told: str, content: bytes) -> bytes:
    return f"--edge\r\nContent-Disposition: form-data; {told}\r\n\r\n".encode() + content + b"\r\n"


def as_json(pairs: Pairs, chance: Random) -> tuple[bytes, str]:
    if chance.random() < 0.1:
        return chance.choice((b"[", b'{"a":')) * chance.choice((40, 900, 100_000)), JSON
    told: dict[str, Any] = {name: _wrong_kind([value], chance) for name, value in pairs}
    if chance.random() < 0.1:
        return orjson.dumps(_wrong_kind([told], chance)), JSON
    text = orjson.dumps(told, default=str).replace(MARK.encode(), HALF)
    return text.replace(b'"1e999"', b"1e999").replace(b'"NaN"', b"NaN"), JSON


def _wrong_kind(value: list[Any], chance: Random) -> Any:
    plain = value[0].encode("utf-8", "replace").decode() if isinstance(value[0], str) else value[0]
    kinds: Iterable[Any] = (
        *([plain], plain, plain, plain, plain, plain, None, True, -1, 2**63, 2**64 - 1, 1.5),
        *([], {}, [None], [[plain]], {"a": plain}, MARK, [MARK], [f"x{MARK}"], "\x00", ["\x00"]),
    )
    return chance.choice(tuple(kinds))


def noise(_pairs: Pairs, chance: Random) -> tuple[bytes, str]:
    kinds = (JSON, "application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "")
    return chance.randbytes(chance.randint(0, 400)), chance.choice(kinds)


def update(chance: Random) -> bytes:
    """What a messenger brings: broken, or in order with hostile words."""
    makes: tuple[Callable[[], bytes], ...] = (
        lambda: next(hostile.malformed(str(chance.random()), 1)),
        lambda: _said(chance),
    )
    return chance.choice(makes)()


def _said(chance: Random) -> bytes:
    chat = {"id": chance.choice((1, 700_001, -5, 2**63 - 1)), "type": "private"}
    words = value_for("", chance).encode("utf-8", "replace").decode()
    message = {"message_id": chance.randrange(1, 10**9), "chat": chat, "text": words}
    return orjson.dumps({"update_id": chance.randrange(1, 10**9), "message": message})
