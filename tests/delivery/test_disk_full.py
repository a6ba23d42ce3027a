"""R12: a full disk: 503, nothing acknowledged that is not kept, the card, and back by itself."""

import asyncio
import os
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from app.wiring import Data
from tests.databases import in_memory
from tests.delivery.hook import Hook, hooked
from tests.proving import Proof
from tests.rig.postgres_server import PostgresServer, end

RECOVERED = 30.0  # seconds after there is room again (R12)
SIZES = {"sqlite": "24m", "postgresql": "160m"}
STEP = 4_096  # bytes by which the room that is left differs from run to run


@pytest.fixture(params=["sqlite", "postgresql"])
def small_disk(request: pytest.FixtureRequest) -> Iterator[tuple[str, Path]]:
    """A disk of its own, in memory; PostgreSQL's user must reach it."""
    kind = str(request.param)
    folder = Path(tempfile.mkdtemp(prefix="saphan-disk-", dir=in_memory()))
    size = f"size={SIZES[kind]}"
    mount = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        folder.rmdir()
        pytest.skip("only root may make a small disk")
    folder.chmod(0o755)
    try:
        yield kind, folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


class Filler:
    """A file that takes all the room but some."""

    def __init__(self, disk: Path) -> None:
        self._file = disk / "filler"

    def fill(self, left: int) -> None:
        """Leave so many bytes."""
        self._file.touch()
        there = os.statvfs(self._file.parent)
        room = there.f_bavail * there.f_frsize - left
        with self._file.open("ab", buffering=0) as file, suppress(OSError):
            while room > 0:
                room -= file.write(b"\0" * min(room, 1 << 20))

    def free(self) -> None:
        """Give it back."""
        self._file.unlink(missing_ok=True)


def start(number: int) -> dict[str, object]:
    """A woman who writes /start; her chat has the number of the update."""
    person = {"id": number, "type": "private"}
    message = {"message_id": number, "chat": person, "from": {"id": 1}, "text": "/start"}
    return {"update_id": number, "message": message}


async def one_run(hook: Hook, filler: Filler, left: int, first: int) -> tuple[int, float]:
    """Fill the disk, let women write, free it; how many were refused, and seconds to be back."""
    filler.fill(left)
    acknowledged: list[int] = []
    refused: list[int] = []
    for number in range(first, first + 12):
        status = await hook.post(start(number))
        (acknowledged if status == 200 else refused).append(number)
        assert status in (200, 503)
    known = (await hook.client.get("/healthz")).status_code
    filler.free()
    freed = time.monotonic()
    for number in refused:
        await hook.until_taken(start(number))
    assert known == 200
    return len(refused), time.monotonic() - freed


@pytest.mark.timeout(3_600)
async def test_R12_a_full_disk_refuses_and_loses_nothing_and_is_over_when_there_is_room(
    small_disk: tuple[str, Path], tmp_path: Path, data: Data, proof: Proof
) -> None:
    kind, disk = small_disk
    runs, random = proof.count(200, quick=5), Random(12)
    filler, server = Filler(disk), PostgresServer(disk / "primary")
    given = {}
    if kind == "postgresql":
        await asyncio.to_thread(server.init)
        await asyncio.to_thread(server.start)
        given = {"database_url": server.url}
    home = disk / "home" if kind == "sqlite" else tmp_path / "home"
    home.mkdir(mode=0o700)
    refused, longest, number = 0, 0.0, 1
    try:
        async with hooked(home, data, **given) as hook:
            for _ in range(runs):
                left = random.randrange(0, 24) * STEP
                some, seconds = await one_run(hook, filler, left, number)
                refused, longest, number = refused + some, max(longest, seconds), number + 12
            await hook.desk.outage.settled()
            kept = await hook.rows()
            cards, slowest = len(hook.door.cards), hook.slowest()
    finally:
        end(server)
    proof.figure(
        f"{kind}: {runs} runs, {refused} of {number - 1} answered 503, {cards} cards, back "
        f"after {longest:.1f} s at most, the slowest answer {slowest:.2f} s"
    )

    assert refused > 0
    assert cards > 0
    assert (kept["seen"], kept["conversations"], kept["shows"]) == (number - 1,) * 3
    assert longest < RECOVERED
    if kind == "sqlite":
        for file in ("saphan.db", "keys/keys.db"):
            assert sound(next(iter(home.rglob(Path(file).name))))


def sound(file: Path) -> bool:
    """What SQLite's own check says of the file."""
    connection = sqlite3.connect(file)
    found = connection.execute("PRAGMA integrity_check").fetchall()
    connection.close()
    return found == [("ok",)]
