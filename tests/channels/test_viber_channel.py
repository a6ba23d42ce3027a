"""Viber's door at work: what it sends, what it makes of refusals, how it is set up."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import orjson
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.settings import Settings, SettingsFaulty
from app.wiring import channels_of
from bot.door import Profile
from bot.doors.viber import ViberDoor
from bot.doors.viber_faces import plain
from handlers.messages import (
    Address,
    Button,
    ChannelError,
    Refused,
    Sound,
    Speaks,
    TryLater,
    Unreachable,
)
from tests.channels.fake_viber import TOKEN, FakeViber
from tests.channels.platform import Clock
from tests.channels.screens import LINES, screen

HER = "K917PBuvPZmhKfb8Vw3b2Q=="
ADDRESS = Address("viber", HER)


@pytest.fixture
async def viber(clock: Clock) -> AsyncIterator[FakeViber]:
    async with FakeViber(clock) as viber:
        viber.chat(HER).subscribed = True
        yield viber
        assert viber.failed == []


@pytest.fixture
async def door(viber: FakeViber) -> AsyncIterator[ViberDoor]:
    door = ViberDoor(TOKEN, viber.base)
    yield door
    await door.close()


async def test_choices_stand_one_a_row_and_actions_side_by_side(
    viber: FakeViber, door: ViberDoor
) -> None:
    await door.show(ADDRESS, screen("Hello"), None)

    keyboard = viber.calls[0].values["keyboard"]
    assert [(each["Text"], each["Columns"]) for each in keyboard["Buttons"]] == [
        ("Choice 1", 6),
        ("Choice 2", 6),
        ("✖ Leave", 3),
        ("↩ Back", 3),
        ("☰ Menu", 3),
        ("🔊 Listen", 3),
    ]
    assert keyboard["InputFieldState"] == "regular"
    assert keyboard["DefaultHeight"] is False


async def test_she_can_type_also_where_buttons_alone_are_meant(
    viber: FakeViber, door: ViberDoor
) -> None:
    for types in (True, False):
        await door.show(ADDRESS, replace(screen("Hello"), types=types), None)

    states = [call.values["keyboard"]["InputFieldState"] for call in viber.calls]
    assert states == ["regular", "regular"]


async def test_her_tap_is_not_written_into_the_chat(viber: FakeViber, door: ViberDoor) -> None:
    await door.show(ADDRESS, screen("Hello"), None)
    await viber.she_taps(HER, "Choice 2")

    assert [each.text for each in viber.visible(HER)] == ["Hello"]
    assert all(each["Silent"] for each in viber.calls[0].values["keyboard"]["Buttons"])


async def test_letters_that_mean_something_in_html_are_shown_as_they_are(
    viber: FakeViber, door: ViberDoor
) -> None:
    odd = Button(id="a", label="<b>1 & 2</b> &amp;")
    await door.show(ADDRESS, replace(screen("Hello"), choices=(odd,)), None)

    assert viber.visible(HER)[0].faces[0] == "<b>1 & 2</b> &amp;"


async def test_a_long_label_gets_twice_the_height_while_the_keyboard_has_room(
    viber: FakeViber, door: ViberDoor
) -> None:
    long = Button(id="long", label="A label that is longer than one line of it")
    few = replace(screen("Few"), choices=(long, Button(id="short", label="Short")))
    many = replace(screen("Many"), choices=(long,) * 10)
    await door.show(ADDRESS, few, None)
    await door.show(ADDRESS, many, None)

    rows = [[each["Rows"] for each in call.values["keyboard"]["Buttons"]] for call in viber.calls]
    assert rows == [[2, 1, 1, 1, 1, 1], [1] * 14]


async def test_a_full_keyboard_and_the_longest_text_fit_into_one_request(
    viber: FakeViber, door: ViberDoor
) -> None:
    label = (LINES["my"] * 3)[:64].strip()
    choices = tuple(Button(id=f"option{n}", label=label) for n in range(10))
    text = (LINES["my"] * 200)[:3_000]
    await door.show(ADDRESS, replace(screen(text, locale="my"), choices=choices), None)

    sizes = [len(orjson.dumps(call.values)) for call in viber.calls]
    assert [call.status for call in viber.calls] == [0]
    assert max(sizes) < 25_000


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("*1300* is free", "* 1300* is free"),
        ("ask _one two_ there", "ask _ one two_ there"),
        ("~no~, ```x```", "~ no~, ``` x```"),
        ("call *1300 or 1667", "call *1300 or 1667"),
        ("a_b_c and 2*3*4", "a_b_c and 2*3*4"),
        ("~08:00 to ~17:00", "~08:00 to ~17:00"),
        ("* one\n* two", "* one\n* two"),
    ],
)
def test_no_sign_is_lost_to_formatting(text: str, sent: str) -> None:
    assert plain(text) == sent


async def test_after_leaving_a_line_stands_and_nothing_can_be_tapped(
    viber: FakeViber, door: ViberDoor
) -> None:
    await door.show(ADDRESS, screen("Something that matters"), None)
    await door.neutral(ADDRESS, "", "Goodbye")

    assert viber.visible(HER)[-1].text == "Goodbye"
    assert viber.visible(HER)[-1].faces == ("👋",)
    with pytest.raises(LookupError):
        viber.chat(HER).tapped("👋")


async def test_a_screen_without_buttons_leaves_no_older_ones_standing(
    viber: FakeViber, door: ViberDoor
) -> None:
    await door.show(ADDRESS, screen("One"), None)
    await door.show(ADDRESS, replace(screen("Two"), choices=(), actions=()), None)

    assert viber.visible(HER)[-1].faces == ("👋",)


async def test_an_old_phone_gets_the_same_in_an_older_form(
    viber: FakeViber, door: ViberDoor
) -> None:
    viber.chat(HER).level = 2
    sent = await door.show(ADDRESS, screen("Hello"), None)

    assert [call.status for call in viber.calls] == [13, 0]
    assert sent.message_ids == (str(viber.visible(HER)[0].id),)
    assert viber.visible(HER)[0].faces[:2] == ("Choice 1", "Choice 2")


async def test_what_an_old_phone_writes_into_the_chat_says_nothing(
    viber: FakeViber, door: ViberDoor
) -> None:
    viber.chat(HER).level = 2
    await door.show(ADDRESS, screen("Hello"), None)
    await viber.she_taps(HER, "Choice 2")

    assert viber.visible(HER)[-1].text == "👋 1:option2"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (5, Unreachable),
        (6, Unreachable),
        (11, Unreachable),
        (3, Refused),
        (4, Refused),
        (14, Refused),
        (12, TryLater),
        (2, ChannelError),
        (7, ChannelError),
        (10, ChannelError),
        (99, ChannelError),
    ],
)
async def test_each_refusal_is_the_error_it_means(
    viber: FakeViber, door: ViberDoor, status: int, error: type[ChannelError]
) -> None:
    viber.fail_next(status)

    with pytest.raises(ChannelError) as raised:
        await door.show(ADDRESS, screen("Canarywords"), None)

    assert type(raised.value) is error
    assert raised.value.__context__ is None
    assert "Canarywords" not in repr(raised.value)
    assert TOKEN not in repr(raised.value)


async def test_a_hundred_messages_without_a_word_of_hers_wait_a_minute(
    viber: FakeViber, door: ViberDoor, clock: Clock
) -> None:
    for _ in range(100):
        await door.neutral(ADDRESS, "", "Hello")
    with pytest.raises(TryLater) as raised:
        await door.neutral(ADDRESS, "", "Hello")
    clock.move(minutes=61)
    await door.neutral(ADDRESS, "", "Later")

    assert raised.value.seconds == 60
    assert viber.visible(HER)[-1].text == "Later"


async def test_a_wrong_token_is_an_error_without_the_token(viber: FakeViber) -> None:
    door = ViberDoor("wrong-token", viber.base)
    with pytest.raises(ChannelError) as raised:
        await door.look()
    await door.close()

    assert "wrong" not in repr(raised.value)


async def test_each_message_carries_the_neutral_name_of_its_language(
    viber: FakeViber, door: ViberDoor
) -> None:
    await door.show(ADDRESS, screen("One"), None)
    names = {"": "Info Mekong", "km": "ព័ត៌មាន", "my": "x" * 29}
    await door.introduce({at: Profile(name=n, about="", commands={}) for at, n in names.items()})
    for locale in ("km", "th", "my"):
        await door.show(ADDRESS, screen("Two", locale=locale), None)

    assert [each.name for each in viber.visible(HER)] == ["👋", "ព័ត៌មាន", "Info Mekong", "👋"]


async def test_a_recording_is_a_file_that_viber_fetches(viber: FakeViber, door: ViberDoor) -> None:
    sound = Sound(digest="d", content=b"12345", seconds=3, url="https://info.test/sounds/d.mp3")
    sent = await door.speak(ADDRESS, sound)
    silent = await door.speak(ADDRESS, replace(sound, url=""))

    [call] = viber.called("send_message")
    assert isinstance(door, Speaks)
    assert call.values["size"] == 5
    assert call.values["file_name"] == "1.mp3"
    assert len(sent.message_ids) == 1
    assert silent.message_ids == ()


async def _ok(request: Request) -> Response:
    return Response(status_code=200)


async def test_the_hook_is_set_for_few_events_without_names_and_looked_at(clock: Clock) -> None:
    app = Starlette(routes=[Route("/hooks/viber", _ok, methods=["POST"])])
    async with FakeViber(clock, httpx.ASGITransport(app)) as viber:
        door = ViberDoor(TOKEN, viber.base)
        await door.register("https://info.test/hooks/viber")
        look = await door.look()
        with pytest.raises(ChannelError):
            await door.register("https://info.test/hooks/nobody")
        await door.close()

    asked = viber.called("set_webhook")[0].values
    assert asked["event_types"] == ["conversation_started"]
    assert (asked["send_name"], asked["send_photo"]) == (False, False)
    assert viber.attempts[0] == ("webhook", 200)
    assert look.hook == "https://info.test/hooks/viber"
    assert look.link == "viber://pa?chatURI=info%20mekong"
    assert (look.name, look.picture) == ("Info", "https://i")


def test_settings_open_the_door_and_a_token_of_another_form_is_refused() -> None:
    opened = channels_of(Settings(viber_token=TOKEN))

    assert isinstance(opened["viber"], ViberDoor)
    assert "viber" not in channels_of(Settings())
    with pytest.raises(
        SettingsFaulty, match="SAPHAN_VIBER_TOKEN holds what is no letter"
    ) as raised:
        channels_of(Settings(viber_token="a token\nof another form"))
    assert "another form\n" not in str(raised.value)
