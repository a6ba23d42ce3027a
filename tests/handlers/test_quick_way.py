"""The quick way of plain steps does what the ordinary way does, to the row."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from app.wiring import Data
from handlers.conversation import people_of
from handlers.messages import Address, Incoming
from tests.databases import copied_database, copied_file
from tests.doubles import FakeClock
from tests.handlers.twins import (
    LONG,
    Counting,
    Twin,
    chats,
    heard,
    left_behind,
    said_by,
    twins,
)
from tests.proving import FULL

PEOPLE = 12
ROUNDS = 400 if os.environ.get(FULL) else 14


@pytest.fixture
async def pair(
    request: pytest.FixtureRequest, tmp_path: Path, data: Data, clock: FakeClock, database_url: str
) -> AsyncIterator[tuple[Twin, Twin]]:
    fixed = request.getfixturevalue
    folder = tmp_path / "other"
    folder.mkdir(mode=0o700)
    if database_url.startswith("sqlite"):
        other = copied_file(fixed("sqlite_pattern"), folder)
    else:
        other = copied_database(fixed("postgres"), fixed("postgres_pattern"))
    with other as url:
        async with twins(tmp_path, (database_url, url), data, clock) as both:
            yield both


async def test_random_talks_leave_the_same_rows_on_either_way(
    pair: tuple[Twin, Twin], clock: FakeClock
) -> None:
    quick, ordinary = pair
    chance, number, last = Random(9), 0, dict[Address, Incoming]()
    everybody = list(chats(PEOPLE))
    names: dict[int, dict[str, Address]] = {0: {}, 1: {}}
    for _ in range(ROUNDS):
        now = []
        for at in everybody:
            number += 1
            said = said_by(chance, ordinary.shown.get(at), ordinary.began.get(at, 0))
            again = at in last and last[at].event_id and chance.random() < 0.05
            now.append(last[at] if again else heard(chance, number, at, said))
            last[at] = now[-1]
            for which, twin in enumerate(pair):
                for name in await people_of(twin.desk, at):
                    names[which][name] = at
        mine = [replace(one, said=quick.meant(one.address, one.said)) for one in now]
        theirs = [replace(one, said=ordinary.meant(one.address, one.said)) for one in now]
        together = await asyncio.gather(*(quick.hears(one) for one in mine))
        alone = [await ordinary.hears(one) for one in theirs]

        assert together == alone
        clock.forward(seconds=LONG if chance.random() < 0.03 else chance.randrange(20))

    async def people(which: int) -> dict[str, Address]:
        return names[which]

    assert await left_behind(quick, lambda: people(0)) == await left_behind(
        ordinary, lambda: people(1)
    )
    assert isinstance(quick.desk.together, Counting)
    assert quick.desk.together.answered > number / 3
