"""The main path: one message, one transaction, one screen; on both databases."""

import asyncio

import pytest
from sqlalchemy import select, update

from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.messages import Address, Choice, Incoming, Pressed, Text
from handlers.receive import receive
from storage.rows import conversations, counts, keys, mail, seen
from tests.doubles import FakeChannel, FakeClock
from tests.handlers.people import Person


@pytest.fixture
def woman(desk: Desk, fake: FakeChannel) -> Person:
    return Person(desk, fake)


async def rows(desk: Desk, table: object) -> list[object]:
    async with desk.store.turn() as turn:
        return list(await turn.execute(select(table)))  # type: ignore[call-overload]


async def test_a_newcomer_chooses_her_language_and_is_asked_if_it_is_safe(woman: Person) -> None:
    await woman.starts()
    screen = await woman.taps("ភាសាខ្មែរ")

    assert screen.node == "sh.safe"
    assert screen.locale == "km"


async def test_numbers_are_on_the_screen_within_four_taps(woman: Person) -> None:
    await woman.starts()
    await woman.taps("English", "I need help now")
    await woman.presses("numbers")
    screen = await woman.taps("Thailand")

    assert screen.node == "sh.numbers"
    assert any("191" in text for text in screen.texts)


async def test_typing_the_number_or_the_label_equals_tapping(woman: Person) -> None:
    await woman.starts()
    await woman.says("๖")
    assert woman.now.node == "sh.safe"
    await woman.says("yes")

    assert woman.now.node == "sh.age"


async def test_an_old_button_shows_the_present_question_again(woman: Person, desk: Desk) -> None:
    first = await woman.starts()
    await woman.taps("English")
    old = Incoming(
        address=Address("fake", woman.chat), said=Choice(first.step, "1"), event_id="old"
    )
    screen = await receive(old, desk)

    assert screen is not None
    assert screen.node == "sh.safe"
    assert screen.locale == "en"


async def test_the_second_copy_of_a_delivery_says_nothing(desk: Desk) -> None:
    hello = Incoming(address=Address("fake", "1"), said=Pressed("start"), event_id="7")
    first = await receive(hello, desk)
    second = await receive(hello, desk)

    assert first is not None
    assert second is None
    assert len(await rows(desk, mail)) == 1


async def test_copies_in_parallel_change_the_state_once(desk: Desk) -> None:
    hello = Incoming(address=Address("fake", "1"), said=Pressed("start"), event_id="7")
    answers = await asyncio.gather(*(receive(hello, desk) for _ in range(5)))

    assert sum(answer is not None for answer in answers) == 1


async def test_two_messages_at_once_are_both_heard(desk: Desk, woman: Person) -> None:
    await woman.starts()
    await woman.taps("English")
    address = Address("fake", woman.chat)
    await asyncio.gather(
        receive(Incoming(address=address, said=Text("menu"), event_id="a"), desk),
        receive(Incoming(address=address, said=Text("menu"), event_id="b"), desk),
    )

    async with desk.store.turn() as turn:
        versions = list((await turn.execute(select(conversations.c.version))).scalars())
    assert versions == [4]


async def test_whoever_comes_without_opening_the_door_gets_a_neutral_hello(
    woman: Person,
) -> None:
    screen = await woman.says("hi")

    assert screen.node == "sh.idle"
    assert screen.texts == ("Hello 👋",)
    assert [button.face for button in screen.actions] == ["✖", "🔊"]


async def test_leaving_forgets_the_conversation_and_its_key(desk: Desk, woman: Person) -> None:
    await woman.starts()
    await woman.taps("English", "Yes")
    screen = await woman.says("leave")

    assert screen.ended
    assert await rows(desk, conversations) == []


async def test_after_leaving_nothing_stands_in_the_chat(
    desk: Desk, woman: Person, clock: FakeClock
) -> None:
    await woman.starts()
    await woman.taps("English", "Yes")
    await woman.says("he hurts me but I can wait")
    await woman.says("stop")
    clock.forward(seconds=5)
    await deliver(desk)

    assert woman.visible == {}
    assert await rows(desk, mail) == []


async def test_one_card_stands_during_the_talk_and_no_typed_word(woman: Person) -> None:
    await woman.starts()
    await woman.taps("English", "Yes", "18", "Thailand", "Type")
    await woman.says("mae sot")
    await woman.taps("Mae Sot")

    assert len(woman.visible) == 1
    assert "What do you need" in next(iter(woman.visible.values()))


async def test_fifteen_minutes_of_silence_end_it(
    desk: Desk, woman: Person, clock: FakeClock
) -> None:
    await woman.starts()
    await woman.taps("English", "Yes")
    clock.forward(minutes=15, seconds=1)
    screen = await woman.says("hello")

    assert screen.node == "sh.idle"


async def test_an_hour_ends_it_however_busy(woman: Person, clock: FakeClock) -> None:
    await woman.starts()
    await woman.taps("English", "Yes")
    for _ in range(5):
        clock.forward(minutes=12)
        screen = await woman.says("menu")

    assert screen.node == "sh.idle"


async def test_midnight_does_not_lose_her(woman: Person, clock: FakeClock) -> None:
    clock.now = clock.now.replace(hour=23, minute=55)
    await woman.starts()
    await woman.taps("English")
    clock.forward(minutes=10)
    screen = await woman.taps("Yes")

    assert screen.node == "sh.age"


async def test_a_kept_conversation_cannot_be_opened_once_its_key_is_gone(
    desk: Desk, woman: Person
) -> None:
    await woman.starts()
    await woman.taps("English", "Yes")
    async with desk.store.turn() as turn:
        stolen = (await turn.execute(select(conversations))).mappings().one()
    await woman.says("leave")

    assert await desk.keystore.get(stolen["key"]) is None


async def test_a_changed_byte_makes_it_unreadable_and_a_stranger_begins(
    desk: Desk, woman: Person
) -> None:
    await woman.starts()
    await woman.taps("English")
    async with desk.store.turn() as turn:
        sealed = (await turn.execute(select(conversations.c.sealed))).scalar_one()
        broken = sealed[:-1] + bytes([sealed[-1] ^ 1])
        await turn.execute(update(conversations).values(sealed=broken))
    screen = await woman.says("menu")

    assert screen.node == "sh.idle"


async def test_typed_words_that_sound_like_danger_are_asked_about_and_lead_back(
    woman: Person,
) -> None:
    await woman.starts()
    await woman.taps("English", "Yes", "18")
    asked = await woman.says("please he is coming with a knife")
    assert asked.node == "rx.danger"
    back = await woman.taps("No, go on")

    assert back.node == "sh.country"


async def test_who_is_this_gets_a_neutral_answer_and_the_talk_is_forgotten(
    desk: Desk, woman: Person, clock: FakeClock
) -> None:
    await woman.starts()
    await woman.taps("English", "Yes", "18")
    screen = await woman.says("who is this? what did she ask")
    clock.forward(seconds=5)
    await deliver(desk)

    assert screen.node == "rx.cover"
    assert list(woman.visible.values()) == ["Hello 👋 This is a free public information line."]
    assert await rows(desk, conversations) == []


async def test_who_asks_who_this_is_after_she_left_gets_the_neutral_answer(
    desk: Desk, woman: Person, fake: FakeChannel, clock: FakeClock
) -> None:
    await woman.starts()
    await woman.taps("English", "Yes")
    await woman.presses("leave")
    clock.forward(seconds=5)
    await deliver(desk)
    assert woman.visible == {}
    await woman.says("who is this? what did she ask?")
    clock.forward(seconds=5)
    await deliver(desk)

    assert list(woman.visible.values()) == [
        desk.translator.say("en", "rx.cover", desk.book.nodes["rx.cover"].say or "")
    ]
    assert fake.shown[-1].neutral
    assert await rows(desk, conversations) == []


async def test_a_stranger_leaves_in_zawgyi_too(desk: Desk, woman: Person) -> None:
    screen = await woman.says("ထြက္")

    assert screen.ended
    assert woman.visible == {}


async def test_a_photo_is_dropped_unread_and_deleted(woman: Person) -> None:
    await woman.starts()
    await woman.taps("English", "Yes")
    screen = await woman.sends_a_photo()

    assert screen.node == "sh.att"
    assert "photo" not in woman.visible.values()


async def test_counts_hold_nodes_and_never_words(desk: Desk, woman: Person) -> None:
    await woman.starts()
    await woman.taps("English", "Yes", "18")
    await woman.says("canary words that must not stay")

    found = await rows(desk, counts)
    assert any("sh.txt" in row for row in found)  # type: ignore[operator]
    assert "canary" not in repr(found)


async def test_what_is_seen_is_kept_by_number_only(desk: Desk, woman: Person) -> None:
    await woman.starts()

    assert [row.event for row in await rows(desk, seen)] == ["fake:4711-1"]  # type: ignore[attr-defined]


def test_keys_live_in_a_database_of_their_own() -> None:
    assert keys.metadata is not conversations.metadata
