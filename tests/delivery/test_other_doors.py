"""Viber and LINE before a platform that breaks, cuts off and asks for pauses."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.doors.line import LineDoor
from bot.doors.viber import ViberDoor
from handlers.messages import Address, ChannelError, Outgoing, TryLater
from tests.channels.fake_line import FakeLine
from tests.channels.fake_viber import FakeViber
from tests.rig.trouble import Rule, Trouble, before

SHE = {"viber": "A1=", "line": "U" + "a" * 32}


@asynccontextmanager
async def door(name: str, trouble: Trouble) -> AsyncIterator[ViberDoor | LineDoor]:
    """The door, with trouble between it and its platform."""
    fake = FakeViber() if name == "viber" else FakeLine()
    fake.middlewares = [before(trouble, "receiver" if name == "viber" else "to")]
    async with fake:
        opened: ViberDoor | LineDoor
        if isinstance(fake, FakeViber):
            fake.chat(SHE[name]).subscribed = True
            opened = ViberDoor(fake.token, fake.base)
        else:
            fake.talks.known.add(SHE[name])
            fake.talks.friends.add(SHE[name])
            opened = LineDoor(fake.token, fake.secret, fake.base)
        try:
            yield opened
        finally:
            await opened.close()


def plain(name: str) -> tuple[Address, Outgoing]:
    screen = Outgoing(step=1, locale="en", node="n", texts=("Good day",), neutral=True)
    return Address(name, SHE[name]), screen


@pytest.mark.parametrize("name", ["viber", "line"])
@pytest.mark.parametrize("what", ["status", "cut", "lost"])
async def test_what_breaks_is_an_error_and_the_next_call_goes_well(name: str, what: str) -> None:
    trouble = Trouble(time.monotonic, rules=[Rule(what=what, times=1)])  # type: ignore[arg-type]
    address, screen = plain(name)
    async with door(name, trouble) as opened:
        with pytest.raises(ChannelError):
            await opened.show(address, screen, None)

        assert (await opened.show(address, screen, None)).message_ids


@pytest.mark.parametrize("name", ["viber", "line"])
async def test_a_pause_is_for_the_whole_door_and_nothing_is_asked_inside_it(name: str) -> None:
    pause = Rule(what="pause", of="door", seconds=30, longest=30, times=1)
    trouble = Trouble(time.monotonic, rules=[pause])
    address, screen = plain(name)
    async with door(name, trouble) as opened:
        with pytest.raises(TryLater) as first:
            await opened.show(address, screen, None)
        calls = len(trouble.seen)
        with pytest.raises(TryLater):
            await opened.show(Address(name, SHE[name] + "other"), screen, None)

        assert first.value.whole
        assert first.value.seconds >= 30
        assert (len(trouble.seen), trouble.broken) == (calls, [])
