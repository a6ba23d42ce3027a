"""R22 and R26, as far as talks go: an hour ends every talk, and no backup brings one back."""

import asyncio
import secrets
import sqlite3
import uuid
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager, closing
from dataclasses import dataclass
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
from storage.rows import conversations, key_metadata, keys, metadata
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A system that can be stopped, restored and started again."""

    settings: Settings
    data: Data
    clock: FakeClock
    fake: FakeChannel

    def started(self, url: str | None = None) -> AbstractAsyncContextManager[Desk]:
        """Over its own main database, or over another."""
        given = {"database_url": SecretStr(url or self.settings.database())}
        return build(
            self.settings.model_copy(update=given),
            channels={"fake": self.fake},
            clock=self.clock,
            data=self.data,
        )

    async def go_on(self, url: str, chats: Iterable[str]) -> list[str]:
        """Start over a restored backup; where each of them comes to when she writes."""
        nodes = []
        async with self.started(url) as desk:
            for chat in chats:
                woman = Person(desk, self.fake, chat=chat, events=secrets.randbelow(10**9))
                nodes.append((await woman.says("hello")).node)
        return nodes


@pytest.fixture
def stage(settings: Settings, data: Data, clock: FakeClock, fake: FakeChannel) -> Stage:
    return Stage(settings=settings, data=data, clock=clock, fake=fake)


async def test_R26_no_backup_brings_back_a_talk_that_is_over(stage: Stage, proof: Proof) -> None:
    chats = [f"{6_200_000_000 + n}" for n in range(proof.count(1_000, quick=10))]
    async with stage.started() as desk:
        for chat in chats:
            woman = Person(desk, stage.fake, chat=chat)
            await woman.starts()
            await woman.taps("English")
    control, at_once, backup = (_backup(stage.settings) for _ in range(3))
    stranger, *as_then = await stage.go_on(control, ["a stranger", *chats[-2:]])
    async with stage.started() as desk:
        for chat in chats[::2]:
            await Person(desk, stage.fake, chat=chat, events=99).presses("leave")
    began = await stage.go_on(at_once, chats[::2])
    async with stage.started() as desk:
        stage.clock.forward(minutes=IDLE + ABSOLUTE)
        await sweep(desk)
        await deliver(desk)
    began += await stage.go_on(backup, chats)
    back = sum(node != stranger for node in began)

    assert stranger not in as_then, "while its key lives, a restored talk goes on"
    assert back == 0
    proof.figure(
        f"{back} of {len(chats):,} talks brought back by a backup from when they were open"
    )


def _backup(settings: Settings) -> str:
    """A copy of the main database as it is now; its address."""
    url = settings.database()
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        copy = path.with_name(f"{uuid.uuid4().hex}.db")
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


def test_nothing_of_the_key_store_is_in_a_backup(tmp_path: Path, data: Data) -> None:
    settings = Settings(home=tmp_path)
    wrapped = asyncio.run(_talked(settings, data))
    path = Path(settings.database().removeprefix("sqlite:///"))
    backup = Path(_backup(settings).removeprefix("sqlite:///")).read_bytes()
    files = (path, path.with_name("saphan.db-wal"))
    content = backup + b"".join(file.read_bytes() for file in files if file.exists())

    assert len(wrapped) >= 3
    assert not any(one in content for one in wrapped)
    assert not {*metadata.tables} & {*key_metadata.tables}


async def _talked(settings: Settings, data: Data) -> list[bytes]:
    """Every wrapped key after somebody talked."""
    fake = FakeChannel()
    async with build(settings, channels={"fake": fake}, data=data) as desk:
        await Person(desk, fake, chat="4711").starts()
        rows = desk.keystore._rows
        return [one for name in await _key_names(desk) if (one := await rows.get(name))]


async def _number(desk: Desk) -> int:
    async with desk.store.turn() as turn:
        return (await turn.execute(select(func.count()).select_from(conversations))).scalar_one()


async def _key_names(desk: Desk) -> list[str]:
    rows = desk.keystore._rows  # the store itself never lists its keys
    async with rows.engine.connect() as connection:  # type: ignore[attr-defined]
        return list((await connection.execute(select(keys.c.name))).scalars())
