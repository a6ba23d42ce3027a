"""What of `saphan bench` needs the product in this very process: read once, over no database."""

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from app import bench_growth, bench_scale, bench_steps
from app.settings import Settings
from app.wiring import Data, build
from handlers.desk import Desk

# Of docs/performance.md: one step in a process of ours, and its share of a group's commit on
# PostgreSQL, in seconds.
MEASURED = bench_scale.Plant(step=0.0006, commit=0.0002)


def engine_bench() -> dict[str, Any]:
    """One step of the engine beside its floor (G1)."""
    return bench_steps.steps_bench(_desk(Data.read()))


def growth() -> dict[str, Any]:
    """How cost grows with what lies around a step."""
    data = Data.read()
    return bench_growth.growth_bench(_desk(data), data)


def full_growth() -> dict[str, Any]:
    """The same, as far as the design asks."""
    data = Data.read()
    return bench_growth.growth_bench(_desk(data), data, bench_growth.FULL)


def scale() -> dict[str, Any]:
    """An evening after a radio programme, with the costs measured here (docs/scale.md)."""
    evenings = {
        "one bot": (bench_scale.Load(), MEASURED),
        "one bot, half on the page": (bench_scale.Load(web=0.5), MEASURED),
        "four bots": (bench_scale.Load(), replace(MEASURED, bots=4)),
        "ten bots": (bench_scale.Load(), replace(MEASURED, bots=10)),
        "no programme": (bench_scale.Load(called=0), MEASURED),
    }
    return {name: dict(bench_scale.rows(*evening)) for name, evening in evenings.items()}


def _desk(data: Data) -> Desk:
    """A desk as it is built; its databases are closed and gone."""

    async def made() -> Desk:
        with tempfile.TemporaryDirectory(prefix="saphan-bench-") as folder:
            async with build(Settings(home=Path(folder)), channels={}, data=data) as desk:
                return desk

    return asyncio.run(made())
