"""Requests to a route with something hostile in path, query, form, JSON, file or header.

Made by hand of what our own pages lead to: the routes read forms and queries themselves, so
FastAPI's schema, which schemathesis would read, names none of their fields.
"""

import inspect
import re
import sys
from dataclasses import dataclass, field
from functools import cache
from random import Random
from urllib.parse import quote

from tests.console.routes import Way
from tests.safety.crawling import Known, Pairs
from tests.safety.hostile_bodies import (
    JSON,
    VALUES,
    as_form,
    as_json,
    encoded,
    noise,
    update,
    value_for,
    with_file,
)

RIGHT = {
    **{"date": "2026-12-05", "month": "2026-12", "time": "09:00", "number": "3"},
    "datetime-local": "2026-12-05T09:00",
}
WORDS = ("x", "Baan Jai Dee", "+66812345678", "two words", "demo-kite", "fr.2", "7")  # often right
RAW = ("%00", "%FF", "%ED%A0%80", "%C0%AF", "%2e%2e%2f", "%E0%A5", "%25%30%30", ";", "%0d%0a")
LONGEST = 20_000  # letters of a query: no server takes a longer address
HEADERS = (
    *(
        ("Range", f"bytes={one}")
        for one in ("0-", "-1", "9-1", "0-" + "9" * 5_000, "٣-", "0-1,4-", "-" + "9" * 400)
    ),
    *(("Host", one) for one in ("[", "[::1", "localhost:x", "localhost:99999", "", "a" * 300)),
    *(("Accept-Language", one) for one in ("\xff", "x;q=y", "km;q=9,,;", "a-" * 900, "km;q=NaN")),
    *(("Referer", one) for one in ("http://[", "//", "\xff", "http://localhost:8081/desk/%00")),
    *(("Cookie", one) for one in ("saphan=\xff", "saphan=a;saphan-half=b;x", "=;;=", "a" * 5_000)),
    *(("X-Forwarded-For", one) for one in ("[", "1.1.1.1, x", "\xff")),
    *(("Accept", one) for one in ("application/json", "\xff", "text/html;q=x", "," * 500)),
    *(("Accept-Encoding", one) for one in ("gzip;q=x", "\xff", "gzip;q=0, *;q=0")),
    *(("Content-Type", one) for one in ("multipart/form-data; boundary=", "\xff", ";;=")),
    *(("Content-Length", one) for one in ("-1", "9" * 30, "x")),
)
METHODS = ("PUT", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "X")
_WORD = re.compile(r"""["']([a-z][a-z_.]{1,24})["']""")


@dataclass(frozen=True)
class Asked:
    """One request; `path` has its query, both as they go over the line."""

    method: str
    path: str
    body: bytes = field(default=b"", repr=False)
    kind: str = ""
    headers: dict[bytes, bytes] = field(default_factory=dict)


def hostile_request(way: Way, known: Known, chance: Random, csrf: str) -> Asked:
    """One request to this route: mostly right, with something wrong in one or two places."""
    path = _path(way, known, chance)
    if asked := _query(way, known, chance):
        path = f"{path}?{asked[:LONGEST]}"
    if not way.changes or chance.random() < 0.02:
        method = chance.choice(METHODS) if chance.random() < 0.05 else way.method
        return Asked(method, path, headers=_headers(chance))
    if way.template.startswith("/hooks/"):
        return Asked(way.method, path, update(chance), JSON, _headers(chance))
    fields = _spoilt(_some(known.forms.get(way.name), chance), way, known, chance)
    fields = [("csrf", csrf), *fields] if csrf else fields
    takes_file = any(known.kinds.get(name) == "file" for name, _ in fields)
    if chance.random() < (0.6 if takes_file else 0.05):
        body, kind = with_file(fields, known.files, chance)
    else:
        made = chance.choice((as_form, as_form, as_form, as_form, as_json, as_json, noise))
        body, kind = made(fields, chance)
    return Asked(way.method, path, body, kind, _headers(chance))


def _headers(chance: Random) -> dict[bytes, bytes]:
    """Now and then one that no browser of ours sends."""
    name, value = chance.choice(HEADERS)
    return {name.encode(): value.encode("latin-1", "replace")} if chance.random() < 0.1 else {}


def _path(way: Way, known: Known, chance: Random) -> str:
    real = known.gaps.get(way.name) or known.gaps.get(f"GET {way.template}") or []
    given = dict(chance.choice(real)) if real else {}
    spoilt = chance.choice([*way.route.param_convertors, ""]) if chance.random() < 0.3 else ""
    path = way.template
    for gap in way.route.param_convertors:
        value = given.get(gap) or chance.choice(known.of_gap(gap) or ["1", *VALUES])
        if gap == spoilt:
            value = value_for("", chance)
        told = quote(value[:1_000], safe="", errors="replace") or "-"
        if gap == spoilt and chance.random() < 0.2:
            told = chance.choice(RAW)
        path = path.replace(f"{{{gap}:path}}", told).replace(f"{{{gap}}}", told)
    return path


def _query(way: Way, known: Known, chance: Random) -> str:
    if way.changes and chance.random() < 0.8:
        return ""
    pairs = _some(known.asked.get(way.name), chance)
    if not pairs or chance.random() < 0.7:
        pairs = _spoilt(pairs, way, known, chance)
    told = encoded(pairs)
    if pairs and chance.random() < 0.1:
        name = quote(chance.choice(pairs)[0])
        told += f"&{name}={chance.choice(RAW)}&{chance.choice(RAW)}={name}"
    return told


def _some(forms: list[Pairs] | None, chance: Random) -> Pairs:
    return list(chance.choice(forms)) if forms else []


def _spoilt(pairs: Pairs, way: Way, known: Known, chance: Random) -> Pairs:
    """Filled in, with a few fields hostile, gone or doubled; made up where there are none."""
    pairs = _filled(pairs, known, chance)
    if not pairs:
        names = _names_in(way.route.endpoint.__module__)
        chosen = chance.sample(names, k=min(len(names), chance.randint(0, 6)))
        pairs = [(name, chance.choice(("1", "yes", "x", "TH", "km"))) for name in chosen]
    for _ in range(chance.randint(0, 3) if pairs else 0):
        place = chance.randrange(len(pairs))
        name, value = pairs[place]
        pairs[place] = (name, value_for(known.kinds.get(name, ""), chance))
        if chance.random() < 0.1:
            pairs.append((name, value))
        elif chance.random() < 0.1:
            del pairs[place]
            break
    return pairs


def _filled(pairs: Pairs, known: Known, chance: Random) -> Pairs:
    """As somebody fills it in: half of the boxes, one of what is offered, some words."""
    found: dict[str, str] = {}
    boxes: Pairs = []
    for name, value in pairs:
        kind = known.kinds.get(name, "")
        if kind == "checkbox":
            boxes += [(name, value)] if chance.random() < 0.5 else []
        elif offered := known.options.get(name):
            found[name] = chance.choice(offered)
        elif value or chance.random() < 0.2:
            found[name] = value
        else:
            found[name] = RIGHT.get(kind, "") or chance.choice(WORDS)
    return [*found.items(), *boxes]


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
