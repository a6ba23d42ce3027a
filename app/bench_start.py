"""`saphan bench start`: what a process that takes webhooks loads, beside aiogram alone (G11)."""

import json
import subprocess
import sys
from collections.abc import Mapping
from statistics import median
from typing import Any

RUNS = 5
NOTHING = "pass"
OURS = "from app.public import public_app; from bot.doors import doors; doors()"
AIOGRAM = "import aiogram"
_TOLD = """
import json, resource, sys
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([peak / 1024, "aiogram" in sys.modules]))
"""


CODES = {"bare Python": NOTHING, "a process for webhooks": OURS, "aiogram": AIOGRAM}


def start_bench(runs: int = RUNS, named: Mapping[str, str] = CODES) -> dict[str, Any]:
    """Processor seconds and peak memory (MB) of a fresh interpreter that imports this much.

    Everything is loaded once before, so that no disk is measured.
    """
    found: dict[str, list[tuple[float, float, bool]]] = {name: [] for name in named}
    for run in range(runs + 1):
        for name, code in named.items():
            told = _run(code)
            if run:
                found[name].append(told)
    rows = {
        name: {
            "cpu_ms": round(1e3 * median(seconds for seconds, _, _ in told)),
            "peak_mb": round(median(peak for _, peak, _ in told)),
        }
        for name, told in found.items()
    }
    ours, theirs = rows["a process for webhooks"], rows["aiogram"]
    free = not any(loaded for _, _, loaded in found["a process for webhooks"])
    return {
        "rows": rows,
        "goals": {
            "G11 start": _goal(ours["cpu_ms"] / theirs["cpu_ms"], 0.2, free=free),
            "G11 memory": _goal(ours["peak_mb"] / theirs["peak_mb"], 0.5, free=free),
        },
    }


def _run(code: str) -> tuple[float, float, bool]:
    """Processor seconds, peak memory in MB, and whether aiogram was loaded."""
    timed = f"import time\n{code}\nspent = time.process_time()\n{_TOLD}\nprint(spent)"
    done = subprocess.run(  # noqa: S603 - our own interpreter, code from above
        [sys.executable, "-c", timed], capture_output=True, text=True, check=True
    )
    told, spent = done.stdout.splitlines()
    peak, loaded = json.loads(told)
    return float(spent), peak, loaded


def _goal(ratio: float, bound: float, *, free: bool) -> dict[str, Any]:
    return {
        "ratio": round(ratio, 2),
        "bound": bound,
        "met": ratio <= bound and free,
        "without_aiogram": free,
    }
