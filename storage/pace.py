"""How fast each door may send, shared by all processes over PostgreSQL; nothing about a person."""

from dataclasses import dataclass

from sqlalchemy import text

from storage.store import Store

MOST_AHEAD = 5.0  # seconds for which calls are given out in advance; usually one, or less
LONGEST_PAUSE = 3_600.0  # seconds; our choice, no screen waits longer than that anyway

# By the database's own clock: those of several machines differ. It may be set back itself: what
# was written while it was ahead must not hold up everybody until then.
_NEW = text(
    "INSERT INTO pace (door, free_at, shut_until) VALUES (:door, 0, 0) ON CONFLICT DO NOTHING"
)
_TAKE = text(
    "UPDATE pace SET"
    " shut_until = least(shut_until, extract(epoch FROM clock_timestamp()) + :longest),"
    " free_at = :length + least("
    "  greatest(free_at, least(shut_until, extract(epoch FROM clock_timestamp()) + :longest),"
    "   extract(epoch FROM clock_timestamp())),"
    # Counted from the end of a pause, behind which each has a time of its own.
    "  :ahead + greatest(least(shut_until, extract(epoch FROM clock_timestamp()) + :longest),"
    "   extract(epoch FROM clock_timestamp())))"
    " WHERE door = :door RETURNING"
    " free_at - :length - extract(epoch FROM clock_timestamp()),"
    " shut_until - extract(epoch FROM clock_timestamp())"
)
_PAUSE = text(
    "SELECT least(shut_until - extract(epoch FROM clock_timestamp()), :longest)"
    " FROM pace WHERE door = :door"
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
        wanted = {"door": door, "length": length, "ahead": MOST_AHEAD, "longest": LONGEST_PAUSE}
        async with self.store.turn() as turn:
            found = (await turn.execute(_TAKE, wanted)).first()
            if found is None:
                await turn.execute(_NEW, {"door": door})
                found = (await turn.execute(_TAKE, wanted)).one()
        return float(found[0]), float(found[1])

    async def pause(self, door: str) -> float:
        """For how long the platform wants no call (0 or less: it does not); nothing is taken."""
        async with self.store.turn() as turn:
            asked = {"door": door, "longest": LONGEST_PAUSE}
            return float((await turn.execute(_PAUSE, asked)).scalar_one_or_none() or 0.0)

    async def shut(self, door: str, seconds: float) -> None:
        """The platform wants no call at this door for so long, from no process."""
        async with self.store.turn() as turn:
            await turn.execute(_NEW, {"door": door})
            await turn.execute(_SHUT, {"door": door, "seconds": seconds})
