"""A database that takes a question and never answers it: the sender asks again, elsewhere."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import text

from handlers import deliver
from handlers.desk import Desk
from handlers.messages import Address, Incoming, Pressed
from handlers.receive import receive
from tests.doubles import FakeChannel
from tests.proving import all_on_one

pytestmark = all_on_one("postgresql")


async def backends(desk: Desk) -> list[int]:
    """The processes of the server that hold this desk's connections."""
    async with desk.store.turn() as turn:
        found = await turn.execute(
            text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        )
        return list(found.scalars())


@contextmanager
def frozen(processes: list[int]) -> Iterator[None]:
    """They answer nothing; their connections stay open."""
    for one in processes:
        os.kill(one, signal.SIGSTOP)
    try:
        yield
    finally:
        for one in processes:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGCONT)


async def test_the_sender_outlives_a_connection_that_hangs(
    desk: Desk, fake: FakeChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seconds pass: the driver itself tries to end the question for five of them."""
    monkeypatch.setattr(deliver, "ANSWERS", 0.3)
    her = Incoming(address=Address("fake", "1"), said=Pressed("start"), event_id="1")
    await receive(her, desk)
    stop = asyncio.Event()
    with frozen(await backends(desk)):
        sender = asyncio.create_task(deliver.deliver_forever(desk, stop))
        with suppress(TimeoutError):
            async with asyncio.timeout(20):
                while not fake.shown:  # noqa: ASYNC110 - the double has no event
                    await asyncio.sleep(0.05)
        shown = len(fake.shown)
    stop.set()
    desk.posted.set()
    await sender

    assert shown == 1
