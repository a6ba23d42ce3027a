"""Brings a database to the present tables, forward only and in one transaction."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

FOLDER = Path(__file__).parent / "migrations"


async def migrate(engine: AsyncEngine, revision: str = "head") -> None:
    """Upgrade to a revision. Several processes may start at once: the second finds it done."""
    async with engine.begin() as connection:
        await connection.run_sync(_upgrade, revision)


def config(connection: Connection) -> Config:
    """Alembic's configuration for an open connection."""
    alembic = Config()
    alembic.set_main_option("script_location", str(FOLDER))
    alembic.attributes["connection"] = connection
    return alembic


def _upgrade(connection: Connection, revision: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7272426)")
    command.upgrade(config(connection), revision)
