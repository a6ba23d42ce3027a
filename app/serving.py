"""Runs the whole system, or one role of it, and prints where to go."""

import asyncio
import contextlib
import errno
import gc
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Literal

import structlog
import uvicorn
from fastapi import FastAPI

from app import clock_watch, demo
from app.jobs import kept_alive, running
from app.logs import configure
from app.memory import keep_private
from app.metrics import Tally
from app.numbers import Timed, numbers_app
from app.public import public_app
from app.settings import Settings
from app.staff import staff_app
from app.stopping import FINISH, AnotherServes, Signals, the_only_process, until_stopped
from app.wiring import build, make_folders
from bot.caseworkers_hook import CaseworkersHook
from console.site import Site
from handlers import emergency_files, following, open_doors
from handlers.desk import Desk
from handlers.ending import ended
from handlers.staff import setup_code
from handlers.sweep import sweep

log = structlog.get_logger("serving")

ONE_PROCESS = (
    "Another process serves from this SQLite database, and SQLite serves one only. "
    "Stop that one, or give both the same PostgreSQL (SAPHAN_DATABASE_URL)."
)

LOCAL = "127.0.0.1"  # whoever reads the numbers is on this machine
# Seconds a silent line stays open: longer than a proxy keeps it (nginx: 60). Then the proxy is the
# one to close it, and no post is sent into a line that is just being closed.
IDLE = 75
_TAKEN = "is taken, or not for this user to take"
_NOT_HERE = "cannot be: that is no address of this machine"

Role = Literal["all", "public", "staff", "jobs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """What this process is for, and where it listens."""

    role: Role = "all"
    host: str = "127.0.0.1"
    port: int = 8080
    staff_port: int = 8081
    metrics_port: int = 0
    demo: bool = False

    @property
    def is_public(self) -> bool:
        """Whether survivors and messengers reach this process."""
        return self.role in ("all", "public")

    @property
    def is_staff(self) -> bool:
        """Whether those who run it reach it."""
        return self.role in ("all", "staff")

    @property
    def has_jobs(self) -> bool:
        """Whether it sends, sweeps and asks messengers."""
        return self.role in ("all", "jobs")


async def run(settings: Settings, where: Where) -> None:
    """Serve until stopped. A port that is taken ends the start with one plain line."""
    _refuse_taken(where)
    tally = Tally()
    configure(settings.log_level, tally.hear)
    keep_private()
    async with contextlib.AsyncExitStack() as stack:
        _refuse_second(stack, settings)
        desk = await stack.enter_async_context(build(settings))
        await open_doors.refresh(desk)
        await stack.enter_async_context(_following(desk, where))
        links = await _fictional(desk, where)
        if where.has_jobs:
            await stack.enter_async_context(running(desk, settings))
        signals, servers = Signals(), _servers(desk, settings, where, tally)
        log.info(
            "started",
            mode=desk.mode,
            role=where.role,
            nodes=len(desk.book.nodes),
            services=len(desk.services),
        )
        await tell(desk, settings, where)
        _tell_demo(settings, where, links)
        gc.collect()
        gc.freeze()  # what was built at start stays; collecting it again and again costs pauses
        gc.enable()
        await until_stopped(desk, servers, signals, settings.drain_seconds)
    log.info("stopped")


@contextlib.asynccontextmanager
async def _following(desk: Desk, where: Where) -> AsyncIterator[None]:
    """Keep what is in memory here as other processes have it, and watch the clock."""
    heard = following.Heard()
    mail = partial(following.hurry_the_sender, desk, heard)
    jobs: tuple[Callable[[], Coroutine[Any, Any, None]], ...] = (
        partial(following.listen_forever, desk, heard),
        partial(following.follow_editions, desk, heard),
        partial(following.follow_doors, desk, heard),
        partial(following.follow_directory, desk, heard),
        mail if where.has_jobs else partial(following.pass_on, desk),
        partial(clock_watch.watch_forever, desk),
        partial(emergency_files.follow_forever, desk),
    )
    tasks = [asyncio.create_task(kept_alive(job)) for job in jobs]
    try:
        yield
    finally:
        await ended(tasks)


def _refuse_second(stack: contextlib.AsyncExitStack, settings: Settings) -> None:
    """SQLite serves one process; the start of a second ends with one plain line."""
    make_folders(settings)
    try:
        stack.enter_context(the_only_process(settings.database()))
    except AnotherServes:
        print(ONE_PROCESS, file=sys.stderr)
        raise SystemExit(2) from None


def _servers(
    desk: Desk, settings: Settings, where: Where, tally: Tally
) -> tuple[uvicorn.Server, ...]:
    found = []
    if where.is_public:
        public = public_app(desk)
        public.add_middleware(Timed, tally=tally)
        found.append(_server(public, where.host, where.port))
    if where.is_staff:
        pages = staff_side(desk, settings, tally, demo=where.demo)
        found.append(_server(pages, where.host, where.staff_port))
    elif where.metrics_port:
        found.append(_server(numbers_app(desk, tally), LOCAL, where.metrics_port))
    return tuple(found)


def staff_side(desk: Desk, settings: Settings, tally: Tally, *, demo: bool = False) -> FastAPI:
    """Everything on the staff's port: the pages, and the hook of the caseworkers' bot."""
    pages = staff_app(desk, tally, Site(origin=settings.staff_origin), demo=demo)
    given = settings.caseworker_telegram_secret
    secret = given.get_secret_value() if given else None
    pages.include_router(CaseworkersHook(desk, secret, settings.staff_origin).router())
    return pages


def _server(app: FastAPI, host: str, port: int) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=FINISH,
    )
    return uvicorn.Server(config)


async def tell(desk: Desk, settings: Settings, where: Where) -> None:
    """Print where to go, with the link that sets the first coordinator up."""
    if where.is_public:
        _say(f"The chat:  {_address(where.host, where.port)}/")
    if not where.is_staff:
        return
    root = _staff_root(settings, where)
    _say(f"The desk:  {root}/desk")
    _say(f"Console:   {root}/console")
    if code := await setup_code(desk):
        _say(f"Set it up: {root}/desk/set-up/{code.code}  (once, within 72 hours)")
    if _is_here(where.host):
        _say(f"Numbers:   {_address(where.host, where.staff_port)}/metrics")


def _say(line: str) -> None:
    """To whoever watches the start; where it cannot be written, it goes on all the same (R12)."""
    with contextlib.suppress(OSError, ValueError):
        print(line, flush=True)


def _staff_root(settings: Settings, where: Where) -> str:
    """Passkeys need a host with a name: no browser makes one for 127.0.0.1."""
    host = "localhost" if _is_here(where.host) else where.host
    return settings.staff_origin or _address(host, where.staff_port)


def _address(host: str, port: int) -> str:
    """Where a browser finds it: what listens everywhere is found here, IPv6 stands in brackets."""
    ip = _ip(host)
    if ip is not None and ip.is_unspecified:
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _is_here(host: str) -> bool:
    """Whether this machine reaches it by its own name."""
    ip = _ip(host)
    return host == "localhost" if ip is None else ip.is_loopback or ip.is_unspecified


def _ip(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:  # a name
        return None


async def _fictional(desk: Desk, where: Where) -> tuple[demo.Link, ...]:
    """What a demo has set up; started without one, nothing of an earlier demo stays."""
    if where.demo:
        return await demo.set_up(desk)
    if where.is_staff:
        await demo.clear(desk)
    return ()


def _tell_demo(settings: Settings, where: Where, links: tuple[demo.Link, ...]) -> None:
    if links:
        _say(demo.told(links, _staff_root(settings, where)))


async def sweep_once(settings: Settings) -> int:
    """One round of erasing, for the command line."""
    async with build(settings, channels={}) as desk:
        return await sweep(desk)


def _refuse_taken(where: Where) -> None:
    numbers = bool(where.metrics_port) and not where.is_staff
    wanted = (
        (where.is_public, where.host, where.port, "port"),
        (where.is_staff, where.host, where.staff_port, "staff-port"),
        (numbers, LOCAL, where.metrics_port, "metrics-port"),
    )
    ours: set[int] = set()
    for needed, host, port, option in wanted:
        if needed and (why := _TAKEN if port in ours else _refused(host, port)):
            do = "name one with --host" if why == _NOT_HERE else f"choose another with --{option}"
            print(f"Port {port} on {host} {why}; {do}.", file=sys.stderr)
            raise SystemExit(2)
        ours |= {port} if needed and port else set()


def _refused(host: str, port: int) -> str:
    """Why nothing can listen there; empty where it can."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OverflowError:
            return "is no port, which are 1 to 65535"
        except socket.gaierror:
            return _NOT_HERE
        except OSError as error:
            return _NOT_HERE if error.errno == errno.EADDRNOTAVAIL else _TAKEN
    return ""
