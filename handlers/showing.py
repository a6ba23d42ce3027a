"""Shows one screen: into the live card, at the platform's pace, and on record at once."""

import asyncio
from dataclasses import replace

from handlers import letters, strays, voices
from handlers.clearing import post_forget, received
from handlers.desk import Desk
from handlers.letters import Order, Trace
from handlers.messages import Channel
from handlers.pace import Sending
from storage import mail
from storage.mail import Letter
from storage.store import VersionConflict
from storage.traces import TraceRow


async def show(desk: Desk, channel: Channel, letter: Letter, order: Order) -> bool:
    """Put the screen into the live card and remember at once what stands.

    True when it is on record; then its letter is gone.
    """
    async with desk.store.turn() as turn:
        found = await letters.read_trace(turn, desk, letter.person)
        newer, lost = await mail.beside(turn, letter)
    row, trace = found or (None, Trace(address=order.address, card=order.card))
    if newer or order.screen is None:
        await received(channel, order)
        return False
    waited = await desk.pace.admit(_sending(channel, letter, order, trace))
    if order.address.channel in desk.doors.shut:  # it may have been shut meanwhile
        return False
    if waited:
        async with desk.store.turn() as turn:  # she may have left, or gone on, meanwhile
            if not await mail.is_wanted(turn, letter):
                return False
    await _before_sending(desk, letter, order, trace, lost)
    async with asyncio.timeout(strays.SENDING):
        await received(channel, order)
        shown = await channel.show(order.address, order.screen, trace.card, order.callback)
    desk.pace.answered(channel.name)
    kept = await _kept(desk, letter, order, (row, trace), shown.message_ids)
    if kept and voices.speaks(channel, order):
        await voices.speak(desk, channel, letter, order)
    return kept


def _sending(channel: Channel, letter: Letter, order: Order, trace: Trace) -> Sending:
    """A sure edit is one call; else a neutral message may be sent and then edited (R34)."""
    if strays.is_edit(order, trace) and channel.abilities.edits:
        return Sending(address=order.address, rank=letter.rank)
    plain = not channel.abilities.edits or (order.screen is not None and order.screen.neutral)
    calls = 1 if plain else 2
    return Sending(address=order.address, rank=letter.rank, calls=calls, messages=1)


async def _kept(
    desk: Desk,
    letter: Letter,
    order: Order,
    known: tuple[TraceRow | None, Trace],
    sent: tuple[str, ...],
) -> bool:
    """Put on record what stands now; False when she left while it was being sent."""
    (row, trace), channel = known, desk.channels[order.address.channel]
    # What was tapped may hang on a message of ours that is not on record.
    old = (*trace.messages, *((order.card,) if order.card else ()))
    over = tuple(message for message in dict.fromkeys(old) if message not in sent)
    now = replace(trace, card=sent[-1] if sent else None, messages=sent)
    useless, stays = list[str](), True
    try:
        async with desk.store.turn() as turn:
            # In one transaction: leaving cancels the letter, so either it sees what we sent, or
            # we see that she has left.
            if not await mail.done(turn, letter):
                raise VersionConflict
            if channel.abilities.clears and not _is_on_record(desk, known, now):
                await letters.keep_trace(turn, desk, letter.person, now, row)
                useless += [row.key] if row else []
            await post_forget(turn, desk, letter.person, order, over)
            useless += await strays.call_off(turn, letter.person)
            await voices.expect(turn, desk, letter, order, now)
    except VersionConflict:  # clear it behind her
        stays = False
        async with desk.store.turn() as turn:
            await post_forget(turn, desk, letter.person, order, (*sent, *over))
            await mail.hurry(turn, letter.person, desk.now(), "goodbye")
            useless = list(await strays.call_off(turn, letter.person))
    await desk.keystore.destroy(*useless)
    if not stays:
        desk.posted.set()
    return stays


def _is_on_record(desk: Desk, known: tuple[TraceRow | None, Trace], now: Trace) -> bool:
    """Whether the record says so already, as after an edit, and for long enough."""
    row, trace = known
    lasts = row.expires_at - desk.now() if row else 0
    return lasts > desk.keep.traces / 2 and trace == now


async def _before_sending(
    desk: Desk, letter: Letter, order: Order, trace: Trace, lost: tuple[Letter, ...]
) -> None:
    """Sweep what an earlier try may have left, and note what this one may leave."""
    channel = desk.channels[order.address.channel]
    for old in lost:
        note = await letters.read(desk, old)
        if note and (ids := strays.ids_after(channel, note, trace)):
            async with asyncio.timeout(strays.SENDING):
                await channel.forget(order.address, ids)
    newest = strays.newest(order, trace) if channel.abilities.strays else None
    if newest is None or strays.is_edit(order, trace):
        return
    async with desk.store.turn() as turn:
        useless = await strays.call_off(turn, letter.person)
        await strays.expect(turn, desk, letter.person, replace(order, card=newest))
    await desk.keystore.destroy(*useless)
