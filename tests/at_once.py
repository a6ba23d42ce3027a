"""SQLite called at once: without the thread between, which costs more than most statements.

    @pytest.mark.usefixtures("at_once")
    async def test_ten_thousand_times(desk: Desk) -> None: ...

The driver, aiosqlite, has a thread for each connection and hands it one call after the other. For
thousands of rounds in a row a queue takes its place that calls at once. The statements, files,
locks and transactions stay the real ones, and now and then a caller still waits for its answer
while others go on, as it would with a thread.

In a plain run all tests of the folders in `CHEAP` do so, which takes a fifth off their time; in a
full run (tests/proving.py) only those that name it.
"""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import aiosqlite.core
import pytest

from tests.proving import FULL

# Not storage, app, e2e, crash and safety: how the driver's thread behaves is their matter too.
CHEAP = frozenset(
    {
        *("accounts", "casework", "channels", "console", "console_pages", "console_stories"),
        *("desk_pages", "directory_pages", "editions", "handlers", "organisation_pages"),
        *("partners", "reports_pages", "scenarios", "sealing", "simulator"),
        *("translations_pages", "trees_console", "voice", "web"),
    }
)
_TESTS = Path(__file__).parent
_NAMES = ("SimpleQueue", "Thread")
_REAL = tuple(getattr(aiosqlite.core, name) for name in _NAMES)
OTHERS_GO_ON = 0.2  # of all calls, before they are answered
AGAIN = 0.0005  # seconds until who found the database locked asks again
LONGEST = 20_000  # times
WAITS, NEVER_WAITS = "PRAGMA busy_timeout=10000", "PRAGMA busy_timeout=0"


class NoThread:
    """Where the driver would start one."""

    def __init__(self, **_: object) -> None:
        self.daemon = True

    def start(self) -> None:
        """Nothing is to be started."""


class AtOnce:
    """Takes what the driver's thread would take, and does it here."""

    def __init__(self) -> None:
        self._random = Random(20)

    def put_nowait(
        self, item: "tuple[asyncio.Future[Any] | None, Callable[[], Any]]", tries: int = LONGEST
    ) -> None:
        """Call it, and give its future the answer."""
        future, function = item
        if future is None or future.done():
            function()
            return
        try:
            result = _never_waiting(function)()
        except sqlite3.OperationalError as error:
            if "locked" in str(error) and tries:
                future.get_loop().call_later(AGAIN, self.put_nowait, item, tries - 1)
            else:
                future.set_exception(error)
        except BaseException as error:
            future.set_exception(error)
        else:
            if self._random.random() < OTHERS_GO_ON:
                future.get_loop().call_soon(_answer, future, result)
            else:
                future.set_result(result)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture opens a connection, be it one that a whole folder shares."""
    folder = item.path.relative_to(_TESTS).parts[0]
    cheap = folder in CHEAP and not os.environ.get(FULL)
    for name, kind in zip(_NAMES, (AtOnce, NoThread) if cheap else _REAL, strict=True):
        setattr(aiosqlite.core, name, kind)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests whose connections are all opened after this: name it with `usefixtures`."""
    without_threads(monkeypatch)


def without_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every connection that is opened from here on calls at once."""
    monkeypatch.setattr(aiosqlite.core, "SimpleQueue", AtOnce)
    monkeypatch.setattr(aiosqlite.core, "Thread", NoThread)


def _never_waiting(function: Callable[[], Any]) -> Callable[[], Any]:
    """SQLite itself must not wait for a lock: whoever holds it runs in this very thread."""
    if isinstance(function, partial) and function.args[:1] == (WAITS,):
        return partial(function.func, NEVER_WAITS)
    return function


def _answer(future: "asyncio.Future[Any]", result: object) -> None:
    if not future.done():
        future.set_result(result)
