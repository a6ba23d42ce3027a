"""How screens stand on WhatsApp: buttons, lists, labels too long, more keys than rows."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.doors.whatsapp import WhatsAppDoor
from bot.doors.whatsapp_screens import messages
from bot.render import LabelTooLong
from handlers.messages import (
    Address,
    Button,
    Outgoing,
)
from tests.channels.fake_graph import Hook, Message
from tests.channels.fake_whatsapp import FakeWhatsApp
from tests.channels.platform import Clock
from tests.channels.screens import BACK, LEAVE, LISTEN, MENU, ROW, screen

HER = Address("whatsapp", "66812345678")
NUMBERS = Button(id="numbers", label="Numbers now", icon="☎")
LONG = Button(id="hurt", label="A person I know is hurting me", icon="👊", short="I am hurt")


@pytest.fixture
async def fake() -> AsyncIterator[FakeWhatsApp]:
    async with FakeWhatsApp(Clock(), Hook(), paced=True) as fake:
        fake.chat_of(HER.id)
        yield fake


@pytest.fixture
async def door(fake: FakeWhatsApp) -> AsyncIterator[WhatsAppDoor]:
    door = WhatsAppDoor(fake.block)
    yield door
    await door.close()


def _screen(*choices: Button, actions: tuple[Button, ...] = ()) -> Outgoing:
    return replace(screen("Hello", choices=0), choices=choices, actions=actions)


def _many(count: int) -> tuple[Button, ...]:
    return tuple(Button(id=f"o{number}", label=f"Choice {number}") for number in range(count))


async def _shown(fake: FakeWhatsApp, door: WhatsAppDoor, shown: Outgoing) -> Message:
    await door.show(HER, shown, None)
    return fake.visible(HER.id)[-1]


async def test_three_keys_or_fewer_stand_open_as_buttons(
    fake: FakeWhatsApp, door: WhatsAppDoor
) -> None:
    shown = await _shown(fake, door, _screen(*_many(2), actions=(LEAVE,)))

    assert (shown.form, shown.text) == ("button", "Hello")
    assert shown.keys == (
        ("1:o0", "Choice 0", ""),
        ("1:o1", "Choice 1", ""),
        ("1:!leave", "✖ Leave", ""),
    )


async def test_more_keys_are_a_list_behind_an_icon(fake: FakeWhatsApp, door: WhatsAppDoor) -> None:
    shown = await _shown(fake, door, _screen(*_many(6), actions=ROW))

    assert (shown.form, shown.opens, shown.text, len(shown.keys)) == ("list", "☰", "Hello", 10)


async def test_what_has_no_row_is_a_word_to_be_typed(
    fake: FakeWhatsApp, door: WhatsAppDoor
) -> None:
    shown = await _shown(fake, door, _screen(*_many(6), actions=(*ROW, NUMBERS)))
    fuller = await _shown(fake, door, _screen(*_many(8), actions=(*ROW, NUMBERS)))

    assert shown.text == "Hello\n\n☰ Menu"
    assert [title for _, title, _ in shown.keys][6:] == [
        *("✖ Leave", "↩ Back", "🔊 Listen", "☎ Numbers now")
    ]
    assert fuller.text == "Hello\n\n☰ Menu · ↩ Back · 🔊 Listen"
    assert [title for _, title, _ in fuller.keys][8:] == ["✖ Leave", "☎ Numbers now"]


def test_a_screen_with_more_answers_than_rows_is_refused_by_its_place() -> None:
    with pytest.raises(ValueError, match=r"test\.1"):
        messages(_screen(*_many(11)))
    with pytest.raises(ValueError, match=r"test\.1"):
        messages(_screen(*_many(10), actions=(LEAVE,)))


async def test_a_long_label_has_its_short_form_as_title_and_stands_whole_beside_it(
    fake: FakeWhatsApp, door: WhatsAppDoor
) -> None:
    shown = await _shown(fake, door, _screen(LONG, *_many(1)))

    assert shown.form == "list"
    assert shown.text == "Hello"
    assert shown.keys[0] == ("1:hurt", "👊 I am hurt", "👊 A person I know is hurting me")


async def test_a_label_without_a_short_form_is_known_by_its_number_and_never_cut(
    fake: FakeWhatsApp, door: WhatsAppDoor
) -> None:
    long = replace(LONG, short=None)
    longest = replace(LONG, id="longest", label="x" * 80, short=None, icon="")
    one = await _shown(fake, door, _screen(long))
    two = await _shown(fake, door, _screen(long, longest))

    assert one.keys == (("1:hurt", "1 👊", long.face),)
    assert [key[1:] for key in two.keys] == [("1 👊", long.face), ("2", "")]
    assert two.text == f"Hello\n\n1  {long.face}\n2  {longest.face}"


async def test_two_answers_with_one_title_are_told_apart(
    fake: FakeWhatsApp, door: WhatsAppDoor
) -> None:
    shown = await _shown(fake, door, _screen(LONG, replace(LONG, id="b", label="x" * 30)))

    assert [title for _, title, _ in shown.keys] == ["1 👊", "2 👊"]


async def test_an_icon_goes_before_a_word_does(fake: FakeWhatsApp, door: WhatsAppDoor) -> None:
    exact = Button(id="a", label="I will call them first!!", icon="☎")

    shown = await _shown(fake, door, _screen(exact, *_many(3)))

    assert shown.keys[0] == ("1:a", "I will call them first!!", "")


def test_an_action_that_fits_nowhere_is_an_error_of_the_texts() -> None:
    with pytest.raises(LabelTooLong):
        messages(_screen(*_many(3), actions=(replace(LEAVE, label="x" * 30),)))


async def test_an_end_has_no_keys_and_no_page_is_fetched_for_a_preview(
    fake: FakeWhatsApp, door: WhatsAppDoor
) -> None:
    await door.show(HER, _screen(), None)

    assert fake.calls[-1].body["text"] == {"body": "Hello", "preview_url": False}
    assert fake.visible(HER.id)[-1].keys == ()


def test_the_row_keeps_what_cannot_be_typed() -> None:
    shown = _screen(*_many(7), actions=(LEAVE, BACK, MENU, LISTEN, NUMBERS))
    [made] = messages(shown)
    rows = made["interactive"]["action"]["sections"][0]["rows"]

    assert [row["id"] for row in rows[7:]] == ["1:!leave", "1:!listen", "1:!numbers"]
