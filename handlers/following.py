"""Keeps what a process holds in memory as the others have it: editions, doors, the directory.

Each process listens for word of a change and looks by itself as well, so that all of them follow
within a second, also while nobody can be heard.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

import structlog

from handlers import curate, edition_serving, open_doors
from handlers.desk import Desk
from storage import news, services
from storage.news import Deaf, News

log = structlog.get_logger("following")

LOOK: Final = 0.5  # seconds between looks: with the reading, all processes follow within one
WHOLE: Final = 20  # looks after which the directory is read although its stamp is the same
AGAIN: Final = 1.0  # seconds until we try to listen again
TOGETHER: Final = 0.02  # seconds in which one word is enough for all letters that were posted


class Heard:
    """What was told, and nobody here has looked at since."""

    def __init__(self) -> None:
        """Nothing was told."""
        self._told = {one: asyncio.Event() for one in News}

    def note(self, one: News) -> None:
        """Somebody has told this."""
        self._told[one].set()

    async def wait(self, one: News, most: float | None) -> bool:
        """Until this is told, or so many seconds have passed; whether it was told."""
        with suppress(TimeoutError):
            async with asyncio.timeout(most):
                await self._told[one].wait()
        told = self._told[one].is_set()
        self._told[one].clear()
        return told


async def listen_forever(desk: Desk, heard: Heard) -> None:
    """Hear what the others tell; without a connection everybody still looks."""
    while True:
        try:
            async for one in news.heard(desk.store):
                heard.note(one)
            return  # SQLite: nobody else is there
        except Deaf as trouble:
            log.warning("deaf", kind=str(trouble))
            await asyncio.sleep(AGAIN)


async def follow_editions(desk: Desk, heard: Heard) -> None:
    """What is published, taken back or pulled anywhere is so here too."""
    await _follow(heard, News.EDITIONS, lambda: edition_serving.refresh(desk))


async def follow_doors(desk: Desk, heard: Heard) -> None:
    """What is shut or opened anywhere is so here too."""
    await _follow(heard, News.DOORS, lambda: open_doors.refresh(desk))


async def follow_directory(desk: Desk, heard: Heard) -> None:
    """A number that is pulled or changed anywhere is so here too, and so is the name of an
    organisation: what was heard is read whatever the stamp says."""
    looks, stamp, told = 0, tuple[int, ...](), False
    while True:
        async with desk.store.turn() as turn:
            now = await services.stamp(turn)
        if told or now != stamp or looks % WHOLE == 0:
            await curate.refresh(desk)
        looks, stamp = looks + 1, now
        told = await heard.wait(News.DIRECTORY, LOOK)


async def hurry_the_sender(desk: Desk, heard: Heard) -> None:
    """Where letters are sent: what another process has posted goes without waiting for a look."""
    while True:
        await heard.wait(News.MAIL, None)
        desk.posted.set()


async def pass_on(desk: Desk) -> None:
    """Where no letters are sent: tell those who send that some were posted."""
    while True:
        await desk.posted.wait()
        desk.posted.clear()
        await news.tell_now(desk.store, News.MAIL)
        await asyncio.sleep(TOGETHER)


async def _follow(heard: Heard, one: News, look: Callable[[], Awaitable[object]]) -> None:
    while True:
        await look()
        await heard.wait(one, LOOK)
