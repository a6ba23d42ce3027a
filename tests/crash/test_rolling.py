"""R09, R14: thirty updates a second, steadily, in bursts, and while every process is replaced."""

import asyncio
from pathlib import Path

import pytest

from tests.proving import Proof
from tests.rig.fleet import Fleet, fleet_over
from tests.rig.load import Crowd, Figures, at_rate

RATE = 30.0  # updates a second
PLAIN = 5.0  # in a plain run, whose machine does much else
P99, P999 = 0.5, 5.0  # seconds
GROWS, BACKLOG = 0.05, 60.0
FIRST = 20.0  # seconds in which everybody has come and has a card


@pytest.mark.timeout(7_200)
async def test_R09_thirty_updates_a_second_are_answered_in_time(
    postgres: str, tmp_path: Path, proof: Proof
) -> None:
    seconds = proof.count(3_600, quick=3)
    rate, limit = (RATE, ("prlimit", f"--data={2 * 10**9}")) if proof.full else (PLAIN, ())
    async with fleet_over(tmp_path, postgres, limit) as fleet:
        roles = ("jobs", "public") if proof.full else ("all",)
        await asyncio.gather(*(fleet.start(role, role) for role in roles))
        crowd = Crowd(fleet.platform, people=400 if proof.full else 20)
        await at_rate(fleet, rate, FIRST if proof.full else 4, crowd)
        steady = await at_rate(fleet, rate, seconds, crowd)
        burst = await at_rate(fleet, 500 if proof.full else 20, 10 if proof.full else 2, crowd)
        dropped = fleet.platform.dropped_pending

    proof.figure(_told("steady", steady))
    proof.figure(_told("burst", burst))
    assert (steady.lost, burst.lost, dropped) == (0, 0, 0)
    assert burst.answered < BACKLOG
    if proof.full:  # a plain run shares its machine: there only the counts are a matter of ours
        assert steady.refused == 0
        assert steady.seconds(0.99) < P99
        assert steady.seconds(0.999) < P999
        assert steady.grown() < GROWS


@pytest.mark.timeout(7_200)
async def test_R14_processes_are_replaced_one_after_another_and_nothing_is_lost(
    postgres: str, tmp_path: Path, proof: Proof
) -> None:
    if not proof.full:
        pytest.skip("processes that start take a minute each: in a full run")
    restarts = proof.count(50, quick=1)
    async with fleet_over(tmp_path, postgres, drain_seconds="1") as fleet:
        members = {"one": "public", "two": "public", "jobs": "jobs"}
        await asyncio.gather(*(fleet.start(*member) for member in members.items()))
        crowd, figures = Crowd(fleet.platform, people=200), Figures()
        load = asyncio.create_task(at_rate(fleet, RATE, 10**6, crowd, figures))
        names = list(members)
        codes = [await _replaced(fleet, names[n % len(names)]) for n in range(restarts)]
        figures.enough.set()
        await load
        dropped = fleet.platform.dropped_pending

    proof.figure(f"{restarts} restarts, {_told('meanwhile', figures)}")
    assert codes == [0] * restarts
    assert (figures.lost, dropped) == (0, 0)


async def _replaced(fleet: Fleet, name: str) -> int:
    """Stopped in order and started anew, as an upgrade does; its exit code."""
    role = fleet.roles[name]
    code = await fleet.stop(name)
    await fleet.start(name, role)
    return code


def _told(when: str, figures: Figures) -> str:
    told = figures.told()
    return (
        f"{when}: {told['updates']:,} updates, {told['lost']} lost, {told['refused']} answers"
        f" that were not 200, p99 {told['p99_ms']} ms, p99.9 {told['p999_ms']} ms,"
        f" all answered {told['answered_s']} s after the last, outbox empty {told['backlog_s']} s"
        f" after it, memory {figures.grown():+.1%}"
    )
