"""Simulated days of a deployment: women, staff, downtime, failing databases; what is overdue."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from directory.truth import PullReason
from handlers import clockwork, curate
from handlers.curate import Act
from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.messages import ChannelError
from handlers.sweep import sweep
from privacy.anchors import NEVER
from privacy.audit import StaffAct
from privacy.retention import DAY, LIVES
from referrals import states
from storage import audit
from storage.rows import audit as audit_table
from storage.rows import keys, metadata
from storage.store import Store
from tests.casework.scene import Scene
from tests.doubles import FakeChannel, FakeClock
from tests.handlers.people import Person

HOUR = 3_600.0


class Away(Exception):
    """What a database says that is not there."""


class Stumbling(Store):
    """The same database, away while `away` is set, and without an answer while it `hangs`."""

    away = False
    hangs = False

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[AsyncConnection]:
        if self.away:
            raise Away
        if self.hangs:
            await asyncio.Event().wait()
        async with super().turn() as turn:
            yield turn


@dataclass
class Days:
    """A deployment over which days pass."""

    desk: Desk
    store: Stumbling
    clock: FakeClock
    channel: FakeChannel
    network: Scene | None = None
    """Organisations and their staff, where referrals are made too."""
    chance: random.Random = field(default_factory=lambda: random.Random(80))
    made: int = 0
    referred: int = 0
    sweeps_failed: int = 0
    latest: float = 0.0
    """The longest that a row stood after its time was over (seconds)."""

    async def pass_one(self) -> None:
        """A day: at work in several moments, stopped now and then, once in ten for days."""
        for _ in range(self.chance.randint(1, 4)):
            await self._at_work()
            self.clock.forward(seconds=self.chance.uniform(60, 9 * HOUR))
        await self._round()
        if self.chance.random() < 0.5:
            self.clock.forward(seconds=self.chance.uniform(0, 23 * HOUR))
            await self._measure()
        elif self.chance.random() < 0.2:
            self.clock.forward(seconds=self.chance.uniform(1, 5) * DAY)
            await self._round()  # the first thing a start does; while stopped nothing can be done

    async def _at_work(self) -> None:
        if self.chance.random() < 0.1:
            await self._stumble()
        await self._somebody_comes()
        if self.chance.random() < 0.4:
            await self._staff()
        if self.network and self.chance.random() < 0.25:
            await self._refer(self.network)
        await self._round()

    async def _refer(self, network: Scene) -> None:
        """A referral that goes some way, and may be left lying there or stopped."""
        try:
            goes = (network.draft, network.sent, network.accepted, network.met, network.closed)
            view = await self.chance.choice(goes)()
        except AssertionError:  # vetting and agreements have run out: a draft it stays
            return
        self.referred += 1
        if self.chance.random() < 0.3:
            await network.says(view.id, states.Act.WITHDRAW, seen=-1)

    async def _round(self) -> None:
        await clockwork.tick(self.desk)
        await clockwork.tidy(self.desk)
        await sweep(self.desk)
        await deliver(self.desk)
        await self._measure()

    async def _stumble(self) -> None:
        """The database is away for hours; the sweep fails, and is tried again."""
        self.store.away = True
        try:
            await sweep(self.desk)
        except Away:
            self.sweeps_failed += 1
        self.clock.forward(seconds=self.chance.uniform(60, 6 * HOUR))
        self.store.away = False

    async def _somebody_comes(self) -> None:
        self.made += 1
        woman = Person(self.desk, self.channel, chat=f"{self.made}")
        self.channel.failing = [ChannelError()] * self.chance.choice((0, 0, 3))
        self.channel.keeps = [ChannelError()] * self.chance.choice((0, 0, 3))
        await woman.says("hello")
        if self.chance.random() < 0.3:
            await woman.presses("leave")

    async def _staff(self) -> None:
        service = self.chance.choice(("KH-001", "TH-005"))
        await curate.pull(self.desk, Act(by="ma.1", service=service), PullReason.CLOSED)
        now, keep, one = self.desk.now(), self.desk.keep, f"r-{self.made}"
        async with self.store.turn() as turn:
            about = await audit.link(turn, self.desk.keystore, "referral", one, now + keep.audit)
            await audit.close(turn, "referral", one, now + keep.audit_link)
            opened = StaffAct(by="cw.1", what="open", kind="referral", object=about)
            await audit.record(turn, opened, at=now)

    async def _measure(self) -> None:
        """How late the latest row is, and whether any was promised a longer life than ours."""
        now = self.desk.now()
        async with self.store.turn() as turn:
            for table in metadata.sorted_tables:
                await self._table(turn, table, now)
        rows = self.desk.keystore._rows  # the store itself never lists its keys
        async with rows.engine.connect() as connection:  # type: ignore[attr-defined]
            await self._table(connection, keys, now)

    async def _table(self, turn: AsyncConnection, table: Table, now: float) -> None:
        life = LIVES[table.name]
        if life.ends == "never" or life.longest is None:
            return
        if life.ends == "age":
            oldest = (await turn.execute(select(func.min(audit_table.c.at)))).scalar_one()
            self.latest = max(self.latest, now - life.longest - (oldest or now))
            return
        ends = select(func.min(table.c.expires_at), func.max(table.c.expires_at))
        if table is keys:
            ends = ends.where(keys.c.expires_at < NEVER)  # what signs, and keys of staff
        first, last = (await turn.execute(ends)).one()
        self.latest = max(self.latest, now - (first or now))
        assert (last or now) - now <= life.longest + 1, f"{table.name} lives too long"


async def written_long_ago(desk: Desk, days: int, number: int) -> None:
    """Acts of staff from before the simulation, so that some grow too old in it."""
    async with desk.store.turn() as turn:
        for one in range(number):
            act = StaffAct(by="ma.1", what="pull", kind="service", object="TH-005")
            await audit.record(turn, act, at=desk.now() - (days - one) * DAY)


def stumbling(desk: Desk, url: str) -> tuple[Desk, Stumbling]:
    store = Stumbling(url)
    return replace(desk, store=store), store
