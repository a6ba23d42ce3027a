"""R13: whatever is done to the clock, nothing lives longer, nothing goes early, and it is said."""

import asyncio
import os
import shutil
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pyotp
import pytest
from sqlalchemy import select, update

from app.clock_watch import ClockWatch, look
from app.settings import Settings
from app.wiring import Data, build
from handlers.desk import Desk
from handlers.sweep import sweep
from privacy.clock import SteadyClock
from privacy.second_factor import step_of
from storage.rows import conversations, referrals
from tests.crash.test_kill_points import Grounds, Runs, referral
from tests.doubles import FakeChannel
from tests.e2e.system import free_port, serving
from tests.handlers.people import Person
from tests.proving import Proof, on_one

HOUR, YEAR = 3600.0, 365 * 86_400.0
NOON = 1_800_000_000.0
JUMPS = {
    "an hour back": -HOUR,
    "an hour on": HOUR,
    "1970": -NOON,
    "ten years on": 10 * YEAR,
    "a step of NTP back": -30.0,
    "a step of NTP on": 30.0,
}
SLOWER = 1.011  # how much longer a life may last while the clock is set back (privacy/clock.py)


@dataclass
class Machine:
    """A machine whose clock is set, and which cannot help running."""

    time: float = NOON
    ran: float = 500.0

    def passes(self, seconds: float) -> None:
        self.time += seconds
        self.ran += seconds

    def clock(self) -> SteadyClock:
        return SteadyClock(0.0, lambda: self.time, lambda: self.ran)

    def watch(self) -> ClockWatch:
        return ClockWatch(lambda: self.time, lambda: self.ran)


@asynccontextmanager
async def running(machine: Machine, settings: Settings, data: Data):  # type: ignore[no-untyped-def]
    fake = FakeChannel()
    building = build(settings, channels={"fake": fake}, clock=machine.clock(), data=data)
    async with building as desk:
        yield desk, fake


async def talks(desk: Desk) -> int:
    async with desk.store.turn() as turn:
        return len((await turn.execute(select(conversations.c.person))).all())


@on_one("sqlite")
@pytest.mark.parametrize("jump", JUMPS)
async def test_R13_no_jump_of_the_clock_prolongs_a_talk(
    jump: str, settings: Settings, data: Data, proof: Proof
) -> None:
    machine = Machine()
    async with running(machine, settings, data) as (desk, fake):
        await Person(desk, fake).starts()
        machine.time += JUMPS[jump]
        begun = await talks(desk)
        for _ in range(10):
            machine.passes(desk.keep.idle / 10 * SLOWER)
            await sweep(desk)
        left = await talks(desk)

    assert (begun, left) == (1, 0)
    proof.figure(f"{jump}: over in its time")


@pytest.mark.parametrize("jump", ["1970", "ten years on", "an hour back", "a step of NTP on"])
def test_R13_no_jump_of_the_clock_deletes_a_referral_early(
    jump: str, sqlite_model: Path, tmp_path: Path, data: Data, proof: Proof
) -> None:
    if not proof.full and jump not in ("1970", "ten years on"):
        pytest.skip("in a full run")
    grounds = Grounds(tmp_path / "run", sqlite_model)
    with grounds.fresh() as settings:
        Runs(referral(data)).until_the_end(settings, 0, None)
        before, after, gone = asyncio.run(_swept(settings, data, JUMPS[jump]))

    assert (before, after, gone) == (1, 1, 0)
    proof.figure(f"{jump}: it stays until its end, and goes then")


async def _swept(settings: Settings, data: Data, jump: float) -> tuple[int, int, int]:
    """How many referrals there are before the jump, after it, and past their end."""
    machine, life, found = Machine(), 90 * 86_400.0, list[int]()
    async with running(machine, settings, data) as (desk, _):
        async with desk.store.turn() as turn:
            await turn.execute(update(referrals).values(expires_at=desk.now() + life))
        for passed in (0.0, life - HOUR, 2 * HOUR + 0.011 * life):
            machine.passes(passed)
            if passed == 0.0:
                machine.time += jump
            if passed:
                desk.now()
            await sweep(desk)
            async with desk.store.turn() as turn:
                found.append(len((await turn.execute(select(referrals.c.id))).all()))
    return found[0], found[1], found[2]


@pytest.mark.parametrize("jump", JUMPS)
def test_R13_no_jump_of_the_clock_takes_a_number_of_a_phone_twice(jump: str, proof: Proof) -> None:
    machine, secret = Machine(), pyotp.random_base32()
    clock = machine.clock()
    typed = pyotp.TOTP(secret).at(int(clock().timestamp()))
    used = step_of(secret, typed, clock().timestamp(), 0)
    assert used is not None
    machine.time += JUMPS[jump]
    again = list[int | None]()
    for _ in range(240):
        machine.passes(30)
        again.append(step_of(secret, typed, clock().timestamp(), used))

    assert not any(again)
    proof.figure(f"{jump}: 0 of {len(again)} tries taken")


@pytest.mark.parametrize("jump", JUMPS)
async def test_R13_a_clock_that_differs_is_said_aloud_and_counted(
    jump: str, settings: Settings, data: Data, proof: Proof
) -> None:
    machine = Machine()
    watch = machine.watch()
    machine.passes(600)
    quiet = watch.drift(machine.time)
    machine.time += JUMPS[jump]
    machine.passes(10)
    told = watch.drift(machine.time)
    machine.passes(10)
    after = watch.drift(machine.time)
    behind = watch.drift(machine.time - 6)
    machine.passes(10)
    still = watch.drift(machine.time - 6)

    assert (quiet, after, behind, still) == (0.0, 0.0, 6.0, 0.0)
    assert told == pytest.approx(JUMPS[jump])
    proof.figure(f"{jump}: said")


async def test_R13_a_database_whose_clock_differs_is_said_aloud(desk: Desk, proof: Proof) -> None:
    """The desk's clock stands in November 2026; a database's own goes on."""
    drift = await look(desk, ClockWatch())

    assert abs(drift) > 5
    proof.figure("said")


@pytest.mark.timeout(600)
@pytest.mark.skipif(shutil.which("faketime") is None, reason="faketime is not installed")
async def test_R13_a_real_process_says_it_and_serves_on(tmp_path: Path, proof: Proof) -> None:
    if not proof.full:
        pytest.skip("its start and its looks take a minute: in a full run")
    jumps = {"+10y": "+315360000", "-1h": "-3600", "+1h": "+3600", "1970": "@1970-01-02 00:00:00"}
    wanted = list(jumps)
    file = tmp_path / "offset"
    file.write_text("+0")
    library = _library()
    os.environ |= {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    names = ("LD_PRELOAD", "FAKETIME_TIMESTAMP_FILE", "FAKETIME_CACHE_DURATION")
    try:
        async with serving(tmp_path, free_port()) as system:
            for name in (*names, "FAKETIME_DONT_FAKE_MONOTONIC"):
                del os.environ[name]
            begun = await system.talk()
            for said, jump in enumerate(wanted, start=1):
                if jump == "+1h":  # which ends what is idle, as an hour does
                    going_on = await system.talk(conversation=begun["conversation"], text="hello")
                file.write_text(jumps[jump])
                await _told(system.output, said)
                async with httpx.AsyncClient(base_url=system.url) as client:
                    assert (await client.get("/readyz")).status_code == 200
            anew = await system.talk()
    finally:
        for name in (*names, "FAKETIME_DONT_FAKE_MONOTONIC"):
            os.environ.pop(name, None)

    assert going_on["conversation"] == begun["conversation"]
    assert anew["conversation"]
    proof.figure(f"{', '.join(wanted)}: said within 15 s; talks go on, but for an hour on")


def _library() -> Path:
    return next(Path("/usr/lib").rglob("libfaketime.so.1"))


def _times(output: Path) -> int:
    return output.read_text().count('"clock_drift"')


async def _told(output: Path, times: int) -> None:
    async with asyncio.timeout(60):
        while _times(output) < times:  # noqa: ASYNC110 - another process makes it true
            await asyncio.sleep(0.2)
