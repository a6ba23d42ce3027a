"""Act and entry are kept together or not at all, whenever the process is killed (R67)."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.wiring import Data
from privacy.audit import Reader
from storage import audit, services
from storage.store import Store
from tests.proving import Proof, all_on_one
from tests.safety.audit_acts import SERVICES

pytestmark = all_on_one("postgresql")

ROOT = Path(__file__).parent.parent.parent


class Lives:
    """Begets processes that act, two at a time, and kills them."""

    def __init__(self, nursery: "subprocess.Popen[str]") -> None:
        self.nursery = nursery

    def live_and_die(self, chance: random.Random) -> None:
        assert self.nursery.stdin
        assert self.nursery.stdout
        self.nursery.stdin.write("live\nlive\n")
        self.nursery.stdin.flush()
        for _ in range(2):
            process = int(self.nursery.stdout.readline())
            time.sleep(chance.uniform(0, 0.12))
            os.kill(process, signal.SIGKILL)


@pytest.fixture
def lives(tmp_path: Path, database_url: str) -> Iterator[Lives]:
    words = [sys.executable, "-m", "tests.safety.audit_acts", str(tmp_path), database_url]
    with subprocess.Popen(
        words, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as nursery:
        yield Lives(nursery)


async def test_R67_no_kill_leaves_an_act_without_its_entry_or_an_entry_without_its_act(
    lives: Lives, database_url: str, data: Data, proof: Proof
) -> None:
    kills = proof.count(1_000, quick=6)
    chance = random.Random(67)
    for _ in range(kills // 2):
        lives.live_and_die(chance)
    store = Store(database_url)
    told, reader = await chain_of(store)
    done = {one: await history_of(store, data, one) for one in SERVICES}
    await store.close()

    assert reader.fault is None
    assert reader.place.seq >= kills
    assert {one: told.get(one, []) for one in SERVICES} == done
    assert told.keys() <= set(SERVICES)
    proof.figure(f"0 halves after {kills:,} kills, {reader.place.seq:,} acts by two at a time")


async def chain_of(store: Store) -> tuple[dict[str, list[tuple[str, str]]], Reader]:
    told: dict[str, list[tuple[str, str]]] = defaultdict(list)
    reader = Reader()
    async for page in audit.pages(store, 0):
        reader.read(page)
        for entry in page:
            told[entry.object].append((entry.by, entry.what))
    return dict(told), reader


async def history_of(store: Store, data: Data, service: str) -> list[tuple[str, str]]:
    async with store.turn() as turn:
        entry = (await services.read(turn, service, data.services)).entry
    return [(act.by, act.what) for act in entry.truth.acts]
