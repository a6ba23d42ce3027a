"""A real PostgreSQL that refuses a database of it to everybody, as when it is down, and back."""

import asyncio
from collections.abc import Callable

import sqlalchemy
from sqlalchemy import text

Does = Callable[[bool], None]


def door_of(url: str, server: str) -> Does:
    """Called with False it throws everybody out of the database of `url` and lets nobody in;
    `server` is another database of that PostgreSQL."""
    name = url.partition("?")[0].rpartition("/")[2]

    def does(lets_in: bool) -> None:
        engine = sqlalchemy.create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {lets_in}"))
            if not lets_in:
                ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :n"
                connection.execute(text(ends), {"n": name})
        engine.dispose()

    return does


async def until(met: Callable[[], bool], most: float = 10) -> None:
    """Wait until it holds; TimeoutError where it does not in so many seconds."""
    async with asyncio.timeout(most):
        while not met():  # noqa: ASYNC110 - another task makes it true
            await asyncio.sleep(0.01)
