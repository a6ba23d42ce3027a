"""R02, R03: updates that are redelivered, doubled and interrupted count once, and none is lost."""

import asyncio
import time
from collections.abc import Iterator
from random import Random

import pytest

from app.settings import Settings
from app.wiring import Data
from tests.crash.served import Children, Delivering, Kept, kept, killing, until_done
from tests.databases import copied_database
from tests.proving import Proof, on_one
from tests.rig.quick_platform import QuickPlatform

KEPT = 48 * 3_600.0  # seconds an update is remembered at least


@pytest.fixture
def apart(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Settings]:
    """Settings of this test; on PostgreSQL the key store lies there too, as several hosts need."""
    if settings.database().startswith("sqlite"):
        yield settings
        return
    with copied_database(str(request.getfixturevalue("postgres"))) as keys:
        yield Settings(home=settings.home, database_url=settings.database(), keystore_url=keys)


async def delivered(
    children: Children, number: int, every: tuple[float, float] | None, copies: Random | None
) -> Kept:
    """Deliver so many updates, killing every so often, or one to five copies of each."""
    async with QuickPlatform() as platform:
        platform.hooks = children.start()
        try:
            times = (lambda: copies.randint(1, 5)) if copies else (lambda: 1)
            delivering = Delivering(platform, times, until=time.monotonic() + 60 + number)
            kills = killing(children, Random(2), every) if every else None
            await until_done(delivering.all(number), kills)
        finally:
            children.close()
        assert all(one.took for one in delivering.sent)
    return await kept(children.settings)


@pytest.mark.timeout(14_400)
@on_one("sqlite")
def test_R02_no_update_is_lost_or_taken_twice_under_random_kills(
    apart: Settings, data: Data, proof: Proof
) -> None:
    number = proof.count(10_000, quick=25)
    children = Children(apart, data, 1)
    every = (0.5, 3.0) if proof.full else (0.1, 0.5)
    found = asyncio.run(delivered(children, number, every, None))

    assert (found.updates, found.screens) == (number, number)
    assert children.kills
    proof.figure(f"{number:,} updates, {children.kills} kills: 0 lost, 0 doubled")


@pytest.mark.timeout(14_400)
@on_one("postgresql")
def test_R03_four_processes_change_the_state_once_for_each_update(
    apart: Settings, data: Data, proof: Proof
) -> None:
    if apart.database().startswith("sqlite"):
        pytest.skip("SQLite serves one process")
    number, begun = proof.count(10_000, quick=40), time.time()
    children = Children(apart, data, 4)
    found = asyncio.run(delivered(children, number, None, Random(3)))

    assert (found.updates, found.screens) == (number, number)
    assert found.until >= begun + KEPT
    proof.figure(f"{number:,} updates, 1 to 5 copies each to 4 processes: each counted once")


@pytest.mark.timeout(14_400)
@on_one("postgresql")
def test_R03_four_processes_that_are_killed_change_the_state_once_for_each_update(
    apart: Settings, data: Data, proof: Proof
) -> None:
    if apart.database().startswith("sqlite"):
        pytest.skip("SQLite serves one process")
    number = proof.count(10_000, quick=40)
    children = Children(apart, data, 4)
    found = asyncio.run(delivered(children, number, (0.1, 1.5), Random(4)))

    assert (found.updates, found.screens) == (number, number)
    proof.figure(f"{number:,} updates, 1 to 5 copies each, {children.kills} kills: once each")
