"""A database that takes a question and never answers it: the sender asks again, elsewhere."""

import asyncio
import itertools
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import text

from handlers import campaigns, deliver
from handlers import outage as outages
from handlers.desk import Desk
from handlers.messages import Address, Incoming, Pressed
from handlers.outage import Outage
from handlers.receive import receive
from storage import seen
from storage.migrate import migrate
from storage.probe import Probe
from storage.store import Store, StoreAway
from tests.doubles import FakeChannel
from tests.proving import all_on_one
from tests.rig.postgres_server import postgres_server

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


async def _kept(store: Store, event: str) -> None:
    """Events of their own: the commit of one that is there already waits for nobody."""
    async with store.turn() as turn:
        await seen.first_time(turn, event, 9e9)


async def test_a_commit_that_waits_for_a_lost_standby_is_known_for_what_it_is() -> None:
    """It answers every question, and nothing is ever kept: 503, the card, and the exit work."""
    with postgres_server() as server:
        store = Store(server.url)
        await migrate(store.engine)
        server.execute("ALTER SYSTEM SET synchronous_standby_names = 'second'")
        server.execute("SELECT pg_reload_conf()")
        outage = Outage(probes=(Probe(store.engine),))
        async with asyncio.timeout(30):
            for number in itertools.count():  # until it has read its settings
                try:
                    await outage.within(_kept(store, f"telegram:{number}"))
                except StoreAway:
                    break
        server.kill()
        await outage.close()
        await store.close()


async def test_a_turn_that_takes_too_long_is_given_up_whatever_they_answer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outages, "LONGEST", 1.0)
    done = asyncio.Event()
    with pytest.raises(StoreAway):
        await desk.outage.within(done.wait())
    done.set()


async def test_who_comes_by_a_poster_is_led_on_though_counting_hangs(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outages, "LONGEST", 1.0)
    with frozen(await backends(desk)):
        async with asyncio.timeout(4):
            await campaigns.followed(desk, "bcdfghjk")


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
