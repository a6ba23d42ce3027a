"""Any order of acts and timers, from several processes, some of them killed: one legal end."""

from collections import Counter

import pytest

from app.settings import Settings
from referrals.states import FINAL, State
from tests.casework.children import Told, works_until_killed
from tests.casework.rounds import Rounds
from tests.casework.scene import Scene
from tests.casework.world import READ, Day
from tests.proving import Proof

SHARES = {"sqlite": (9_400, 3), "postgresql": (600, 3)}  # of the 10,000; of a plain run
KILLED = {"sqlite": (380, 3), "postgresql": (20, 1)}  # children, by the system


pytestmark = pytest.mark.usefixtures("at_once")


@pytest.fixture
def kind(settings: Settings) -> str:
    """Which database it is."""
    return "sqlite" if settings.database().startswith("sqlite") else "postgresql"


async def ended_well(day: Day) -> State:
    """One legal end, told by the chain act by act, with nothing left that could be read."""
    ended = await day.lived()
    state, acts = await day.replayed()
    case = await day.case()
    assert ended in FINAL
    assert state is ended, "the chain tells of another end"
    assert acts == case.clear.version, "an act lost, or done twice"
    assert not day.ended or ended is State.WITHDRAWN
    assert (case.row.sealed, case.row.parts, case.row.due_at is None) == (b"", b"", True) or (
        case.clear.deletions
    )
    return ended


def told_of(ends: Counter[State]) -> str:
    return ", ".join(f"{state.value} {number:,}" for state, number in ends.most_common())


@pytest.mark.timeout(14_400)
async def test_R46_any_interleaving_with_kills_ends_in_one_legal_state(
    scene: Scene, settings: Settings, proof: Proof, kind: str
) -> None:
    full, few = SHARES[kind]
    tried = proof.count(full, quick=few)
    ends, counts = Counter[State](), Counter[str]()
    async with Rounds.over(scene, settings, keys_in_memory=kind == "sqlite") as rounds:
        for seed in range(tried):
            day = await rounds.day(seed)
            ends[await ended_well(day)] += 1
            counts += day.counts

        assert await rounds.chain_holds()
        assert len(ends) > 1
        assert rounds.processes.kills
        proof.figure(
            f"{tried:,} interleavings of {counts.total() - counts[READ]:,} acts and timers, "
            f"{rounds.processes.kills:,} kills: 0 illegal ends, 0 lost, 0 doubled, "
            f"{counts[READ]:,} tries to read after an end, 0 read: {told_of(ends)}"
        )


@pytest.mark.timeout(7_200)
async def test_R46_a_process_that_the_system_kills_leaves_all_it_told_and_nothing_half(
    scene: Scene, settings: Settings, proof: Proof, kind: str
) -> None:
    full, few = KILLED[kind]
    tried, kills, acts, ends = proof.count(full, quick=few), 0, 0, Counter[State]()
    async with Rounds.over(scene, settings) as rounds:
        while kills < tried:
            day = await rounds.day(-rounds.number)
            told = await _killed(day, settings, by_itself=rounds.number % 2 == 0)
            kills, acts = kills + told.killed, acts + told.acts
            case = await day.case()
            state, written = await day.replayed()
            assert case.clear.version == written, "the row tells of other acts than the chain"
            assert state.value == case.row.state
            assert written >= told.version, "an act that was told is lost"
            day.ended = told.withdrawn
            ends[await ended_well(day)] += 1

        assert await rounds.chain_holds()
        proof.figure(
            f"{kills} processes killed by the system, {acts:,} acts told before:"
            f" 0 lost, 0 half, 0 illegal ends: {told_of(ends)}"
        )


async def _killed(day: Day, settings: Settings, *, by_itself: bool) -> Told:
    """At a statement of its own, or at any moment."""
    await day.processes.let_go()
    statements = day.random.randrange(250) if by_itself else None
    seconds = day.random.uniform(0.02, 0.25)
    return works_until_killed(day, settings, statements=statements, seconds=seconds)
