"""The key store: keys that are destroyed, not deleted, apart from all the data they open."""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from privacy.pseudonym import DAY, epoch
from privacy.vault import SealBroken, new_key, open_sealed, seal

Reread = Callable[[], Iterable[bytes]]
Rewrap = Callable[[str, bytes], bytes]

_PROOF = "root"  # what is sealed at this place is empty: it opens with the right root key alone
_TRIES = 5  # the root key changes once a month, so even the second try is rare


class RootKeyWrong(Exception):
    """The key store was written with another root key; give back the right ROOT_KEY_FILE."""


class RootKeyChanged(Exception):
    """Another process has put all keys under a new root key since we looked."""


class KeyRows(Protocol):
    """Where wrapped keys lie: a database of its own, never in a backup (safety.md 4.0).

    A `proof` is a value that the root key in use has sealed; it is another one after each change
    of the root key.
    """

    async def get(self, name: str) -> bytes | None:
        """The wrapped key, or None."""

    async def get_many(self, names: Sequence[str]) -> Mapping[str, bytes]:
        """The wrapped keys of these names that there are."""

    async def put_if_absent(
        self, name: str, wrapped: bytes, expires_at: float, proof: bytes
    ) -> bytes:
        """Keep it unless the name is taken; return what is kept now. Raises RootKeyChanged."""

    async def claim(self, proof: bytes) -> bytes:
        """Keep this proof where there is none; return the one that is kept."""

    async def rewrap(self, rewrap: Rewrap, proof: bytes, new_proof: bytes) -> int:
        """Replace every wrapped key, all or none; how many. Raises RootKeyChanged."""

    async def delete(self, names: tuple[str, ...]) -> None:
        """Remove them and overwrite their place."""

    async def delete_expired(self, now: float) -> None:
        """Remove every key whose time is over, and remember how late it is."""

    async def latest(self) -> float:
        """The latest moment that was ever seen, which is that of the last sweep."""


class KeyStore:
    """Keys by name, wrapped under the root key. Peppers are kept in memory for their day.

    Any number of processes may share its rows, also while one of them changes the root key.
    """

    def __init__(self, rows: KeyRows, root: bytes, reread: Reread = tuple) -> None:
        """Hold the rows and the root key; `reread` gives what the root key may be by now."""
        self._rows = rows
        self._root = root
        self._reread = reread
        self._proof: bytes | None = None
        self._peppers: dict[int, bytes] = {}

    async def check(self) -> None:
        """Raises RootKeyWrong when these keys lie under a root key that is not ours."""
        proof = await self._rows.claim(seal(self._root, b"", _PROOF))
        for root in (self._root, *self._reread()):
            if _opens(root, proof):
                self._root, self._proof = root, proof
                return
        raise RootKeyWrong

    async def change_root(self, new_root: bytes) -> int:
        """Put every key under this root key, all or none; how many, 0 when they are already.

        Other processes go on: they read the root key again when theirs no longer fits.
        """
        await self.check()
        old_root, proof = self._root, self._proof or b""
        if old_root == new_root:
            return 0

        def rewrap(name: str, wrapped: bytes) -> bytes:
            return seal(new_root, _unwrap(old_root, name, wrapped), _place(name))

        changed = await self._rows.rewrap(rewrap, proof, seal(new_root, b"", _PROOF))
        self._root, self._proof = new_root, None
        return changed

    async def peppers(self, now: float) -> tuple[bytes, bytes]:
        """Today's pepper and yesterday's: whoever began before midnight is still found."""
        today = epoch(now)
        known = self._peppers
        if len(known) == 2 and today in known and today - 1 in known:
            return known[today], known[today - 1]
        self._peppers = {e: p for e, p in self._peppers.items() if today - 1 <= e <= today}
        return await self._pepper(today), await self._pepper(today - 1)

    async def make(self, name: str, expires_at: float) -> bytes:
        """The key of this name, made now where there is none. Safe from several processes."""
        for _ in range(_TRIES):
            if self._proof is None:
                await self.check()
            root, proof, key = self._root, self._proof or b"", new_key()
            wrapped = seal(root, key, _place(name))
            try:
                kept = await self._rows.put_if_absent(name, wrapped, expires_at, proof)
                return key if kept == wrapped else _unwrap(root, name, kept)
            except (RootKeyChanged, RootKeyWrong):
                await self.check()
        raise RootKeyWrong

    async def new(self, expires_at: float) -> tuple[str, bytes]:
        """A fresh key under a random name, which says nothing of what it opens."""
        name = secrets.token_hex(16)
        return name, await self.make(name, expires_at)

    async def get(self, name: str) -> bytes | None:
        """The key, or None once it was destroyed."""
        for _ in range(_TRIES):
            root, wrapped = self._root, await self._rows.get(name)
            if wrapped is None:
                return None
            try:
                return _unwrap(root, name, wrapped)
            except RootKeyWrong:  # or only changed meanwhile
                await self.check()
        raise RootKeyWrong

    async def get_many(self, names: Sequence[str]) -> Mapping[str, bytes]:
        """Those of these names that were not destroyed, asked for at once."""
        for _ in range(_TRIES):
            root, found = self._root, await self._rows.get_many(names)
            try:
                return {name: _unwrap(root, name, wrapped) for name, wrapped in found.items()}
            except RootKeyWrong:  # or only changed meanwhile
                await self.check()
        raise RootKeyWrong

    async def destroy(self, *names: str) -> None:
        """What these keys sealed can never be opened again, in no copy and no backup."""
        if names:
            await self._rows.delete(names)

    async def destroy_expired(self, now: float) -> None:
        """Destroy every key whose time is over, old peppers among them."""
        self._peppers = {e: p for e, p in self._peppers.items() if e >= epoch(now) - 1}
        await self._rows.delete_expired(now)

    async def swept_at(self) -> float:
        """When keys whose time was over were last destroyed, by any process (Unix seconds)."""
        return await self._rows.latest()

    async def _pepper(self, day: int) -> bytes:
        if day not in self._peppers:
            self._peppers[day] = await self.make(f"pepper/{day}", (day + 2) * DAY)
        return self._peppers[day]


def _place(name: str) -> str:
    return f"keys/{name}"


def _opens(root: bytes, proof: bytes) -> bool:
    try:
        open_sealed(root, proof, _PROOF)
    except SealBroken:
        return False
    return True


def _unwrap(root: bytes, name: str, wrapped: bytes) -> bytes:
    try:
        return open_sealed(root, wrapped, _place(name))
    except SealBroken:
        raise RootKeyWrong from None
