"""One server of `saphan bench web`, in a process of its own: a floor, or the product itself.

    python -m app.bench_servers <name> <database> <processor> <chats>

It prints one line of JSON, with its port and what people may tap there, and serves until its
standard input ends.
"""

import asyncio
import gc
import json
import os
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from app import bench_floors
from app.bench_scene import FIRST_STEP, open_talks, scene
from app.public import public_app
from app.settings import Settings
from app.wiring import build
from storage.keys import KeyTable

SECRET = "qWe7rT2yUi9oPa4sDf6gHj8kLz1xCv3bNm5QwEr0TyUx"  # noqa: S105 - of nobody
FLOORS: Mapping[str, Callable[[str], FastAPI]] = {
    "json": bench_floors.json_route,
    "commit sqlite": bench_floors.sqlite_commit,
    "commit postgresql": bench_floors.postgresql_commit,
    "aiogram": bench_floors.aiogram_empty,
}


@asynccontextmanager
async def ours(database: str, chats: int) -> AsyncIterator[tuple[FastAPI, dict[str, Any]]]:
    """The whole public side over this database, with so many open conversations."""
    with tempfile.TemporaryDirectory(prefix="saphan-bench-") as folder:
        settings = Settings(
            home=Path(folder),
            database_url=database,
            telegram_token=bench_floors.TOKEN,
            telegram_secret=SECRET,
        )
        async with build(settings) as desk:
            begun = scene(desk)
            rows = await open_talks(desk, settings.root_key(), begun, chats)
            keys = KeyTable(settings.keystore())
            await keys.wire.hop(
                lambda one: one.executemany("INSERT INTO keys VALUES (?, ?, ?)", rows).connection
            )
            await keys.close()
            yield public_app(desk), {"first": FIRST_STEP, "taps": begun.taps}


async def serve(app: FastAPI, told: dict[str, Any]) -> None:
    """As app/serving.py serves: no logs, no headers of the server, what was built frozen."""
    gc.collect()
    gc.freeze()
    taken = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[taken]))
    print(json.dumps({"port": taken.getsockname()[1], **told}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    await serving


async def main(name: str, database: str, processor: int, chats: int) -> None:
    """Bind to one processor, where the system can, and serve."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {processor})
    if name in FLOORS:
        await serve(FLOORS[name](database), {"first": FIRST_STEP, "taps": ["1"]})
        return
    async with ours(database, chats) as (app, told):
        await serve(app, told)


if __name__ == "__main__":
    NAME, DATABASE, PROCESSOR, CHATS = sys.argv[1:]
    with asyncio.Runner(loop_factory=uvicorn.Config("").get_loop_factory()) as runner:
        runner.run(main(NAME, DATABASE, int(PROCESSOR), int(CHATS)))
