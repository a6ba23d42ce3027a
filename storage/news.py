"""What one process tells the others at once: that something changed, and never what or whose.

PostgreSQL carries it (LISTEN, NOTIFY). SQLite serves one process, so there is nobody to tell.
"""

from collections.abc import AsyncIterator
from contextlib import aclosing
from enum import StrEnum

from psycopg import AsyncConnection as Listening
from psycopg import Error
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.store import Store, patience


class News(StrEnum):
    """The subjects; each is a channel of PostgreSQL, and what is told has no content."""

    EDITIONS = "saphan_editions"
    DOORS = "saphan_doors"
    DIRECTORY = "saphan_directory"
    MAIL = "saphan_mail"


_TELL_NOW = "SELECT set_config('synchronous_commit', 'off', true), pg_notify(%s, '')"


class Deaf(Exception):
    """The connection that listens could not be made, or broke; looking goes on without it."""


async def tell(turn: AsyncConnection, news: News) -> None:
    """With the commit of this turn, and only with it, every process hears this."""
    if turn.dialect.name == "postgresql":
        await turn.execute(text(f"NOTIFY {news.value}"))


async def tell_now(store: Store, news: News) -> None:
    """By itself, for what is committed already. Nothing is lost if it gets lost.

    NOTIFY holds a lock of the whole server until its commit is on the disk. Letters are posted
    hundreds of times a second, so word of them goes once for many, and waits for no disk.
    Raises storage.wire.Trouble.
    """
    if not store.wire.is_sqlite:
        await store.wire.ask(_TELL_NOW, (news.value,))


async def heard(store: Store) -> AsyncIterator[News]:
    """Everything that is told from now on, by a connection of its own. Raises Deaf.

    On SQLite it ends at once.
    """
    if store.engine.dialect.name != "postgresql":
        return
    try:
        async with await _listening(store) as connection:
            for news in News:
                await connection.execute(f"LISTEN {news.value}".encode())
            async with aclosing(connection.notifies()) as notes:
                async for note in notes:
                    yield News(note.channel)
    except (Error, OSError) as trouble:
        raise Deaf(type(trouble).__name__) from None


async def _listening(store: Store) -> Listening:
    positional, named = store.engine.dialect.create_connect_args(store.engine.url)
    named.update(patience(store.engine.url))
    return await Listening.connect(*positional, autocommit=True, **named)
