"""Sends word to caseworkers' chats that something waits: a code, and nothing else."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

import structlog

from handlers import letters, notices
from handlers.conversation import people_of
from handlers.desk import Desk
from handlers.ending import ended
from handlers.letters import Order
from handlers.messages import (
    Address,
    Button,
    Channel,
    ChannelError,
    Outgoing,
    Unreachable,
)
from handlers.pace import Sending
from handlers.partner_raids import paused
from handlers.staff_accounts import account
from handlers.staff_chats import addresses_of
from handlers.staff_talks import NAME, notes_of
from handlers.staff_values import Account
from handlers.strays import SENDING
from storage import mail
from storage.notices import NoticeRow, renew

log = structlog.get_logger("notices")

OPEN = "n"
"""A tap whose option begins so is the button of a notice; the code it said follows."""
AT_ONCE = 20  # people who are told at the same time
LOOK_AGAIN = 1.0  # seconds between looks for others while somebody is being told
RENEWED = 10.0  # seconds between two words that notices are still in hand
_MOST = 1_000  # sent ones remembered, of notices that another chat of the person still waits for


@dataclass(frozen=True, slots=True)
class Sender:
    """One for each process that sends: what was sent to which chat of a person with several."""

    _sent: dict[tuple[int, Address], None] = field(default_factory=dict)

    async def send_due(self, desk: Desk) -> int:
        """Everything that is due; how many notices were done with.

        Whoever is told much holds up nobody: what becomes due for others meanwhile goes too. What
        cannot be sent comes again until it expires; whom a raid pauses is told nothing. One that
        fails keeps no other: the first trouble is raised when all were tried.
        """
        channel = desk.channels.get(NAME)
        if channel is None:
            return 0
        several = _Round(desk, lambda row: self._told(desk, channel, row))
        await several.tell()
        if several.trouble is not None:
            raise several.trouble
        return several.done

    async def _told(self, desk: Desk, channel: Channel, row: NoticeRow) -> bool:
        """Whether every chat of the person that can be reached has it."""
        async with desk.store.turn() as turn:
            person = await account(turn, desk, row.account)
            chats = await addresses_of(turn, desk, row.account)
            still = await paused(turn)
        if person is None or not person.works or person.organisation in still:
            return False
        reached, failed = 0, False
        for chat in chats:
            try:
                await self._send(desk, channel, chat, _screen(desk, person, row.code), row.id)
                reached += 1
            except Unreachable:
                continue
            except (ChannelError, TimeoutError):
                failed = True
        return bool(reached) and not failed

    async def _send(  # one sending: where, what, which
        self, desk: Desk, channel: Channel, chat: Address, screen: Outgoing, number: int
    ) -> None:
        if (number, chat) in self._sent:
            return
        await desk.pace.admit(Sending(address=chat, rank=mail.USUAL, messages=1))
        async with asyncio.timeout(SENDING):
            sent = (await channel.show(chat, screen, None)).message_ids
        self._sent[number, chat] = None
        while len(self._sent) > _MOST:
            del self._sent[next(iter(self._sent))]
        await _noted(desk, chat, sent)


@dataclass(slots=True)
class _Round:
    """Those who are told now, each by a task of its own, and what came of it so far."""

    desk: Desk
    told: Callable[[NoticeRow], Awaitable[bool]]
    done: int = 0
    trouble: Exception | None = None
    _people: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _in_hand: set[int] = field(default_factory=set)
    _gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def tell(self) -> None:
        """Until nothing is due any more."""
        await self._begin()
        renewing = asyncio.create_task(self._renew_forever())
        try:
            while self._people:
                await asyncio.wait(self._people.values(), timeout=LOOK_AGAIN)
                self._people = {who: one for who, one in self._people.items() if not one.done()}
                await self._begin()
        finally:
            await ended((renewing, *self._people.values()))

    async def _begin(self) -> None:
        """With what is due for people who are not being told, as far as there is room."""
        if len(self._people) >= AT_ONCE:
            return
        try:
            async with self.desk.store.turn() as turn:
                rows = await notices.waiting(turn, self.desk, tuple(self._people))
        except Exception as error:  # what is under way is finished; the next look goes on
            self._failed(error)
            return
        for mine in _by_person(rows):
            self._in_hand.update(row.id for row in mine)
            self._people[mine[0].account] = asyncio.create_task(self._person(mine))

    async def _person(self, rows: list[NoticeRow]) -> None:
        """The notices of one person, in order. Each is marked at once: a process that ends leaves
        to others only what was not told."""
        try:
            async with self._gate:  # a chat that hangs holds up nobody else
                for row in rows:
                    await self._one(row)
        finally:
            self._in_hand.difference_update(row.id for row in rows)

    async def _one(self, row: NoticeRow) -> None:
        try:
            if row.id in self._in_hand and await self.told(row):
                async with self.desk.store.turn() as turn:
                    await notices.told(turn, row.id)
                self.done += 1
        except Exception as error:
            self._failed(error)
        finally:
            self._in_hand.discard(row.id)  # what was not told comes again when its lease is over

    async def _renew_forever(self) -> None:
        """Others may take what is in hand here soon after this process has died, not before."""
        while True:
            await asyncio.sleep(RENEWED)
            try:
                if held := frozenset(self._in_hand):
                    async with self.desk.store.turn() as turn:
                        there = await renew(turn, held, self.desk.now())
                    self._in_hand -= held - there  # dropped, or told by another
            except Exception as error:
                self._failed(error)

    def _failed(self, error: Exception) -> None:
        log.error("delivery_failed", kind=type(error).__name__)
        self.trouble = self.trouble or error


def _by_person(rows: Iterable[NoticeRow]) -> Iterable[list[NoticeRow]]:
    people: dict[str, list[NoticeRow]] = {}
    for row in rows:
        people.setdefault(row.account, []).append(row)
    return people.values()


def _screen(desk: Desk, person: Account, code: str) -> Outgoing:
    """Neutral, so that it may stand in a notification as it is."""
    say = desk.translator.staff
    return Outgoing(
        step=0,
        locale=person.locale,
        node="notice",
        texts=(say(person.locale, "desk.notice", code=code),),
        choices=(Button(id=f"{OPEN}{code}", label=say(person.locale, "act.open")),),
        neutral=True,
    )


async def _noted(desk: Desk, chat: Address, sent: tuple[str, ...]) -> None:
    """It is deleted when it is opened, when she leaves, or after a day."""
    notes = (await people_of(desk, notes_of(chat)))[0]
    async with desk.store.turn() as turn:
        order = Order(kind="forget", address=chat, messages=sent, wait=desk.keep.notice)
        await letters.post_clearing(turn, desk, notes, order)
