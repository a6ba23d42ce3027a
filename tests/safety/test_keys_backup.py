"""R22 and R26, as far as talks go: an hour ends every talk, and no backup brings one back."""

import secrets
import sqlite3
import uuid
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy
from pydantic import SecretStr
from sqlalchemy import func, select, text

from app.settings import Settings
from app.wiring import Data, build
from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.sweep import EVERY, sweep
from storage.keys import KeyTable
from storage.rows import conversations, keys
from tests.doubles import FakeChannel, FakeClock
from tests.handlers.people import Person
from tests.proving import Proof

IDLE, ABSOLUTE = 15, 60  # minutes


async def test_R22_a_talk_that_never_pauses_ends_after_an_hour(
    desk: Desk, fake: FakeChannel, clock: FakeClock, proof: Proof
) -> None:
    woman = Person(desk, fake, chat="4711")
    await woman.starts()
    await woman.taps("English")
    for _ in range(ABSOLUTE // 6 - 1):
        clock.forward(minutes=6)
        await woman.presses("menu")
        await sweep(desk)
    talks_before = await _number(desk)
    clock.forward(minutes=6, seconds=EVERY)
    await sweep(desk)
    for _ in range(3):
        await deliver(desk)
        clock.forward(seconds=60)

    assert talks_before == 1
    assert await _number(desk) == 0
    assert [name for name in await _key_names(desk) if not name.startswith("pepper/")] == []
    proof.figure(f"row and key gone {EVERY:.0f} s after {ABSOLUTE} minutes")


async def test_R26_no_backup_brings_back_a_talk_that_is_over(
    settings: Settings, data: Data, clock: FakeClock, fake: FakeChannel, proof: Proof
) -> None:
    number = proof.count(1_000, quick=20)
    chats = [f"{6_200_000_000 + n}" for n in range(number)]
    async with build(settings, channels={"fake": fake}, clock=clock, data=data) as desk:
        women = [Person(desk, fake, chat=chat) for chat in chats]
        for woman in women:
            await woman.starts()
            await woman.taps("English")
            await woman.presses("menu")
        menu = women[0].now.node
    backup = _backup(settings)
    as_then = await _go_on(settings, backup, chats[-1:], data, clock, fake)
    async with build(settings, channels={"fake": fake}, clock=clock, data=data) as desk:
        for chat in chats[::2]:
            await Person(desk, fake, chat=chat, events=99).presses("leave")
        clock.forward(minutes=IDLE + ABSOLUTE)
        await sweep(desk)
        await deliver(desk)
    began = await _go_on(settings, backup, [*chats, "a stranger"], data, clock, fake)

    assert as_then == [menu], "while its key lives, a restored talk goes on"
    assert len(set(began)) == 1
    assert menu not in began
    proof.figure(f"0 of {number:,} talks brought back by a backup taken while they were open")


async def _go_on(
    settings: Settings,
    backup: str,
    chats: list[str],
    data: Data,
    clock: FakeClock,
    fake: FakeChannel,
) -> list[str]:
    """Restore the backup, and see where each of them stands when she writes."""
    restored = settings.model_copy(update={"database_url": SecretStr(backup)})
    nodes = []
    async with build(restored, channels={"fake": fake}, clock=clock, data=data) as desk:
        for chat in chats:
            woman = Person(desk, fake, chat=chat, events=secrets.randbelow(10**9))
            nodes.append((await woman.says("hello")).node)
    return nodes


def _backup(settings: Settings) -> str:
    """A copy of the main database as it is now; its address."""
    url = settings.database()
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        copy = path.with_name("backup.db")
        with closing(sqlite3.connect(path)) as ours, closing(sqlite3.connect(copy)) as other:
            ours.backup(other)
        return f"sqlite:///{copy}"
    name, copied = url.partition("@/")[2].partition("?")[0], f"b{uuid.uuid4().hex[:12]}"
    engine = sqlalchemy.create_engine(
        url.replace(f"/{name}?", "/postgres?"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {copied} TEMPLATE {name}"))
    engine.dispose()
    return url.replace(f"/{name}?", f"/{copied}?")


async def test_nothing_of_the_key_store_is_in_a_backup(
    desk: Desk, settings: Settings, fake: FakeChannel
) -> None:
    await Person(desk, fake, chat="4711").starts()
    names = await _key_names(desk)
    rows = KeyTable(settings.keystore())
    wrapped = [one for name in names if (one := await rows.get(name))]
    await rows.close()
    if settings.database().startswith("sqlite"):
        backup = Path(_backup(settings).removeprefix("sqlite:///")).read_bytes()
        assert not any(one in backup for one in wrapped)
    async with desk.store.turn() as turn:
        tables = await turn.run_sync(lambda c: sqlalchemy.inspect(c).get_table_names())

    assert len(wrapped) >= 3
    assert not {"keys", "key_state"} & set(tables)


async def _number(desk: Desk) -> int:
    async with desk.store.turn() as turn:
        return (await turn.execute(select(func.count()).select_from(conversations))).scalar_one()


async def _key_names(desk: Desk) -> list[str]:
    rows = desk.keystore._rows  # the store itself never lists its keys
    async with rows.engine.connect() as connection:  # type: ignore[attr-defined]
        return list((await connection.execute(select(keys.c.name))).scalars())
