"""Runs the `saphan` command as a process of its own, without waiting for Python to start.

    saphan("places", "mae sot", folder=tmp_path).stdout
    begun("serve", folder=home, environment={...}, output=home / "output.txt")

A second goes by until all modules are read, and two more until trees, words and services are. So
one process reads them, for all workers of a run, and forks for each command: the child does what
the command does when it is typed (tests/app/test_cli.py compares the two). It ends with the last
worker. In a full run what serves is started as it is typed (tests/e2e/system.py).
"""

import asyncio
import fcntl
import gc
import importlib
import json
import os
import pkgutil
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from app.wiring import Data
from flows.book import FlowBook

ROOT = Path(__file__).parents[1]
SAPHAN = Path(sys.executable).parent / "saphan"  # as it is typed
_PACKAGES = ("app", "bot", "console")  # the upper ones; they read all others
_LOOKS = 0.01  # seconds between two looks whether a process has ended
_READY, _LONGEST = b"ready\n", 65_536


@dataclass(frozen=True)
class Running:
    """A process that was begun; used as one of `asyncio.subprocess`."""

    pid: int
    _ends: Path  # where its exit code will stand

    @property
    def returncode(self) -> int | None:
        """How it ended; None while it runs."""
        return int(self._ends.read_text()) if self._ends.exists() else None

    def send_signal(self, number: int) -> None:
        """Nothing happens to one that has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """As Ctrl-C and the system's manager of services do."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """As the system does when memory is short."""
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        """Until it has ended."""
        while (code := self.returncode) is None:  # noqa: ASYNC110 - another process makes it so
            await asyncio.sleep(_LOOKS)
        return code


def saphan(
    *words: str, typed: str = "", folder: Path, **settings: str
) -> subprocess.CompletedProcess[str]:
    """What the command prints in this folder, and how it ends; its home is there too."""
    with tempfile.TemporaryDirectory() as kept:
        into, out, err = (Path(kept, name) for name in ("in", "out", "err"))
        into.write_text(typed, "utf-8")
        given = environment(SAPHAN_HOME=str(folder), **settings)
        process = _begun(words, folder, given, (into, out, err))
        while (code := process.returncode) is None:
            time.sleep(_LOOKS)
        return subprocess.CompletedProcess(words, code, out.read_text(), err.read_text())


def begun(*words: str, folder: Path, environment: Mapping[str, str], output: Path) -> Running:
    """Begin a command in this folder; what it prints is added to a file."""
    return _begun(words, folder, environment, (Path(os.devnull), output, output))


def environment(**settings: str) -> dict[str, str]:
    """That of the tests, with these settings of ours and no others."""
    return {k: v for k, v in os.environ.items() if not k.startswith("SAPHAN_")} | settings


def _begun(
    words: tuple[str, ...], folder: Path, given: Mapping[str, str], streams: tuple[Path, ...]
) -> Running:
    asked = {
        "words": words,
        "folder": str(folder),
        "environment": dict(given),
        "streams": [str(path) for path in streams],
    }
    server = _server()
    server.sendall(json.dumps(asked).encode() + b"\n")
    pid = server.recv(_LONGEST).decode().strip()
    return Running(int(pid), _place() / pid)


def _place() -> Path:
    """Where the workers of this run meet the process that forks."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
    return Path(tempfile.gettempdir(), f"saphan-tests-{run[:16]}")


@cache
def _server() -> socket.socket:
    place = _place()
    place.mkdir(exist_ok=True)
    address = place / "socket"
    with Path(f"{place}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not address.exists():
            _start(address)
    found = socket.socket(socket.AF_UNIX)
    found.connect(str(address))
    return found


def _start(address: Path) -> None:
    words = [sys.executable, "-m", "tests.commands", str(address)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        words, cwd=ROOT, env=environment(), stdout=pipe, start_new_session=True
    )
    _started.append(process)
    assert process.stdout
    if process.stdout.readline() != _READY:
        raise RuntimeError("the process that forks did not start")


_started: list["subprocess.Popen[bytes]"] = []  # not waited for: others may still need it


class _Forks:
    """What forks for each line of each connection, and keeps how each child ended."""

    def __init__(self, address: Path) -> None:
        self._place = address.parent
        self._waiting = selectors.DefaultSelector()
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(address))
        self._door.listen()
        self._waiting.register(self._door, selectors.EVENT_READ)
        self._parts: dict[socket.socket, bytes] = {}
        signal.signal(signal.SIGCHLD, self._ended)

    def until_a_child(self) -> Mapping[str, Any] | None:
        """In a child, what it is to do; None when nobody is left who could ask."""
        while True:
            for key, _ in self._waiting.select():
                came = key.fileobj
                assert isinstance(came, socket.socket)
                if came is self._door:
                    new, _ = self._door.accept()
                    self._parts[new] = b""
                    self._waiting.register(new, selectors.EVENT_READ)
                elif asked := self._heard(came):
                    return asked
            if not self._parts:
                return None

    def _heard(self, came: socket.socket) -> Mapping[str, Any] | None:
        read = came.recv(_LONGEST)
        if not read:
            self._waiting.unregister(came)
            self._parts.pop(came)
            came.close()
            return None
        self._parts[came] += read
        if not self._parts[came].endswith(b"\n"):
            return None
        line, self._parts[came] = self._parts[came], b""
        child = os.fork()
        if not child:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            asked: Mapping[str, Any] = json.loads(line)
            return asked
        came.sendall(f"{child}\n".encode())
        return None

    def _ended(self, *_: object) -> None:
        while True:
            try:
                child, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not child:
                return
            told = self._place / f"{child}.new"
            told.write_text(str(os.waitstatus_to_exitcode(status)))
            told.rename(self._place / str(child))


def _become(asked: Mapping[str, Any]) -> None:
    """The folder, the environment and the streams of a process that was started for it."""
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    for number, (path, mode) in enumerate(zip(asked["streams"], "raa", strict=True)):
        with Path(path).open(mode) as stream:
            os.dup2(stream.fileno(), number)
    os.closerange(3, 1_024)
    sys.stdin = os.fdopen(os.dup(0))
    sys.argv = [str(SAPHAN), *asked["words"]]
    sys.modules["__main__"].__package__ = None  # by which the command would call itself
    if "serve" in asked["words"]:
        gc.enable()


def _serve(address: Path) -> None:
    for package in _PACKAGES:
        for module in pkgutil.iter_modules([str(ROOT / package)], f"{package}."):
            importlib.import_module(module.name)
    if threading.active_count() > 1:
        raise RuntimeError("a module starts a thread, which no child would have")
    gc.disable()  # a third of a short command's time; what it keeps, it keeps to its end
    _read_once()
    gc.freeze()
    forks = _Forks(address)
    sys.stdout.buffer.write(_READY)
    sys.stdout.flush()
    asked = forks.until_a_child()
    if asked is None:
        shutil.rmtree(address.parent)
        Path(f"{address.parent}.lock").unlink()
        return
    _become(asked)
    ended = 0
    try:
        importlib.import_module("app.cli").main()
    except SystemExit as end:
        ended = end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:
        traceback.print_exc()
        ended = 1
    _end(ended)


def _read_once() -> None:
    """What the program brings with it, which no command changes.

    A start reads the trees itself, to see whether they are sound; where they are those that are
    known, it is given what was made of them.
    """
    data = Data.read()
    again, edition = Data.read, data.book.edition

    def read(book: FlowBook | None = None, *, live: bool = False) -> Data:
        known = not live and (book is None or book.edition == edition)
        return data if known else again(book, live=live)

    Data.read = read  # type: ignore[method-assign]


def _end(code: int) -> NoReturn:
    """As a process ends, but without taking apart, object by object, what was read for all."""
    threading._shutdown()  # type: ignore[attr-defined]  # waits for threads that must end first
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
