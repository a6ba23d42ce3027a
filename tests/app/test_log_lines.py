"""R12, R80: a line that cannot be written is lost, and whoever logged it goes on."""

import io
import logging
import os
import sys
import threading
import tomllib
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

import orjson
import pytest
import structlog

from app import jobs, listening, logs, serving
from app.metrics import Tally
from app.settings import Settings
from handlers import removals
from handlers.desk import Desk
from storage.wire import Trouble
from tests.proving import on_one

PROJECT = Path(__file__).parents[2] / "pyproject.toml"
OUT_OF_REACH = ("warning", "channel_unreachable", {"channel": "telegram", "times": 3})
READY = ("info", "channel_ready", {"channel": "telegram"})


@pytest.fixture(autouse=True)
def _hooks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is set up here for a whole process is as before for the next test."""
    for place, name in (
        (sys, "excepthook"),
        (sys, "unraisablehook"),
        (threading, "excepthook"),
        (warnings, "showwarning"),
    ):
        monkeypatch.setattr(place, name, getattr(place, name))
    yield
    logging.disable(logging.NOTSET)


def _disk_full() -> TextIO:
    return Path("/dev/full").open("w", buffering=1, encoding="utf-8")


def _hung_up() -> TextIO:
    ours, theirs = os.openpty()
    os.close(ours)
    return os.fdopen(theirs, "w", buffering=1, encoding="utf-8")


def _nobody_reads() -> TextIO:
    reads, writes = os.pipe()
    os.close(reads)
    return os.fdopen(writes, "w", buffering=1, encoding="utf-8")


def _closed() -> TextIO:
    gone = io.StringIO()
    gone.close()
    return gone


def _none() -> None:
    return None


Opened = Callable[[], TextIO | None]
each_way = pytest.mark.parametrize("opened", [_disk_full, _hung_up, _nobody_reads, _closed, _none])


@contextmanager
def unwritable(opened: Opened, *also: logs.Step) -> Iterator[None]:
    """Logging goes to a standard error that takes no line. Not as a fixture: between fixture and
    test pytest sets its own again."""
    with pytest.MonkeyPatch.context() as changed:
        given = opened()
        changed.setattr(sys, "stderr", given)
        logs.configure("info", *also)
        yield
    if given is not None:
        with suppress(OSError):  # what it still holds
            given.close()


@each_way
async def test_R12_a_job_that_fails_is_begun_again_though_its_line_cannot_be_written(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    tally, begun = Tally(), list[None]()
    monkeypatch.setattr(jobs, "AGAIN", 0.0)

    async def fails_twice() -> None:
        begun.append(None)
        if len(begun) < 3:
            raise RuntimeError

    with unwritable(opened, tally.hear):
        await jobs.kept_alive(fails_twice)

    assert len(begun) == 3
    assert tally.heard["job_failed"] == 2


@each_way
def test_an_error_nobody_caught_is_not_told_by_python_where_our_line_cannot_be_written(
    opened: Opened,
) -> None:
    failed = list[BaseException]()
    with unwritable(opened):
        try:
            sys.excepthook(RuntimeError, RuntimeError(), None)
        except Exception as error:  # upon which Python writes the words of the first one
            failed.append(error)

    assert failed == []


@on_one("sqlite")
async def test_R80_with_the_disk_of_the_log_full_too_who_waits_has_the_card(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards, tries = list[None](), iter((True, False))
    monkeypatch.setattr(listening, "PAUSES", (0.0,))

    async def take() -> None:
        if next(tries):
            raise Trouble(full=True)

    async def meanwhile() -> None:
        cards.append(None)

    with unwritable(_disk_full):
        await listening.heard(desk, "telegram", take, meanwhile)

    assert cards


@on_one("sqlite")
async def test_with_the_disk_of_list_and_log_full_her_word_to_stop_holds(desk: Desk) -> None:
    tally = Tally()
    assert desk.removals
    desk.removals.folder.write_text("where the folder would be")
    with unwritable(_disk_full, tally.hear):
        async with desk.store.turn() as turn:
            await removals.removed(turn, desk, "referral", "r-abcdef")

    assert tally.heard["removal_not_listed"] == 1


@each_way
@on_one("sqlite")
async def test_R12_a_start_goes_on_though_nobody_can_be_told_where_it_is(
    opened: Opened, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = opened()
    with monkeypatch.context() as changed:
        changed.setattr(sys, "stdout", given)
        await serving.tell(desk, Settings(), serving.Where())
    if given is not None:
        with suppress(OSError):
            given.close()

    told = io.StringIO()
    monkeypatch.setattr(sys, "stdout", told)
    await serving.tell(desk, Settings(), serving.Where())
    assert "The chat:  http://127.0.0.1:8080/" in told.getvalue()


@pytest.mark.parametrize("level", ["debug", "info", "warning", "error"])
def test_what_is_counted_does_not_hang_on_what_is_written(
    level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tally, written = Tally(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    logs.configure(level, tally.hear)
    log = structlog.get_logger(level)
    seen = []
    for method, event, fields in (OUT_OF_REACH, READY):
        getattr(log, method)(event, **fields)
        seen.append(tally.doors["telegram"])
    lines = [orjson.loads(line)["level"] for line in written.getvalue().splitlines()]
    least = {"debug": 2, "info": 2, "warning": 1, "error": 0}

    assert seen == [0, 1]
    assert lines == ["warning", "info"][: least[level]]


def test_a_place_in_any_package_of_ours_is_kept() -> None:
    ours = tomllib.loads(PROJECT.read_text("utf-8"))["tool"]["hatch"]["build"]

    assert set(ours["targets"]["wheel"]["packages"]) == logs.OWN
