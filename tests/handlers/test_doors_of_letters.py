"""A door that is shut while letters wait for their moment, and what counts as its answer."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from handlers import letters
from handlers.conversation import people_of
from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.letters import Order
from handlers.messages import Address, Incoming, Pressed, Refused
from handlers.pace import AWAY
from handlers.receive import receive
from handlers.strays import SWEPT_AFTER, expect
from storage.pace import Share
from storage.rows import mail
from tests.doubles import FakeChannel, FakeClock
from tests.handlers.people import Person
from tests.handlers.test_deliver import number_of
from tests.proving import all_on_one

pytestmark = all_on_one("sqlite")

HER = Address("fake", "4711")


async def comes(desk: Desk, chat: str, event: str = "") -> None:
    incoming = Incoming(address=Address("fake", chat), said=Pressed("start"), event_id=event)
    await receive(incoming, desk)


async def test_what_waits_for_its_moment_when_its_door_is_shut_is_not_shown(
    desk: Desk, fake: FakeChannel
) -> None:
    desk.pace.keep(Share(desk.store))
    for chat in range(12):
        await comes(desk, str(chat), f"e{chat}")
    sending = asyncio.create_task(deliver(desk))
    while not fake.shown:  # noqa: ASYNC110 - the double has no event
        await asyncio.sleep(0.01)
    desk.doors.shut = frozenset({"fake"})
    before = len(fake.shown)
    await sending

    assert len(fake.shown) <= before + 1  # one may be on its way
    assert before < 6
    assert await number_of(desk, mail) == 0


@pytest.fixture
async def down(desk: Desk, fake: FakeChannel) -> Desk:
    """Her first screen stands; the door has not answered for a while since."""
    await Person(desk, fake).starts()
    desk.pace.keep(Share(desk.store))
    for _ in range(AWAY):
        desk.pace.failed("fake")
    return desk


Act = Callable[[Desk, FakeClock], Awaitable[None]]


async def overtaken(desk: Desk, _: FakeClock) -> None:
    """Two screens wait; the first need not be shown any more."""
    await comes(desk, HER.id, "a")
    await comes(desk, HER.id, "b")


async def nothing_to_forget(desk: Desk, _: FakeClock) -> None:
    await posted(desk, Order(kind="forget", address=HER))


async def no_stray_to_look_for(desk: Desk, clock: FakeClock) -> None:
    async with desk.store.turn() as turn:
        note = Order(kind="stray", address=HER, card="1")
        await expect(turn, desk, (await people_of(desk, HER))[0], note)
    clock.forward(seconds=SWEPT_AFTER)


async def nothing_to_clear(desk: Desk, _: FakeClock) -> None:
    await posted(desk, Order(kind="leave", address=HER))


async def a_screen(desk: Desk, _: FakeClock) -> None:
    await comes(desk, HER.id, "a")


async def something_to_forget(desk: Desk, _: FakeClock) -> None:
    await posted(desk, Order(kind="forget", address=HER, messages=("1",)))


async def a_card_to_clear(desk: Desk, _: FakeClock) -> None:
    await posted(desk, Order(kind="leave", address=HER, card="2"))


async def messages_to_clear(desk: Desk, _: FakeClock) -> None:
    await posted(desk, Order(kind="leave", address=HER, messages=("1",)))


async def posted(desk: Desk, order: Order) -> None:
    async with desk.store.turn() as turn:
        await letters.post_clearing(turn, desk, (await people_of(desk, HER))[0], order)


@pytest.mark.parametrize(
    "act", [overtaken, nothing_to_forget, no_stray_to_look_for, nothing_to_clear]
)
async def test_a_door_that_was_asked_nothing_is_not_taken_for_one_that_answered(
    down: Desk, clock: FakeClock, act: Act
) -> None:
    await act(down, clock)

    assert await deliver(down) > 0
    assert down.pace.is_down("fake")


@pytest.mark.parametrize(
    "act", [a_screen, something_to_forget, a_card_to_clear, messages_to_clear]
)
async def test_a_door_that_took_a_call_answers_again(
    down: Desk, clock: FakeClock, act: Act
) -> None:
    await act(down, clock)
    await deliver(down)

    assert not down.pace.is_down("fake")


async def test_a_refusal_is_an_answer(down: Desk, fake: FakeChannel, clock: FakeClock) -> None:
    fake.failing = [Refused()]
    await a_screen(down, clock)
    await deliver(down)

    assert not down.pace.is_down("fake")
