"""Whoever has some of the things there are to steal, and our code: what opens?"""

import itertools
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from privacy.hpke import open_with
from privacy.sealing import Part, decoded, load, open_part, unit_info, wrap_info
from privacy.vault import SealBroken, open_sealed
from storage.unit_keys import Wrapped

_MOST = 20  # shares beside the one a row names


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Rows at a moment: referral, parts and its share's name; a unit's number, holder and wrap."""

    parts: frozenset[tuple[str, bytes, str]] = frozenset()
    wraps: frozenset[tuple[str, int, str, str]] = frozenset()

    def with_(self, other: "Copy") -> "Copy":
        return Copy(parts=self.parts | other.parts, wraps=self.wraps | other.wraps)


def copied(database: Path, to: Path, *, log: bool) -> Copy:
    """Read a copy of the files, with its write-ahead log or without it."""
    taken = to / f"{len(list(to.iterdir()))}.db"
    taken.write_bytes(database.read_bytes())
    wal = database.with_name(f"{database.name}-wal")
    if log and wal.exists():
        taken.with_name(f"{taken.name}-wal").write_bytes(wal.read_bytes())
    with sqlite3.connect(taken) as connection:
        try:
            rows = connection.execute("SELECT id, parts, share FROM referrals").fetchall()
            units = connection.execute("SELECT organisation, number, document FROM unit_keys")
            wraps = frozenset(_wraps(units.fetchall()))
        except sqlite3.OperationalError:  # nothing has left the log yet, not even the tables
            return Copy()
    connection.close()
    return Copy(
        parts=frozenset((one, kept, share) for one, kept, share in rows if kept), wraps=wraps
    )


def _wraps(units: list[tuple[str, int, str]]) -> Iterable[tuple[str, int, str, str]]:
    for organisation, number, document in units:
        for holder, one in json.loads(document)["holders"].items():
            yield organisation, number, holder, Wrapped(**one).wrap


@dataclass(frozen=True, slots=True, kw_only=True)
class Thief:
    """`shares` are all keys of the key store; `keys` any private keys, of units or devices."""

    rows: Copy
    shares: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    keys: frozenset[bytes] = field(default=frozenset(), repr=False)

    def opens(self) -> frozenset[str]:
        """The referrals of which any part opens with anything there is, tried on everything."""
        units = self.keys | frozenset(self._unwrapped())
        found = set()
        for referral, parts, name in self.rows.parts:
            shares = self._shares(name)
            if any(_opened(referral, part, units, shares) for part in _load(parts)):
                found.add(referral)
        return frozenset(found)

    def _unwrapped(self) -> Iterable[bytes]:
        """What devices and sheets open: the private keys of units."""
        for organisation, number, holder, wrap in self.rows.wraps:
            for key in self.keys:
                opened = _open(key, decoded(wrap), unit_info(organisation, number, holder))
                if opened is not None:
                    yield opened

    def _shares(self, name: str) -> tuple[bytes, ...]:
        """The one that the row names, then others: all of them, where they are not too many."""
        others = itertools.islice(self.shares.values(), _MOST)
        return (*([self.shares[name]] if name in self.shares else []), *others)


def _opened(referral: str, part: Part, units: frozenset[bytes], shares: tuple[bytes, ...]) -> bool:
    for holder, unit in itertools.product(part.wraps, units):
        info = wrap_info(referral, part.frame, holder)
        if _open(unit, part.wraps[holder], info) is None:
            continue
        # The share of the organisation fits: now those of the server.
        for share in shares:
            try:
                open_part(referral, part, share, holder, unit)
            except SealBroken:
                continue
            return True
    # A share might do alone, were the seal a weak one.
    return any(_as_key(share, referral, part) for share in shares[:4])


@lru_cache(maxsize=200_000)
def _open(key: bytes, sealed: bytes, info: str) -> bytes | None:
    try:
        return open_with(key, sealed, info)
    except SealBroken:
        return None


@lru_cache(maxsize=20_000)
def _load(parts: bytes) -> tuple[Part, ...]:
    return load(parts)


def _as_key(share: bytes, referral: str, part: Part) -> bool:
    try:
        open_sealed(share, b"\x01" + part.nonce + part.blob, referral)
    except SealBroken:
        return False
    return True


def keys_of_store(store: Path, root: bytes) -> dict[str, bytes]:
    """Every key in the key store's file by name, as the root key opens it."""
    with sqlite3.connect(store) as connection:
        rows = connection.execute("SELECT name, wrapped FROM keys").fetchall()
    connection.close()
    return {name: open_sealed(root, wrapped, f"keys/{name}") for name, wrapped in rows}
