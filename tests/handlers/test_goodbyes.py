"""Leaving where nothing can be changed or deleted: one neutral line, last of all or not at all."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import select

from handlers.deliver import deliver, deliver_forever
from handlers.desk import Desk
from handlers.emergency_serving import answer
from handlers.messages import (
    Abilities,
    Address,
    ChannelError,
    Incoming,
    Outgoing,
    Pressed,
    Said,
    Sent,
    Text,
)
from handlers.pace import CHAT
from handlers.receive import receive
from handlers.sweep import sweep
from storage.mail import LEASE
from storage.rows import mail
from tests.doubles import FakeChannel, FakeClock
from tests.handlers.people import Person
from tests.safety.test_phone_exit import Away

GOODBYE = "goodbye"


@dataclass
class Plain(FakeChannel):
    """A messenger like Viber: all that was sent stands, a screen is several messages."""

    abilities: Abilities = field(default_factory=lambda: Abilities(text=3000))
    stands: list[str] = field(default_factory=list)
    midway: asyncio.Event = field(default_factory=asyncio.Event)
    goes_on: asyncio.Event | None = None
    dies: bool = False

    async def show(
        self, address: Address, screen: Outgoing, card: str | None, reply: str | None = None
    ) -> Sent:
        self._trouble()
        for text in screen.texts:
            self.stands.append(text)
            self.midway.set()
            if self.goes_on:
                await self.goes_on.wait()
            if self.dies:
                raise ChannelError
        return Sent(("1",))

    async def neutral(
        self, address: Address, card: str, line: str, reply: str | None = None
    ) -> None:
        self._trouble()
        self.stands.append(GOODBYE)


@pytest.fixture
def fake() -> Plain:
    return Plain()


@pytest.fixture
async def woman(desk: Desk, fake: Plain) -> Person:
    """She is in the middle of a talk."""
    person = Person(desk, fake)
    await person.presses("start")
    await person.taps("English", "Yes", "18", "Thailand", "Skip")
    fake.stands.clear()
    return person


async def does(desk: Desk, woman: Person, said: Said, event: str) -> None:
    address = Address(woman.channel.name, woman.chat)
    await receive(Incoming(address=address, said=said, event_id=event), desk)


async def goes_by(desk: Desk, clock: FakeClock, seconds: float) -> None:
    for _ in range(6):
        clock.forward(seconds=seconds / 6)
        await sweep(desk)
        while await deliver(desk):
            pass


async def waits(desk: Desk) -> list[str]:
    async with desk.store.turn() as turn:
        return list((await turn.execute(select(mail.c.kind))).scalars())


async def leaves_midway(desk: Desk, woman: Person, fake: Plain) -> asyncio.Task[int]:
    """Half of a screen stands when she leaves; whoever else sends looks into the outbox."""
    fake.midway.clear()
    fake.goes_on = asyncio.Event()
    await does(desk, woman, Pressed("numbers", step=woman.now.step), "numbers")
    sending = asyncio.create_task(deliver(desk))
    await fake.midway.wait()
    await does(desk, woman, Pressed("leave"), "leave")
    await deliver(desk)
    return sending


@pytest.mark.parametrize("dies", [False, True])
async def test_the_goodbye_stands_behind_a_screen_that_was_on_its_way(
    desk: Desk, woman: Person, fake: Plain, *, dies: bool
) -> None:
    fake.dies = dies
    sending = await leaves_midway(desk, woman, fake)
    assert GOODBYE not in fake.stands
    assert fake.goes_on
    fake.goes_on.set()
    await sending
    await deliver(desk)

    assert fake.stands.index(GOODBYE) == len(fake.stands) - 1
    assert await waits(desk) == []


async def test_the_goodbye_comes_though_the_sender_of_the_screen_has_died(
    desk: Desk, woman: Person, fake: Plain, clock: FakeClock
) -> None:
    sending = await leaves_midway(desk, woman, fake)
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    await goes_by(desk, clock, LEASE + 1)

    assert fake.stands[-1] == GOODBYE


async def test_a_running_sender_shows_the_goodbye_last_and_soon(
    desk: Desk, woman: Person, fake: Plain
) -> None:
    stop = asyncio.Event()
    sender = asyncio.create_task(deliver_forever(desk, stop))
    fake.midway.clear()
    fake.goes_on = asyncio.Event()
    await does(desk, woman, Pressed("numbers", step=woman.now.step), "numbers")
    await fake.midway.wait()
    await does(desk, woman, Pressed("leave"), "leave")
    await asyncio.sleep(CHAT + 0.3)
    assert GOODBYE not in fake.stands
    fake.goes_on.set()
    async with asyncio.timeout(5):
        while GOODBYE not in fake.stands:  # noqa: ASYNC110 - the double has no event
            await asyncio.sleep(0.02)
    stop.set()
    desk.posted.set()
    await sender

    assert fake.stands[-1] == GOODBYE


async def test_a_goodbye_that_could_not_go_for_a_minute_goes_no_more(
    desk: Desk, woman: Person, fake: Plain, clock: FakeClock
) -> None:
    fake.failing = [ChannelError()] * 100
    await woman.presses("leave")
    await goes_by(desk, clock, 70)
    fake.failing.clear()
    await goes_by(desk, clock, 60)

    assert fake.stands == []
    assert await waits(desk) == []


async def test_a_goodbye_that_was_refused_once_comes_soon_after(
    desk: Desk, woman: Person, fake: Plain, clock: FakeClock
) -> None:
    fake.failing = [ChannelError()]
    await woman.presses("leave")
    await goes_by(desk, clock, 12)

    assert fake.stands == [GOODBYE]


async def test_a_goodbye_that_waits_does_not_come_over_her_next_talk(
    desk: Desk, woman: Person, fake: Plain, clock: FakeClock
) -> None:
    fake.failing = [ChannelError()]
    await woman.presses("leave")
    clock.forward(seconds=1)
    await woman.presses("start")
    await goes_by(desk, clock, 30)

    assert GOODBYE not in fake.stands
    assert fake.stands


async def test_nor_where_she_left_before_midnight_and_is_back_after_it(
    desk: Desk, fake: Plain, clock: FakeClock
) -> None:
    clock.now = clock.now.replace(hour=23, minute=59, second=50)
    woman = Person(desk, fake)
    await woman.presses("start")
    fake.failing = [ChannelError()]
    await woman.presses("leave")
    clock.forward(seconds=12)
    fake.failing = [ChannelError()]
    await woman.presses("start")
    await goes_by(desk, clock, 30)

    assert GOODBYE not in fake.stands


async def test_an_old_button_takes_her_out_when_her_talk_is_over(
    desk: Desk, woman: Person, fake: Plain, clock: FakeClock
) -> None:
    await goes_by(desk, clock, 50 * 60)
    await woman.presses("leave")
    await goes_by(desk, clock, 2)

    assert fake.stands == [GOODBYE]
    assert await waits(desk) == []


async def test_an_exit_that_an_outage_has_answered_is_not_answered_again(
    desk: Desk, woman: Person, fake: Plain, clock: FakeClock
) -> None:
    incoming = Incoming(
        address=Address("fake", woman.chat), said=Pressed("leave", step=3), event_id="x"
    )
    away = replace(desk, store=Away("sqlite://"))
    answer(away, incoming)
    await away.outage.settled()
    await goes_by(desk, clock, 50 * 60)
    await receive(incoming, desk)
    await goes_by(desk, clock, 5)

    assert fake.stands == [GOODBYE]
    assert await waits(desk) == []


async def test_a_second_exit_neither_doubles_nor_drops_the_goodbye_that_waits(
    desk: Desk, woman: Person, fake: Plain, clock: FakeClock
) -> None:
    fake.failing = [ChannelError()]
    await woman.presses("leave")
    await woman.presses("leave")
    await goes_by(desk, clock, 30)

    assert fake.stands == [GOODBYE]


@pytest.mark.parametrize("said", [Pressed("leave", step=3), Text("leave")])
async def test_without_a_database_an_exit_is_answered_once_however_often_it_is_brought(
    desk: Desk, woman: Person, fake: Plain, said: Said
) -> None:
    away = replace(desk, store=Away("sqlite://"))
    incoming = Incoming(address=Address("fake", woman.chat), said=said, event_id="x")
    for _ in range(3):
        answer(away, incoming)
        await away.outage.settled()

    assert fake.stands == [GOODBYE]


async def test_without_a_database_a_card_on_its_way_is_not_the_last_that_stands(
    desk: Desk, woman: Person, fake: Plain
) -> None:
    away = replace(desk, store=Away("sqlite://"))
    fake.midway.clear()
    fake.goes_on = asyncio.Event()
    for event, said in (("x", Text("hello")), ("y", Text("leave"))):
        incoming = Incoming(address=Address("fake", woman.chat), said=said, event_id=event)
        answer(away, incoming)
        await fake.midway.wait()
    fake.goes_on.set()
    await away.outage.settled()

    assert fake.stands[-1] == GOODBYE


async def test_without_a_database_a_goodbye_that_did_not_go_is_tried_when_the_exit_comes_again(
    desk: Desk, woman: Person, fake: Plain
) -> None:
    fake.failing = [ChannelError()]
    away = replace(desk, store=Away("sqlite://"))
    incoming = Incoming(address=Address("fake", woman.chat), said=Text("leave"), event_id="x")
    for _ in range(2):
        answer(away, incoming)
        await away.outage.settled()

    assert fake.stands == [GOODBYE]


async def test_a_goodbye_of_a_minute_is_not_told_as_a_chat_that_was_not_cleared(
    desk: Desk, woman: Person, fake: Plain
) -> None:
    fake.failing = [ChannelError()]
    await woman.presses("leave")
    await sweep(desk)
    async with desk.store.turn() as turn:
        versions = (await turn.execute(select(mail.c.version))).scalars().all()

    assert versions == [1]  # not told
