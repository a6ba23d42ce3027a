"""Thousands of days one after the other, each beginning with the same rows and clock."""

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from random import Random

from app.settings import Settings
from privacy.audit import Reader
from privacy.keystore import KeyStore
from storage import audit
from storage.keys import KeyTable
from tests.casework.keys_kept import KeysInMemory
from tests.casework.killing import Processes
from tests.casework.scene import Scene
from tests.casework.world import Day

_CHAIN = 20  # days between two looks at the whole chain


@dataclass(frozen=True)
class Morning:
    """A referral somewhere on its way, and the files in which it stands."""

    ref_id: str
    files: Path
    keys: Mapping[str, tuple[bytes, float]]


@dataclass
class Rounds:
    """Everybody, on one database; with `mornings`, on SQLite, each day begins with one of these.

    On PostgreSQL every day walks its referral to where it begins, and the rows of all days stay.
    """

    scene: Scene
    processes: Processes
    home: Path
    began: datetime
    keys: KeysInMemory | None = None
    mornings: list[Morning] = field(default_factory=list)
    number: int = 0

    @classmethod
    @asynccontextmanager
    async def over(
        cls, scene: Scene, settings: Settings, *, keys_in_memory: bool = False
    ) -> "AsyncIterator[Rounds]":
        """`keys_in_memory`: the key store without its files."""
        desk, keys = scene.desk, None
        if keys_in_memory:
            rows = desk.keystore._rows
            assert isinstance(rows, KeyTable)
            keys = await KeysInMemory.of(rows)
            desk = replace(desk, keystore=KeyStore(keys, settings.root_key()))
        processes = Processes(desk, settings.database(), number=4)
        everybody = await Scene.of(desk, scene.clock)
        rounds = cls(everybody, processes, settings.home, scene.clock.now, keys)
        if settings.database().startswith("sqlite"):
            await rounds._make_mornings()
        yield rounds
        await processes.close()

    async def day(self, seed: int) -> Day:
        """The next one: a referral that stands somewhere on its way."""
        self.number += 1
        assert self.number % _CHAIN or await self.chain_holds()
        self.scene.clock.now = self.began  # so that agreements and vetting are as young for each
        random, scene = Random(seed), self.scene
        if self.mornings:
            morning = random.choice(self.mornings)
            await self._begin_with(morning)
            return Day(scene, self.processes, random, morning.ref_id)
        begin = random.choice((scene.draft, scene.sent, scene.accepted, scene.met))
        return Day(scene, self.processes, random, (await begin()).id)

    async def chain_holds(self) -> bool:
        reader = Reader()
        async for page in audit.pages(self.scene.desk.store, 0):
            reader.read(page)
        return reader.end() is None

    async def _make_mornings(self) -> None:
        await self.processes.let_go()
        before = Morning("", self._copied("before"), dict(self.keys.kept) if self.keys else {})
        scene = self.scene
        for begin in (scene.draft, scene.sent, scene.accepted, scene.met):
            await self._begin_with(before)
            ref_id = (await begin()).id
            await self.processes.let_go()
            kept = dict(self.keys.kept) if self.keys else {}
            self.mornings.append(Morning(ref_id, self._copied(ref_id), kept))

    def _copied(self, name: str) -> Path:
        copy = self.home.with_name(f"{self.home.name}-{name}")
        for file in self._files():
            to = copy / file.relative_to(self.home)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, to)
        return copy

    async def _begin_with(self, morning: Morning) -> None:
        await self.processes.let_go()
        for file in self._files():
            shutil.copyfile(morning.files / file.relative_to(self.home), file)
        if self.keys is not None:
            self.keys.kept = dict(morning.keys)

    def _files(self) -> list[Path]:
        """The databases. Their logs are gone once every connection is closed."""
        return [self.home / "saphan.db", self.home / "var" / "keys" / "keys.db"]
