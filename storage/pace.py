"""How fast each door may send, shared by all processes over PostgreSQL; nothing about a person."""

from dataclasses import dataclass

from sqlalchemy import text

from storage.store import Store

# By the database's own clock: those of several machines differ.
_NEW = text(
    "INSERT INTO pace (door, free_at, shut_until) VALUES (:door, 0, 0) ON CONFLICT DO NOTHING"
)
_TAKE = text(
    "UPDATE pace SET free_at = :length"
    " + greatest(free_at, shut_until, extract(epoch FROM clock_timestamp()))"
    " WHERE door = :door RETURNING"
    " free_at - :length - extract(epoch FROM clock_timestamp()),"
    " shut_until - extract(epoch FROM clock_timestamp())"
)
_SHUT = text(
    "UPDATE pace SET shut_until = greatest(shut_until,"
    " extract(epoch FROM clock_timestamp()) + :seconds) WHERE door = :door"
)


@dataclass(frozen=True, slots=True)
class Share:
    """One process's side of it."""

    store: Store

    @property
    def shared(self) -> bool:
        """Whether other processes may send as well: over SQLite there is one."""
        return self.store.engine.dialect.name == "postgresql"

    async def take(self, door: str, length: float) -> tuple[float, float]:
        """Take the next `length` seconds of a door: in how many seconds they begin, and how long
        the platform wants no call at all (0 or less: it does not)."""
        async with self.store.turn() as turn:
            found = (await turn.execute(_TAKE, {"door": door, "length": length})).first()
            if found is None:
                await turn.execute(_NEW, {"door": door})
                found = (await turn.execute(_TAKE, {"door": door, "length": length})).one()
        return float(found[0]), float(found[1])

    async def shut(self, door: str, seconds: float) -> None:
        """The platform wants no call at this door for so long, from no process."""
        async with self.store.turn() as turn:
            await turn.execute(_NEW, {"door": door})
            await turn.execute(_SHUT, {"door": door, "seconds": seconds})
