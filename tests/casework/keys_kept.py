"""The key store's rows in memory, for thousands of rounds: each call there is one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from privacy.keystore import Rewrap, RootKeyChanged
from storage.keys import KeyTable
from storage.rows import key_state, keys


@dataclass
class KeysInMemory:
    """Implements KeyRows. All processes share it, as they share the key store's own database.

    Nothing here can be killed half-way, and neither can it there: what is done is one statement.
    """

    proof: bytes
    kept: dict[str, tuple[bytes, float]] = field(default_factory=dict)

    @classmethod
    async def of(cls, rows: KeyTable) -> "KeysInMemory":
        """With the same keys."""
        async with rows.engine.connect() as turn:
            found = await turn.execute(select(keys.c.name, keys.c.wrapped, keys.c.expires_at))
            kept = {name: (wrapped, ends) for name, wrapped, ends in found}
            return cls((await turn.execute(select(key_state.c.proof))).scalar_one(), kept)

    async def get(self, name: str) -> bytes | None:
        return self.kept[name][0] if name in self.kept else None

    async def latest(self) -> float:
        return 0.0

    async def get_many(self, names: Sequence[str]) -> Mapping[str, bytes]:
        return {name: self.kept[name][0] for name in names if name in self.kept}

    async def put_if_absent(
        self, name: str, wrapped: bytes, expires_at: float, proof: bytes
    ) -> bytes:
        if proof != self.proof:
            raise RootKeyChanged
        return self.kept.setdefault(name, (wrapped, expires_at))[0]

    async def claim(self, proof: bytes) -> bytes:
        return self.proof

    async def rewrap(self, rewrap: Rewrap, proof: bytes, new_proof: bytes) -> int:
        raise NotImplementedError

    async def delete(self, names: tuple[str, ...]) -> None:
        for name in names:
            self.kept.pop(name, None)

    async def delete_expired(self, now: float) -> None:
        self.kept = {name: (key, ends) for name, (key, ends) in self.kept.items() if ends >= now}
