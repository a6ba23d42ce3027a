"""The key-combination attacker: what each set of stolen things opens, and the table of it.

    python -m tests.safety.seizure --write      puts the table into SECURITY.md

The attacker has our own code and the files as bytes: current pages, older ones and those of the
log. Rows are carved out of them wherever they begin, deleted ones too, and every key that can be
had is tried on every one.
"""

import asyncio
import itertools
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from privacy.pseudonym import person_key
from privacy.vault import SealBroken, open_sealed
from tests.safety.carving import Carved, keys_in, plain_rows_in, sealed_in

DOCUMENT = Path(__file__).parents[2] / "SECURITY.md"
BEGIN, END = "<!-- seizure: begin -->", "<!-- seizure: end -->"

DATA = ("database", "log", "backup")
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "database": "main database",
        "log": "its write-ahead log",
        "backup": "a backup",
        "key store": "key store",
        "root key": "root key",
        "pepper": "pepper of the day",
        "bot token": "bot token",
    }
)
# What may come out, in the order of the table, and how it is called where it does not.
YIELDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "counts": (
            "what is not sealed: counts by week, services, numbers of Telegram's deliveries of 48 "
            "hours, how many talks are open and when each ends; of referrals state, moments, both "
            "organisations, service and urgency; staff by pseudonym",
            "counts",
        ),
        "key names": ("names and ends of keys", "names of keys"),
        "known id": ("whether a Telegram id one knows has a row today", "whether an id has a row"),
        "open talks": ("the talks that are open, with paths and places", "open talks"),
        "chats": (
            "chat ids of open talks and of chats still to be cleared (48 hours at most)",
            "chat ids",
        ),
        "open referrals": (
            "of referrals that are open the answers in codes, without names and numbers",
            "answers of open referrals",
        ),
        "records of yes": (
            "records of her yes (2 years): to whom, for what, which kinds of items",
            "records of her yes",
        ),
        "sealed parts": ("what is sealed to a receiver", "what is sealed to a receiver"),
        "ended referrals": ("answers of referrals that ended", "answers of ended referrals"),
        "ended talks": ("talks that ended", "ended talks"),
        "typed words": ("words she typed", "words she typed"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What only the test knows: by it an opened value is recognised. All are parts of text."""

    open_talks: tuple[str, ...]
    ended_talks: tuple[str, ...]
    chats: tuple[str, ...]
    typed: tuple[str, ...]
    open_referrals: tuple[str, ...]
    ended_referrals: tuple[str, ...]
    records: tuple[str, ...]
    parts: tuple[str, ...]
    known: tuple[str, str]
    """Channel and id of a woman whose talk is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seized:
    """Everything there is to take, each as bytes."""

    things: Mapping[str, bytes] = field(repr=False)
    secrets: Secrets = field(repr=False)

    def yields_of(self, taken: Iterable[str]) -> frozenset[str]:
        """The names in YIELDS of all that these things open together."""
        things = {name: self.things[name] for name in taken}
        stolen = [things[name] for name in DATA if name in things]
        rows = {row for content in stolen for row in sealed_in(content)}
        found = set()
        if any(plain_rows_in(content) for content in stolen):
            found.add("counts")
        wrapped = keys_in(things.get("key store", b""))
        if wrapped:
            found.add("key names")
        keys = unwrapped(wrapped, _possible_roots(things))
        peppers = {key for name, key in keys if name.startswith("pepper/")}
        peppers |= {things["pepper"]} if "pepper" in things else set()
        people = {person_key(pepper, *self.secrets.known) for pepper in peppers}
        if people & {row.person for row in rows}:
            found.add("known id")
        loose = [things[name] for name in ("root key", "pepper", "bot token") if name in things]
        for opened in open_all(rows, {*(key for _, key in keys), *map(_as_key, loose)}):
            found |= self._told_by(opened)
        return frozenset(found)

    def _told_by(self, opened: bytes) -> set[str]:
        secrets, text = self.secrets, opened.decode("utf-8", "replace")
        signs = {
            "open talks": secrets.open_talks,
            "ended talks": secrets.ended_talks,
            "chats": secrets.chats,
            "typed words": secrets.typed,
            "open referrals": secrets.open_referrals,
            "ended referrals": secrets.ended_referrals,
            "records of yes": secrets.records,
            "sealed parts": secrets.parts,
        }
        return {name for name, parts in signs.items() if any(part in text for part in parts)}


def open_all(rows: Iterable[Carved], keys: Iterable[bytes]) -> list[bytes]:
    """Every value that any of these keys opens, whatever key its row names."""
    keys, opened = tuple(keys), []
    for row in rows:
        for key, place in itertools.product(keys, row.places):
            try:
                opened.append(open_sealed(key, row.sealed, place))
            except SealBroken:
                continue
    return opened


def _possible_roots(things: Mapping[str, bytes]) -> tuple[bytes, ...]:
    """The root key; an attacker without it tries what else she has."""
    return tuple(_as_key(things[n]) for n in ("root key", "pepper", "bot token") if n in things)


def _as_key(secret: bytes) -> bytes:
    return secret[:32].ljust(32, b"\0")


def unwrapped(
    wrapped: Iterable[tuple[str, bytes]], roots: Sequence[bytes]
) -> set[tuple[str, bytes]]:
    """Name and key of all that one of these root keys opens."""
    found = set()
    for (name, sealed), root in itertools.product(wrapped, roots):
        try:
            found.add((name, open_sealed(root, sealed, f"keys/{name}")))
        except SealBroken:
            continue
    return found


def every_set() -> tuple[frozenset[str], ...]:
    """Each subset of the seven things, the empty one too: 128."""
    return tuple(
        frozenset(some)
        for number in range(len(NAMES) + 1)
        for some in itertools.combinations(NAMES, number)
    )


def attacked(seized: Seized) -> dict[frozenset[str], frozenset[str]]:
    """What each set of things yields."""
    return {taken: seized.yields_of(taken) for taken in every_set()}


def table(results: Mapping[frozenset[str], frozenset[str]]) -> str:
    """The result as Markdown: one line for each different yield, the least that must be taken."""
    lines = ["| Taken, at least | Yields | Does not yield |", "|---|---|---|"]
    for yielded in sorted(set(results.values()), key=lambda found: (len(found), sorted(found))):
        sets = [taken for taken, found in results.items() if found == yielded]
        told = [text for name, (text, _) in YIELDS.items() if name in yielded]
        lacking = [short for name, (_, short) in YIELDS.items() if name not in yielded]
        taken = _said(_least(sets)) if told else f"{_all_of(sets)}, alone or together"
        yields = "; ".join(told) or "nothing that is stored"
        lines.append(f"| {taken} | {yields} | {', '.join(lacking)} |")
    return "\n".join(lines)


def _all_of(sets: list[frozenset[str]]) -> str:
    return _listed([NAMES[name] for name in NAMES if any(name in one for one in sets)], "and")


def _least(sets: list[frozenset[str]]) -> list[frozenset[str]]:
    return [one for one in sets if not any(other < one for other in sets)]


def _said(sets: list[frozenset[str]]) -> str:
    """`main database, its write-ahead log or a backup, with key store and root key`."""
    ways: dict[frozenset[str], list[str]] = {}
    for one in sets:
        for kind in sorted(one.intersection(DATA), key=DATA.index) or [""]:
            ways.setdefault(one.difference(DATA), []).append(kind)
    said = []
    for rest, kinds in ways.items():
        keys = _listed([NAMES[name] for name in NAMES if name in rest], "and")
        data = _listed([NAMES[name] for name in kinds if name], "or")
        said.append(", with ".join(part for part in (data, keys) if part))
    return "; or ".join(said)


def _listed(words: Sequence[str], last: str) -> str:
    return f" {last} ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def written(document: str, rows: str) -> str:
    """The document with this table between its two markers."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{rows}\n{END}{after}"


def main() -> None:
    """Print the table, or put it into SECURITY.md."""
    from tests.safety.seizure_scene import on_sqlite

    with TemporaryDirectory() as folder:
        rows = table(attacked(asyncio.run(on_sqlite(Path(folder)))))
    if "--write" in sys.argv:
        DOCUMENT.write_text(written(DOCUMENT.read_text("utf-8"), rows), "utf-8")
    else:
        sys.stdout.write(rows + "\n")


if __name__ == "__main__":
    main()
