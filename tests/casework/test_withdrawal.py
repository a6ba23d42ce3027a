"""She stops it while others read: nothing is opened afterwards, from no process, with no key."""

import asyncio
import time
from dataclasses import dataclass, field
from random import Random

import pytest
from sqlalchemy import delete

from handlers import casework
from handlers.case_file import Case
from handlers.casework import View
from handlers.desk import Desk
from handlers.sealing import for_reader
from referrals.outcomes import Reason, Refused
from referrals.states import Act, State
from storage import referrals
from storage.rows import network
from tests.casework.killing import Processes
from tests.casework.scene import Scene
from tests.proving import Proof


@dataclass
class Readings:
    """When each opening began and ended that gave something out (seconds)."""

    given: list[tuple[float, float]] = field(default_factory=list)
    refused: int = 0

    async def go_on(self, desk: Desk, scene: Scene, ref_id: str, until: asyncio.Event) -> None:
        """Open it over and over; after she has stopped it, twice more."""
        left = 2
        while left:
            left -= until.is_set()
            began = time.perf_counter()
            outcome = await casework.content(desk, scene.focal, ref_id)
            if isinstance(outcome, casework.Content):
                self.given.append((began, time.perf_counter()))
            else:
                self.refused += 1
            await asyncio.sleep(0)


@pytest.mark.timeout(3_600)
async def test_R41_after_her_withdrawal_nothing_is_read(
    scene: Scene, processes: Processes, proof: Proof
) -> None:
    random, late, read, opened, lags = Random(41), 0, 0, 0, []
    tried = proof.count(1_000, quick=6) // 2
    for _ in range(tried):
        view = await scene.accepted()
        async with scene.desk.store.turn() as turn:
            await turn.execute(delete(network).where(network.c.id.like("reads/%")))
            row = await referrals.read(turn, view.id)
        assert row is not None
        stopped, readings = asyncio.Event(), Readings()
        readers = [
            asyncio.create_task(readings.go_on(desk, scene, view.id, stopped))
            for desk in processes.desks
        ]
        await asyncio.sleep(random.random() * 0.1)
        outcome = await scene.says(view.id, Act.WITHDRAW, seen=-1)
        confirmed = time.perf_counter()
        stopped.set()
        await asyncio.gather(*readers)
        assert isinstance(outcome, Case)
        late += sum(began > confirmed for began, _ in readings.given)
        lags += [max(0.0, ended - confirmed) for _, ended in readings.given]
        read += len(readings.given)
        opened += await scene.desk.keystore.get(row.share) is not None
        opened += await scene.desk.keystore.get(row.key) is not None
        assert for_reader(row.parts, "demo-boat")  # a copy that was made before

    assert (late, opened) == (0, 0)
    assert max(lags, default=0.0) <= 1.0
    last = max(lags, default=0.0)
    proof.figure(
        f"{tried:,} withdrawals among {len(processes.desks)} processes, {read:,} readings before,"
        f" {late} begun after; keys left {opened}; the last ended {last:.3f} s after"
    )


async def test_R41_it_needs_no_version_no_proof_and_works_from_everywhere(
    scene: Scene, proof: Proof
) -> None:
    steps = (scene.draft, scene.sent, scene.accepted, scene.met)
    found = [await step() for step in steps]
    ends = [await scene.says(view.id, Act.WITHDRAW, seen=-1) for view in found]
    again = [await scene.says(view.id, Act.WITHDRAW, seen=-1) for view in found]

    assert {one.referral.state for one in ends if isinstance(one, Case)} == {State.WITHDRAWN}
    assert set(again) == {Refused(Reason.STATE)}
    proof.figure(f"{len(ends)} of {len(ends)} states; a second time changes nothing")


async def test_R41_killed_in_between_nothing_can_be_read_and_she_may_say_it_again(
    scene: Scene, processes: Processes, proof: Proof
) -> None:
    """Wherever it dies: either nothing was done yet, or the content is closed for good."""
    deaths, first = proof.count(60, quick=6), 8
    for number in range(deaths):
        view = await scene.accepted()

        async def stops(desk: Desk, about: View = view) -> object:
            async with desk.store.turn() as turn:
                word = casework.HerWord()
                return await casework.her_act(turn, desk, about.id, Act.WITHDRAW, word)

        life = first + number * 54 // deaths
        outcome = await processes.run(0, life, stops)
        async with scene.desk.store.turn() as turn:
            row = await referrals.read(turn, view.id)
            await turn.execute(delete(network).where(network.c.id.like("reads/%")))
        assert row is not None
        told = await casework.content(scene.desk, scene.focal, view.id)
        share = await scene.desk.keystore.get(row.share) if row.share else None
        assert isinstance(told, casework.Content) is (share is not None)
        if outcome is None:
            assert State(row.state) is State.ACCEPTED
            again = await scene.says(view.id, Act.WITHDRAW, seen=-1)
            assert isinstance(again, Case)

    assert processes.kills
    proof.figure(f"{processes.kills} of {deaths} killed: withdrawn when said again, 0 half")


async def test_a_withdrawal_reaches_everybody_and_asks_for_deletion(scene: Scene) -> None:
    view = await scene.accepted()
    await scene.says(view.id, Act.WITHDRAW, seen=-1)
    theirs = await scene.seen(scene.focal, view)
    told = [kind for _, kind in await scene.told(scene.focal)]
    ours = [kind for _, kind in await scene.told(scene.caseworker)]
    confirmed = await scene.does(scene.focal, theirs, Act.CONFIRM_DELETION)

    assert sorted(told[-2:]) == ["deletion", "withdrawn"]
    assert ours[-1] == "withdrawn"
    assert theirs.asks_deletion
    assert confirmed.deletions == ()
