"""What a sender has in hand: its lease is renewed, and no longer than it is being sent."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import select, update

from handlers import deliver, letters
from handlers.conversation import people_of
from handlers.desk import Desk
from handlers.letters import Order
from handlers.messages import Address, Refused
from storage.mail import LEASE
from storage.rows import mail
from tests.doubles import FakeChannel
from tests.proving import all_on_one

pytestmark = all_on_one("sqlite")

HER = Address("fake", "4711")


@dataclass
class Slow(FakeChannel):
    """Refuses the first deletion, and takes its time with the second."""

    calls: list[tuple[str, ...]] = field(default_factory=list)
    may_end: asyncio.Event = field(default_factory=asyncio.Event)

    async def forget(self, address: Address, message_ids: Sequence[str]) -> tuple[str, ...]:
        self.calls.append(tuple(message_ids))
        if len(self.calls) == 1:
            raise Refused
        await self.may_end.wait()
        return ()


async def due_in(desk: Desk) -> list[float]:
    """Of each letter, in order: in how many seconds somebody may take it."""
    async with desk.store.turn() as turn:
        found = await turn.execute(select(mail.c.due_at).order_by(mail.c.id))
        return [due - desk.now() for due in found.scalars()]


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await holds():  # noqa: ASYNC110 - what is asked has no event
            await asyncio.sleep(0.01)


async def test_a_letter_that_was_put_off_is_not_held_back_by_another_of_its_chat(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "RENEWED", 0.02)
    slow = Slow()
    desk, stop = replace(desk, channels={"fake": slow}), asyncio.Event()
    async with desk.store.turn() as turn:
        for message in ("1", "2"):
            order = Order(kind="forget", address=HER, messages=(message,))
            await letters.post_clearing(turn, desk, (await people_of(desk, HER))[0], order)
    sending = asyncio.create_task(deliver.deliver_forever(desk, stop))

    async def second_under_way() -> bool:
        return len(slow.calls) == 2

    async def second_renewed() -> bool:
        return (await due_in(desk))[1] > LEASE - 1

    await until(second_under_way)
    async with desk.store.turn() as turn:
        await turn.execute(
            update(mail).where(mail.c.due_at == desk.now() + LEASE).values(due_at=desk.now() + 1)
        )
    await until(second_renewed)
    first, _ = await due_in(desk)
    slow.may_end.set()
    stop.set()
    await sending

    assert 0 < first < 2 * deliver.PAUSE
