"""Channels that answer at once (web chat, terminal) keep the same contract, without pushing."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from app.settings import Settings
from app.wiring import Data, build
from bot.render import fit
from bot.terminal import AS, TerminalChannel
from bot.webchat import WebChannel
from handlers.desk import Desk
from handlers.messages import Address, Attachment, Channel, Incoming, Outgoing, Pressed, Text
from handlers.receive import receive
from storage.rows import conversations, mail, traces

SCREEN = Outgoing(step=1, locale="my", node="x.1", texts=("မင်္ဂလာပါ",))


@pytest.fixture(params=["web", "terminal", "terminal as telegram"])
def answering(request: pytest.FixtureRequest) -> Channel:
    if request.param == "web":
        return WebChannel()
    return TerminalChannel(AS["telegram"]) if "as" in request.param else TerminalChannel()


@pytest.fixture
async def desk(settings: Settings, data: Data, answering: Channel) -> AsyncIterator[Desk]:
    async with build(settings, channels={answering.name: answering}, data=data) as desk:
        yield desk


async def test_nothing_of_the_contract_raises(answering: Channel) -> None:
    address = Address(answering.name, "somebody")
    sent = await answering.show(address, SCREEN, None)
    await answering.neutral(address, sent.message_ids[-1], "OK")
    await answering.receipt("tap")

    assert await answering.forget(address, sent.message_ids) == ()
    await answering.close()


async def test_the_answer_is_the_screen_and_nothing_is_posted(
    desk: Desk, answering: Channel
) -> None:
    address = Address(answering.name, "somebody")
    screen = await receive(Incoming(address=address, said=Pressed("start")), desk)
    asked = await receive(Incoming(address=address, said=Text("6")), desk)
    refused = await receive(Incoming(address=address, said=Attachment()), desk)

    assert screen is not None
    assert fit(screen, answering.abilities).texts
    assert asked is not None
    assert asked.node == "sh.safe"
    assert refused is not None
    assert refused.node == "sh.att"
    async with desk.store.turn() as turn:
        assert not list(await turn.execute(select(mail)))
        assert not list(await turn.execute(select(traces)))


async def test_leaving_leaves_no_row(desk: Desk, answering: Channel) -> None:
    address = Address(answering.name, "somebody")
    await receive(Incoming(address=address, said=Pressed("start")), desk)
    left = await receive(Incoming(address=address, said=Pressed("leave")), desk)

    assert left is not None
    assert left.ended
    async with desk.store.turn() as turn:
        assert not list(await turn.execute(select(conversations)))
