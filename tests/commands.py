"""Runs the `saphan` command as a process of its own, without waiting for Python to start.

    saphan("places", "mae sot", folder=tmp_path).stdout

A second goes by until all modules are read, and two more until trees, words and services are. So
one process reads them, and forks for each command: the child does what the command does when it is
typed (tests/app/test_cli.py compares the two).
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NoReturn

from app.wiring import Data
from flows.book import FlowBook

ROOT = Path(__file__).parents[1]
SAPHAN = Path(sys.executable).parent / "saphan"  # as it is typed
_PACKAGES = ("app", "bot", "console")  # the upper ones; they read all others
_STREAMS = ("in", "out", "err")


def saphan(
    *words: str, typed: str = "", folder: Path, **settings: str
) -> subprocess.CompletedProcess[str]:
    """What the command prints in this folder, and how it ends; its home is there too."""
    with tempfile.TemporaryDirectory() as kept:
        streams = [Path(kept, name) for name in _STREAMS]
        streams[0].write_text(typed, "utf-8")
        asked = {
            "words": words,
            "folder": str(folder),
            "environment": environment(SAPHAN_HOME=str(folder), **settings),
            "streams": [str(path) for path in streams],
        }
        ended = _asked(json.dumps(asked))
        _, out, err = (path.read_text("utf-8") if path.exists() else "" for path in streams)
    return subprocess.CompletedProcess(words, ended, out, err)


def environment(**settings: str) -> dict[str, str]:
    """That of the tests, with these settings of ours and no others."""
    return {k: v for k, v in os.environ.items() if not k.startswith("SAPHAN_")} | settings


def _asked(line: str) -> int:
    server = _server()
    assert server.stdin
    assert server.stdout
    server.stdin.write(f"{line}\n")
    server.stdin.flush()
    return int(server.stdout.readline())


@cache
def _server() -> "subprocess.Popen[str]":
    words = [sys.executable, "-m", "tests.commands"]
    pipe = subprocess.PIPE
    server = subprocess.Popen(
        words, cwd=ROOT, env=environment(), text=True, stdin=pipe, stdout=pipe
    )

    def end() -> None:
        server.communicate()

    atexit.register(end)
    return server


def _forked() -> Mapping[str, object] | None:
    """Fork a child for each line and tell how it ended; in the child, what it is to do."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            answers.close()
            found: Mapping[str, object] = json.loads(line)
            return found
        _, status = os.waitpid(child, 0)
        answers.write(f"{os.waitstatus_to_exitcode(status)}\n")
    return None


def _become(asked: Mapping[str, object]) -> None:
    """The folder, the environment and the streams of a process that was started for it."""
    words, folder, given = asked["words"], asked["folder"], asked["environment"]
    streams = asked["streams"]
    assert isinstance(words, list)
    assert isinstance(folder, str)
    assert isinstance(given, dict)
    assert isinstance(streams, list)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(given)
    for number, (path, mode) in enumerate(zip(streams, "rww", strict=True)):
        with Path(path).open(mode) as stream:
            os.dup2(stream.fileno(), number)
    sys.stdin = os.fdopen(os.dup(0))
    sys.argv = [str(SAPHAN), *words]
    sys.modules["__main__"].__package__ = None  # by which the command would call itself


def _serve() -> None:
    for package in _PACKAGES:
        for module in pkgutil.iter_modules([str(ROOT / package)], f"{package}."):
            importlib.import_module(module.name)
    if threading.active_count() > 1:
        raise RuntimeError("a module starts a thread, which no child would have")
    gc.disable()  # a third of a short command's time; what it keeps, it keeps to its end
    _read_once()
    gc.freeze()
    asked = _forked()
    if asked is None:
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
    """What the program brings with it, which no command changes."""
    data = Data.read()
    again = Data.read

    def read(book: FlowBook | None = None, *, live: bool = False) -> Data:
        return data if book is None and not live else again(book, live=live)

    Data.read = read  # type: ignore[method-assign]


def _end(code: int) -> NoReturn:
    """As a process ends, but without taking apart, object by object, what was read for all."""
    threading._shutdown()  # type: ignore[attr-defined]  # waits for threads that must end first
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _serve()
