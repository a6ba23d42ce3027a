"""The key store's own database: wrapped keys, overwritten when deleted, no write-ahead log."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import orjson
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from privacy.keystore import Rewrap, RootKeyChanged
from privacy.retention import DAY, KEEP
from storage.rows import key_metadata, key_state, keys
from storage.store import make_engine
from storage.wire import Wire

_ONE = 1  # the only row of key_state
_MAKING, _ROOT = 7272427, 7272428  # names of advisory locks on PostgreSQL
_SOME_SQLITE = "SELECT name, wrapped FROM keys WHERE name IN (SELECT value FROM json_each(?))"
_SOME_POSTGRESQL = "SELECT name, wrapped FROM keys WHERE name = ANY(%s)"
_LONGEST = float(KEEP.traces)  # seconds: no key of a talk is promised a longer life


_NO_LIVES: Mapping[str, float] = MappingProxyType({})
# Marks that are no row's: of the signed list of keys (handlers/key_list.py), which goes 90 days
# after its own 90, and of links for partners without an account (handlers/guest_links.py).
_MARKS: Mapping[str, float] = MappingProxyType(
    {"sealing/directory/": 180.0 * DAY, "guest/": float(KEEP.referral)}
)


class KeyTable:
    """Implements privacy.keystore.KeyRows over a database apart from the main one."""

    def __init__(self, url: str) -> None:
        """Prepare the engine. SQLite keeps a rollback journal: a WAL would keep deleted keys."""
        self.engine = make_engine(url, journal="DELETE")
        self.wire = Wire(self.engine)

    async def create(self) -> None:
        """Make the tables where they are missing. Several processes may start at once."""
        async with self.engine.begin() as connection:
            await _lock(connection, _MAKING)
            await connection.run_sync(key_metadata.create_all)

    async def get(self, name: str) -> bytes | None:
        """The wrapped key, or None."""
        return (await self.get_many((name,))).get(name)

    async def get_many(self, names: Sequence[str]) -> Mapping[str, bytes]:
        """The wrapped keys of these names that there are."""
        if self.wire.is_sqlite:
            return dict(await self.wire.ask(_SOME_SQLITE, (orjson.dumps(names).decode(),)))
        return dict(await self.wire.ask(_SOME_POSTGRESQL, (list(names),)))

    async def put_if_absent(
        self, name: str, wrapped: bytes, expires_at: float, proof: bytes
    ) -> bytes:
        """Keep it unless the name is taken; return what is kept now. Raises RootKeyChanged."""
        row = {"name": name, "wrapped": wrapped, "expires_at": expires_at}
        while True:
            async with self.engine.begin() as connection:
                await _lock(connection, _ROOT, shared=True)
                await _refuse_change(connection, proof)
                ours = _insert_if_absent(connection).values(row).returning(keys.c.name)
                if (await connection.execute(ours)).first():
                    return wrapped
            if (kept := await self.get(name)) is not None:  # None when it was destroyed at once
                return kept

    async def claim(self, proof: bytes) -> bytes:
        """Keep this proof where there is none; return the one that is kept."""
        kept = select(key_state.c.proof)
        async with self.engine.begin() as connection:
            await _lock(connection, _ROOT)
            found = (await connection.execute(kept)).scalar_one_or_none()
            if found is None:
                state = {"id": _ONE, "proof": proof, "latest": 0.0}
                await connection.execute(insert(key_state).values(state))
            return found or proof

    async def rewrap(self, rewrap: Rewrap, proof: bytes, new_proof: bytes) -> int:
        """Replace every wrapped key, all or none; how many. Raises RootKeyChanged."""
        async with self.engine.begin() as connection:
            await _lock(connection, _ROOT)
            await _refuse_change(connection, proof)
            found = (await connection.execute(select(keys.c.name, keys.c.wrapped))).all()
            for name, wrapped in found:
                new = {"wrapped": rewrap(name, wrapped)}
                await connection.execute(update(keys).where(keys.c.name == name).values(new))
            await connection.execute(update(key_state).values(proof=new_proof))
        return len(found)

    async def write_afresh(self) -> None:
        """Write the whole store to new places, so that nothing of older ones stays in the file."""
        async with self.engine.connect() as connection:
            if self.engine.dialect.name == "sqlite":
                driver = (await connection.get_raw_connection()).driver_connection
                if driver is not None:
                    await (await driver.execute("VACUUM")).close()  # outside of a turn
            else:
                alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
                await alone.execute(text("VACUUM FULL keys, key_state"))

    async def delete(self, names: tuple[str, ...]) -> None:
        """Remove keys; SQLite overwrites their place (secure_delete)."""
        async with self.engine.begin() as connection:
            await connection.execute(delete(keys).where(keys.c.name.in_(names)))

    async def delete_expired(self, now: float) -> None:
        """Remove every key whose time is over, and remember how late it is."""
        async with self.engine.begin() as connection:
            await connection.execute(delete(keys).where(keys.c.expires_at < now))
            later = update(key_state).where(key_state.c.latest < now)
            await connection.execute(later.values(latest=now))

    async def latest(self) -> float:
        """The latest moment that was ever seen (Unix seconds): time never goes back behind it."""
        async with self.engine.connect() as connection:
            found = await connection.execute(select(key_state.c.latest))
            return found.scalar_one_or_none() or 0.0

    async def has_served(self) -> bool:
        """Whether a Saphan ever worked with it: it was swept, or holds a key."""
        async with self.engine.connect() as connection:
            held = await connection.execute(select(keys.c.name).limit(1))
            if held.first() is not None:
                return True
        return await self.latest() > 0

    async def set_back(self, now: float, lives: Mapping[str, float] = _NO_LIVES) -> int:
        """Believe the clock again after it ran ahead; how many keys are destroyed for it.

        Those promised a longer life than `now` allows were dated by the wrong clock, and would
        live until it is reached. `lives` are keys of referrals and the like, which may rightly be
        promised more (seconds): none is destroyed, and none lives longer than that from now.
        """
        async with self.engine.begin() as connection:
            latest = (await connection.execute(select(key_state.c.latest))).scalar_one_or_none()
            late = keys.c.expires_at >= now + _LONGEST
            found = await connection.execute(select(keys.c.name, keys.c.expires_at).where(late))
            gone = []
            for name, ends in found.all():
                longest = lives.get(name, _named(name))
                if longest is None and ends <= (latest or now) + _LONGEST:
                    await connection.execute(delete(keys).where(keys.c.name == name))
                    gone.append(name)
                elif longest is not None and ends > now + longest:
                    shorter = update(keys).where(keys.c.name == name)
                    await connection.execute(shorter.values(expires_at=now + longest))
            await connection.execute(update(key_state).values(latest=now))
        return len(gone)

    async def overdue(self, now: float) -> int:
        """How many keys should have been destroyed before `now`."""
        async with self.engine.connect() as connection:
            found = await connection.execute(select(keys.c.name).where(keys.c.expires_at < now))
            return len(found.all())

    async def close(self) -> None:
        """Give back all connections."""
        await self.wire.close()
        await self.engine.dispose()


def _named(name: str) -> float | None:
    return next((life for mark, life in _MARKS.items() if name.startswith(mark)), None)


def _insert_if_absent(
    connection: AsyncConnection,
) -> "postgresql.dml.Insert | sqlite.dml.Insert":
    """A name that is taken changes nothing and, unlike an error, keeps the turn whole."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(keys).on_conflict_do_nothing()
    return sqlite.insert(keys).on_conflict_do_nothing()


async def _refuse_change(connection: AsyncConnection, proof: bytes) -> None:
    kept = (await connection.execute(select(key_state.c.proof))).scalar_one_or_none()
    if kept != proof:
        raise RootKeyChanged


async def _lock(connection: AsyncConnection, number: int, *, shared: bool = False) -> None:
    """Until the end of this turn; on SQLite every turn writes alone anyway."""
    if connection.dialect.name == "postgresql":
        kind = "_shared" if shared else ""
        await connection.execute(
            text(f"SELECT pg_advisory_xact_lock{kind}(:number)"), {"number": number}
        )
