"""Requests to every route with something hostile in path, address, form, JSON or file."""

import inspect
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from tests.console.routes import Way
from tests.safety import hostile

VALUES = (
    *("", "\x00", "x\x00y", " ", "\r\n", "0", "-1", "-0", "+1", "1_000", "²", "១", "٣", "1.5"),
    *("2147483648", "9" * 19, "9" * 20, "9" * 400, "9" * 5_000, "1e999", "NaN", "Infinity"),
    *("null", "true", "[]", "{}", "[[[", '{"a":', "~", "- a", "&a [*a]", "{a: 1}", "? ", "!!str"),
    *("0000-00", "0001-01", "9999-12", "2026-13", "9999-12-31", "0001-01-01", "2026-02-30"),
    *("2026-W00", "2026-W99", "9999-W53", "24:00", "99:99", "00:00", "9999-12-31T23:59"),
    *(
        "en",
        "km",
        "xx",
        "TH",
        "TH-63",
        "a",
        "A",
        "q1",
        "..",
        "../..",
        "x/y",
        "%00",
        "%s{0}",
        "#?&",
    ),
    *("\u202e", "\ufffe\uffff", "\U0010ffff", "ក" * 400, "a" * 70, "a" * 5_000, "é" * 30_000),
)
MARK = "\ufdd0"  # where a lone surrogate comes into JSON
LONGEST = 20_000  # letters of a query: a server of ours takes no longer address
LONE = b"\\ud800"
FILES = ("x.csv", "x.zip", "x.xlsx", "x.json", "x.po", "x.ogg", "x\x00", "", "a" * 300)
STARTS = (b"PK\x03\x04", b"OggS\x00\x02", b"\x1aE\xdf\xa3", b'msgid ""\nmsgstr ""\n', b"id,name\n")
HEADERS = (
    *(
        ("Range", f"bytes={one}")
        for one in ("0-", "-1", "9-1", "0-" + "9" * 5_000, "٣-", "0-1,4-")
    ),
    *(("Host", one) for one in ("[", "[::1", "localhost:x", "localhost:99999", "", "a" * 300)),
    *(("Accept-Language", one) for one in ("\xff", "x;q=y", "km;q=9,,;", "a-" * 900)),
    *(("Referer", one) for one in ("http://[", "//", "\xff", "http://localhost:8081/desk/%00")),
    *(("Cookie", one) for one in ("saphan=\xff", "saphan=a;saphan-half=b;x", "=;;=", "a" * 5_000)),
    *(("X-Forwarded-For", one) for one in ("[", "1.1.1.1, x", "\xff")),
    *(("Content-Type", one) for one in ("multipart/form-data; boundary=", "\xff", ";;=")),
)
_WORD = re.compile(r"""["']([a-z][a-z_.]{1,24})["']""")

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """One request; `path` has its query, both as they go over the line."""

    method: str
    path: str
    body: bytes = field(default=b"", repr=False)
    kind: str = ""
    headers: dict[bytes, bytes] = field(default_factory=dict)


@dataclass
class Known:
    """What pages lead to: real values of the gaps of each route, and real fields of its forms."""

    gaps: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    asked: dict[str, list[Pairs]] = field(default_factory=dict)
    forms: dict[str, list[Pairs]] = field(default_factory=dict)

    def of_gap(self, name: str) -> list[str]:
        """Every value that stands in a gap of this name, in any route."""
        return [
            given[name] for values in self.gaps.values() for given in values if given.get(name)
        ]


def hostile_request(way: Way, known: Known, chance: Random, csrf: str) -> Asked:
    """One request to this route: mostly right, with something wrong in one or two places."""
    path = _path(way, known, chance)
    asked = _query(way, known, chance)
    whole = f"{path}?{_encoded(asked)[:LONGEST]}" if asked else path
    if not way.changes:
        return Asked(way.method, whole, headers=_headers(chance))
    fields = _fields(way, known, chance)
    kinds = (_form, _form, _form, _with_file, _json, _json, _noise)
    body, kind = chance.choice(kinds)([("csrf", csrf), *fields], chance)
    return Asked(way.method, whole, body, kind, _headers(chance))


def _headers(chance: Random) -> dict[bytes, bytes]:
    """Now and then one that no browser of ours sends."""
    name, value = chance.choice(HEADERS)
    return {name.encode(): value.encode("latin-1", "replace")} if chance.random() < 0.1 else {}


def _path(way: Way, known: Known, chance: Random) -> str:
    real = known.gaps.get(way.name) or known.gaps.get(f"GET {way.template}") or []
    given = dict(chance.choice(real)) if real else {}
    spoilt = chance.choice([*way.route.param_convertors, ""]) if chance.random() < 0.4 else ""
    path = way.template
    for gap in way.route.param_convertors:
        value = given.get(gap) or chance.choice(known.of_gap(gap) or ["1", *VALUES])
        if gap == spoilt:
            value = _value(chance)
        told = quote(value[:1_000], safe="", errors="replace") or "-"
        path = path.replace(f"{{{gap}:path}}", told).replace(f"{{{gap}}}", told)
    return path


def _query(way: Way, known: Known, chance: Random) -> Pairs:
    real = known.asked.get(way.name)
    pairs = list(chance.choice(real)) if real else []
    return _spoilt(pairs, way, chance) if not pairs or chance.random() < 0.7 else pairs


def _fields(way: Way, known: Known, chance: Random) -> Pairs:
    real = known.forms.get(way.name)
    pairs = list(chance.choice(real)) if real else []
    return _spoilt(pairs, way, chance)


def _spoilt(pairs: Pairs, way: Way, chance: Random) -> Pairs:
    """One or two fields hostile, gone or doubled; made up where there are none."""
    if not pairs:
        names = chance.sample(_names(way), k=min(len(_names(way)), chance.randint(0, 6)))
        pairs = [(name, chance.choice(("1", "yes", "x", "TH", "km"))) for name in names]
    for _ in range(chance.randint(0, 3) if pairs else 0):
        place = chance.randrange(len(pairs))
        name, value = pairs[place]
        pairs[place] = (name, _value(chance))
        if chance.random() < 0.1:
            pairs.append((name, value))
    return pairs


def _value(chance: Random) -> str:
    if chance.random() < 0.8:
        return chance.choice(VALUES)
    return next(hostile.texts(str(chance.random()), 1))


def _names(way: Way) -> tuple[str, ...]:
    return _names_in(way.route.endpoint.__module__)


@cache
def _names_in(module: str) -> tuple[str, ...]:
    """All short words in quotes of a module and of what it takes from its package."""
    package = module.partition(".")[0]
    known = {module} | {
        str(getattr(one, "__module__", "")) for one in vars(sys.modules[module]).values()
    }
    sources = [
        inspect.getsource(sys.modules[name])
        for name in sorted(known)
        if name in sys.modules and name.partition(".")[0] == package
    ]
    return tuple(sorted({word for source in sources for word in _WORD.findall(source)}))


def _encoded(pairs: Pairs) -> str:
    return urlencode(pairs, errors="replace")


def _form(pairs: Pairs, chance: Random) -> tuple[bytes, str]:
    body = _encoded(pairs).encode()
    if chance.random() < 0.1:
        body += chance.choice((b"&%ed%a0%80=x", b"&x=%ff", b"&\x00=\x00", b"&a" * 300, b"&=&&;"))
    return body, "application/x-www-form-urlencoded"


def _with_file(pairs: Pairs, chance: Random) -> tuple[bytes, str]:
    parts = [
        _part(f'name="{quote(name)}"', value.encode(errors="replace")) for name, value in pairs
    ]
    name, content = chance.choice(FILES), chance.choice(STARTS)
    content += chance.choice(
        (b"", b"\x00" * 90, chance.randbytes(300), _value(chance).encode("utf-8", "replace"))
    )
    parts.append(_part(f'name="file"; filename="{name}"', content))
    body = b"".join(parts) + b"--edge--\r\n"
    if chance.random() < 0.2:
        body = body[: chance.randrange(len(body))]
    return body, "multipart/form-data; boundary=edge"


def _part(told: str, content: bytes) -> bytes:
    return f"--edge\r\nContent-Disposition: form-data; {told}\r\n\r\n".encode() + content + b"\r\n"


def _json(pairs: Pairs, chance: Random) -> tuple[bytes, str]:
    if chance.random() < 0.1:
        return chance.choice((b"[", b'{"a":')) * chance.choice((40, 900, 100_000)), JSON
    told: dict[str, Any] = {name: _wrong_kind([value], chance) for name, value in pairs}
    if chance.random() < 0.1:
        return orjson.dumps(_wrong_kind([told], chance)), JSON
    body = orjson.dumps(told).replace(MARK.encode(), LONE)
    return body.replace(b'"1e999"', b"1e999").replace(b'"NaN"', b"NaN"), JSON


def _wrong_kind(value: list[Any], chance: Random) -> Any:
    kinds: Iterable[Any] = (
        *(value, value, value, value[0], value[0], value[0], None, True, -1, 2**63 - 1, 1.5),
        *([], {}, [None], [value], {"a": value}, MARK, [MARK], [f"x{MARK}"], "\x00", ["\x00"]),
    )
    return chance.choice(tuple(kinds))


JSON = "application/json"


def _noise(_pairs: Pairs, chance: Random) -> tuple[bytes, str]:
    kinds = (JSON, "application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "")
    return chance.randbytes(chance.randint(0, 400)), chance.choice(kinds)
