"""Which addresses a process and its children ever call, by what the kernel was asked to do.

strace sees every call, also those of libraries that are not written in Python (libuv under
uvicorn, libpq under psycopg): an audit hook in Python would not.
"""

import os
import re
import shutil
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

TRACED = "connect,sendto,sendmsg,sendmmsg"
_PLACE = re.compile(
    r"(?:sin_port|sin6_port)=htons\((\d+)\).*?"
    r'(?:inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)")'
)
_FILE = re.compile(r'sa_family=AF_UNIX, sun_path=(@?"[^"]+")')


class Called(NamedTuple):
    """Somewhere a process called: an address and its port, or a socket's file and 0."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Recorder:
    """Puts strace before a command, and reads afterwards what it wrote."""

    output: Path

    def before(self, command: Sequence[str]) -> list[str]:
        """The command line that records."""
        return [
            "strace",
            "-f",
            "--seccomp-bpf",
            "-qq",
            "-e",
            f"trace={TRACED}",
            "-o",
            str(self.output),
            *command,
        ]

    def called(self) -> set[Called]:
        """Everywhere that was called, refused or not."""
        return called_in(self.output.read_text("utf-8", errors="replace"))


def called_in(written: str) -> set[Called]:
    """Every address in these lines of strace."""
    found = {Called(v4 or v6, int(port)) for port, v4, v6 in _PLACE.findall(written)}
    return found | {Called(path.strip('@"'), 0) for path in _FILE.findall(written)}


def may_trace() -> bool:
    """Whether strace is here and may look at a process of ours."""
    return shutil.which("strace") is not None


def end(tracer: int) -> None:
    """Ask what strace runs to end; strace itself ends with it."""
    children = Path(f"/proc/{tracer}/task/{tracer}/children").read_text()
    for child in children.split():
        os.kill(int(child), signal.SIGTERM)
