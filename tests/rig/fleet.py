"""A fleet: real `saphan serve` processes of any role over two databases of one server."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.databases import copied_database
from tests.e2e.system import System, free_port, started
from tests.rig.quick_platform import SECRET, TOKEN, QuickPlatform

PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Fleet:
    """Processes that share databases, a root key and a platform; `home` has a folder for each."""

    home: Path
    settings: Mapping[str, str]
    platform: QuickPlatform
    before: tuple[str, ...] = ()  # what a process is started through, as prlimit
    members: dict[str, System] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)

    async def start(self, name: str, role: str) -> System:
        """Start a process, wait until it is ready, and let the platform post to it."""
        port, staff = free_port(), free_port()
        folder = self.home / name
        folder.mkdir(exist_ok=True)
        output = folder / "output.txt"
        ports = ("--port", str(port), "--staff-port", str(staff))
        process = await started(
            *("serve", "--role", role, *ports),
            folder=folder,
            output=output,
            before=self.before,
            settings={**self.settings, "home": str(folder)},
        )
        system = System(f"http://127.0.0.1:{port}", process, output)
        self.members[name], self.roles[name] = system, role
        if role in ("all", "public"):
            await system.ready(180)
            public = (n for n in self.members if self.roles[n] in ("all", "public"))
            urls = (self.members[one].url for one in public)
            self.platform.hooks[:] = [f"{url}/hooks/telegram" for url in urls]
        else:
            await _said(system, '"started"')
        return system

    def kill(self, name: str) -> None:
        """As the system does when memory is short; the platform is told nothing."""
        self.members[name].process.kill()

    async def stop(self, name: str) -> int:
        """As an operator does; its exit code. The proxy hears from /readyz that it will go."""
        system = self.members.pop(name)
        hook = f"{system.url}/hooks/telegram"
        others = [one for one in self.platform.hooks if one != hook]
        if others:  # a proxy that has nobody else goes on trying
            self.platform.hooks[:] = others
        if system.process.returncode is None:
            system.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(system.process.wait(), 90)

    async def again(self, name: str) -> System:
        """Start the same once more, whatever became of it."""
        await self.stop(name)
        return await self.start(name, self.roles[name])

    def memory(self) -> int:
        """Bytes that the members hold, what they share counted once for each (RSS)."""
        return sum(map(_resident, (one.process.pid for one in self.members.values())))


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


async def _said(system: System, word: str, seconds: float = 180) -> None:
    for _ in range(int(seconds * 10)):
        if word in system.output.read_text():
            return
        if system.process.returncode is not None:
            raise AssertionError(system.output.read_text())
        await asyncio.sleep(0.1)
    raise AssertionError("the process did not start")


@asynccontextmanager
async def fleet_over(
    home: Path, server: str, before: tuple[str, ...] = (), **more: str
) -> AsyncIterator[Fleet]:
    """An empty fleet over two fresh databases of this PostgreSQL server."""
    async with AsyncExitStack() as stack:
        main = stack.enter_context(copied_database(server))
        keys = stack.enter_context(copied_database(server))
        platform = await stack.enter_async_context(QuickPlatform())
        settings = {
            "database_url": main,
            "keystore_url": keys,
            "root_key_file": str(home / "root-key"),
            "telegram_token": TOKEN,
            "telegram_secret": SECRET,
            "telegram_api": platform.base,
            "public_url": "https://chat.example",
            **more,
        }
        fleet = Fleet(home, settings, platform, before)
        try:
            yield fleet
        finally:
            await asyncio.gather(*map(fleet.stop, tuple(fleet.members)))
