"""R76, the part of messengers: who floods waits, and nobody else does."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from structlog.testing import capture_logs

from app.public import public_app
from app.settings import Settings
from app.wiring import Data, build
from handlers import floodgate
from handlers.deliver import deliver, deliver_forever
from handlers.desk import Desk
from handlers.floodgate import AT_ONCE, CLEAR_AFTER, Floodgate
from handlers.messages import Address, Command, Incoming, Pressed, Text
from privacy.keystore import KeyStore
from privacy.vault import new_key
from tests.doubles import FakeChannel, FakeClock
from tests.proving import Proof
from tests.safety.doors import FakeTelegramDoor, push, says
from tests.timing import TRIES

FLOODER, FIRST_NEW, FIRST_ORDINARY = 1, 10_000, 1_000_000
A_SECOND = 100  # messages of the one who floods
NEW = 17  # new people a second: 10,000 in ten minutes
ORDINARY = 10  # messages of ordinary people a second
MOST_WAIT = 1.0  # seconds, at the 99th of a hundred
MOST_GROWN = 50_000_000  # bytes


@asynccontextmanager
async def telegram(
    home: Path, data: Data, clock: FakeClock | None = None
) -> AsyncIterator[tuple[Desk, FakeChannel]]:
    fake = FakeTelegramDoor()
    settings = Settings(home=home)
    async with build(settings, channels={"telegram": fake}, data=data, clock=clock) as desk:
        yield desk, fake


@dataclass
class Load:
    """What is sent, and how long each ordinary message waited for its answer."""

    app: FastAPI
    numbers: Iterator[int]
    waited: list[float] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)

    async def says(self, chat: int, words: str) -> None:
        begun = time.perf_counter()
        answer = await push(self.app, says(next(self.numbers), words, chat))
        self.statuses.add(answer.status)
        if chat != FLOODER:
            self.waited.append(time.perf_counter() - begun)

    async def every(self, a_second: int, seconds: float, chats: Iterator[int], words: str) -> None:
        """So many messages a second, whether or not those before are answered."""
        begun, tasks = time.perf_counter(), []
        for number in range(int(a_second * seconds)):
            await asyncio.sleep(max(0.0, begun + number / a_second - time.perf_counter()))
            tasks.append(asyncio.create_task(self.says(next(chats), words)))
        await asyncio.gather(*tasks)

    def within(self, share: float) -> float:
        """Seconds within which this share of the others was answered."""
        return sorted(self.waited)[int(len(self.waited) * share)]


@pytest.mark.timeout(3600)
async def test_R76_one_who_floods_makes_nobody_wait(
    tmp_path: Path, data: Data, proof: Proof
) -> None:
    """A plain run shares its machine: half of its few count, and the slow is slow each time."""
    seconds, share = proof.count(600, quick=3), 0.99 if proof.full else 0.5
    for number in range(1 if proof.full else TRIES):
        calm, load, grown, answered = await _flooded(tmp_path / str(number), data, seconds)
        alone, beside = (one.within(share) for one in (calm, load))
        most = MOST_WAIT if proof.full else max(MOST_WAIT, 10 * alone)
        if beside < most:
            break

    proof.figure(
        f"{NEW} new and {ORDINARY} others a second: {beside * 1000:.0f} ms beside {A_SECOND} "
        f"a second of one, {alone * 1000:.0f} ms without; files grew {grown / 1e6:.1f} MB"
    )
    assert load.statuses == {200}
    assert beside < most
    assert grown < MOST_GROWN
    assert answered, "answered again as soon as there is time between messages"


async def _flooded(home: Path, data: Data, seconds: float) -> tuple[Load, Load, int, bool]:
    """The others without and beside the flood, by how many bytes files grew, and whether the one
    who flooded has an answer in the end."""
    async with telegram(home, data) as (desk, fake):
        app, numbers = public_app(desk), count(1)
        stop = asyncio.Event()
        sending = asyncio.create_task(deliver_forever(desk, stop))
        calm = Load(app, numbers)
        await _others(calm, FIRST_NEW, seconds / 2)
        before, load = _size(home), Load(app, numbers)
        await asyncio.gather(
            load.every(A_SECOND, seconds, cycle([FLOODER]), "help me"),
            _others(load, 10 * FIRST_NEW, seconds),
        )
        await asyncio.sleep(2 * CLEAR_AFTER)
        await load.says(FLOODER, "hello")
        grown = _size(home) - before
        stop.set()
        desk.posted.set()
        await sending
        while await deliver(desk):
            pass
        return calm, load, grown, bool(fake.chats[str(FLOODER)])


async def _others(load: Load, first_new: int, seconds: float) -> None:
    """New people, and ordinary ones who go on."""
    ordinary = cycle(range(FIRST_ORDINARY, FIRST_ORDINARY + 40))
    await asyncio.gather(
        load.every(NEW, seconds, count(first_new), "hello"),
        load.every(ORDINARY, seconds, ordinary, "hello"),
    )


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


@dataclass
class Door:
    """A floodgate before a desk whose clock stands still."""

    desk: Desk
    fake: FakeChannel
    gate: Floodgate = field(default_factory=Floodgate)

    async def says(self, words: str, chat: str = "7") -> None:
        message = self.fake.hers(chat, words)
        address = Address("telegram", chat)
        await self.gate.take(
            Incoming(address=address, said=Text(words), message_id=message), self.desk
        )

    async def presses(self, command: Command, chat: str = "7") -> None:
        incoming = Incoming(address=Address("telegram", chat), said=Pressed(command))
        await self.gate.take(incoming, self.desk)

    async def answers(self) -> int:
        """How many screens and goodbyes were put up since the last look."""
        while await deliver(self.desk):
            pass
        shown = len(self.fake.shown)
        self.fake.shown.clear()
        return shown

    async def open(self) -> int:
        async with self.desk.store.turn() as turn:
            found = await turn.execute(text("select count(*) from conversations"))
        return int(found.scalar_one())


@pytest.fixture
async def door(tmp_path: Path, data: Data, clock: FakeClock) -> AsyncIterator[Door]:
    async with telegram(tmp_path, data, clock=clock) as (desk, fake):
        yield Door(desk, fake)


async def _floods(door: Door) -> None:
    for _ in range(int(AT_ONCE) + 5):
        await door.says("hello")
    await door.answers()


async def test_a_chat_past_its_measure_is_not_answered_and_another_is(door: Door) -> None:
    await _floods(door)
    await door.says("hello")
    unheard = await door.answers()
    await door.says("hello", chat="8")

    assert unheard == 0
    assert await door.answers() == 1


async def test_she_is_heard_again_a_second_later(door: Door, clock: FakeClock) -> None:
    await _floods(door)
    clock.forward(seconds=1)
    await door.says("hello")

    assert await door.answers() == 1


@pytest.mark.parametrize("word", ["0", "STOP", "ออก", ""])
async def test_leaving_passes_whatever_she_sent_before(door: Door, word: str) -> None:
    await _floods(door)
    assert await door.open() == 1
    await (door.says(word) if word else door.presses("leave"))

    assert await door.open() == 0


async def test_leaving_again_and_again_costs_nothing_more(door: Door) -> None:
    await _floods(door)
    for _ in range(50):
        await door.presses("leave")
    chat = next(iter(door.gate._chats.values()))
    await door.answers()
    async with door.desk.store.turn() as turn:
        letters = (await turn.execute(text("select count(*) from mail"))).scalar_one()

    assert chat.gone
    assert letters <= 3


async def test_what_was_held_back_is_deleted_from_the_chat_too(
    door: Door, clock: FakeClock
) -> None:
    await _floods(door)
    for number in range(20):
        await door.says(f"he hits me {number}")
    held = [words for words in door.fake.chats["7"].values() if "hits" in words]
    await asyncio.sleep(2 * CLEAR_AFTER)
    clock.forward(seconds=5)
    await door.answers()

    assert len(held) == 20
    assert not [words for words in door.fake.chats["7"].values() if "hits" in words]


async def test_what_is_held_back_is_deleted_also_after_a_try_that_failed(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For another reason than a database that is away: another process changes the root key."""
    monkeypatch.setattr(floodgate, "CLEAR_AFTER", 0.01)
    await _floods(door)
    await _until(lambda: not door.gate._clearing)
    ours = door.desk.keystore
    other, root_key = KeyStore(ours._rows, ours._root), ours._root
    await other.change_root(new_key())
    with capture_logs() as logs:
        await door.says("he hits me")
        await _until(lambda: bool(logs))
    await other.change_root(root_key)
    await door.says("he hits me again")
    await _until(lambda: not door.gate._clearing)
    await door.answers()

    assert {line["kind"] for line in logs} == {"RootKeyWrong"}
    assert not [words for words in door.fake.chats["7"].values() if "hits" in words]


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 - another task makes it true
            await asyncio.sleep(0.01)


async def test_no_more_chats_are_remembered_than_there_is_room_for(door: Door) -> None:
    door.gate = Floodgate(most=3)
    for chat in range(10):
        await door.says("hello", chat=str(chat + 1))

    assert len(door.gate._chats) == 3
