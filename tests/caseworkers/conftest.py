"""A network of fictional organisations, two of its people with linked chats on a fake Telegram."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.settings import Settings
from app.wiring import Data, build
from bot.caseworkers import CaseworkersChannel
from handlers.desk import Desk
from tests.casework.scene import Scene
from tests.caseworkers.chats import Chats
from tests.channels.fake_telegram import FakeTelegram
from tests.doubles import FakeClock


@pytest.fixture(autouse=True)
def _cheap_statements(at_once: None) -> None:
    """Each test makes hundreds of them, one after the other."""


@pytest.fixture
def database_url(sqlite_model: Path, tmp_path: Path) -> str:
    """A copy of the network."""
    shutil.copytree(sqlite_model, tmp_path, dirs_exist_ok=True)
    return f"sqlite:///{tmp_path}/saphan.db"


@pytest.fixture
async def telegram(clock: FakeClock) -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(clock=clock) as telegram:
        yield telegram


@pytest.fixture
async def desk(
    settings: Settings, data: Data, clock: FakeClock, telegram: FakeTelegram
) -> AsyncIterator[Desk]:
    """The whole product with this bot as its only messenger."""
    channels = {"caseworkers": CaseworkersChannel(telegram.token, telegram.base)}
    async with build(settings, channels=channels, clock=clock, data=data) as desk:
        yield desk


@pytest.fixture
async def scene(desk: Desk, clock: FakeClock, tmp_path: Path) -> Scene:
    return await Scene.of(desk, clock, tmp_path)


@pytest.fixture
async def chats(scene: Scene, telegram: FakeTelegram) -> Chats:
    """The caseworker's chat and the focal point's, both linked."""
    chats = Chats(scene, telegram)
    await chats.link(chats.sender, scene.caseworker)
    await chats.link(chats.receiver, scene.focal)
    return chats
