"""A host that vanishes without a word holds nobody for long: what libpq was told to wait."""

import asyncio
from typing import Any

import pytest
from psycopg import AsyncConnection
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage import news, probe
from storage import store as store_module
from storage.keys import KeyTable
from storage.store import Store, make_engine, one_at_a_time
from storage.wire import Wire, is_full
from tests.proving import all_on_one

pytestmark = all_on_one("postgresql")
WAITS = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "3",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}


def told(connection: object) -> dict[str, str]:
    """What libpq has of these settings."""
    assert isinstance(connection, AsyncConnection)
    return {
        one.keyword.decode(): (one.val or b"").decode()
        for one in connection.pgconn.info
        if one.keyword.decode() in WAITS
    }


async def test_the_store_and_the_keys_wait_so_long(database_url: str) -> None:
    store, keys = Store(database_url), KeyTable(database_url)
    found = []
    for engine in (store.engine, keys.engine):
        async with engine.connect() as connection:
            found.append(told((await connection.get_raw_connection()).driver_connection))
    await store.wire.ask("SELECT 1", ())
    found.append(told(store.wire._driver))
    await keys.close()
    await store.close()

    assert found == [WAITS] * 3


async def test_who_listens_for_news_and_who_asks_whether_it_answers_wait_no_longer(
    database_url: str,
) -> None:
    store = Store(database_url)
    async with await news._listening(store) as listening:
        hears = told(listening)
    beside = probe._beside(store.engine)
    async with beside.connect() as connection:
        asks = told((await connection.get_raw_connection()).driver_connection)
    await beside.dispose()
    await store.close()

    assert hears == WAITS
    assert asks == WAITS | {"connect_timeout": "2"}


async def test_what_the_url_says_itself_stays(database_url: str) -> None:
    store = Store(f"{database_url}&tcp_user_timeout=30000&keepalives_idle=60")
    async with store.engine.connect() as connection:
        found = told((await connection.get_raw_connection()).driver_connection)
    async with await news._listening(store) as listening:
        hears = told(listening)
    await store.close()

    assert found == hears == WAITS | {"tcp_user_timeout": "30000", "keepalives_idle": "60"}


@pytest.mark.parametrize("state", ["disk_full", "too_many_connections", "data_exception"])
async def test_a_database_without_room_is_known_by_what_it_says(
    database_url: str, state: str
) -> None:
    engine = make_engine(database_url)
    raises = f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$"
    said = list[bool]()
    try:
        async with engine.begin() as turn:
            await turn.execute(text(raises))
    except Exception as error:
        said.append(is_full(error))
    wire = Wire(engine)
    try:
        await wire.order(raises, ())
    except Exception as error:
        said.append(is_full(error))
    await wire.close()
    await engine.dispose()

    assert said == [state != "data_exception"] * 2


async def test_a_full_sqlite_file_is_known_by_what_it_says(tmp_path: object) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/small.db")
    said = list[bool]()
    async with engine.connect() as turn:
        await turn.execute(text("CREATE TABLE words (word TEXT)"))
        await turn.execute(text("PRAGMA max_page_count = 3"))
        for words in ("zeroblob(100)", "zeroblob(100000)", "nothing()"):
            try:
                await turn.execute(text(f"INSERT INTO words VALUES ({words})"))
            except Exception as error:
                said.append(is_full(error))
    await engine.dispose()

    assert said == [True, False]


async def test_postgresql_lets_go_of_what_a_frozen_process_of_ours_holds(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An open transaction that says nothing ends, and whoever waits for its rows goes on."""
    monkeypatch.setattr(
        store_module, "_GIVEN_UP", {"idle_in_transaction_session_timeout": "300ms"}
    )
    frozen, other = Store(database_url), Store(database_url)
    async with frozen.engine.connect() as turn:
        await one_at_a_time(turn, "all sending")
        async with asyncio.timeout(20), other.turn() as waiting:
            await one_at_a_time(waiting, "all sending")
        with pytest.raises(DBAPIError):
            await turn.execute(text("SELECT 1"))
    for one in (frozen, other):
        await one.close()


async def test_it_is_told_so_on_each_connection_and_after_each_turn(database_url: str) -> None:
    store = Store(database_url)
    found = []
    for _ in range(2):
        async with store.turn() as turn:
            asked = text("SHOW idle_in_transaction_session_timeout")
            found.append((await turn.execute(asked)).scalar_one())
    await store.close()

    assert found == ["30s", "30s"]


async def test_a_connection_that_died_while_nobody_used_it_is_not_given_out(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "_SILENT", 0.0)
    store, other = Store(database_url), Store(database_url)
    others = text(
        "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    async with store.engine.connect(), store.engine.connect():
        pass  # two lie in the pool now
    async with other.turn() as turn:
        ended = (await turn.execute(others)).scalar_one()
    for _ in range(3):
        async with store.turn() as turn:
            await turn.execute(text("SELECT 1"))
    for one in (store, other):
        await one.close()

    assert ended == 2


async def test_a_connection_that_answered_just_now_is_not_asked_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, asked = Store(database_url), list[object]()
    ping = store.engine.dialect.do_ping

    def pinged(one: Any) -> bool:
        asked.append(one)
        return ping(one)

    monkeypatch.setattr(store.engine.dialect, "do_ping", pinged)
    counts = list[int]()
    for silent in (60.0, 0.0):
        monkeypatch.setattr(store_module, "_SILENT", silent)
        for _ in range(3):
            async with store.turn() as turn:
                await turn.execute(text("SELECT 1"))
        counts.append(len(asked))
    await store.close()

    assert counts == [0, 3]
