"""R28: how much of her a running process remembers after the talks; measured, not promised."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from tests.channels.fake_telegram import FakeTelegram
from tests.proving import Proof
from tests.safety.canary_memory import dump
from tests.safety.canary_talks import SCANNER, Talks

AFTER = 600.0  # seconds since the last of them did anything (R28)


@pytest.mark.timeout(1_800)
async def test_R28_memory_after_the_talks_is_measured(tmp_path: Path, proof: Proof) -> None:
    if not proof.full:
        pytest.skip("takes a quarter of an hour: make prove")
    home, core = tmp_path / "home", tmp_path / "core"
    home.mkdir()
    core.mkdir()
    async with FakeTelegram() as fake:
        settings = {"telegram_token": fake.token, "telegram_api": fake.base}
        talks = Talks(home, fake, settings)
        async with talks.running() as system:
            await talks.all(500)
            await asyncio.sleep(AFTER)
            size = await asyncio.to_thread(dump, system.process.pid, core)
    kinds = Counter(hit.rpartition(" (")[0] for hit in await asyncio.to_thread(_hits, core))

    assert size > 50_000_000  # all of it could be read
    told = ", ".join(f"{name} in {number} regions" for name, number in kinds.items())
    proof.figure(f"{size / 1e6:.0f} MB read: {told or 'nothing of anybody'}")


def _hits(core: Path) -> list[str]:
    return SCANNER.found([core])
