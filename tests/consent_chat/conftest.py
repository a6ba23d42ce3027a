"""The fictional network, with two chats of a messenger that can be written to, and the web."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.settings import Settings
from app.wiring import Data, build
from bot.webchat import WebChannel
from handlers.desk import Desk
from handlers.messages import Channel
from tests.casework.conftest import database_url as both
from tests.casework.scene import Scene
from tests.consent_chat.asking import Asking
from tests.consent_chat.people import Quiet
from tests.doubles import FakeChannel, FakeClock
from tests.handlers.people import Person

__all__ = ["both"]


@pytest.fixture(autouse=True)
def _cheap_statements(at_once: None) -> None:
    """Each test makes hundreds of them, one after the other."""


@pytest.fixture
def database_url(sqlite_model: Path, tmp_path: Path) -> str:
    """A copy of the network on SQLite; test_both.py has its own for PostgreSQL too."""
    shutil.copytree(sqlite_model, tmp_path, dirs_exist_ok=True)
    return f"sqlite:///{tmp_path}/saphan.db"


@pytest.fixture
async def desk(
    settings: Settings, data: Data, clock: FakeClock, fake: FakeChannel
) -> AsyncIterator[Desk]:
    channels: dict[str, Channel] = {"fake": fake, "web": WebChannel()}
    async with build(settings, channels=channels, clock=clock, data=data) as desk:
        yield desk


@pytest.fixture
async def scene(desk: Desk, clock: FakeClock, tmp_path: Path) -> Scene:
    return await Scene.of(desk, clock, tmp_path)


@pytest.fixture
def her(desk: Desk, fake: FakeChannel) -> Person:
    return Quiet(desk, fake)


@pytest.fixture
def friend(desk: Desk, fake: FakeChannel) -> Person:
    return Quiet(desk, fake, "0815")


@pytest.fixture
def people(her: Person, friend: Person) -> tuple[Person, Person]:
    return her, friend


@pytest.fixture
def asking(scene: Scene) -> Asking:
    return Asking(scene)
