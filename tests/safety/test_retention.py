"""Everything ends in time: one table of lives, one loop, 400 simulated days (R80)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from app.settings import Settings
from handlers import clockwork
from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.sweep import EVERY, LONGEST, sweep, sweep_forever
from privacy.anchors import SIGNING_KEY
from privacy.keystore import KeyStore, RootKeyWrong
from privacy.retention import DAY, KEEP, LIVES
from storage.keys import KeyTable
from storage.rows import (
    audit,
    conversations,
    counts,
    key_metadata,
    keys,
    mail,
    metadata,
    personal_tables,
)
from tests.casework.scene import Scene, set_up
from tests.doubles import FakeChannel, FakeClock
from tests.handlers.people import Person
from tests.proving import Proof, all_on_one
from tests.safety.retention_days import HOUR, Away, Days, stumbling, written_long_ago

pytestmark = all_on_one("postgresql")

TABLES = (*metadata.sorted_tables, *key_metadata.sorted_tables)


def test_every_table_and_every_column_has_its_line() -> None:
    there = {table.name: {column.name for column in table.columns} for table in TABLES}

    assert there == {name: set(life.columns) for name, life in LIVES.items()}


def test_whatever_is_about_a_person_ends() -> None:
    for table in TABLES:
        ends = LIVES[table.name].ends
        if table in personal_tables() or table is keys:
            assert ends in ("row", "chat")
        if "expires_at" in table.columns:
            assert ends in ("row", "chat", "salt")
            assert LIVES[table.name].longest


async def test_R80_nothing_is_overdue_by_a_day_in_400_days_with_downtime(
    desk: Desk, settings: Settings, clock: FakeClock, fake: FakeChannel, proof: Proof
) -> None:
    number = proof.count(400, quick=8)
    clock.now = datetime(2022, 1, 1, tzinfo=UTC)  # the database guards acts by its own clock
    desk, store = stumbling(desk, settings.database())
    await written_long_ago(desk, days=729, number=number)
    await set_up(desk)
    days = Days(desk, store, clock, fake, await Scene.of(desk, clock))
    for _ in range(number):
        await days.pass_one()
    for later in (3, 100, 400, 230):  # follow-up, 90 days after an end, two years of a yes
        clock.forward(days=later)
        await clockwork.tick(desk)
        await clockwork.tidy(desk)
        await sweep(desk)
    async with store.turn() as turn:
        left = [await turn.scalar(select(func.count()).select_from(t)) for t in personal_tables()]
        first = await turn.scalar(select(func.min(audit.c.seq)))
    await store.close()

    assert days.latest <= DAY
    assert days.referred
    assert left == [0] * len(left)
    assert first > 1
    hours = days.latest / HOUR
    made = f"{days.made} talks, {days.referred} referrals"
    proof.figure(f"{number} days, {made}, {days.sweeps_failed} failed sweeps")
    proof.figure(f"0 rows overdue by 24 h; the latest by {hours:.1f} h, after downtime")


async def test_R80_a_failed_or_hanging_sweep_is_said_aloud_and_tried_again(
    desk: Desk, settings: Settings, clock: FakeClock, fake: FakeChannel, proof: Proof
) -> None:
    await Person(desk, fake).says("hello")
    clock.forward(hours=2)
    desk, store = stumbling(desk, settings.database())
    store.away = True
    with capture_logs() as events:
        async with sweeping(desk):
            await until(lambda: len(events) >= 3)
            store.away = False
            for _ in range(500):
                if not await left_in(desk):
                    break
                await asyncio.sleep(0.01)
            ended = await left_in(desk) == 0
            for _ in range(500):
                if await alarms_in(desk):
                    break
                await asyncio.sleep(0.01)
        counted = await alarms_in(desk)
        store.hangs = True
        async with sweeping(desk):
            await until(lambda: events[-1]["kind"] == "TimeoutError")
        store.hangs = False
    await store.close()

    failed = [(event["event"], event["kind"], event["times"]) for event in events]
    assert ended
    assert counted >= 3
    assert failed[:3] == [("sweep_failed", Away.__name__, n) for n in (1, 2, 3)]
    assert EVERY + LONGEST < HOUR
    proof.figure(f"alarm after at most {EVERY + LONGEST:.0f} s, with a count of failures in a row")


@asynccontextmanager
async def sweeping(desk: Desk) -> AsyncIterator[None]:
    job = asyncio.create_task(sweep_forever(desk, every=0.01, longest=2))
    yield
    job.cancel()
    with suppress(asyncio.CancelledError):
        await job


async def until(holds: Callable[[], bool]) -> None:
    for _ in range(1_000):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


async def rows_left(desk: Desk) -> dict[str, int | None]:
    async with desk.store.turn() as turn:
        return {
            table.name: await turn.scalar(select(func.count()).select_from(table))
            for table in personal_tables()
        }


async def alarms_in(desk: Desk) -> int:
    async with desk.store.turn() as turn:
        failed = select(counts.c.number).where(counts.c.name == "sweep_failed")
        return await turn.scalar(failed) or 0


async def left_in(desk: Desk) -> int:
    async with desk.store.turn() as turn:
        return await turn.scalar(select(func.count()).select_from(conversations)) or 0


async def test_R80_a_talk_whose_chat_cannot_be_cleared_goes_all_the_same(
    desk: Desk, settings: Settings, clock: FakeClock, fake: FakeChannel
) -> None:
    await Person(desk, fake).says("hello")
    rows = KeyTable(settings.keystore())
    wrong = replace(desk, keystore=KeyStore(rows, b"x" * 32))
    clock.forward(seconds=KEEP.idle + 1)
    with pytest.raises(RootKeyWrong):
        await sweep(wrong)
    patient = await left_in(desk)
    clock.forward(seconds=KEEP.patience)
    with pytest.raises(RootKeyWrong):
        await sweep(wrong)
    await rows.close()
    late = await left_in(desk)
    clock.forward(seconds=KEEP.traces)
    await sweep(desk)

    assert (patient, late) == (1, 0)
    assert set((await rows_left(desk)).values()) == {0}


async def test_all_talks_that_ended_while_we_were_stopped_are_cleared(
    desk: Desk, clock: FakeClock, fake: FakeChannel
) -> None:
    for chat in range(105):
        await Person(desk, fake, chat=str(chat)).says("hello")
    clock.forward(hours=5)
    ended = await sweep(desk)
    async with desk.store.turn() as turn:
        clearing = select(func.count()).select_from(mail).where(mail.c.kind == "leave")
        letters = await turn.scalar(clearing)

    assert (ended, letters) == (105, 105)


async def test_erasing_from_the_chat_leaves_no_row_and_no_key_of_hers(
    desk: Desk, clock: FakeClock, fake: FakeChannel
) -> None:
    woman = Person(desk, fake)
    await woman.starts()
    await woman.taps("English", "Yes")
    await woman.presses("erase")
    await woman.taps("Erase now")
    for _ in range(3):
        clock.forward(seconds=5)
        await deliver(desk)
    left = await rows_left(desk)
    rows = desk.keystore._rows  # the store itself never lists its keys
    keys = key_metadata.tables["keys"]
    async with rows.engine.connect() as connection:  # type: ignore[attr-defined]
        names = (await connection.execute(select(keys.c.name))).scalars().all()

    assert set(left.values()) == {0}
    assert [n for n in names if not n.startswith("pepper/") and n != SIGNING_KEY] == []
