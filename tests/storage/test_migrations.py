"""Tables go forward and back on both databases with rows in each, also while others write."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import LargeBinary, RowMapping, Table, insert, inspect, select, text, update
from sqlalchemy.exc import DBAPIError

from app.settings import Settings, SettingsFaulty
from app.wiring import Data, build
from storage.migrate import (
    FOLDER,
    MigrationRefused,
    config,
    migrate,
    migrate_back,
    revision_of,
)
from storage.rows import counts, mail, metadata
from storage.store import Store
from tests.commands import saphan

BEFORE = "0006"  # the revision of the last version that was given out


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    store = Store(database_url)
    yield store
    await store.close()


def _value(column: Any, number: int) -> Any:
    if isinstance(column.type, LargeBinary):
        return b"\x00\xff" + bytes([number])
    kind = column.type.python_type
    return number if kind is int else 7e9 + number if kind is float else f"{column.name}{number}"


def _row(table: Table, number: int) -> dict[str, Any]:
    """Something in each column, as short as the column wants it."""
    return {one.name: _cut(one, _value(one, number)) for one in table.columns}


async def _filled(store: Store) -> None:
    async with store.turn() as turn:
        for table in metadata.sorted_tables:
            for number in (1, 2):
                await turn.execute(insert(table).values(_row(table, number)))


def _cut(column: Any, value: Any) -> Any:
    length = getattr(column.type, "length", None)
    return value[-length:] if isinstance(value, str) and length else value


def _told(row: RowMapping) -> dict[str, Any]:
    return {k: bytes(v) if isinstance(v, memoryview) else v for k, v in row.items()}


async def _rows(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that there is, by the names of its columns."""
    async with store.turn() as turn:
        names = await turn.run_sync(lambda sync: inspect(sync).get_table_names())
        found = {}
        for name in sorted(set(names) - {"alembic_version", "sqlite_sequence"}):
            rows = await turn.execute(text(f'SELECT * FROM "{name}"'))
            found[name] = sorted((_told(row) for row in rows.mappings()), key=repr)
        return found


async def test_back_to_the_last_version_and_up_again_loses_nothing_it_knew(store: Store) -> None:
    await _filled(store)
    before = await _rows(store)
    passing = {"pace": [], "mail": ("rank", "held")}
    await migrate_back(store.engine, BEFORE)
    there = await _rows(store)
    await migrate(store.engine)
    after = await _rows(store)

    assert set(before) - set(there) <= {"pace"}
    for name, rows in there.items():
        dropped = passing.get(name, ())
        kept = [{k: v for k, v in row.items() if k not in dropped} for row in before[name]]
        assert rows == sorted(kept, key=repr), name
        assert len(after[name]) == len(before[name]), name
    async with store.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.check(config(sync)))


async def test_every_step_goes_back_and_up_where_the_tables_are_empty(store: Store) -> None:
    async with store.engine.begin() as connection:
        scripts = await connection.run_sync(lambda s: ScriptDirectory.from_config(config(s)))
    revisions = [one.revision for one in scripts.walk_revisions()]
    for revision in revisions[1:]:
        await migrate_back(store.engine, revision)
        assert await revision_of(store.engine) == revision
    for revision in reversed(revisions):
        await migrate(store.engine, revision)
    async with store.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.check(config(sync)))


def test_every_migration_can_go_back() -> None:
    files = sorted((FOLDER / "versions").glob("0*.py"))

    assert files
    assert [
        file.name for file in files if "def downgrade() -> None:" not in file.read_text()
    ] == []


@pytest.mark.parametrize("revision", ["0005", "0002", "0001"])
async def test_going_back_is_refused_where_something_kept_would_go(
    store: Store, revision: str
) -> None:
    await _filled(store)
    before, at = await _rows(store), await revision_of(store.engine)
    with pytest.raises(MigrationRefused, match="does not know: "):
        await migrate_back(store.engine, revision)

    assert await _rows(store) == before
    assert await revision_of(store.engine) == at


async def test_numbers_once_given_are_not_given_again_after_going_back(store: Store) -> None:
    await migrate_back(store.engine, BEFORE)
    await migrate(store.engine)
    row = {"person": "p", "kind": "show", "key": "k", "sealed": b"", "version": 1}
    numbers = []
    for _ in range(2):
        async with store.turn() as turn:
            given = insert(mail).values(**row, due_at=0.0, expires_at=9.0).returning(mail.c.id)
            numbers.append((await turn.execute(given)).scalar_one())
            await turn.execute(mail.delete())

    assert numbers[0] < numbers[1]


async def test_what_writes_goes_on_while_the_tables_change(store: Store) -> None:
    """As in an update: the old process answers all the time, the new one migrates beside it."""
    key = {"week": "2026-W47", "what": "node", "name": "a", "country": "TH", "locale": "my"}
    await migrate_back(store.engine, BEFORE)
    async with store.turn() as turn:
        await turn.execute(insert(counts).values(**key, number=0))
    stop, written, longest = asyncio.Event(), 0, 0.0

    async def write(old: Store) -> None:
        nonlocal written, longest
        clock = asyncio.get_running_loop().time
        while not stop.is_set():
            began = clock()
            try:
                async with old.turn() as turn:
                    await turn.execute(update(counts).values(number=counts.c.number + 1))
                    letter = "INSERT INTO mail (person, kind, due_at, key, sealed, expires_at, "
                    values = "version) VALUES ('p', 'show', 0, 'k', :sealed, 9, 1)"
                    await turn.execute(text(letter + values), {"sealed": b"s"})
            except DBAPIError:  # as the old process does, it tries the same again
                continue
            written += 1
            longest = max(longest, clock() - began)

    others = [Store(store.engine.url.render_as_string(hide_password=False)) for _ in range(3)]
    writing = [asyncio.create_task(write(old)) for old in others[:2]]
    for _ in range(3):
        await asyncio.sleep(0.2)
        await migrate(others[2].engine)
        await asyncio.sleep(0.2)
        await migrate_back(others[2].engine, BEFORE)
    await migrate(others[2].engine)
    stop.set()
    await asyncio.gather(*writing)
    for other in others:
        await other.close()
    async with store.turn() as turn:
        number = (await turn.execute(select(counts.c.number))).scalar_one()
        letters = len((await turn.execute(select(mail.c.id))).all())

    assert written > 10
    assert (number, letters) == (written, written)
    assert longest < 10


async def test_a_migration_waits_for_nobody_for_long(store: Store) -> None:
    """Somebody reads a table for a while: who comes after the migration is not kept waiting."""
    if store.engine.dialect.name != "postgresql":
        pytest.skip("on SQLite nobody who reads is in the way")
    await migrate_back(store.engine, BEFORE)
    url = store.engine.url.render_as_string(hide_password=False)
    reader, late = Store(url), Store(url)
    async with reader.turn() as turn:
        await turn.execute(text("SELECT 1 FROM mail"))
        migrating = asyncio.create_task(migrate(store.engine))
        await asyncio.sleep(0.3)
        async with asyncio.timeout(4), late.turn() as other:
            await other.execute(text("SELECT 1 FROM mail"))
        assert not migrating.done()
    await migrating
    for one in (reader, late):
        await one.close()

    assert await revision_of(store.engine) > BEFORE


async def test_tables_of_a_newer_version_are_refused_in_plain_words(
    store: Store, settings: Settings, data: Data
) -> None:
    async with store.turn() as turn:
        await turn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingsFaulty, match="newer version of Saphan"):
        async with build(settings, channels={}, data=data):
            pass


def test_the_command_goes_back_and_forth(tmp_path: Any) -> None:
    up = saphan("migrate", folder=tmp_path)
    back = saphan("migrate", "--back", BEFORE, folder=tmp_path)
    nowhere = saphan("migrate", "--back", "4711", folder=tmp_path)

    assert up.stdout.startswith("revision none -> 0")
    assert back.stdout.rstrip().endswith(f"-> {BEFORE}")
    assert (nowhere.returncode, "there is no revision 4711" in nowhere.stderr) == (2, True)
