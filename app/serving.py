"""Runs the whole system on one process and prints where to go."""

import asyncio
import contextlib
import gc
import signal
import socket
import sys

import structlog
import uvicorn

from app.jobs import running
from app.logs import configure
from app.public import public_app
from app.settings import Settings
from app.wiring import build
from handlers.sweep import sweep

log = structlog.get_logger("serving")


async def run(settings: Settings, host: str, port: int) -> None:
    """Serve until stopped. A port that is taken ends the start with one plain line."""
    if not _free(host, port):
        print(f"Port {port} on {host} is taken; choose another with --port.", file=sys.stderr)
        raise SystemExit(2)
    configure(settings.log_level)
    async with build(settings) as desk, running(desk, settings):
        given = settings.telegram_secret
        secret = given.get_secret_value() if given else None
        app = public_app(desk, secret)
        log.info(
            "started",
            mode=desk.mode,
            role="all",
            nodes=len(desk.book.nodes),
            services=len(desk.services),
        )
        print(f"The chat:  http://{host}:{port}/", flush=True)
        gc.collect()
        gc.freeze()  # what was built at start stays; collecting it again and again costs pauses
        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
        )
        await _until_stopped(uvicorn.Server(config))
    log.info("stopped")


async def _until_stopped(server: uvicorn.Server) -> None:
    """Serve until SIGINT or SIGTERM, and then let everything that is open be given back.

    The server's own handling would end the process before our databases are closed.
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, setattr, server, "should_exit", True)
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
    await server.serve()


async def sweep_once(settings: Settings) -> int:
    """One round of erasing, for the command line."""
    async with build(settings, channels={}) as desk:
        return await sweep(desk)


def _free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
