"""R06: six hours without the platform and twenty thousand letters; the clock is moved by hand."""

from dataclasses import dataclass, field
from random import Random

import pytest
from sqlalchemy import func, select

from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.messages import Address, ChannelError, Incoming, Outgoing, Pressed, Sent
from handlers.receive import receive
from storage.rows import mail
from tests.doubles import FakeChannel, FakeClock
from tests.proving import Proof, on_one

HOURS = 6
MINUTE = 60.0


@dataclass
class Unsteady(FakeChannel):
    """A messenger that is away; it knows in which order each chat was shown what."""

    away: bool = True
    order: dict[str, list[int]] = field(default_factory=dict)
    tries: int = 0

    async def show(
        self, address: Address, screen: Outgoing, card: str | None, reply: str | None = None
    ) -> Sent:
        self.tries += 1
        if self.away:
            raise ChannelError
        self.order.setdefault(address.id, []).append(screen.step)
        return await super().show(address, screen, card)

    async def forget(self, address: Address, message_ids: object) -> tuple[str, ...]:
        self.tries += 1
        if self.away:
            raise ChannelError
        return ()

    async def neutral(
        self, address: Address, card: str, line: str, reply: str | None = None
    ) -> None:
        self.tries += 1
        if self.away:
            raise ChannelError


@pytest.fixture
async def platform(desk: Desk) -> Unsteady:
    channel = Unsteady()
    desk.channels["fake"] = channel  # type: ignore[index]
    return channel


async def letters_of(desk: Desk) -> int:
    async with desk.store.turn() as turn:
        return int((await turn.execute(select(func.count()).select_from(mail))).scalar_one())


async def rounds(desk: Desk, most: int = 100_000) -> None:
    """Deliver until nothing is due at this moment."""
    for _ in range(most):
        if not await deliver(desk):
            return


@pytest.mark.timeout(3_600)
@on_one("sqlite")
@pytest.mark.usefixtures("at_once")
async def test_R06_after_six_hours_each_letter_is_delivered_or_over_and_none_is_lost(
    desk: Desk, platform: Unsteady, clock: FakeClock, proof: Proof
) -> None:
    number, random = proof.count(20_000, quick=100) // 2, Random(6)
    women = [str(one) for one in range(1, number + 1)]
    moments = sorted((random.uniform(0, HOURS * 3_600), one) for one in women)
    left = set(random.sample(women, number // 10))
    now, began = 0.0, dict[str, float]()
    for at, woman in moments:
        if at - now > 20 * MINUTE:
            clock.forward(seconds=at - now)
            now = at
            await deliver(desk)
        began[woman] = desk.now()
        incoming = Incoming(
            address=Address("fake", woman), said=Pressed("start"), message_id="1", event_id=woman
        )
        await receive(incoming, desk)
        if woman in left:
            await receive(
                Incoming(address=incoming.address, said=Pressed("leave"), event_id=f"-{woman}"),
                desk,
            )
    waited = await letters_of(desk)
    platform.away, before = False, platform.tries
    recent = {one for one, at in began.items() if at > desk.now() - 8 * MINUTE} - left
    for _ in range(40):
        await rounds(desk)
        clock.forward(seconds=5)

    proof.figure(
        f"{waited} letters waited, {platform.tries - before} calls after the return, "
        f"{len(platform.order)} screens shown, {await letters_of(desk)} left over"
    )
    assert await letters_of(desk) == 0
    assert not left & set(platform.order)
    assert recent <= set(platform.order)  # a greeting waits ten minutes, then it is over
    assert all(steps == sorted(steps) for steps in platform.order.values())


@on_one("sqlite")
async def test_R06_in_each_chat_the_order_is_kept_and_only_the_newest_screen_is_shown(
    desk: Desk, platform: Unsteady, clock: FakeClock
) -> None:
    woman = Address("fake", "7")
    for event in range(5):
        await receive(Incoming(address=woman, said=Pressed("start"), event_id=str(event)), desk)
        clock.forward(seconds=20)
        await deliver(desk)
    platform.away = False
    for _ in range(5):
        clock.forward(seconds=40)
        await rounds(desk)

    assert len(platform.order["7"]) == 1
