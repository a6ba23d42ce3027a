"""Runs `saphan` and breaks it: an error that quotes her, at one function of ours after another.

    python -m tests.safety.forced serve --port 8080

Each of our functions fails once, when it is called for the first time after the file ARMED exists.
RECORD gets a line for each. Every library's logger is turned up and writes to standard error, as
somebody who looks for a fault may have it.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import uvloop

from app.cli import main
from app.logs import OWN

ARMED, RECORD, WORDS = "FORCED_ARMED", "FORCED_RECORD", "FORCED_WORDS"
LOUD = ("", "aiogram", "asyncio", "httpcore", "httpx", "sqlalchemy.engine", "sqlalchemy.pool")
LOUD_TOO = ("uvicorn", "uvicorn.error", "uvicorn.access", "aiosqlite", "psycopg", "fastapi")
# If these fail, nothing of the process is left to look at: they wait for all others.
_KEPT = frozenset(
    {
        *("run", "running", "kept_alive", "until_stopped", "_signalled"),
        *("_quiet_hook", "_quiet_thread", "_quiet_leftover", "_quiet_warning"),
    }
)


class Breaker:
    """Fails each function of ours once."""

    def __init__(self, armed: Path, record: Path, words: str) -> None:
        self._armed = armed
        self._record = record
        self._words = words
        self._broken: set[CodeType] = set()

    async def watch(self) -> None:
        """Arm again and again: an error from here disarms."""
        while True:
            sys.setprofile(self._called if self._armed.exists() else None)
            await asyncio.sleep(0.005)

    def _called(self, frame: FrameType, event: str, _argument: object) -> None:
        code, module = frame.f_code, str(frame.f_globals.get("__name__", ""))
        if event != "call" or not _begins(frame) or module.partition(".")[0] not in OWN:
            return
        if code in self._broken or code.co_name in _KEPT or code.co_name.startswith("<"):
            return
        self._broken.add(code)
        with self._record.open("a") as record:
            record.write(f"{module}.{code.co_qualname}\n")
        raise RuntimeError(self._words, {"said": self._words}) from ValueError(self._words)


def _begins(frame: FrameType) -> bool:
    """Whether it is called, and not gone on with: RESUME 0 stands at the head of a function."""
    at = frame.f_lasti
    return at >= 0 and frame.f_code.co_code[at + 1] == 0


def _loud() -> None:
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    for name in (*LOUD, *LOUD_TOO):
        logging.getLogger(name).setLevel(logging.DEBUG)


def _broken_run(breaker: Breaker) -> Any:
    run = uvloop.run

    def run_with(job: Coroutine[Any, Any, Any]) -> Any:
        async def both() -> Any:
            watching = asyncio.create_task(breaker.watch())
            try:
                return await job
            finally:
                watching.cancel()

        return run(both())

    return run_with


if __name__ == "__main__":
    _loud()
    given = os.environ
    one = Breaker(Path(given[ARMED]), Path(given[RECORD]), given[WORDS])
    uvloop.run = _broken_run(one)
    main()
