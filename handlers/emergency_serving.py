"""Shows the emergency card while a database is away: once a chat, at once, and nothing is kept.

The platform is told 503, so that it brings her message again.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog

from handlers import emergency, letters
from handlers.clearing import leave_without_store, leaves
from handlers.conversation import people_of
from handlers.covers import covered
from handlers.desk import Desk
from handlers.messages import Address, ChannelError, Choice, Incoming, Outgoing, Said
from handlers.strays import SENDING

log = structlog.get_logger("outage")

T = TypeVar("T")
CHATS = 10_000  # that have the card; beyond that nobody is sent another


async def within(desk: Desk, turn: Coroutine[Any, Any, T]) -> T:
    """The turn's result, or an error of the database within two seconds."""
    result = await desk.outage.within(turn)
    if desk.outage.away:
        _over(desk)
    return result


def answer(desk: Desk, incoming: Incoming) -> None:
    """Show her the card, once a chat; her taps on it lead on. Returns at once."""
    outage, channel = desk.outage, desk.channels[incoming.address.channel]
    outage.away = True
    if leaves(desk, incoming):
        outage.begin(leave_without_store(desk, incoming))
        return
    if not channel.abilities.buttons:
        return
    said = incoming.said
    ours = said.option if isinstance(said, Choice) and said.step == emergency.STEP else ""
    mark = hash((incoming.address, ours))
    if mark not in outage.shown and len(outage.shown) < CHATS:
        outage.shown.add(mark)
        outage.begin(_send(desk, incoming, mark))


def shown(desk: Desk, said: Said | None, locale: str = "") -> Outgoing:
    """The card for whoever is answered on the spot."""
    return emergency.screen(desk.outage.cards or emergency.made(desk), said, locale)


async def _send(desk: Desk, incoming: Incoming, mark: int) -> None:
    """The card she tapped becomes the emergency card; who typed gets a message of its own."""
    outage, address = desk.outage, incoming.address
    channel = desk.channels[address.channel]
    screen = shown(desk, incoming.said)
    ours = next(iter(outage.standing.get(address, ())), None)
    try:
        async with outage.sending, asyncio.timeout(SENDING):
            screen = covered(desk, incoming, screen)
            card = incoming.card_id or ours
            sent = await channel.show(address, screen, card, incoming.callback_id)
    except (ChannelError, TimeoutError, ValueError) as error:
        outage.shown.discard(mark)  # her message comes again, and then it is tried again
        log.error("card_not_sent", kind=type(error).__name__, channel=channel.name)
        return
    outage.served += 1
    if new := tuple(one for one in sent.message_ids if one != incoming.card_id):
        outage.standing[address] = new


def _over(desk: Desk) -> None:
    """The databases are back: what was sent meanwhile will be cleared with the chat."""
    outage = desk.outage
    outage.away = False
    outage.shown.clear()
    standing, outage.standing = outage.standing, {}
    if standing:
        outage.begin(_on_record(desk, standing))


async def _on_record(desk: Desk, standing: dict[Address, tuple[str, ...]]) -> None:
    for address, messages in standing.items():
        if desk.channels[address.channel].abilities.deletes:
            person = (await people_of(desk, address))[0]
            wait = float(desk.keep.idle)
            order = letters.Order(kind="forget", address=address, messages=messages, wait=wait)
            async with desk.store.turn() as turn:
                await letters.post_clearing(turn, desk, person, order)
