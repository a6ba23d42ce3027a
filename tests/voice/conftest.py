"""A desk on which the way of scenario 3 is recorded in Khmer, and somebody who listens."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.settings import Settings
from app.wiring import Data, build
from handlers.desk import Desk
from tests.doubles import FakeClock
from tests.handlers.people import Person
from tests.voice.recorded import Recorded, SpeakingChannel, recorded

WEB_SAFE = "platform_text.safe_first.web"  # sh.safe, as the web chat says it
WAY = (
    *("sh.start", "sh.safe", "sh.age", "sh.country", "sh.place"),
    *(f"sh.lin.{number}" for number in range(1, 7)),
    *("tk.1", "tk.who", "tk.f.phone", "dn.1", WEB_SAFE),
)


@pytest.fixture(scope="session")
def way(data: Data) -> Recorded:
    """Every screen of the way, and the words around screens."""
    return recorded(data, WAY)


@pytest.fixture
def voice() -> SpeakingChannel:
    return SpeakingChannel()


@pytest.fixture
async def desk(
    tmp_path: Path, data: Data, way: Recorded, voice: SpeakingChannel, clock: FakeClock
) -> AsyncIterator[Desk]:
    settings = Settings(home=tmp_path)
    serving = way.served_by(data)
    async with build(settings, channels={"fake": voice}, clock=clock, data=serving) as desk:
        await way.kept(desk)
        yield desk


@pytest.fixture
def her(desk: Desk, voice: SpeakingChannel) -> Person:
    return Person(desk, voice)
