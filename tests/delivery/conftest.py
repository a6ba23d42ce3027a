"""The rig's platform, one for a module; well again before each test."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from app.settings import Settings
from app.wiring import Data
from tests.delivery.scene import Scene, sending
from tests.rig.platform_process import PlatformProcess, platform_process


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[PlatformProcess]:
    async with platform_process() as platform:
        yield platform


@pytest.fixture
async def scene(settings: Settings, data: Data, telegram: PlatformProcess) -> AsyncIterator[Scene]:
    async with sending(settings, data, telegram) as scene:
        yield scene
