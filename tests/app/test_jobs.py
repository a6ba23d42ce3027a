"""The jobs of a process: what is stopped ends, also where a cancellation was lost."""

import asyncio
from contextlib import suppress

from handlers.ending import ended


async def test_a_job_that_loses_one_cancellation_is_told_again() -> None:
    told = list[str]()

    async def loses_one() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(3_600)
        told.append("lost")
        await asyncio.sleep(3_600)

    async def plain() -> None:
        await asyncio.sleep(3_600)

    jobs = [asyncio.create_task(loses_one()), asyncio.create_task(plain())]
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await ended(jobs, again=0.05)

    assert told == ["lost"]
    assert all(job.cancelled() for job in jobs)


async def test_who_is_tidying_up_is_not_told_again_at_once() -> None:
    disturbed = list[bool]()

    async def tidies_up() -> None:
        try:
            await asyncio.sleep(3_600)
        finally:
            disturbed.append(True)
            await asyncio.sleep(0.2)
            disturbed.clear()

    job = asyncio.create_task(tidies_up())
    await asyncio.sleep(0)
    job.cancel()
    await asyncio.sleep(0)
    await ended([job])

    assert disturbed == []


async def test_nothing_to_stop_is_nothing_to_wait_for() -> None:
    async with asyncio.timeout(10):
        await ended(())
