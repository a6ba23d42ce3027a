"""R01: a process killed at each side effect of a referral and of a talk; nothing lost or twice."""

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest

from app.settings import Settings
from app.wiring import Data
from tests.casework.models import MODEL
from tests.crash.kill_points import Life, lives
from tests.crash.paths import (
    TAPS,
    Outcome,
    Referral,
    Talk,
    chat_of,
    link_chats,
    outcome_of_referral,
    outcome_of_talk,
)
from tests.databases import copied_database
from tests.proving import FULL, Proof

LIVES = 40  # starts after which a run that does not end is a fault
SECOND = 30  # a second kill comes within so many points of the next start


@dataclass(frozen=True)
class Grounds:
    """Where runs begin: copies of a network with linked chats, on either database."""

    home: Path
    model: Path
    server: str = ""

    @contextmanager
    def fresh(self) -> Iterator[Settings]:
        """A copy for one run."""
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(self.model, self.home)
        (self.home / "hers.jsonl").touch()
        (self.home / "staff.jsonl").touch()
        if not self.server:
            yield Settings(home=self.home, database_url=f"sqlite:///{self.home}/saphan.db")
            return
        with copied_database(self.server, (self.home / MODEL).read_text()) as url:
            yield Settings(home=self.home, database_url=url)


@pytest.fixture(params=["sqlite", "postgresql"] if os.environ.get(FULL) else ["sqlite"])
def grounds(request: pytest.FixtureRequest, tmp_path: Path, data: Data) -> Iterator[Grounds]:
    """Runs over each database; the network stands, and both sides have a chat."""
    kind = request.param
    model = Path(request.getfixturevalue("sqlite_model" if kind == "sqlite" else "postgres_model"))
    linked = tmp_path / "linked"
    shutil.copytree(model, linked)
    if kind == "sqlite":
        over = Settings(home=linked, database_url=f"sqlite:///{linked}/saphan.db")
        asyncio.run(link_chats(over, data))
        yield Grounds(tmp_path / "run", linked)
        return
    server = str(request.getfixturevalue("postgres"))
    with copied_database(server, (model / MODEL).read_text()) as url:
        asyncio.run(link_chats(Settings(home=linked, database_url=url), data))
        (linked / MODEL).write_text(url.partition("?")[0].rpartition("/")[2])
        yield Grounds(tmp_path / "run", linked, server)


@dataclass
class Runs:
    """Runs of one path until its end, and what came of each."""

    work: Callable[[Settings, int, int], Referral | Talk]
    kills: int = 0
    told: int = 0

    def until_the_end(
        self, settings: Settings, seed: int, first: int | None, seconds: float | None = None
    ) -> list[Life]:
        """Killed at the first point, or after so many seconds; now and then once more; started
        again each time."""
        random, found = Random(seed), list[Life]()
        for life in range(LIVES):
            at = first if life == 0 else None
            if life == 1 and seed and random.random() < 0.5:
                at = random.randrange(1, SECOND)
            one = lives(self.work(settings, seed, life), at, seconds if life == 0 else None)
            found.append(one)
            self.kills, self.told = self.kills + one.killed, self.told + len(one.told)
            if not one.killed:
                return found
        raise AssertionError("it never came to its end")


def referral(data: Data) -> Callable[[Settings, int, int], Referral]:
    return lambda settings, _seed, life: Referral(settings, data, life)


def talk(data: Data) -> Callable[[Settings, int, int], Talk]:
    return lambda settings, _seed, life: Talk(settings, data, 3, life)


def some(points: int, proof: Proof, quick: int) -> range:
    """The numbers of points of this run: all of them, or a few spread over the path."""
    return range(1, points + 1) if proof.full else range(2, points + 1, max(1, points // quick))


@pytest.mark.timeout(36_000)
def test_R01_a_kill_at_any_point_of_a_referral_loses_and_doubles_nothing(
    grounds: Grounds, data: Data, proof: Proof
) -> None:
    runs = Runs(referral(data))
    with grounds.fresh() as settings:
        whole = runs.until_the_end(settings, 0, None)[0]
        right = asyncio.run(outcome_of_referral(settings, data))
    tried = proof.count(25, quick=1)
    for point in some(len(whole.points), proof, quick=2):
        for seed in range(tried):
            with grounds.fresh() as settings:
                _same(runs, settings, (seed, point, None), right, data)

    assert len(whole.points) >= 40
    assert right.rows[0][0] == "closed"
    proof.figure(
        f"{len(whole.points)} points, {runs.kills:,} kills, {runs.told:,} acts told:"
        " 0 lost, 0 doubled, each run closed"
    )


@pytest.mark.timeout(36_000)
def test_R01_a_kill_at_any_moment_of_a_referral_loses_and_doubles_nothing(
    grounds: Grounds, data: Data, proof: Proof
) -> None:
    runs, random = Runs(referral(data)), Random(1)
    with grounds.fresh() as settings:
        runs.until_the_end(settings, 0, None)
        right = asyncio.run(outcome_of_referral(settings, data))
    for seed in range(proof.count(1_000, quick=1)):
        with grounds.fresh() as settings:
            _same(runs, settings, (seed, None, random.uniform(0.02, 1.2)), right, data)

    proof.figure(f"{runs.kills:,} kills at any moment: 0 lost, 0 doubled, each run closed")


@pytest.mark.timeout(36_000)
def test_R01_a_kill_at_any_point_of_her_talk_loses_and_doubles_nothing(
    grounds: Grounds, data: Data, proof: Proof
) -> None:
    runs = Runs(talk(data))
    with grounds.fresh() as settings:
        whole = runs.until_the_end(settings, 0, None)[0]
        right = asyncio.run(outcome_of_talk(settings, data))
        left = chat_of(settings)
    tried = proof.count(25, quick=1)
    for point in some(len(whole.points), proof, quick=2):
        for seed in range(tried):
            with grounds.fresh() as settings:
                found = runs.until_the_end(settings, seed, point)
                taken = [one["update"] for life in found for one in life.told]
                assert sorted(set(taken)) == list(range(TAPS + 1)), whole.points[point - 1]
                assert asyncio.run(outcome_of_talk(settings, data)) == right
                assert not chat_of(settings), whole.points[point - 1]

    assert len(whole.points) >= 40
    assert not left
    proof.figure(
        f"{len(whole.points)} points, {runs.kills:,} kills, {runs.told:,} updates acknowledged:"
        " 0 lost, 0 doubled, her chat empty each time"
    )


def _same(
    runs: Runs,
    settings: Settings,
    killed: tuple[int, int | None, float | None],
    right: Outcome,
    data: Data,
) -> None:
    """It ended as the run that was never killed: the same acts, each once, in their order."""
    seed, point, seconds = killed
    found = runs.until_the_end(settings, seed, point, seconds)
    outcome = asyncio.run(outcome_of_referral(settings, data))
    versions = [one["version"] for life in found for one in life.told]
    assert replace(outcome) == right, (point, seconds)
    assert max(versions, default=0) <= right.rows[0][1]
    assert versions == sorted(versions)
