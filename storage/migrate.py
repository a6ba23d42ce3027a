"""Brings a database to the tables of a version, in one transaction, while others go on.

Forward at each start. Back only by a command, and only where nothing that was kept is lost.
"""

import asyncio
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect, select, table, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.store import make_engine

FOLDER = Path(__file__).parent / "migrations"

# A table that is changed must wait for whoever reads it, and whoever comes later waits for both.
# So nobody waits long: we give up, let them all pass, and try again.
_PATIENCE = 2_000  # milliseconds
_PAUSES = (0.1, 0.3, 1.0, 2.0, 3.0, 5.0, 5.0, 5.0, 5.0, 5.0)  # seconds
_GIVEN_UP = "55P03"  # lock_not_available
_PASSING = frozenset({"alembic_version", "conversations", "traces", "mail", "moves", "seen"}) | {
    *("staff_sessions", "invites", "notices", "pace", "sqlite_sequence")
}

# A command may have put a directory in before the first start of all.
_BEFORE_ANY_START = frozenset({"alembic_version", "audit", "services", "truths"})

NEWER = "its tables are of a newer version of Saphan; install that one (docs/upgrading.md)"


class MigrationRefused(Exception):
    """Why the tables stay as they are; the message is for the operator."""


async def migrate(engine: AsyncEngine, revision: str = "head") -> None:
    """Upgrade to a revision. Several processes may start at once: the second finds it done.

    Raises MigrationRefused for a database that a newer version made, DBAPIError.
    """
    for pause in (*_PAUSES, None):
        try:
            async with engine.begin() as connection:
                await connection.run_sync(_upgrade, revision)
        except CommandError:
            raise MigrationRefused(NEWER) from None
        except DBAPIError as error:
            if pause is None or not _is_in_the_way(error):
                raise
            await asyncio.sleep(pause)
        else:
            return


async def migrate_back(engine: AsyncEngine, revision: str) -> None:
    """Make the tables as an older version knows them; what it did not know is gone afterwards.

    Raises MigrationRefused where anything that must be kept would go with a table, or where there
    is no such revision before the present one.
    """
    async with engine.begin() as connection:
        await connection.run_sync(_downgrade, revision)


async def revision_of(engine: AsyncEngine) -> str:
    """The revision of the tables as they are; empty where there are none."""
    async with engine.begin() as connection:
        return await connection.run_sync(_revision)


async def is_in_use(url: str) -> bool:
    """Whether more lies here than a directory that was imported; no answer may be a yes."""
    engine = make_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_holds_more)
    except (DBAPIError, OSError):
        return True
    finally:
        await engine.dispose()


def _holds_more(connection: Connection) -> bool:
    names = set(inspect(connection).get_table_names()) - _BEFORE_ANY_START
    rows = [select(text("1")).select_from(table(name)).limit(1) for name in sorted(names)]
    return any(connection.execute(one).first() for one in rows)


def knows(revision: str) -> bool:
    """Whether this version can go on from these tables."""
    scripts = ScriptDirectory(str(FOLDER)).walk_revisions()
    return revision in {one.revision for one in scripts}


def config(connection: Connection) -> Config:
    """Alembic's configuration for an open connection."""
    alembic = Config()
    alembic.set_main_option("script_location", str(FOLDER))
    alembic.attributes["connection"] = connection
    return alembic


def _upgrade(connection: Connection, revision: str) -> None:
    _alone(connection)
    if revision == "head" and _revision(connection) == _newest():
        return  # without asking each script, as each start would
    command.upgrade(config(connection), revision)


@cache
def _newest() -> str | None:
    return ScriptDirectory(str(FOLDER)).get_current_head()


def _downgrade(connection: Connection, revision: str) -> None:
    _alone(connection)
    scripts = ScriptDirectory.from_config(config(connection))
    present = _revision(connection)
    earlier = [one.revision for one in scripts.iterate_revisions(present or "base", "base")][1:]
    if revision not in earlier:
        raise MigrationRefused(f"there is no revision {revision} before {present or 'the first'}")
    before = _filled(connection)
    command.downgrade(config(connection), revision)
    lost = sorted(before - set(inspect(connection).get_table_names()) - _PASSING)
    if lost:  # raising undoes it all
        raise MigrationRefused(f"the older version does not know: {', '.join(lost)}")


def _alone(connection: Connection) -> None:
    """One migration at a time; on SQLite every turn writes alone anyway."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7272426)")
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_PATIENCE}")


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _filled(connection: Connection) -> set[str]:
    """The tables that hold at least one row."""
    quote = connection.dialect.identifier_preparer.quote
    return {
        name
        for name in inspect(connection).get_table_names()
        if connection.exec_driver_sql(f"SELECT 1 FROM {quote(name)} LIMIT 1").first()  # noqa: S608
    }


def _is_in_the_way(error: DBAPIError) -> bool:
    """Whether somebody else only held what we wanted to change."""
    state = getattr(error.orig, "sqlstate", None)
    return state == _GIVEN_UP or "database is locked" in str(error.orig)
