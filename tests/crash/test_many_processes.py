"""Several processes over one database: they hear of each other, and one job has one doer."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest

from app.serving import Where, run
from app.settings import Settings
from app.stopping import AnotherServes, the_only_process
from app.wiring import Data, build, make_folders
from handlers import following
from handlers.desk import Desk
from handlers.following import Heard
from handlers.leases import LASTS, Leases
from storage import network_documents, news
from storage.network_documents import Note
from storage.news import News
from tests.doubles import FakeChannel, FakeClock
from tests.e2e.system import free_port, serving
from tests.proving import FULL

PARALLEL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
# Second in which all processes follow; a plain run shares its machine: there they only do follow.
WITHIN = 1.0 if FULL in os.environ else 5.0


@asynccontextmanager
async def both(
    settings: Settings, data: Data, clock: FakeClock
) -> AsyncIterator[tuple[Desk, Desk]]:
    """Two desks over one database, as two processes have them."""
    async with AsyncExitStack() as stack:
        desks = [
            await stack.enter_async_context(
                build(settings, channels={"fake": FakeChannel()}, clock=clock, data=data)
            )
            for _ in range(2)
        ]
        yield desks[0], desks[1]


async def seconds_until(met: Callable[[], bool], most: float = 10) -> float:
    begun = time.monotonic()
    async with asyncio.timeout(most):
        while not met():  # noqa: ASYNC110 - another task makes it true
            await asyncio.sleep(0.01)
    return time.monotonic() - begun


async def shut(desk: Desk) -> None:
    """A door is shut, as handlers/open_doors.py keeps it."""
    document = '{"fake":{"by":"x","at":"2026-11-21T03:00:00+00:00","opens":""}}'
    async with desk.store.turn() as turn:
        await network_documents.keep(turn, Note("doors/shut", document))
        await news.tell(turn, News.DOORS)


@asynccontextmanager
async def beside(*jobs: Awaitable[None]) -> AsyncIterator[None]:
    """Jobs that go on meanwhile."""
    tasks = [asyncio.ensure_future(job) for job in jobs]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def told_and_undone(desk: Desk) -> None:
    async with desk.store.turn() as turn:
        await news.tell(turn, News.EDITIONS)
        raise ZeroDivisionError


@PARALLEL
async def test_what_is_committed_is_heard_and_what_is_rolled_back_is_not(
    settings: Settings, data: Data, clock: FakeClock
) -> None:
    async with both(settings, data, clock) as (one, other):
        heard = list[News]()

        async def hear() -> None:
            async for told in news.heard(other.store):
                heard.append(told)

        async with beside(hear()):
            while not heard:  # until it listens
                await news.tell_now(one.store, News.MAIL)
                await asyncio.sleep(0.05)
            with pytest.raises(ZeroDivisionError):
                await told_and_undone(one)
            async with one.store.turn() as turn:
                await news.tell(turn, News.DOORS)
            await seconds_until(lambda: News.DOORS in heard)

        assert News.EDITIONS not in heard


@PARALLEL
@pytest.mark.parametrize("listens", [True, False])
async def test_a_door_that_is_shut_is_shut_in_every_process_within_a_second(
    settings: Settings, data: Data, clock: FakeClock, listens: bool
) -> None:
    async with both(settings, data, clock) as (one, other):
        heard = Heard()
        jobs = [following.follow_doors(other, heard)]
        jobs += [following.listen_forever(other, heard)] if listens else []
        async with beside(*jobs):
            await asyncio.sleep(0.3)
            await shut(one)
            took = await seconds_until(lambda: "fake" in other.doors.shut)

        assert took < WITHIN


@PARALLEL
async def test_mail_posted_by_one_process_wakes_the_sender_of_another(
    settings: Settings, data: Data, clock: FakeClock
) -> None:
    async with both(settings, data, clock) as (public, jobs):
        heard = Heard()
        async with beside(
            following.pass_on(public),
            following.listen_forever(jobs, heard),
            following.hurry_the_sender(jobs, heard),
        ):
            await asyncio.sleep(0.3)
            public.posted.set()
            took = await seconds_until(jobs.posted.is_set)

        assert took < WITHIN


@PARALLEL
async def test_one_process_does_a_job_and_another_takes_over_when_it_hangs(
    settings: Settings, data: Data, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.leases.RENEWED", 0.05)
    async with both(settings, data, clock) as (one, other):
        doing = list[str]()

        async def job(name: str) -> None:
            doing.append(name)
            try:
                await asyncio.Event().wait()
            finally:
                doing.remove(name)

        first, second = Leases(one), Leases(other)
        async with beside(first.alone("listen", lambda: job("first"))):
            await seconds_until(lambda: doing == ["first"])
            async with beside(second.alone("listen", lambda: job("second"))):
                await asyncio.sleep(0.3)
                alone = list(doing)
                first._took = _never  # type: ignore[method-assign, assignment]  # it hangs
                clock.forward(seconds=LASTS + 1)
                await seconds_until(lambda: doing == ["second"])

        assert alone == ["first"]


@PARALLEL
async def test_who_lost_a_job_takes_it_again_when_it_is_free(
    settings: Settings, data: Data, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.leases.RENEWED", 0.05)
    async with both(settings, data, clock) as (one, other):
        begun = list[str]()

        async def job(name: str) -> None:
            begun.append(name)
            await asyncio.Event().wait()

        async with beside(Leases(one).alone("listen", lambda: job("first"))):
            await seconds_until(lambda: begun == ["first"])
            async with other.store.turn() as turn:  # another has it, for a while
                note = await network_documents.read(turn, "lease/listen")
                until = clock().timestamp() + LASTS
                taken = Note(note.name, f'["other",{until}]', note.version)
                await network_documents.keep(turn, taken)
            await asyncio.sleep(0.3)
            alone = list(begun)
            clock.forward(seconds=LASTS + 1)
            await seconds_until(lambda: begun == ["first", "first"])

        assert alone == ["first"]


@PARALLEL
async def test_who_ends_in_order_gives_the_job_away_at_once(
    settings: Settings, data: Data, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.leases.RENEWED", 0.05)
    async with both(settings, data, clock) as (one, other):
        doing = list[str]()

        async def job(name: str) -> None:
            doing.append(name)
            await asyncio.Event().wait()

        ends = asyncio.create_task(Leases(one).alone("listen", lambda: job("first")))
        await seconds_until(lambda: doing == ["first"])
        async with beside(Leases(other).alone("listen", lambda: job("second"))):
            ends.cancel()
            await asyncio.wait((ends,))
            took = await seconds_until(lambda: doing == ["first", "second"])

        assert took < WITHIN


def test_a_second_process_over_a_sqlite_database_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/saphan.db"
    with the_only_process(url), pytest.raises(AnotherServes), the_only_process(url):
        pass
    with the_only_process(url) as after:
        assert after is None


async def test_the_start_of_a_second_process_over_sqlite_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(home=tmp_path)
    make_folders(settings)
    where = Where(port=free_port(), staff_port=free_port())
    with the_only_process(settings.database()), pytest.raises(SystemExit) as ended:
        await run(settings, where)

    assert ended.value.code == 2
    assert "SQLite serves one only" in capsys.readouterr().err


async def test_a_process_says_that_it_will_stop_and_answers_until_it_does(tmp_path: Path) -> None:
    port = free_port()
    async with serving(tmp_path, port, drain_seconds="2") as system:
        async with httpx.AsyncClient(base_url=system.url) as client:
            before = (await client.get("/readyz")).status_code
            system.process.terminate()
            await asyncio.sleep(0.5)
            ready = (await client.get("/readyz")).status_code
            answered = (await client.get("/")).status_code
        ended = await asyncio.wait_for(system.process.wait(), 30)

    assert (before, ready, answered, ended) == (200, 503, 200, 0)


async def _never(_name: str) -> bool:
    await asyncio.Event().wait()
    return False
