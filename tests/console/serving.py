"""A running staff app on a loopback port, for a real browser."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn

from app.metrics import Tally
from app.staff import staff_app
from console.site import Site
from handlers.desk import Desk


@asynccontextmanager
async def served(
    desk: Desk, certificate: Path | None = None, *, demo: bool = False
) -> AsyncIterator[str]:
    """Its root, without a slash at the end; https where a certificate is given."""
    door = socket.create_server(("127.0.0.1", 0))
    root = f"{'https' if certificate else 'http'}://localhost:{door.getsockname()[1]}"
    config = uvicorn.Config(
        staff_app(desk, Tally(), Site(origin=root), demo=demo),
        log_config=None,
        ws="none",
        lifespan="off",
        ssl_certfile=certificate,
        ssl_keyfile=certificate,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[door]))
    try:
        yield root
    finally:
        server.should_exit = True
        await task
