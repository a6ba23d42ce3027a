"""Any order of acts and timers, from several processes, some of them killed: one legal end."""

from collections import Counter
from random import Random

import pytest

from referrals.states import FINAL, State
from tests.casework.killing import Processes
from tests.casework.scene import Scene
from tests.casework.world import Day
from tests.proving import Proof


@pytest.mark.timeout(14_400)
async def test_R46_any_interleaving_with_kills_ends_in_one_legal_state(
    scene: Scene, processes: Processes, proof: Proof
) -> None:
    began = scene.clock.now
    tried = proof.count(10_000, quick=6) // 2
    ends, counts = Counter[State](), Counter[str]()
    for seed in range(tried):
        scene.clock.now = began  # so that agreements and vetting are as young for each
        random = Random(seed)
        begin = random.choice((scene.draft, scene.sent, scene.accepted, scene.met))
        day = Day(scene, processes, random, (await begin()).id)
        ended = await day.lived()
        state, acts = await day.replayed()
        case = await day._case()

        assert ended in FINAL
        assert state is ended, "the chain tells of another end"
        assert acts == case.clear.version, "an act lost, or done twice"
        assert not day.ended or ended is State.WITHDRAWN
        assert (case.row.sealed, case.row.parts, case.row.due_at is None) == (b"", b"", True) or (
            case.clear.deletions
        )
        ends[ended] += 1
        counts += day.counts

    assert len(ends) > 1
    assert processes.kills
    shown = ", ".join(f"{state.value} {number:,}" for state, number in ends.most_common())
    proof.figure(
        f"{tried:,} interleavings, {counts.total():,} tries, {processes.kills:,} kills:"
        f" 0 illegal ends, 0 lost, 0 doubled, 0 read after an end: {shown}"
    )
