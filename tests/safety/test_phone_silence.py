"""R35: after an exit or 15 minutes of silence nothing is written; who comes is a stranger."""

import random
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from app.settings import Settings
from app.wiring import Data
from handlers.sweep import sweep
from storage.rows import conversations
from tests.proving import Proof
from tests.safety.phones import Phone
from tests.safety.phones import phone as a_phone

DAY = 24 * 3600.0


@pytest.fixture
async def phone(settings: Settings, data: Data) -> AsyncIterator[Phone]:
    async with a_phone(settings, data) as phone:
        yield phone


async def ends(phone: Phone, chance: random.Random) -> None:
    """In one of the ways a talk ends, anywhere in it."""
    await phone.says("/start")
    for _ in range(chance.randrange(6)):
        keys = [key for m in phone.ours for key in m.keys if "✖" not in key.face]
        await phone.taps(chance.choice(keys).data)
    match chance.randrange(4):
        case 0:
            await phone.taps_face("✖")
        case 1:
            await phone.says(chance.choice(("leave", "0", "who is this?")))
        case 2:
            await phone.says("/leave")
        case _:
            phone.clock.forward(minutes=16)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_R35_nothing_is_written_after_the_end(phone: Phone, proof: Proof) -> None:
    chats, chance = proof.count(2_000, quick=12), random.Random("R35")
    people = [Phone(phone.fake, phone.desk, phone.clock, chat) for chat in range(1, chats + 1)]
    for one in people:
        await ends(one, chance)
    begun = len(phone.fake.chats.history)
    edited: set[str] = set()
    for seconds in (1, 5, 20, 60, 900, 3_600, DAY, DAY, 5 * DAY, 30 * DAY):
        phone.clock.forward(seconds=seconds)
        await sweep(phone.desk)
        await phone.delivered()
    later = phone.fake.chats.history[begun:]
    sent = [change for change in later if change.what == "sent"]
    edited = {change.message.text for change in later if change.what == "edited"}
    async with phone.desk.store.turn() as turn:
        open_still = list(await turn.execute(select(conversations.c.person)))

    proof.figure(f"{len(sent)} messages to {chats} chats in 37 days after the end")
    assert sent == []
    assert edited <= {"👋"}
    assert open_still == []


async def test_R35_after_15_minutes_of_silence_the_card_says_nothing_and_goes(
    phone: Phone,
) -> None:
    await phone.arrives()
    await phone.goes_by(14 * 60)
    await sweep(phone.desk)
    await phone.delivered()
    assert "What do you need" in phone.ours[0].text
    phone.clock.forward(seconds=70)
    await sweep(phone.desk)
    await phone.goes_by(5, steps=5)

    assert phone.visible == []


async def test_R35_a_tap_after_the_silence_meets_the_neutral_hello(phone: Phone) -> None:
    await phone.arrives()
    button = phone.ours[0].keys[0].data
    phone.clock.forward(minutes=16)
    await phone.taps(button)

    assert [message.text for message in phone.ours] == ["Hello 👋"]


async def test_R35_whoever_writes_next_is_a_stranger(phone: Phone) -> None:
    other = Phone(phone.fake, phone.desk, phone.clock, chat=4711)
    await phone.arrives("မြန်မာ")
    await phone.says("leave")
    await phone.goes_by(10, steps=5)
    for one in (phone, other):
        await one.says("hi")
    shown = [[(m.text, [k.face for k in m.keys]) for m in one.ours] for one in (phone, other)]

    assert shown[0] == shown[1]


async def test_R35_who_is_this_gets_the_neutral_answer_and_ends_it(phone: Phone) -> None:
    await phone.arrives()
    await phone.says("who is this?")
    await phone.goes_by(10, steps=5)

    assert [m.text for m in phone.visible] == ["Hello 👋 This is a free public information line."]
