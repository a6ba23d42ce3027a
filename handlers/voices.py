"""Sends the sound of a screen after it, as the channel's own voice message, and remembers it."""

import asyncio
from dataclasses import replace

import structlog

from handlers import letters, strays
from handlers.clearing import post_forget
from handlers.desk import Desk
from handlers.letters import Order, Trace
from handlers.messages import Channel, ChannelError, Refused, Speaks, TryLater, Unreachable
from handlers.pace import Sending
from handlers.sounds import sound_of
from storage import conversations, mail
from storage.mail import Letter
from storage.store import Turn, VersionConflict
from storage.traces import TraceRow

log = structlog.get_logger("voices")


def speaks(channel: Channel, order: Order) -> bool:
    """Whether a sound follows this screen here."""
    return bool(order.screen and order.screen.audio) and isinstance(channel, Speaks)


async def expect(turn: Turn, desk: Desk, letter: Letter, order: Order, shown: Trace) -> None:
    """In the turn that puts the screen on record: note that a voice message is about to follow."""
    channel = desk.channels[order.address.channel]
    newest = strays.newest(order, shown) if channel.abilities.strays else None
    if newest is not None and speaks(channel, order):
        await strays.expect(turn, desk, letter.person, replace(order, card=newest))


async def speak(desk: Desk, channel: Channel, letter: Letter, order: Order) -> None:
    """Send the sound; a screen without it is still whole, so nothing is tried twice.

    Raises Unreachable.
    """
    async with desk.store.turn() as turn:
        before = await letters.read_trace(turn, desk, letter.person)
        newer = await mail.newer_screen(turn, letter)
    gone = newer or (before is None and channel.abilities.clears)  # she went on, or has left
    sent = () if gone else await _sent(desk, channel, letter, order)
    if sent is None:  # it may stand there: what was noted before looks for it
        return
    useless: tuple[str, ...] = ()
    try:
        async with desk.store.turn() as turn:
            if before and channel.abilities.clears:
                useless = await _on_record(turn, desk, letter, before, sent)
    except VersionConflict:  # she left, or went on, while it was being sent
        async with desk.store.turn() as turn:
            await post_forget(turn, desk, letter.person, order, sent)
    await desk.keystore.destroy(*useless)


async def _sent(
    desk: Desk, channel: Channel, letter: Letter, order: Order
) -> tuple[str, ...] | None:
    """The ids of what was sent; nothing where there is nothing to send, or it was refused. None
    where the platform did not say what became of it."""
    if order.screen is None or not isinstance(channel, Speaks):
        return ()
    sound = await sound_of(desk, order.screen.audio, channel.sounds)
    if sound is None:
        return ()
    try:
        await desk.pace.admit(Sending(address=order.address, rank=letter.rank, messages=1))
        if not await _is_wanted(desk, letter, order):
            return ()
        async with asyncio.timeout(strays.SENDING):
            return (await channel.speak(order.address, sound, order.callback)).message_ids
    except Unreachable:
        raise
    except (ChannelError, TimeoutError) as error:
        log.error("sound_not_sent", channel=channel.name, kind=type(error).__name__)
        return () if isinstance(error, Refused | TryLater) else None


async def _is_wanted(desk: Desk, letter: Letter, order: Order) -> bool:
    """Whether she is still there, on this screen, and the door open: the sound waited for its
    moment, and where nothing can be deleted it would stay for good.

    Her conversation goes in the very turn in which she leaves.
    """
    if order.address.channel in desk.doors.shut:  # since it was taken
        return False
    async with desk.store.turn() as turn:
        talk = await conversations.read(turn, (letter.person,))
        stays = talk is not None and talk.key == letter.key
        return stays and not await mail.newer_screen(turn, letter)


async def _on_record(
    turn: Turn, desk: Desk, letter: Letter, before: tuple[TraceRow, Trace], sent: tuple[str, ...]
) -> tuple[str, ...]:
    """It goes with the next screen, and when she leaves; the keys that are of no use now.

    Raises VersionConflict where what stands is no more what it was before.
    """
    row, trace = before
    now = replace(trace, messages=(*trace.messages, *sent))
    await letters.keep_trace(turn, desk, letter.person, now, row)
    return (row.key, *await strays.call_off(turn, letter.person))
