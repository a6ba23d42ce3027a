"""Starts the real `saphan serve` as a process of its own, and stops it."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.commands import SAPHAN, Running, begun, environment
from tests.proving import FULL

LONGEST_END = 60.0  # seconds, on a machine that has much else to do


@dataclass
class System:
    """A running system: where it listens, its process, and the file its output goes to."""

    url: str
    process: asyncio.subprocess.Process | Running
    output: Path

    async def talk(self, **post: object) -> dict[str, object]:
        """One POST /chat."""
        async with httpx.AsyncClient(base_url=self.url) as client:
            answer = await client.post("/chat", json=post)
        answer.raise_for_status()
        content: dict[str, object] = answer.json()
        return content

    async def ready(self, seconds: float = 60) -> None:
        """Wait until it says that it is."""
        async with httpx.AsyncClient(base_url=self.url) as client:
            for _ in range(int(seconds * 10)):
                if self.process.returncode is not None:
                    raise AssertionError(self.output.read_text())
                try:
                    if (await client.get("/readyz")).status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.1)
        raise AssertionError("the system did not become ready")


def free_port() -> int:
    """A port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def started(
    *words: str,
    folder: Path,
    output: Path,
    settings: Mapping[str, str],
    as_typed: bool = False,
    before: tuple[str, ...] = (),
) -> asyncio.subprocess.Process | Running:
    """The command, in this folder, with these settings; what it prints is added to `output`.

    `as_typed`, and in a full run always, as an operator starts it; `before` is what it is started
    through, as prlimit.
    """
    given = environment(**{f"SAPHAN_{name.upper()}": value for name, value in settings.items()})
    if not (as_typed or before or os.environ.get(FULL)):
        return begun(*words, folder=folder, environment=given, output=output)
    with output.open("ab") as out:
        return await asyncio.create_subprocess_exec(
            *before, SAPHAN, *words, env=given, cwd=folder, stdout=out, stderr=out
        )


async def _ended(process: asyncio.subprocess.Process | Running) -> None:
    """Wait for its end; one that does not end is killed, so that no other test meets it."""
    try:
        await asyncio.wait_for(process.wait(), LONGEST_END)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise


@asynccontextmanager
async def serving(home: Path, port: int, **settings: str) -> AsyncIterator[System]:
    """Start it over `home` and wait until it is ready; stop it as Ctrl-C would."""
    staff_port = settings.pop("staff_port", "") or str(free_port())
    demo = ("--demo",) if settings.pop("demo", "") else ()
    as_typed = bool(settings.pop("as_typed", ""))
    output = home / "output.txt"
    ports = ("--port", str(port), "--staff-port", staff_port)
    process = await started(
        *("serve", *ports, *demo),
        folder=home,
        output=output,
        as_typed=as_typed,
        settings={"home": str(home), **settings},
    )
    system = System(f"http://127.0.0.1:{port}", process, output)
    try:
        await system.ready()
        yield system
    finally:
        if process.returncode is None:
            process.terminate()
            await _ended(process)
