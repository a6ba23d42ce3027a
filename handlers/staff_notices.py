"""Sends word to caseworkers' chats that something waits: a code, and nothing else."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from handlers import letters, notices
from handlers.conversation import people_of
from handlers.desk import Desk
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
from storage.notices import NoticeRow

OPEN = "n"
"""A tap whose option begins so is the button of a notice; the code it said follows."""
AT_ONCE = 20  # people who are told at the same time
_MOST = 1_000  # sent ones remembered, of notices that another chat of the person still waits for


@dataclass(frozen=True, slots=True)
class Sender:
    """One for each process that sends: what was sent to which chat of a person with several."""

    _sent: dict[tuple[int, Address], None] = field(default_factory=dict)

    async def send_due(self, desk: Desk) -> int:
        """Everything that is due; how many notices were done with.

        What cannot be sent comes again until it expires; whom a raid pauses is told nothing. One
        that fails keeps no other: the first trouble is raised when all were tried and those done
        with are marked.
        """
        channel = desk.channels.get(NAME)
        if channel is None:
            return 0
        async with desk.store.turn() as turn:
            rows = await notices.waiting(turn, desk)
            still = await paused(turn) if rows else frozenset()
        gate = asyncio.Semaphore(AT_ONCE)  # a chat that hangs holds up nobody else
        several = (self._person(desk, channel, mine, (still, gate)) for mine in _by_person(rows))
        found = [one for told in await asyncio.gather(*several) for one in told]
        done = [number for number in found if isinstance(number, int)]
        if done:
            async with desk.store.turn() as turn:
                await notices.told(turn, *done)
        for trouble in found:
            if isinstance(trouble, Exception):
                raise trouble
        return len(done)

    async def _person(
        self,
        desk: Desk,
        channel: Channel,
        rows: list[NoticeRow],
        when: tuple[frozenset[str], asyncio.Semaphore],
    ) -> list[int | Exception]:
        """The notices of one person, in order; which of them are done with, and what failed."""
        still, gate = when
        found = list[int | Exception]()
        async with gate:
            for row in rows:
                try:
                    if await self._told(desk, channel, row, still):
                        found.append(row.id)
                except Exception as error:
                    found.append(error)
        return found

    async def _told(
        self, desk: Desk, channel: Channel, row: NoticeRow, still: frozenset[str]
    ) -> bool:
        """Whether every chat of the person that can be reached has it."""
        async with desk.store.turn() as turn:
            person = await account(turn, desk, row.account)
            chats = await addresses_of(turn, desk, row.account)
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
