"""Leases when the database is away or clocks are wrong, and jobs that do not hear of their end."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress

import pytest

from handlers import leases
from handlers.desk import Desk
from handlers.leases import Leases
from storage import network_documents
from storage.network_documents import Note
from tests.crash.test_many_processes import PARALLEL, beside
from tests.refusing import Does, door_of, until

pytestmark = PARALLEL


@pytest.fixture
def lets_in(database_url: str, postgres: str) -> Does:
    return door_of(database_url, postgres)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second of leases in a fifth: where much else is done, a renewal may need a while."""
    for name in ("LASTS", "RENEWED", "STOPS", "UNCHANGED"):
        monkeypatch.setattr(leases, name, getattr(leases, name) / 5)


class Job:
    """Goes on until it is stopped; how often it was begun, and whether it works now."""

    begun = 0
    works = False

    async def __call__(self) -> None:
        self.begun += 1
        self.works = True
        try:
            await asyncio.Event().wait()
        finally:
            self.works = False


async def take(desk: Desk, until_then: float) -> None:
    """Another process has it."""
    async with desk.store.turn() as turn:
        note = await network_documents.read(turn, "lease/listen")
        await network_documents.keep(turn, Note(note.name, f'["x",{until_then}]', note.version))


async def test_a_database_that_refuses_for_a_moment_stops_no_job(
    desk: Desk, lets_in: Does
) -> None:
    job = Job()
    async with beside(Leases(desk).alone("publish", job)):
        await until(lambda: job.works)
        lets_in(False)
        await asyncio.sleep(1.5 * leases.RENEWED)
        worked = job.works
        lets_in(True)
        await asyncio.sleep(leases.LASTS)

        assert worked
        assert (job.begun, job.works) == (1, True)


async def test_a_job_stops_before_its_lease_is_over_and_who_listens_goes_on(
    desk: Desk, lets_in: Does
) -> None:
    stops, listens = Job(), Job()
    held = Leases(desk)
    async with beside(
        suppressed(held.alone("publish", stops)), held.alone("listen", listens, outlasts=True)
    ):
        await until(lambda: stops.works and listens.works)
        lets_in(False)
        begun = asyncio.get_running_loop().time()
        await until(lambda: not stops.works)
        took = asyncio.get_running_loop().time() - begun
        await asyncio.sleep(2 * leases.LASTS)
        still = listens.works
        lets_in(True)
        await asyncio.sleep(leases.LASTS)

        assert took <= leases.LASTS + 0.5
        assert still
        assert (listens.begun, listens.works) == (1, True)


async def test_who_listened_on_stops_when_another_has_it(desk: Desk, lets_in: Does) -> None:
    job = Job()
    async with beside(Leases(desk).alone("listen", job, outlasts=True)):
        await until(lambda: job.works)
        lets_in(False)
        await asyncio.sleep(2 * leases.LASTS)
        lets_in(True)
        await take(desk, desk.now() + 3_600)
        await until(lambda: not job.works, 2 * leases.LASTS)

        assert job.begun == 1


async def test_a_job_that_loses_its_cancellation_ends_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "CANCEL_AGAIN", 0.05)
    lost = asyncio.Event()

    async def loses_one() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        lost.set()
        await asyncio.Event().wait()

    held = Leases(desk)
    task = asyncio.create_task(held.alone("listen", loses_one))
    await asyncio.sleep(0.2)
    task.cancel()
    await asyncio.wait((task,), timeout=5)
    others = [one for one in asyncio.all_tasks() if "loses_one" in repr(one)]
    for one in others:
        one.cancel()

    assert lost.is_set()
    assert task.done()
    assert others == []


async def test_a_lease_dated_by_a_clock_far_ahead_is_over_when_nobody_renews_it(
    desk: Desk,
) -> None:
    job = Job()
    await take(desk, desk.now() + 365 * 24 * 3_600)
    async with beside(Leases(desk).alone("listen", job)):
        await until(lambda: job.works, 4 * leases.UNCHANGED)

        assert job.works


async def test_a_lease_that_is_renewed_is_kept_however_clocks_differ(desk: Desk) -> None:
    job = Job()
    await take(desk, desk.now() + 3_600)
    async with beside(Leases(desk).alone("listen", job)):
        for _ in range(12):
            await asyncio.sleep(leases.UNCHANGED / 4)
            await take(desk, desk.now() + 3_600)

        assert job.begun == 0


async def suppressed(job: Awaitable[None]) -> None:
    """As kept_alive does: that it failed is no news here."""
    with suppress(Exception):
        await job
