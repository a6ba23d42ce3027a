"""Sends what was posted, one chat in order, and remembers what stands; the only sender."""

import asyncio
import secrets
from asyncio import FIRST_COMPLETED
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import assert_never

import structlog

from handlers import checkins, letters, strays
from handlers.clearing import clear, post_forget
from handlers.conversation import people_of
from handlers.desk import Desk
from handlers.letters import Order, Trace
from handlers.messages import Channel, ChannelError, Refused, TryLater, Unreachable
from handlers.pace import Sending
from handlers.showing import show
from storage import conversations, mail, traces
from storage.mail import Letter
from storage.pace import Share

log = structlog.get_logger("deliver")

PAUSE = 2.0  # seconds before a refused message is tried again, at first
LONGEST_SHOW, LONGEST_CLEARING = 5.0, 30.0  # seconds between tries, however long it lasts
AWAY_FIRST, AWAY = 2.0, 8.0  # seconds between looks at letters for a door that does not answer
LOOK_AGAIN = 1.0  # seconds between looks into the outbox when nobody posts
RENEWED = 5.0  # seconds between two words that letters are still in hand
AT_ONCE = 50  # chats that are served at the same time
FIRST_AT_ONCE = 20  # and besides them, who leaves or is in danger
ANSWERS = 30.0  # seconds the database has to give out letters, or to hear that they are in hand
PUT_OFF = 500  # letters looked at in one go while their door is away


async def deliver(desk: Desk) -> int:
    """Send everything that is due now, waiting for no pace; how many letters were dealt with."""
    async with desk.store.turn() as turn:
        due = await mail.take(turn, desk.now(), AT_ONCE)
    sending = (_chat(desk, waiting, set()) for waiting in _by_chat(due))
    ended = await asyncio.gather(*sending, return_exceptions=True)
    if failed := next((one for one in ended if isinstance(one, BaseException)), None):
        raise failed  # when nobody is under way any more
    return len(due)


async def deliver_forever(desk: Desk, stop: asyncio.Event) -> None:
    """Deliver until `stop`, whenever something was posted; what is under way is finished.

    A slow chat holds back nobody else: each has a task of its own.
    """
    desk.pace.keep(Share(desk.store))
    rounds = _Rounds(desk)
    renewing = asyncio.create_task(rounds.renew_forever())
    try:
        while not stop.is_set():
            desk.posted.clear()
            try:
                async with asyncio.timeout(ANSWERS):
                    taken = await rounds.take()
            except Exception as error:  # the outbox stays; the next look goes on
                log.error("delivery_failed", kind=type(error).__name__)
                taken = 0
            if not taken:
                with suppress(TimeoutError):
                    await asyncio.wait_for(desk.posted.wait(), LOOK_AGAIN)
        if rounds.under_way:
            await asyncio.wait(rounds.under_way)
    finally:
        renewing.cancel()


@dataclass(slots=True)
class _Rounds:
    """What this process has in hand, and which door the letters were for that it put off.

    `under_way` are the tasks of the chats, each with those of its letters that are in hand still.
    """

    desk: Desk
    under_way: dict[asyncio.Task[None], set[int]] = field(default_factory=dict)
    _doors: dict[int, str] = field(default_factory=dict)

    async def take(self) -> int:
        """Begin with what is due, as far as there is room; how many letters that were."""
        desk, room = self.desk, AT_ONCE - len(self.under_way)
        rank, most = (mail.USUAL, room) if room > 0 else (mail.FIRST, FIRST_AT_ONCE + room)
        if most > 0:
            async with desk.store.turn() as turn:
                looked = PUT_OFF if self._is_any_down() else most
                kept, off = self._sorted(await mail.take(turn, desk.now(), looked, rank), most)
                for seconds, several in off.items():
                    await mail.put_off(turn, several, desk.now() + seconds)
            for waiting in _by_chat(kept):
                self._begin(waiting)
            if kept or room > 0:
                return len(kept)
        await asyncio.wait(self.under_way, timeout=LOOK_AGAIN / 10, return_when=FIRST_COMPLETED)
        return 1

    def _begin(self, waiting: list[Letter]) -> None:
        in_hand = {letter.id for letter in waiting}
        task = asyncio.create_task(self._chat(waiting, in_hand))
        self.under_way[task] = in_hand
        task.add_done_callback(self.under_way.pop)

    def _is_any_down(self) -> bool:
        """Whether what was put off still waits for its door; when it is back, it is forgotten."""
        down = any(map(self.desk.pace.is_down, set(self._doors.values())))
        if not down:
            self._doors.clear()
        return down

    def _sorted(
        self, due: Iterable[Letter], most: int
    ) -> tuple[list[Letter], dict[float, list[int]]]:
        """What to begin with, and what is put off: in how many seconds, which letters."""
        kept: list[Letter] = []
        off: dict[float, list[int]] = {}
        for letter in due:
            door = self._doors.get(letter.id, "")
            if len(kept) < most and not (door and self.desk.pace.away(door)):
                kept.append(letter)
                continue
            seconds = AWAY_FIRST if letter.rank == mail.FIRST else AWAY
            off.setdefault(seconds if door else 0.0, []).append(letter.id)
        return kept, off

    async def _chat(self, waiting: list[Letter], in_hand: set[int]) -> None:
        door = await _chat(self.desk, waiting, in_hand)
        for letter in waiting:
            self._doors.pop(letter.id, None)
            if self.desk.pace.is_down(door):
                self._doors[letter.id] = door

    async def renew_forever(self) -> None:
        """Others may take what a process had in hand soon after it has died, not before."""
        while True:
            await asyncio.sleep(RENEWED)
            try:
                if held := frozenset[int]().union(*self.under_way.values()):
                    async with asyncio.timeout(ANSWERS), self.desk.store.turn() as turn:
                        await mail.renew(turn, held, self.desk.now())
            except Exception as error:
                log.error("delivery_failed", kind=type(error).__name__)


def _by_chat(due: Iterable[Letter]) -> list[list[Letter]]:
    chats: dict[str, list[Letter]] = {}
    for letter in due:
        chats.setdefault(letter.person, []).append(letter)
    return list(chats.values())


async def _chat(desk: Desk, waiting: list[Letter], in_hand: set[int]) -> str:
    """One after the other, unless the platform wants none of them now; the door they were for.

    What is done or put off leaves `in_hand` at once: renewed, it would be put off for longer.
    """
    door, going_on, skipped = "", True, []
    for letter in waiting:
        try:
            if going_on:
                door, going_on = await _one(desk, letter)
            else:
                skipped.append(letter.id)
        except Exception as error:  # its lease runs out, and it is tried again
            log.error("delivery_failed", kind=type(error).__name__)
        in_hand.discard(letter.id)
    if skipped:
        async with desk.store.turn() as turn:
            await mail.put_off(turn, skipped, desk.now())
    return door


async def _one(desk: Desk, letter: Letter) -> tuple[str, bool]:
    """Carry a letter out; its door, and whether other letters of the chat may follow now."""
    order = await letters.read(desk, letter) if letter.expires_at > desk.now() else None
    channel = desk.channels.get(order.address.channel) if order else None
    if order is None or channel is None or _shut(desk, order):
        await _done(desk, letter)
        return "", True
    going_on = True
    try:
        left = await _carry_out(desk, channel, letter, order)
    except ValueError:  # the channel can never take it; flows check should have said so
        log.error("screen_refused", channel=channel.name)
        await _done(desk, letter)
    except (ChannelError, TimeoutError) as trouble:
        going_on = await _troubled(desk, channel.name, (letter, order), trouble)
    else:
        if left is not None:
            await (_later(desk, letter, _pause(desk, letter)) if left else _done(desk, letter))
    return channel.name, going_on


def _shut(desk: Desk, order: Order) -> bool:
    """At a door that is shut nothing goes out but what clears a chat."""
    return order.kind == "show" and order.address.channel in desk.doors.shut


async def _carry_out(desk: Desk, channel: Channel, letter: Letter, order: Order) -> bool | None:
    """True when some of it is left to do; None when nothing is to be done with its letter."""
    match letter.kind:
        case "show":
            return None if await show(desk, channel, letter, order) else False
        case "leave" | "goodbye":
            await clear(desk, channel, letter, order)
            return False
        case "forget":
            return await _forget(desk, channel, letter, order, order.messages)
        case "stray":
            async with desk.store.turn() as turn:
                found = await letters.read_trace(turn, desk, letter.person)
            trace = found[1] if found else Trace(address=order.address)
            ids = strays.ids_after(channel, order, trace)
            left = await _forget(desk, channel, letter, order, ids)
            if (early := strays.still_on_its_way(desk, letter)) > 0:
                await _later(desk, letter, early)
                return None
            return left
        case _:
            assert_never(letter.kind)


async def _forget(
    desk: Desk, channel: Channel, letter: Letter, order: Order, ids: tuple[str, ...]
) -> bool:
    if not ids:
        return False
    await desk.pace.admit(Sending(address=order.address, rank=letter.rank, calls=0))
    async with asyncio.timeout(strays.SENDING):
        left = await channel.forget(order.address, ids)
    desk.pace.answered(channel.name)
    return bool(left)


async def _troubled(desk: Desk, door: str, sent: tuple[Letter, Order], trouble: Exception) -> bool:
    """What becomes of a letter that did not go; whether others of its chat may follow now."""
    letter, order = sent
    if left := getattr(trouble, "left", ()):
        async with desk.store.turn() as turn:
            await post_forget(turn, desk, letter.person, order, left)
    match trouble:
        case TryLater():
            await _held(desk, door, letter, trouble)
            return False
        case Unreachable():
            desk.pace.answered(door)
            await _give_up(desk, letter, order)
            return False
        case Refused():
            desk.pace.answered(door)
        case _:
            desk.pace.failed(door)
    await _later(desk, letter, _pause(desk, letter))
    return not desk.pace.is_down(door)


async def _done(desk: Desk, letter: Letter) -> None:
    async with desk.store.turn() as turn:
        if not await mail.done(turn, letter):  # she left, and her goodbye waited for its end
            await mail.hurry(turn, letter.person, desk.now(), "goodbye")
    if letter.kind != "show":  # a screen's key is the conversation's own
        await desk.keystore.destroy(letter.key)


def _pause(desk: Desk, letter: Letter) -> float:
    """Longer the longer it lasts, and never the same for all chats."""
    age = letters.life(desk, letter.kind) - (letter.expires_at - desk.now())
    longest = LONGEST_SHOW if letter.kind == "show" else LONGEST_CLEARING
    return min(longest, max(PAUSE, age / 10)) * (1 + secrets.randbelow(200) / 1000)


async def _later(desk: Desk, letter: Letter, seconds: float) -> None:
    async with desk.store.turn() as turn:
        await mail.put_off(turn, (letter.id,), desk.now() + seconds)
        if letter.kind == "show":  # she may have left, and her goodbye waits for its end
            await mail.hurry(turn, letter.person, desk.now(), "goodbye")


async def _held(desk: Desk, door: str, letter: Letter, pause: TryLater) -> None:
    """A pause is kept to its end: by all that waits for this chat, or by the whole door."""
    if pause.whole:
        await desk.pace.shut(door, pause.seconds)
        await _later(desk, letter, pause.seconds)
        return
    until = desk.now() + pause.seconds
    async with desk.store.turn() as turn:
        await mail.hold(turn, letter.person, until)
        await mail.put_off(turn, (letter.id,), until)


async def _give_up(desk: Desk, letter: Letter, order: Order) -> None:
    """She blocked the bot or deleted the chat: nothing of her is of any use now (R08)."""
    people = {letter.person, *await people_of(desk, order.address)}
    keys: list[str] = [letter.key]
    async with desk.store.turn() as turn:
        for person in sorted(people):
            keys += await traces.drop(turn, person)
            keys += await mail.drop_all(turn, person)
            keys += await conversations.drop(turn, person)
        await checkins.forget(turn, desk, order.address)
    await desk.keystore.destroy(*keys)
