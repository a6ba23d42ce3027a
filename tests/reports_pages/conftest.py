"""The staff app over one desk in which a year of numbers is counted; one clock for all tests."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from app.settings import Settings
from app.wiring import Data, build
from handlers.desk import Desk
from storage import counts
from tests.casework.models import copied
from tests.casework.scene import Scene
from tests.console.conftest import app as app
from tests.console.conftest import time as time
from tests.console.conftest import transport as transport
from tests.console.people import Person, browser, by_form, cheap
from tests.doubles import FakeChannel, FakeClock
from tests.handlers.people import Person as Woman

WEEKS = tuple(f"2026-W{week:02}" for week in range(1, 40))


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def built(tmp_path_factory: pytest.TempPathFactory, data: Data) -> AsyncIterator[Desk]:
    settings = Settings(home=tmp_path_factory.mktemp("reports"))
    async with build(settings, channels={}, data=data) as desk:
        await _counted(desk)
        yield desk


@pytest.fixture
def desk(built: Desk, time: FakeClock) -> Desk:
    time.forward(minutes=10)
    return cheap(replace(built, clock=time))


async def posts(
    transport: httpx.AsyncBaseTransport, person: Person, path: str, **fields: str
) -> httpx.Response:
    """A form of ours, sent by this person."""
    data = {"csrf": person.csrf, **fields}
    async with browser(transport, person) as client:
        return await client.post(path, data=data, headers=by_form(person))


async def gets(transport: httpx.AsyncBaseTransport, person: Person, path: str) -> httpx.Response:
    """A page, opened by this person."""
    async with browser(transport, person) as client:
        return await client.get(path)


def words(answer: httpx.Response) -> str:
    """What stands on a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


async def _counted(desk: Desk) -> None:
    """Busy countries and quiet ones; in Lao PDR somebody asks once in a while."""
    keys: dict[counts.Key, int] = {}
    often = {"KH": 30, "TH": 20, "MM": 9, "VN": 2, "LA": 0}
    for week, (country, number) in product(WEEKS, often.items()):
        if number:
            keys[week, "topic", "sv", country, ""] = number
            keys[week, "topic", "tf", country, ""] = number // 2
            keys[week, "search", "SHE.EMERG", country, ""] = number
            keys[week, "gap", "SHE.EMERG/full", country, ""] = number // 4
            keys[week, "consent", "yes", country, ""] = number
            keys[week, "consent", "no", country, ""] = number // 4
        keys[week, "time", "acknowledge/30m", "", ""] = 20
        keys[week, "time", "acknowledge/4h", "", ""] = 9
    keys["2026-W20", "topic", "tf", "LA", ""] = 1
    async with desk.store.turn() as turn:
        await counts.add(turn, {key: n for key, n in keys.items() if n})


@pytest.fixture
async def scene(sqlite_model: Path, tmp_path: Path, data: Data) -> AsyncIterator[Scene]:
    """A network of this test alone."""
    clock, fake = FakeClock(), FakeChannel()
    settings = copied(sqlite_model, tmp_path)
    async with build(settings, channels={"fake": fake}, clock=clock, data=data) as desk:
        yield await Scene.of(cheap(desk), clock)


@pytest.fixture
def woman(scene: Scene) -> Woman:
    channel = scene.desk.channels["fake"]
    assert isinstance(channel, FakeChannel)
    return Woman(scene.desk, channel)
