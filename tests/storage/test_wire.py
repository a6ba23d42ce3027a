"""One connection that many ask at once: what breaks it for one breaks it for nobody else."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text

from storage import store as store_module
from storage.store import Store
from tests.proving import all_on_one

pytestmark = all_on_one("postgresql")
END_ALL_OTHERS = text(
    "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    store = Store(database_url)
    yield store
    await store.close()


async def test_a_question_is_answered_though_every_connection_was_ended(
    store: Store, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where those in the pool came back a moment ago: one that failed puts all in doubt."""
    monkeypatch.setattr(store_module, "_SILENT", 60.0)
    await store.wire.ask("SELECT 1", ())
    async with store.engine.connect(), store.engine.connect():
        pass  # two more lie in the pool
    other = Store(database_url)
    async with other.turn() as turn:
        ended = (await turn.execute(END_ALL_OTHERS)).scalar_one()
    await other.close()
    answers = await asyncio.gather(*(store.wire.ask("SELECT 1", ()) for _ in range(5)))
    async with store.turn() as turn:
        await turn.execute(text("SELECT 1"))

    assert ended == 3
    assert answers == [[(1,)]] * 5


async def test_a_late_failure_lets_go_of_its_own_connection_alone(store: Store) -> None:
    await store.wire.ask("SELECT 1", ())
    first = store.wire._driver
    await store.wire._failed(OSError(), first)
    await store.wire.ask("SELECT 1", ())
    second = store.wire._driver
    await store.wire._failed(OSError(), first)  # somebody else who waited for it longer

    assert second is not first
    assert store.wire._driver is second
    assert await store.wire.order("SELECT 1", ()) == [(1,)]


async def test_who_is_cancelled_while_it_is_opened_leaves_no_connection_behind(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, real = asyncio.Event(), store.wire._set_up

    async def hangs(held: Any) -> Any:
        await real(held)
        reached.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(store.wire, "_set_up", hangs)
    asking = asyncio.create_task(store.wire.ask("SELECT 1", ()))
    await reached.wait()
    asking.cancel()
    await asyncio.wait([asking])
    monkeypatch.undo()

    assert asking.cancelled()
    assert store.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert await store.wire.ask("SELECT 1", ()) == [(1,)]


async def test_one_who_was_cancelled_in_the_midst_takes_it_from_nobody(store: Store) -> None:
    asking = asyncio.create_task(store.wire.ask("SELECT pg_sleep(5)", ()))
    await asyncio.sleep(0.2)
    asking.cancel()
    await asyncio.wait([asking])
    store.wire._driver and await store.wire._driver.close()  # as psycopg does where it must

    assert await store.wire.order("SELECT 2", ()) == [(2,)]
