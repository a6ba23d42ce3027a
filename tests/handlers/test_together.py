"""Whoever shares a piece of work gets an answer, however the work ends."""

import asyncio
from collections.abc import Sequence

import pytest

from handlers.together import Together
from storage.store import is_trouble


class Work:
    """Waits until it may go; the first group ends as it is told, the others with an answer."""

    def __init__(self, first: type[BaseException] | None = None) -> None:
        self.first = first
        self.groups: list[list[str]] = []
        self.may = asyncio.Event()

    async def __call__(self, group: Sequence[str]) -> list[str]:
        self.groups.append(list(group))
        await self.may.wait()
        if self.first and len(self.groups) == 1:
            raise self.first
        return [one.upper() for one in group]


async def under_way(together: Together, work: Work, *names: str) -> list[asyncio.Task[str | None]]:
    """The first is at work, the others wait for the next group."""
    tasks = [asyncio.create_task(together.go(one, one, work)) for one in names]
    while not work.groups:  # noqa: ASYNC110 - one step of the loop
        await asyncio.sleep(0)
    return tasks


async def ended(tasks: list[asyncio.Task[str | None]]) -> list[str | BaseException | None]:
    async with asyncio.timeout(2):
        return await asyncio.gather(*tasks, return_exceptions=True)


async def test_work_that_is_cancelled_inside_is_trouble_for_its_group_and_the_next_goes_on() -> (
    None
):
    together, work = Together(), Work(asyncio.CancelledError)
    tasks = await under_way(together, work, "a")
    tasks += [asyncio.create_task(together.go(one, one, work)) for one in ("b", "c")]
    await asyncio.sleep(0)
    work.may.set()
    first, *others = await ended(tasks)

    assert isinstance(first, Exception)
    assert is_trouble(first)  # so the platform brings it again
    assert others == ["B", "C"]
    assert work.groups == [["a"], ["b", "c"]]


async def test_when_the_process_ends_nobody_is_left_waiting() -> None:
    together, work = Together(), Work()
    tasks = await under_way(together, work, "a")
    tasks += [asyncio.create_task(together.go(one, one, work)) for one in ("b", "c")]
    await asyncio.sleep(0)
    going = together._going
    assert going
    going.cancel()
    answers = await ended(tasks)

    assert all(isinstance(one, asyncio.CancelledError) for one in answers)
    assert going.cancelled()
    work.may.set()
    assert await ended([asyncio.create_task(together.go("a", "a", work))]) == ["A"]


@pytest.mark.parametrize("error", [ValueError, OSError])
async def test_an_error_is_raised_to_each_of_the_group(error: type[Exception]) -> None:
    together, work = Together(), Work(error)
    work.may.set()
    answers = await ended(await under_way(together, work, "a", "b"))

    assert [type(one) for one in answers] == [error, error]


async def test_work_that_answers_too_few_is_an_error_to_each_of_them() -> None:
    together = Together()

    async def one_short(group: Sequence[str]) -> Sequence[str]:
        return group[1:]

    tasks = [asyncio.create_task(together.go(one, one, one_short)) for one in ("a", "b")]

    assert [type(one) for one in await ended(tasks)] == [ValueError, ValueError]
