"""Sends what was posted, one chat in order, and remembers what stands; the only sender."""

import asyncio
import secrets
from contextlib import suppress
from dataclasses import replace
from typing import assert_never

import structlog

from handlers import letters, strays, voices
from handlers.clearing import clear, post_forget
from handlers.desk import Desk
from handlers.letters import Order, Trace
from handlers.messages import Channel, ChannelError, TryLater, Unreachable
from storage import conversations, mail, traces
from storage.mail import Letter
from storage.store import VersionConflict
from storage.traces import TraceRow

log = structlog.get_logger("deliver")

PAUSE = 2.0  # seconds before a refused message is tried again, at first
LONGEST_SHOW, LONGEST_CLEARING = 5.0, 30.0  # seconds between tries, however long it lasts
LOOK_AGAIN = 1.0  # seconds between looks into the outbox when nobody posts
AT_ONCE = 50  # chats that are served at the same time


async def deliver(desk: Desk) -> int:
    """Send everything that is due now; returns how many letters were dealt with."""
    chats = await _due(desk, AT_ONCE)
    sending = (_chat(desk, waiting) for waiting in chats)
    ended = await asyncio.gather(*sending, return_exceptions=True)
    if failed := next((one for one in ended if isinstance(one, BaseException)), None):
        raise failed  # when nobody is under way any more
    return sum(map(len, chats))


async def deliver_forever(desk: Desk, stop: asyncio.Event) -> None:
    """Deliver until `stop`, whenever something was posted; what is under way is finished.

    A slow chat holds back nobody else: each has a task of its own.
    """
    async with desk.store.turn() as turn:
        await mail.release(turn, desk.now())
    under_way: set[asyncio.Task[None]] = set()
    while not stop.is_set():
        desk.posted.clear()
        try:
            chats = await _due(desk, AT_ONCE - len(under_way))
        except Exception as error:  # the outbox stays; the next look goes on
            log.error("delivery_failed", kind=type(error).__name__)
            chats = []
        for waiting in chats:
            task = asyncio.create_task(_chat(desk, waiting))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        if not chats:
            with suppress(TimeoutError):
                await asyncio.wait_for(desk.posted.wait(), LOOK_AGAIN)
    if under_way:
        await asyncio.wait(under_way)


async def _due(desk: Desk, room: int) -> list[list[Letter]]:
    """What is due, by person, as far as there is room."""
    if room <= 0:
        await asyncio.sleep(LOOK_AGAIN / 10)
        return []
    async with desk.store.turn() as turn:
        due = await mail.take(turn, desk.now(), room)
    chats: dict[str, list[Letter]] = {}
    for letter in due:
        chats.setdefault(letter.person, []).append(letter)
    return list(chats.values())


async def _chat(desk: Desk, waiting: list[Letter]) -> None:
    for letter in waiting:
        try:
            await _one(desk, letter)
        except Exception as error:  # its lease runs out, and it is tried again
            log.error("delivery_failed", kind=type(error).__name__)


async def _one(desk: Desk, letter: Letter) -> None:
    order = await letters.read(desk, letter) if letter.expires_at > desk.now() else None
    channel = desk.channels.get(order.address.channel) if order else None
    if order is None or channel is None or _shut(desk, order):
        return await _done(desk, letter)
    try:
        left = await _carry_out(desk, channel, letter, order)
    except TryLater as pause:
        return await _later(desk, letter, pause.seconds)
    except Unreachable:
        return await _give_up(desk, letter)
    except (ChannelError, TimeoutError):
        return await _later(desk, letter, _pause(desk, letter))
    except ValueError:  # the channel can never take it; flows check should have said so
        log.error("screen_refused", channel=channel.name)
        return await _done(desk, letter)
    if left:
        return await _later(desk, letter, _pause(desk, letter))
    return await _done(desk, letter)


def _shut(desk: Desk, order: Order) -> bool:
    """At a door that is shut nothing goes out but what clears a chat."""
    return order.kind == "show" and order.address.channel in desk.doors.shut


async def _carry_out(desk: Desk, channel: Channel, letter: Letter, order: Order) -> bool:
    """True when some of it is left to do."""
    match letter.kind:
        case "show":
            await _show(desk, channel, letter, order)
            return False
        case "leave":
            await clear(desk, channel, letter, order)
            return False
        case "forget":
            return bool(await channel.forget(order.address, order.messages))
        case "stray":
            async with desk.store.turn() as turn:
                found = await letters.read_trace(turn, desk, letter.person)
            trace = found[1] if found else Trace(address=order.address)
            ids = strays.ids_after(channel, order, trace)
            return bool(ids and await channel.forget(order.address, ids))
        case _:
            assert_never(letter.kind)


async def _show(desk: Desk, channel: Channel, letter: Letter, order: Order) -> None:
    """Put the screen into the live card and remember at once what stands."""
    if order.callback:
        await channel.receipt(order.callback)
    async with desk.store.turn() as turn:
        found = await letters.read_trace(turn, desk, letter.person)
        newer = await mail.newer_screen(turn, letter)
        lost = await mail.strays(turn, letter.person)
    if newer or order.screen is None:
        return
    row, trace = found or (None, Trace(address=order.address, card=order.card))
    await _before_sending(desk, letter, order, trace, lost)
    async with asyncio.timeout(strays.SENDING):
        shown = await channel.show(order.address, order.screen, trace.card, order.callback)
    kept = await _kept(desk, letter, order, (row, trace), shown.message_ids)
    if kept and voices.speaks(channel, order):
        await voices.speak(desk, channel, letter, order)


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
    useless, stays = [row.key] if row else [], True
    try:
        async with desk.store.turn() as turn:
            # In one transaction: leaving cancels the letter, so either it sees what we sent, or
            # we see that she has left.
            if not await mail.done(turn, letter):
                raise VersionConflict
            if channel.abilities.clears:
                await letters.keep_trace(turn, desk, letter.person, now, row)
            await post_forget(turn, desk, letter.person, order, over)
            useless += await strays.call_off(turn, letter.person)
            await voices.expect(turn, desk, letter, order, now)
    except VersionConflict:  # clear it behind her
        stays = False
        async with desk.store.turn() as turn:
            await post_forget(turn, desk, letter.person, order, (*sent, *over))
            useless = list(await strays.call_off(turn, letter.person))
    await desk.keystore.destroy(*useless)
    return stays


async def _before_sending(
    desk: Desk, letter: Letter, order: Order, trace: Trace, lost: tuple[Letter, ...]
) -> None:
    """Sweep what an earlier try may have left, and note what this one may leave."""
    channel = desk.channels[order.address.channel]
    for old in lost:
        note = await letters.read(desk, old)
        if note and (ids := strays.ids_after(channel, note, trace)):
            await channel.forget(order.address, ids)
    newest = strays.newest(order, trace) if channel.abilities.strays else None
    if newest is None or strays.is_edit(order, trace):
        return
    async with desk.store.turn() as turn:
        useless = await strays.call_off(turn, letter.person)
        await strays.expect(turn, desk, letter.person, replace(order, card=newest))
    await desk.keystore.destroy(*useless)


async def _done(desk: Desk, letter: Letter) -> None:
    async with desk.store.turn() as turn:
        await mail.done(turn, letter)
    if letter.kind != "show":  # a screen's key is the conversation's own
        await desk.keystore.destroy(letter.key)


def _pause(desk: Desk, letter: Letter) -> float:
    """Longer the longer it lasts, and never the same for all chats."""
    age = letters.life(desk, letter.kind) - (letter.expires_at - desk.now())
    longest = LONGEST_SHOW if letter.kind == "show" else LONGEST_CLEARING
    return min(longest, max(PAUSE, age / 10)) * (1 + secrets.randbelow(200) / 1000)


async def _later(desk: Desk, letter: Letter, seconds: float) -> None:
    async with desk.store.turn() as turn:
        await mail.later(turn, letter.id, desk.now() + seconds)


async def _give_up(desk: Desk, letter: Letter) -> None:
    """She blocked the bot or deleted the chat: nothing of her is of any use now."""
    async with desk.store.turn() as turn:
        keys = (
            *await traces.drop(turn, letter.person),
            *await mail.drop_all(turn, letter.person),
            *await conversations.drop(turn, letter.person),
        )
    await desk.keystore.destroy(letter.key, *keys)
