"""The key store's own database: wrapped keys, overwritten when deleted, no write-ahead log."""

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from storage.rows import key_metadata, keys
from storage.store import make_engine


class KeyTable:
    """Implements privacy.keystore.KeyRows over a database apart from the main one."""

    def __init__(self, url: str) -> None:
        """Prepare the engine. SQLite keeps a rollback journal: a WAL would keep deleted keys."""
        self.engine = make_engine(url, journal="DELETE")

    async def create(self) -> None:
        """Make the table where it is missing."""
        async with self.engine.begin() as connection:
            await connection.run_sync(key_metadata.create_all)

    async def get(self, name: str) -> bytes | None:
        """The wrapped key, or None."""
        async with self.engine.connect() as connection:
            found = await connection.execute(select(keys.c.wrapped).where(keys.c.name == name))
            return found.scalar_one_or_none()

    async def put_if_absent(self, name: str, wrapped: bytes, expires_at: float) -> bytes:
        """Keep it unless the name is taken; return what is kept now."""
        kept = await self.get(name)
        if kept is not None:
            return kept
        row = {"name": name, "wrapped": wrapped, "expires_at": expires_at}
        try:
            async with self.engine.begin() as connection:
                await connection.execute(insert(keys).values(row))
        except IntegrityError:  # another process made it in between
            return await self.get(name) or wrapped
        return wrapped

    async def delete(self, names: tuple[str, ...]) -> None:
        """Remove keys; SQLite overwrites their place (secure_delete)."""
        async with self.engine.begin() as connection:
            await connection.execute(delete(keys).where(keys.c.name.in_(names)))

    async def delete_expired(self, now: float) -> None:
        """Remove every key whose time is over."""
        async with self.engine.begin() as connection:
            await connection.execute(delete(keys).where(keys.c.expires_at < now))

    async def close(self) -> None:
        """Give back all connections."""
        await self.engine.dispose()
