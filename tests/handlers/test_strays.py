"""A message that was sent without being on record does not stay; one that stands is not swept."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from app.settings import Settings
from app.wiring import Data
from handlers.strays import SWEPT_AFTER
from storage.rows import mail
from tests.safety.phones import Phone
from tests.safety.phones import phone as a_phone


@pytest.fixture
async def phone(settings: Settings, data: Data) -> AsyncIterator[Phone]:
    async with a_phone(settings, data) as phone:
        yield phone


async def waiting(phone: Phone) -> list[str]:
    async with phone.desk.store.turn() as turn:
        return list((await turn.execute(select(mail.c.kind))).scalars())


async def killed_after_sending(phone: Phone) -> None:
    """The message stands, and nothing is known of it: as after a kill, without its restart."""
    phone.fake.fail_next("sendMessage", after=True)
    await phone.says("/start")


async def test_the_next_try_sweeps_what_the_first_may_have_left(phone: Phone) -> None:
    await killed_after_sending(phone)
    assert len(phone.ours) == 1
    lost = phone.ours[0].id
    await phone.goes_by(4)

    assert [message.id for message in phone.visible] != [lost]
    assert len(phone.visible) == 1
    assert await waiting(phone) == []


async def test_a_stray_of_somebody_who_left_goes_at_once(phone: Phone) -> None:
    await killed_after_sending(phone)
    await phone.taps("✖")
    await phone.goes_by(2)

    assert phone.visible == []


async def test_a_message_that_stands_only_after_she_left_goes_all_the_same(phone: Phone) -> None:
    """Its answer is lost; the platform took it after the first look for it."""
    phone.fake.fail_next("sendMessage")
    await phone.says("/start")
    await phone.says("leave")
    await phone.goes_by(2)
    phone.fake.chats.add(chat=phone.chat, sender="bot", text="on its way")
    assert len(phone.ours) == 1
    await phone.goes_by(SWEPT_AFTER, steps=9)

    assert phone.visible == []
    assert await waiting(phone) == []


async def test_a_stray_of_a_talk_nobody_goes_on_with_goes_within_a_minute(phone: Phone) -> None:
    phone.fake.fail_next("sendMessage", after=True)
    phone.fake.fail_next("sendMessage", times=100)
    await phone.says("/start")
    async with phone.desk.store.turn() as turn:
        await turn.execute(mail.delete().where(mail.c.kind == "show"))
    await phone.goes_by(SWEPT_AFTER - 1)
    assert len(phone.ours) == 1
    await phone.goes_by(2)

    assert phone.visible == []


async def test_what_is_on_record_is_not_swept(phone: Phone) -> None:
    await phone.arrives()
    await phone.goes_by(60, steps=4)

    assert len(phone.visible) == 1
    assert await waiting(phone) == []


async def test_a_screen_that_is_edited_needs_no_note(phone: Phone) -> None:
    await phone.says("/start")
    await phone.taps("English")
    phone.fake.fail_next("editMessageText", times=3)
    await phone.taps_face("✅")

    assert await waiting(phone) == ["show"]


async def test_whoever_deleted_the_card_herself_gets_a_new_one_and_no_second(phone: Phone) -> None:
    await phone.says("/start")
    await phone.taps("English")
    await phone.fake.user_deletes(phone.chat, phone.ours[0].id)
    phone.fake.fail_next("sendMessage", after=True)
    await phone.says("menu")
    await phone.goes_by(4)

    assert len(phone.visible) == 1


async def test_the_chat_of_another_person_is_not_touched(phone: Phone) -> None:
    other = Phone(phone.fake, phone.desk, phone.clock, chat=4711)
    await killed_after_sending(phone)
    await other.says("/start")
    await phone.goes_by(60, steps=4)

    assert len(other.visible) == 1
    assert len(phone.visible) == 1


async def test_a_tapped_message_that_is_not_on_record_is_deleted(phone: Phone) -> None:
    await phone.says("/start")
    card = phone.ours[0]
    extra = phone.fake.chats.add(
        chat=phone.chat, sender="bot", text=card.text, buttons=card.buttons
    )
    await phone.fake.user_taps(phone.chat, extra.keys[-1].data, on=extra.id)
    await phone.heard()

    assert [message.id for message in phone.visible] == [card.id]
