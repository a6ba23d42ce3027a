"""A server when it is seized: talks that are open, left, run out, and still to be cleared."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select

from app.settings import Settings
from app.wiring import Data, build
from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.messages import ChannelError
from handlers.sweep import sweep
from referrals.states import Act
from storage.rows import codes
from tests.casework.scene import FORM, Scene, set_up
from tests.doubles import FakeChannel, FakeClock
from tests.handlers.people import Person
from tests.safety.seizure import Secrets, Seized

TYPED = "kanaryaword he hits me"
OPEN, ENDED = "a quiet kanaryaroom", "a quiet kanaryabed"  # words beside the purpose
TOKEN = "4242:canary-token_of-Tests-kanarya-canary"


@dataclass(frozen=True, slots=True)
class Women:
    """Who talked before the seizure."""

    open: Person
    left: Person
    ran_out: Person
    to_be_cleared: Person
    quiet: Person
    """Her talk is open too, and nothing of hers has changed since the backup."""
    referred: "Referred"

    async def secrets(self) -> Secrets:
        """Numbers of screens are random, so they tell whose talk a value is of."""
        over = (self.left, self.ran_out, self.to_be_cleared)
        return Secrets(
            open_talks=(*steps_of(self.open), *steps_of(self.quiet)),
            ended_talks=(
                *(step for woman in over for step in steps_of(woman)),
                self.left.chat,
                self.ran_out.chat,
            ),
            chats=(self.open.chat, self.quiet.chat, self.to_be_cleared.chat),
            typed=(TYPED,),
            open_referrals=(OPEN,),
            ended_referrals=(ENDED,),
            records=await self.referred.subjects(),
            parts=('"form":1,',),  # a packet begins so, and no answers do
            known=(self.open.channel.name, self.open.chat),
        )


@dataclass(frozen=True, slots=True)
class Referred:
    """Two women who were referred: one is open, one was stopped."""

    scene: Scene
    stopped: str

    @classmethod
    async def of(cls, desk: Desk, clock: FakeClock) -> "Referred":
        await set_up(desk)
        scene = await Scene.of(desk, clock)
        await scene.accepted(replace(FORM, words=OPEN))
        stopped = await scene.accepted(replace(FORM, words=ENDED))
        return cls(scene, stopped.id)

    async def one_more(self) -> None:
        """Another one that is open, after everything before was written to its place."""
        await self.scene.accepted(replace(FORM, words=OPEN))

    async def subjects(self) -> tuple[str, ...]:
        """The hashes of all receipts: each stands in a record of a yes."""
        async with self.scene.desk.store.turn() as turn:
            kept = await turn.execute(select(codes.c.code).where(codes.c.kind == "receipt"))
            return tuple(kept.scalars())

    async def stop(self) -> None:
        """One of them takes her yes back."""
        await self.scene.says(self.stopped, Act.WITHDRAW, seen=-1)


def steps_of(woman: Person) -> tuple[str, ...]:
    """The numbers of the screens she saw, as they stand in a kept walk or screen."""
    return tuple(f"{screen.step}" for screen in woman.history)


async def on_sqlite(folder: Path, data: Data | None = None) -> Seized:
    """Let it all happen on SQLite, and take everything while the process holds its files."""
    settings, clock, channel = Settings(home=folder), FakeClock(), FakeChannel()
    async with build(settings, channels={"fake": channel}, clock=clock, data=data) as desk:
        path = Path(settings.database().removeprefix("sqlite:///"))
        women = await _talked(desk, channel, clock, folder / "backup", path)
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            with database:  # the log holds what was written last: here what stands in her chat
                database.execute("UPDATE traces SET expires_at = expires_at + 1")
        await women.open.says(TYPED)
        await women.referred.one_more()
        pepper, _ = await desk.keystore.peppers(desk.now())
        return Seized(things=_taken(settings, pepper), secrets=await women.secrets())


def _taken(settings: Settings, pepper: bytes) -> dict[str, bytes]:
    path = Path(settings.database().removeprefix("sqlite:///"))
    return {
        "database": path.read_bytes(),
        "log": path.with_name(f"{path.name}-wal").read_bytes(),
        "backup": (settings.home / "backup").read_bytes(),
        "key store": Path(settings.keystore().removeprefix("sqlite:///")).read_bytes(),
        "root key": settings.root_key(),
        "pepper": pepper,
        "bot token": TOKEN.encode(),
    }


async def _talked(
    desk: Desk, channel: FakeChannel, clock: FakeClock, backup: Path, path: Path
) -> Women:
    chats = (f"473918260000000{n}" for n in range(5))
    people = (Person(desk, channel, chat=chat) for chat in chats)
    opened, left, ran_out, to_be_cleared, quiet = people
    women = Women(
        opened, left, ran_out, to_be_cleared, quiet, referred=await Referred.of(desk, clock)
    )
    for woman in (women.open, women.left, women.ran_out, women.to_be_cleared):
        await woman.starts()
        await woman.taps("English")
        await woman.says(TYPED)
    clock.forward(minutes=10)
    await women.open.says(TYPED)
    await women.to_be_cleared.says(TYPED)
    await women.quiet.starts()
    with closing(sqlite3.connect(path)) as ours, closing(sqlite3.connect(backup)) as copy:
        ours.backup(copy)
    await women.referred.stop()
    await women.left.presses("leave")
    clock.forward(minutes=10)
    await sweep(desk)
    await deliver(desk)
    clock.forward(minutes=1)
    await deliver(desk)
    channel.keeps = [ChannelError()] * 1_000
    await women.to_be_cleared.presses("leave")
    return women
