"""Clears a chat: the card made neutral, what stands deleted, also while the database is away."""

import asyncio
from contextlib import suppress
from dataclasses import replace

from directory.text import zawgyi_readings
from handlers import letters, strays
from handlers.desk import Desk
from handlers.letters import Order
from handlers.messages import (
    MAX_TYPED,
    WAVE,
    Address,
    Channel,
    ChannelError,
    Incoming,
    Outgoing,
    Pressed,
    Refused,
    Said,
    Text,
)
from handlers.pace import Sending
from storage import mail
from storage.mail import Letter
from storage.store import Turn
from translations.locales import SOURCE

CARD_STAYS = 1.0  # seconds the last neutral line stands before it is deleted too (R31: 3 in all)
RECEIPT = 3.0  # seconds a tap's receipt may take: nothing waits longer for it
AGAIN = 2.0  # seconds before what could not be deleted is tried again


async def clear(desk: Desk, channel: Channel, letter: Letter, order: Order) -> None:
    """First the neutral line, then everything else, and seconds later the line itself."""
    edits = channel.abilities.edits
    calls = 1 if order.card or order.keeps_card or not edits else 0
    new = 0 if order.card and edits else calls
    sending = Sending(address=order.address, rank=letter.rank, calls=calls, messages=new)
    await desk.pace.admit(sending)
    if letter.kind == "goodbye" and not await _is_there(desk, letter):
        return
    others = tuple(m for m in order.messages if m != order.card)
    deletes = channel.abilities.deletes
    async with asyncio.timeout(strays.SENDING):
        plain = await _made_neutral(channel, order)
        left = await channel.forget(order.address, others) if others and deletes else ()
    if calls or (others and deletes):  # where there was nothing to do, nobody was asked
        desk.pace.answered(channel.name)
    last = (order.card,) if order.card and not (order.keeps_card and plain) else ()
    rest = replace(order, until=letter.expires_at)  # what is left of it lives no longer than it
    async with desk.store.turn() as turn:
        await post_forget(turn, desk, letter.person, replace(rest, wait=CARD_STAYS), last)
        await post_forget(turn, desk, letter.person, replace(rest, wait=AGAIN), left)
    await received(channel, order)


async def received(channel: Channel, order: Order) -> None:
    """The tap that brought it gets its receipt, as far as that takes no long time."""
    if order.callback:
        with suppress(TimeoutError):
            async with asyncio.timeout(RECEIPT):
                await channel.receipt(order.callback)


async def leave_without_store(desk: Desk, incoming: Incoming, *, again: bool) -> None:
    """While the database is away: what can be reached of her chat goes at once.

    The rest goes when the platform delivers her exit `again`. The card of somebody who typed is
    not known; it is looked for among the ids before her message. Emergency cards are known.
    Where nothing can be deleted a neutral sign is sent, once for an exit.
    """
    channel = desk.channels[incoming.address.channel]
    if not channel.abilities.deletes:
        if not again:
            await wave(desk, incoming)
        return
    with suppress(ChannelError):
        if incoming.card_id:
            await channel.neutral(incoming.address, incoming.card_id, WAVE)
            if not await channel.forget(incoming.address, (incoming.card_id,)):
                desk.outage.is_on_record(incoming.address, (incoming.card_id,))
        elif incoming.message_id:
            ids = strays.ids_before(channel, incoming.message_id)
            await channel.forget(incoming.address, (*ids, incoming.message_id))
    await forget_standing(desk, incoming.address)


async def wave(desk: Desk, incoming: Incoming) -> None:
    """The neutral sign as the last thing that stands, where nothing can be taken back. Where it
    did not go, the exit is answered when it comes again."""
    address = incoming.address
    channel = desk.channels[address.channel]
    if channel.abilities.clears or channel.abilities.answers:
        return
    try:
        async with asyncio.timeout(strays.SENDING):
            card = incoming.card_id or ""
            await channel.neutral(address, card, WAVE, incoming.callback_id)
        desk.outage.waved(address, incoming.event_id)
    except (ChannelError, TimeoutError):
        desk.outage.takes_again(address, exit_of(incoming))


def exit_of(incoming: Incoming) -> str:
    """The name of an exit among what a chat was answered in an outage."""
    return f"leave/{incoming.event_id or ''}"


async def forget_standing(desk: Desk, address: Address) -> None:
    """The emergency cards in her chat go at once; what could not be deleted stays known."""
    outage, channel = desk.outage, desk.channels[address.channel]
    left = messages = outage.standing.pop(address, ())
    try:
        if messages and channel.abilities.deletes:
            async with asyncio.timeout(strays.SENDING):
                left = await channel.forget(address, messages)
    except (ChannelError, TimeoutError):
        pass  # they are put on record when the databases are back
    finally:
        outage.stands(address, left)


async def post_forget(
    turn: Turn, desk: Desk, person: str, order: Order, messages: tuple[str, ...]
) -> None:
    """Deletions are letters of their own: tried until done, whatever becomes of the rest."""
    if messages and desk.channels[order.address.channel].abilities.deletes:
        rest = Order(
            kind="forget",
            address=order.address,
            wait=order.wait,
            messages=messages,
            until=order.until,
        )
        await letters.post_clearing(turn, desk, person, rest)


async def _is_there(desk: Desk, letter: Letter) -> bool:
    async with desk.store.turn() as turn:  # she may be back
        return await mail.is_there(turn, letter)


async def _made_neutral(channel: Channel, order: Order) -> bool:
    """Whether the card says nothing more. A refusal that is about the card alone holds up none
    of the deletions, the card's own among them. Where nothing can be edited, the neutral line is
    sent and stands last; where no card is left, only a line that is to stay is sent."""
    try:
        if order.card or not channel.abilities.edits:
            await channel.neutral(order.address, order.card or "", order.line, order.callback)
        elif order.keeps_card:
            await channel.show(order.address, _plain(order.line), None)
        else:
            return False
    except Refused:
        return False
    return True


def _plain(line: str) -> Outgoing:
    return Outgoing(step=0, locale=SOURCE, node="", texts=(line,), ended=True, neutral=True)


def leaves(desk: Desk, said: Said | None) -> bool:
    """Without her language an exit in any of them counts."""
    match said:
        case Pressed(command=command):
            return command == "leave"
        case Text(words=words):
            readings = zawgyi_readings(words[:MAX_TYPED])
            return any(desk.words.command(r) == "leave" for r in readings)
        case _:
            return False
