"""A sound on its way while she leaves, goes on, or we are killed: nothing of it stays."""

import asyncio
from dataclasses import dataclass, field

import pytest

from handlers import letters, voices
from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.messages import (
    Abilities,
    Address,
    ChannelError,
    Choice,
    Incoming,
    Pressed,
    Refused,
    Sent,
    Sound,
)
from handlers.receive import receive
from storage import mail
from storage.pace import Share
from tests.doubles import FakeClock
from tests.handlers.people import Person
from tests.voice.recorded import SpeakingChannel


@dataclass
class SlowVoice(SpeakingChannel):
    """Says when a sound is on its way, and sends it when it may."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    may: asyncio.Event = field(default_factory=asyncio.Event)
    lost: Exception | None = None  # what is heard in place of the answer

    async def speak(self, address: Address, sound: Sound, reply: str | None = None) -> Sent:
        if self.lost:
            await self._lose(address)
        self.begun.set()
        await self.may.wait()
        return await SpeakingChannel.speak(self, address, sound, reply)

    async def _lose(self, address: Address) -> None:
        if not isinstance(self.lost, Refused):
            self.number += 1
            self.chats[address.id][str(self.number)] = "♪ its answer was lost"
        assert self.lost
        raise self.lost


@pytest.fixture
def voice() -> SlowVoice:
    return SlowVoice()


async def listening(her: Person) -> None:
    """Khmer is chosen; the next deliver sends a sound."""
    await her.starts()
    await her.taps("ភាសាខ្មែរ")
    await does(her, Pressed("listen", her.now.step))


async def does(her: Person, said: Pressed | Choice) -> None:
    incoming = Incoming(address=Address("fake", her.chat), said=said)
    her.screen = await receive(incoming, her.desk)


@pytest.mark.parametrize("leaves", [True, False])
async def test_a_sound_that_comes_too_late_goes_again(
    her: Person, voice: SlowVoice, desk: Desk, leaves: bool
) -> None:
    await listening(her)
    sending = asyncio.create_task(deliver(desk))
    await voice.begun.wait()
    await does(her, Pressed("leave") if leaves else Choice(her.now.step, "1"))
    voice.may.set()
    await sending
    old = voice.spoken[0].digest
    for _ in range(3):
        await deliver(desk)

    assert f"♪ {old}" not in voice.heard(her.chat)
    assert len(voice.heard(her.chat)) == (0 if leaves else 1)


async def test_a_sound_is_not_sent_behind_a_newer_screen(
    her: Person, voice: SlowVoice, desk: Desk
) -> None:
    await listening(her)
    await does(her, Choice(her.now.step, "1"))
    voice.may.set()
    for _ in range(3):
        await deliver(desk)

    assert len(voice.spoken) == 1


@pytest.mark.parametrize(
    ("then", "clears"),
    [
        *(("stays", True), ("stays", False), ("leaves", True), ("leaves", False)),
        *(("goes on", True), ("door is shut", False)),
    ],
)
async def test_a_sound_that_waits_for_its_moment_is_not_sent_when_it_is_not_wanted_any_more(
    her: Person, voice: SlowVoice, desk: Desk, then: str, clears: bool
) -> None:
    """A chat has one message a second; where nothing can be deleted it would stay for good."""
    voice.abilities = Abilities(text=4096, edits=clears, deletes=clears)
    voice.may.set()
    await listening(her)
    desk.pace.keep(Share(desk.store))
    before = len(voice.shown)
    sending = asyncio.create_task(deliver(desk))
    while len(voice.shown) == before:  # noqa: ASYNC110 - the double has no event
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.2)
    if then == "door is shut":
        desk.doors.shut = frozenset({voice.name})
    elif then != "stays":
        await does(her, Pressed("leave") if then == "leaves" else Choice(her.now.step, "1"))
    await sending

    assert len(voice.spoken) == (1 if then == "stays" else 0)


async def test_who_left_before_the_sound_was_thought_of_is_sent_none(
    her: Person, voice: SlowVoice, desk: Desk
) -> None:
    voice.may.set()
    await listening(her)
    async with desk.store.turn() as turn:
        (letter,) = await mail.take(turn, desk.now())
    order = await letters.read(desk, letter)
    assert order
    await does(her, Pressed("leave"))
    await voices.speak(desk, voice, letter, order)

    assert voice.spoken == []


async def test_a_kill_after_the_sound_was_sent_leaves_nothing(
    her: Person, voice: SlowVoice, desk: Desk, clock: FakeClock
) -> None:
    """The platform has it, we have no record: what was noted before sweeps it."""
    voice.abilities = Abilities(text=4096, edits=True, deletes=True, strays=20)
    await listening(her)
    sending = asyncio.create_task(deliver(desk))
    await voice.begun.wait()
    voice.number += 1
    voice.chats[her.chat][str(voice.number)] = "♪ nobody knows of this"
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    clock.forward(seconds=46)
    await deliver(desk)

    assert voice.heard(her.chat) == []
    assert len(her.visible) == 1


@pytest.mark.parametrize("lost", [ChannelError("ReadTimeout"), TimeoutError()])
@pytest.mark.parametrize("then", ["leaves", "goes on", "stays"])
async def test_a_sound_whose_answer_was_lost_does_not_stay(
    her: Person, voice: SlowVoice, clock: FakeClock, then: str, lost: Exception
) -> None:
    """It may stand in her chat without being on record: nobody else would delete it."""
    desk = her.desk
    voice.abilities = Abilities(text=4096, edits=True, deletes=True, strays=20)
    voice.lost = lost
    voice.may.set()
    await listening(her)
    await deliver(desk)
    heard = voice.heard(her.chat)
    if then != "stays":
        await does(her, Pressed("leave") if then == "leaves" else Pressed("menu", her.now.step))
    clock.forward(seconds=50)
    for _ in range(3):
        await deliver(desk)

    assert heard == ["♪ its answer was lost"]
    assert "♪ its answer was lost" not in voice.heard(her.chat)


async def test_what_is_known_not_to_have_been_sent_is_not_looked_for(
    her: Person, voice: SlowVoice, desk: Desk, clock: FakeClock
) -> None:
    voice.abilities = Abilities(text=4096, edits=True, deletes=True, strays=20)
    voice.lost = Refused()
    await listening(her)
    await deliver(desk)
    clock.forward(seconds=50)

    assert await deliver(desk) == 0
