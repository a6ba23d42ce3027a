"""Sends what was posted, one chat in order, and remembers what stands; the only sender."""

import asyncio
from dataclasses import replace
from typing import assert_never

import structlog

from handlers import letters
from handlers.desk import Desk
from handlers.letters import Order, Trace
from handlers.messages import Channel, ChannelError, TryLater, Unreachable
from storage import mail, traces
from storage.mail import Letter
from storage.store import VersionConflict

log = structlog.get_logger("deliver")

CARD_STAYS = 2.0  # seconds the last neutral line stands before it is deleted too
PAUSE = 2.0  # seconds before a refused message is tried again
LOOK_AGAIN = 1.0  # seconds between looks into the outbox when nobody posts


async def deliver(desk: Desk) -> int:
    """Send everything that is due now; returns how many letters were dealt with."""
    async with desk.store.turn() as turn:
        due = await mail.take(turn, desk.now())
    chats: dict[str, list[Letter]] = {}
    for letter in due:
        chats.setdefault(letter.person, []).append(letter)
    await asyncio.gather(*(_chat(desk, waiting) for waiting in chats.values()))
    return len(due)


async def deliver_forever(desk: Desk) -> None:
    """Deliver whenever something was posted, and look again each second."""
    while True:
        desk.posted.clear()
        try:
            dealt = await deliver(desk)
        except Exception as error:
            log.error("delivery_failed", kind=type(error).__name__)
            dealt = 0
        if not dealt:
            try:
                await asyncio.wait_for(desk.posted.wait(), LOOK_AGAIN)
            except TimeoutError:
                continue


async def _chat(desk: Desk, waiting: list[Letter]) -> None:
    for letter in waiting:
        await _one(desk, letter)


async def _one(desk: Desk, letter: Letter) -> None:
    order = await letters.read(desk, letter) if letter.expires_at > desk.now() else None
    if order is None:
        return await _done(desk, letter)
    channel = desk.channels.get(order.address.channel)
    if channel is None:
        return await _done(desk, letter)
    try:
        left = await _carry_out(desk, channel, letter, order)
    except TryLater as pause:
        return await _later(desk, letter, pause.seconds)
    except Unreachable:
        return await _give_up(desk, letter)
    except ChannelError:
        return await _later(desk, letter, PAUSE)
    except ValueError:  # the channel can never take it; flows check should have said so
        log.error("screen_refused", channel=channel.name)
        return await _done(desk, letter)
    if left:
        return await _later(desk, letter, PAUSE)
    return await _done(desk, letter)


async def _carry_out(desk: Desk, channel: Channel, letter: Letter, order: Order) -> bool:
    """True when some of it is left to do."""
    match letter.kind:
        case "show":
            await _show(desk, channel, letter, order)
            return False
        case "leave":
            await _clear(desk, channel, letter, order)
            return False
        case "forget":
            return bool(await channel.forget(order.address, order.messages))
        case _:
            assert_never(letter.kind)


async def _show(desk: Desk, channel: Channel, letter: Letter, order: Order) -> None:
    """Put the screen into the live card, delete her typed words, remember what stands."""
    if order.callback:
        await channel.receipt(order.callback)
    async with desk.store.turn() as turn:
        found = await letters.read_trace(turn, desk, letter.person)
        newer = await mail.newer_screen(turn, letter)
    row, trace = found or (None, Trace(address=order.address, card=order.card))
    standing = trace.messages
    if order.screen and not newer:
        sent = await channel.show(order.address, order.screen, trace.card)
        trace = replace(trace, card=sent.message_ids[-1], messages=sent.message_ids)
    over = [m for m in standing if m not in (trace.card, *trace.messages)]
    over += [order.heard] if order.heard else []
    left = await channel.forget(order.address, over) if over else ()
    trace = replace(trace, messages=tuple(dict.fromkeys((*left, *trace.messages))))
    try:
        async with desk.store.turn() as turn:
            # In one transaction: leaving cancels the letter, so either it sees what we sent, or
            # we see that she has left.
            if not await mail.done(turn, letter):
                raise VersionConflict
            await letters.keep_trace(turn, desk, letter.person, trace, row)
    except VersionConflict:  # she left while this was being sent: clear it behind her
        async with desk.store.turn() as turn:
            order = Order(kind="forget", address=order.address, messages=trace.messages)
            await letters.post_clearing(turn, desk, letter.person, order)
    else:
        if row:
            await desk.keystore.destroy(row.key)


async def _clear(desk: Desk, channel: Channel, letter: Letter, order: Order) -> None:
    """First the neutral line, then everything else, and seconds later the line itself."""
    if order.callback:
        await channel.receipt(order.callback)
    if order.card and channel.abilities.edits:
        await channel.neutral(order.address, order.card, order.line)
    others = [m for m in order.messages if m != order.card]
    left = await channel.forget(order.address, others) if others else ()
    last = (order.card,) if order.card and not order.keeps_card else ()
    async with desk.store.turn() as turn:
        for messages, wait in ((last, CARD_STAYS), (left, PAUSE)):
            if messages:
                rest = Order(kind="forget", address=order.address, wait=wait, messages=messages)
                await letters.post_clearing(turn, desk, letter.person, rest)


async def _done(desk: Desk, letter: Letter) -> None:
    async with desk.store.turn() as turn:
        await mail.done(turn, letter)
    if letter.kind != "show":  # a screen's key is the conversation's own
        await desk.keystore.destroy(letter.key)


async def _later(desk: Desk, letter: Letter, seconds: float) -> None:
    async with desk.store.turn() as turn:
        await mail.later(turn, letter.id, desk.now() + seconds)


async def _give_up(desk: Desk, letter: Letter) -> None:
    """She blocked the bot: forget the address and whatever waits for it."""
    async with desk.store.turn() as turn:
        await traces.drop(turn, letter.person)
        await mail.cancel_screens(turn, letter.person)
    await _done(desk, letter)
