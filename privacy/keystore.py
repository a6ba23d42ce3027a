"""The key store: keys that are destroyed, not deleted, apart from all the data they open."""

import secrets
from typing import Protocol

from privacy.pseudonym import DAY, epoch
from privacy.vault import SealBroken, new_key, open_sealed, seal


class KeyRows(Protocol):
    """Where wrapped keys lie: a database of its own, never in a backup (safety.md 4.0)."""

    async def get(self, name: str) -> bytes | None:
        """The wrapped key, or None."""

    async def put_if_absent(self, name: str, wrapped: bytes, expires_at: float) -> bytes:
        """Keep it unless the name is taken; return what is kept now."""

    async def delete(self, names: tuple[str, ...]) -> None:
        """Remove them and overwrite their place."""

    async def delete_expired(self, now: float) -> None:
        """Remove every key whose time is over."""


class RootKeyWrong(Exception):
    """The key store was written with another root key; give back the right ROOT_KEY_FILE."""


class KeyStore:
    """Keys by name, wrapped under the root key. Peppers are kept in memory for their day."""

    def __init__(self, rows: KeyRows, root: bytes) -> None:
        """Hold the rows and the root key."""
        self._rows = rows
        self._root = root
        self._peppers: dict[int, bytes] = {}

    async def peppers(self, now: float) -> tuple[bytes, bytes]:
        """Today's pepper and yesterday's: whoever began before midnight is still found."""
        today = epoch(now)
        self._peppers = {e: p for e, p in self._peppers.items() if e >= today - 1}
        return await self._pepper(today), await self._pepper(today - 1)

    async def make(self, name: str, expires_at: float) -> bytes:
        """The key of this name, made now where there is none. Safe from several processes."""
        wrapped = seal(self._root, new_key(), f"keys/{name}")
        return self._unwrap(name, await self._rows.put_if_absent(name, wrapped, expires_at))

    async def new(self, expires_at: float) -> tuple[str, bytes]:
        """A fresh key under a random name, which says nothing of what it opens."""
        name = secrets.token_hex(16)
        return name, await self.make(name, expires_at)

    async def get(self, name: str) -> bytes | None:
        """The key, or None once it was destroyed."""
        wrapped = await self._rows.get(name)
        return None if wrapped is None else self._unwrap(name, wrapped)

    async def destroy(self, *names: str) -> None:
        """What these keys sealed can never be opened again, in no copy and no backup."""
        await self._rows.delete(names)

    async def destroy_expired(self, now: float) -> None:
        """Destroy every key whose time is over, old peppers among them."""
        await self._rows.delete_expired(now)

    async def _pepper(self, day: int) -> bytes:
        if day not in self._peppers:
            self._peppers[day] = await self.make(f"pepper/{day}", (day + 2) * DAY)
        return self._peppers[day]

    def _unwrap(self, name: str, wrapped: bytes) -> bytes:
        try:
            return open_sealed(self._root, wrapped, f"keys/{name}")
        except SealBroken:
            raise RootKeyWrong from None
