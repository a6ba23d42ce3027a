"""Between the rows and an encrypted file: a pipe, so that memory does not grow with the rows."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

import orjson

from privacy.age_files import opened_into, sealed_into

_AT_ONCE: Final = 1 << 18  # bytes handed on at once


class BackupFaulty(Exception):
    """What is wrong with a backup; the message repeats nothing of it."""


class Sealing:
    """Takes bytes and hands them to the thread that seals them."""

    def __init__(self, out: int) -> None:
        """Write to this end of a pipe."""
        self._out = out
        self._waiting = bytearray()

    async def write(self, content: bytes) -> None:
        """Take some; raises BrokenPipeError once the thread has given up."""
        self._waiting += content
        if len(self._waiting) >= _AT_ONCE:
            await self.flush()

    async def flush(self) -> None:
        """Hand on what waits."""
        waiting, self._waiting = bytes(self._waiting), bytearray()
        await asyncio.to_thread(_all, self._out, waiting)


@asynccontextmanager
async def sealing(recipient: str, file: BinaryIO) -> AsyncIterator[Sealing]:
    """What is written is sealed into the file, to its end. Raises OSError, AgeFaulty."""
    inlet, outlet = os.pipe()
    work = asyncio.create_task(
        asyncio.to_thread(_from_pipe, inlet, lambda r: sealed_into(recipient, r, file))
    )
    sealer = Sealing(outlet)
    try:
        yield sealer
        await sealer.flush()
    except BrokenPipeError:
        await work  # what really went wrong
        raise
    finally:
        os.close(outlet)
        with suppress(Exception):
            await asyncio.wait({work})
    await work


@asynccontextmanager
async def opening(identity: str, path: Path) -> AsyncIterator[AsyncIterator[Any]]:
    """The lines of a backup, each parsed. Raises AgeFaulty at the end: it was cut or changed.

    So whatever was read counts for nothing before the block has ended without an error.
    """
    inlet, outlet = os.pipe()
    work = asyncio.create_task(asyncio.to_thread(_into_pipe, identity, path, outlet))
    try:
        with os.fdopen(inlet, "rb") as reader:
            yield _parsed(reader)
    except BackupFaulty:
        await work  # a file that was cut says so itself
        raise
    finally:
        await asyncio.wait({work})
        work.exception()
    await work


async def _parsed(reader: BinaryIO) -> AsyncIterator[Any]:
    while some := await asyncio.to_thread(reader.readlines, _AT_ONCE):
        for line in some:
            try:
                yield orjson.loads(line)
            except orjson.JSONDecodeError:
                raise BackupFaulty("a line of it cannot be read") from None


def _from_pipe(inlet: int, work: Callable[[BinaryIO], None]) -> None:
    with os.fdopen(inlet, "rb") as reader:
        work(reader)


def _into_pipe(identity: str, path: Path, outlet: int) -> None:
    with suppress(BrokenPipeError), os.fdopen(outlet, "wb") as writer, path.open("rb") as file:
        opened_into(identity, file, writer)


def _all(out: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(out, left) :]
