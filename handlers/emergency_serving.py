"""Shows the emergency card while a database is away: once a chat, at once, and nothing is kept.

The platform is told 503, so that it brings her message again.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog

from handlers import emergency, letters
from handlers.clearing import exit_of, forget_standing, leave_without_store, leaves, wave
from handlers.conversation import people_of
from handlers.covers import covered
from handlers.desk import Desk
from handlers.messages import WAVE, Address, Choice, Incoming, Outgoing, Said, Sent
from handlers.open_doors import WEB
from handlers.strays import SENDING
from translations.locales import SOURCE

log = structlog.get_logger("outage")

T = TypeVar("T")


async def within(desk: Desk, turn: Coroutine[Any, Any, T]) -> T:
    """The turn's result, or an error of the database within two seconds."""
    result = await desk.outage.within(turn)
    if desk.outage.away:
        _over(desk)
    return result


def answer(desk: Desk, incoming: Incoming) -> None:
    """Show her the card, once a chat; each of her taps on it leads on. Returns at once."""
    outage, channel = desk.outage, desk.channels[incoming.address.channel]
    outage.away = True
    if leaves(desk, incoming.said):
        again = not outage.leaves(incoming.address, exit_of(incoming))
        outage.begin(_left(desk, incoming, again=again))
        return
    if channel.abilities.buttons and outage.takes(incoming.address, _what(incoming)):
        outage.begin(_answered(desk, incoming))


def shown(desk: Desk, said: Said | None, locale: str = "") -> Outgoing:
    """The card for whoever is answered on the spot; a neutral sign where that door is shut."""
    if WEB in desk.doors.shut:
        return Outgoing(step=emergency.STEP, locale=SOURCE, node="", texts=(WAVE,), neutral=True)
    return emergency.screen(_cards(desk), said, locale)


def _cards(desk: Desk) -> emergency.Cards:
    return desk.outage.cards or emergency.made(desk)


def _what(incoming: Incoming) -> str:
    """What is answered once: her taps on the card one by one, everything else together."""
    said = incoming.said
    if not isinstance(said, Choice) or said.step != emergency.STEP:
        return ""
    return f"{incoming.event_id or ''}/{said.option}"


async def _left(desk: Desk, incoming: Incoming, *, again: bool) -> None:
    await leave_without_store(desk, incoming, again=again)
    _look_again(desk)


async def _answered(desk: Desk, incoming: Incoming) -> None:
    """Send the card; where it did not go her message is answered when it comes again."""
    outage, address = desk.outage, incoming.address
    stands: tuple[str, ...] = ()
    sent: Sent | None = None
    try:
        async with outage.sending:
            sent = await _sent(desk, incoming)
    except Exception as error:
        stands = getattr(error, "left", ())
        log.error("card_not_sent", kind=type(error).__name__, channel=address.channel)
    left = outage.has_left(address)
    if sent is not None:
        outage.served += 1
        # What she tapped is on record; it may be the live card of her talk.
        stands = tuple(one for one in sent.message_ids if left or one != incoming.card_id)
    elif not left:
        outage.takes_again(address, _what(incoming))
    outage.stands(address, stands)
    if left:
        await forget_standing(desk, address)
        if sent is not None:
            await wave(desk, incoming)
    _look_again(desk)


async def _sent(desk: Desk, incoming: Incoming) -> Sent | None:
    """The card she tapped becomes the emergency card; who typed gets a message of its own.

    None where nothing may go out: the door is shut by now, or she has left.
    """
    outage, address = desk.outage, incoming.address
    if address.channel in desk.doors.shut or outage.has_left(address):
        return None
    screen = covered(desk, incoming, emergency.screen(_cards(desk), incoming.said))
    card = incoming.card_id or next(reversed(outage.standing.get(address, ())), None)
    async with asyncio.timeout(SENDING):
        channel = desk.channels[address.channel]
        return await channel.show(address, screen, card, incoming.callback_id)


def _look_again(desk: Desk) -> None:
    """What was still on its way when the databases were back is put on record too."""
    if not desk.outage.away:
        _over(desk)


def _over(desk: Desk) -> None:
    """The databases are back: what was sent meanwhile will be cleared with the chat."""
    outage = desk.outage
    outage.away = False
    if not outage.recording:
        outage.recording = True
        outage.begin(_on_record(desk))


async def _on_record(desk: Desk) -> None:
    """Each chat by itself, and out of memory only when it is kept. Where one fails they are away
    again, and all that is left waits for the next turn that goes well."""
    outage = desk.outage
    try:
        while not outage.away and outage.standing:
            address, messages = next(iter(outage.standing.items()))
            try:
                await outage.within(_recorded(desk, address, messages))
            except Exception as error:
                log.error("delivery_failed", kind=type(error).__name__)
                outage.away = True
                outage.stands(address, outage.standing.pop(address, ()))  # behind the others
            else:
                outage.is_on_record(address, messages)
    finally:
        outage.recording = False
    if not outage.away:
        outage.shown.clear()
        outage.gone.clear()


async def _recorded(desk: Desk, address: Address, messages: tuple[str, ...]) -> None:
    if not desk.channels[address.channel].abilities.deletes:
        return
    person = (await people_of(desk, address))[0]
    wait = float(desk.keep.idle)
    order = letters.Order(kind="forget", address=address, messages=messages, wait=wait)
    async with desk.store.turn() as turn:
        await letters.post_clearing(turn, desk, person, order)
