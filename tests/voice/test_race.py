"""A sound on its way while she leaves, goes on, or we are killed: nothing of it stays."""

import asyncio
from dataclasses import dataclass, field

import pytest

from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.messages import Abilities, Address, Choice, Incoming, Pressed, Sent, Sound
from handlers.receive import receive
from tests.doubles import FakeClock
from tests.handlers.people import Person
from tests.voice.recorded import SpeakingChannel


@dataclass
class SlowVoice(SpeakingChannel):
    """Says when a sound is on its way, and sends it when it may."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    may: asyncio.Event = field(default_factory=asyncio.Event)

    async def speak(self, address: Address, sound: Sound, reply: str | None = None) -> Sent:
        self.begun.set()
        await self.may.wait()
        return await SpeakingChannel.speak(self, address, sound, reply)


@pytest.fixture
def voice() -> SlowVoice:
    return SlowVoice()


async def listening(her: Person) -> None:
    """Khmer is chosen; the next deliver sends a sound."""
    await her.starts()
    await her.taps("ភាសាខ្មែរ")
    await does(her, Pressed("listen"))


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
