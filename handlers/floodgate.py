"""Holds back a chat that writes faster than a person can, so that nobody else has to wait for it.

Everything is in memory, by pseudonym, and bounded; a restart forgets it. Messages held back are
not answered, but they are deleted from the chat like all her words (R76).
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from directory.text import zawgyi_readings
from handlers import letters
from handlers.conversation import person_of
from handlers.desk import Desk
from handlers.letters import Order
from handlers.messages import Address, Incoming, Outgoing, Pressed, Text
from handlers.receive import receive
from storage.store import StoreAway, is_trouble
from translations.words import LONGEST_COMMAND

log = structlog.get_logger("floodgate")

PER_SECOND = 3.0  # messages a chat may send in the long run
AT_ONCE = 30.0  # and in one go: nobody taps or types so many in a few seconds
CHATS = 10_000  # remembered at most; whoever has been quiet longest is forgotten first
CLEAR_AFTER = 1.0  # seconds until messages held back are put up for deletion, many in one order
LONGEST = 60.0  # and between tries that fail for another reason than a database that is away
MOST_HELD = 1_000  # of one chat in that time


@dataclass(slots=True)
class _Chat:
    """What is known of one chat: how much it may still say, and what is held back of it."""

    left: float
    at: float
    gone: bool = False  # she has left, and nothing of her has been heard since
    speaking: int = 0  # messages taken and not answered yet
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    held: list[str] = field(default_factory=list)
    clearing: asyncio.Task[None] | None = None

    def may_speak(self, now: float) -> bool:
        """Take one message from the bucket, if there is one (`now` in Unix seconds)."""
        grown = self.left + max(0.0, now - self.at) * PER_SECOND
        self.left, self.at = min(AT_ONCE, grown), now
        if self.left < 1:
            return False
        self.left -= 1
        return True


Hear = Callable[[Incoming, Desk], Awaitable[Outgoing | None]]


class Floodgate:
    """In front of `receive`, for messengers; each door has one."""

    def __init__(self, most: int = CHATS, hear: Hear = receive) -> None:
        """Know nobody. `hear` takes what passes: `receive`, or the caseworkers' own."""
        self._most = most
        self._hear = hear
        self._chats: OrderedDict[str, _Chat] = OrderedDict()
        self._clearing: set[asyncio.Task[None]] = set()

    async def take(self, incoming: Incoming, desk: Desk) -> None:
        """Receive a message, or hold it back. Leaving passes as long as there is what to leave.

        Raises what `hear` raises.
        """
        person, now = await person_of(desk, incoming.address), desk.now()
        chat = self._chat(person, now)
        nothing_to_leave = chat.gone and not chat.speaking
        speaks = chat.may_speak(now)
        if not speaks and (nothing_to_leave or not _leaves(incoming, desk)):
            if desk.outage.away:  # what is brought again and again is no flood, and not to be lost
                raise StoreAway
            self._hold(chat, person, incoming, desk)
            return
        chat.speaking += 1
        try:
            # A chat waits for itself here, before it takes a connection that others need.
            async with chat.one_at_a_time:
                chat.gone = False
                screen = await self._hear(incoming, desk)
                chat.gone = screen is not None and screen.ended
        except Exception:
            chat.left = min(AT_ONCE, chat.left + speaks)  # it comes again, and counts then
            raise
        finally:
            chat.speaking -= 1

    def _chat(self, person: str, now: float) -> _Chat:
        chat = self._chats.setdefault(person, _Chat(AT_ONCE, now))
        self._chats.move_to_end(person)
        while len(self._chats) > self._most:
            self._chats.popitem(last=False)
        return chat

    def _hold(self, chat: _Chat, person: str, incoming: Incoming, desk: Desk) -> None:
        deletes = desk.channels[incoming.address.channel].abilities.deletes
        if not incoming.message_id or not deletes or len(chat.held) >= MOST_HELD:
            return
        chat.held.append(incoming.message_id)
        if chat.clearing is None or chat.clearing.done():
            chat.clearing = task = asyncio.create_task(
                _clear(desk, person, incoming.address, chat)
            )
            self._clearing.add(task)
            task.add_done_callback(self._clearing.discard)


def _leaves(incoming: Incoming, desk: Desk) -> bool:
    """Whether it is an exit, by button or by a word of any language."""
    match incoming.said:
        case Pressed(command="leave"):
            return True
        case Text(words=words) if len(words) <= LONGEST_COMMAND:
            return any(desk.words.command(one) == "leave" for one in zawgyi_readings(words))
        case _:
            return False


async def _clear(desk: Desk, person: str, address: Address, chat: _Chat) -> None:
    """One order for all that was held back, tried until it is posted: it is on no record, so that
    nobody else would ever delete it."""
    pause = CLEAR_AFTER
    while chat.held:
        await asyncio.sleep(pause)
        order = Order(kind="forget", address=address, messages=tuple(chat.held))
        try:
            async with desk.store.turn() as turn:
                await letters.post_clearing(turn, desk, person, order)
        except Exception as error:
            log.error("delivery_failed", kind=type(error).__name__)
            pause = CLEAR_AFTER if is_trouble(error) else min(LONGEST, 2 * pause)
        else:
            pause = CLEAR_AFTER
            del chat.held[: len(order.messages)]
            desk.posted.set()
