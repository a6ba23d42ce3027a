"""What is to be deleted later, or cannot be, holds up nothing else; leaving takes it along.

After an outage the emergency card is such a message: it waits for the end of her conversation.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from handlers import letters
from handlers.conversation import people_of
from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.letters import Order
from handlers.messages import Address
from handlers.sweep import sweep
from tests.doubles import FakeChannel, FakeClock
from tests.handlers.people import Person
from tests.proving import all_on_one

pytestmark = all_on_one("sqlite")

WAITS = 15 * 60.0


@dataclass
class Stubborn(FakeChannel):
    """A messenger that does not delete one of the messages."""

    stays: str = ""

    async def forget(self, address: Address, message_ids: Sequence[str]) -> tuple[str, ...]:
        wanted = [one for one in message_ids if one != self.stays]
        await super().forget(address, wanted)
        return tuple(one for one in message_ids if one == self.stays)


@pytest.fixture
def fake() -> FakeChannel:
    return Stubborn()


@pytest.fixture
def woman(desk: Desk, fake: FakeChannel) -> Person:
    return Person(desk, fake)


async def stands_until(woman: Person, desk: Desk, wait: float) -> str:
    """A card that was sent while the database was away, as it is put on record afterwards."""
    card = woman.channel.hers(woman.chat, "emergency card")
    address = Address(woman.channel.name, woman.chat)
    order = Order(kind="forget", address=address, messages=(card,), wait=wait)
    async with desk.store.turn() as turn:
        person = (await people_of(desk, address))[0]
        await letters.post_clearing(turn, desk, person, order)
    return card


async def goes_by(desk: Desk, clock: FakeClock, seconds: float) -> None:
    for _ in range(3):
        clock.forward(seconds=seconds / 3)
        while await deliver(desk):
            pass


async def test_her_words_go_though_another_message_is_to_go_later(
    desk: Desk, woman: Person, clock: FakeClock
) -> None:
    await woman.starts()
    await woman.taps("English", "Yes")
    await stands_until(woman, desk, WAITS)
    await woman.says("he is hitting me")
    await goes_by(desk, clock, 6)

    assert "he is hitting me" not in woman.visible.values()
    assert "emergency card" in woman.visible.values()


async def test_one_message_that_is_never_deleted_keeps_none_of_the_others(
    desk: Desk, woman: Person, fake: Stubborn, clock: FakeClock
) -> None:
    await woman.starts()
    await woman.taps("English", "Yes")
    fake.stays = await stands_until(woman, desk, 0)
    await goes_by(desk, clock, 6)
    await woman.says("he is hitting me")
    await woman.presses("leave")
    await goes_by(desk, clock, 6)

    assert list(woman.visible) == [fake.stays]


async def test_who_leaves_takes_along_what_was_to_go_later(
    desk: Desk, woman: Person, clock: FakeClock
) -> None:
    await woman.starts()
    await woman.taps("English", "Yes")
    await stands_until(woman, desk, WAITS)
    await woman.presses("leave")
    await goes_by(desk, clock, 3)

    assert woman.visible == {}


async def test_also_who_came_before_midnight_and_leaves_after_it(
    desk: Desk, woman: Person, clock: FakeClock
) -> None:
    """Her talk has the name of yesterday, what was sent in an outage that of today."""
    clock.now = clock.now.replace(hour=23, minute=55)
    await woman.starts()
    await woman.taps("English", "Yes")
    clock.forward(minutes=10)
    await stands_until(woman, desk, WAITS)
    await woman.presses("leave")
    await goes_by(desk, clock, 3)

    assert woman.visible == {}


async def test_what_the_end_of_her_time_clears_goes_with_it(
    desk: Desk, woman: Person, clock: FakeClock
) -> None:
    await woman.starts()
    await woman.taps("English", "Yes")
    clock.forward(minutes=10)
    await stands_until(woman, desk, WAITS)
    clock.forward(minutes=6)
    await sweep(desk)
    await goes_by(desk, clock, 3)

    assert woman.visible == {}
