"""How screens stand on Messenger, what its errors mean, and how the page is set up."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.door import Profile
from bot.doors import messenger_reading
from bot.doors.messenger import DOOR, FIELDS, MessengerDoor
from bot.doors.messenger_screens import messages
from handlers.messages import (
    Address,
    Button,
    ChannelError,
    Command,
    Outgoing,
    Pressed,
    Refused,
    Sound,
    TryLater,
    Unreachable,
)
from tests.channels.fake_graph import APP, Hook, Message, Refusal
from tests.channels.fake_messenger import FakeMessenger
from tests.channels.platform import Clock
from tests.channels.screens import ROW, screen

HER = Address("messenger", "1254477777772919")
NUMBERS = Button(id="numbers", label="Numbers now", icon="☎")
LONG = Button(id="hurt", label="A person I know is hurting me", icon="👊", short="I am hurt")


@pytest.fixture
async def fake() -> AsyncIterator[FakeMessenger]:
    async with FakeMessenger(Clock(), Hook()) as fake:
        fake.chat_of(HER.id)
        yield fake


@pytest.fixture
async def door(fake: FakeMessenger) -> AsyncIterator[MessengerDoor]:
    door = MessengerDoor(fake.block)
    yield door
    await door.close()


def _screen(*choices: Button, actions: tuple[Button, ...] = ()) -> Outgoing:
    return replace(screen("Hello", choices=0), choices=choices, actions=actions)


def _many(count: int) -> tuple[Button, ...]:
    return tuple(Button(id=f"o{number}", label=f"Choice {number}") for number in range(count))


async def _shown(fake: FakeMessenger, door: MessengerDoor, shown: Outgoing) -> Message:
    await door.show(HER, shown, None)
    return fake.visible(HER.id)[-1]


async def test_every_key_of_the_fullest_screen_is_a_quick_reply(
    fake: FakeMessenger, door: MessengerDoor
) -> None:
    shown = await _shown(fake, door, _screen(*_many(6), actions=(*ROW, NUMBERS)))

    assert shown.text == "Hello"
    assert len(shown.keys) == 11
    assert shown.keys[0] == ("1:o0", "Choice 0", "")
    assert shown.keys[-1] == ("1:!numbers", "☎ Numbers now", "")


def test_a_screen_with_more_answers_than_quick_replies_is_refused_by_its_place() -> None:
    with pytest.raises(ValueError, match=r"test\.1"):
        messages(_screen(*_many(14)))


async def test_a_long_label_has_its_short_form_and_stands_whole_in_the_text_with_its_number(
    fake: FakeMessenger, door: MessengerDoor
) -> None:
    shown = await _shown(fake, door, _screen(*_many(1), LONG))

    assert [title for _, title, _ in shown.keys] == ["Choice 0", "👊 I am hurt"]
    assert shown.text == "Hello\n\n1  Choice 0\n2  👊 A person I know is hurting me"


async def test_a_label_without_a_short_form_is_known_by_its_number_and_never_cut(
    fake: FakeMessenger, door: MessengerDoor
) -> None:
    shown = await _shown(fake, door, _screen(replace(LONG, short=None)))

    assert [title for _, title, _ in shown.keys] == ["1 👊"]
    assert shown.text.endswith("1  👊 A person I know is hurting me")


async def test_the_neutral_line_takes_every_key_away(
    fake: FakeMessenger, door: MessengerDoor
) -> None:
    await door.show(HER, screen("Words"), None)
    await door.neutral(HER, "", "👋")

    assert [each.text for each in fake.visible(HER.id)] == ["Words", "👋"]
    assert [each.keys for each in fake.visible(HER.id)] == [(), ()]


async def test_a_lock_screen_shows_neutral_messages_alone(
    fake: FakeMessenger, door: MessengerDoor
) -> None:
    sound = Sound(digest="d", content=b"", seconds=9, url="https://saphan.test/sounds/d.mp3")
    await door.show(HER, screen("Somebody hurts me"), None)
    await door.show(HER, replace(screen("👋"), neutral=True), None)
    await door.neutral(HER, "", "OK")
    await door.speak(HER, sound)

    assert fake.notified == ["👋"]
    types = [call.body["notification_type"] for call in fake.calls]
    assert types == ["NO_PUSH", "SILENT_PUSH", "NO_PUSH", "NO_PUSH"]


async def test_after_a_day_without_her_nothing_is_taken(
    fake: FakeMessenger, door: MessengerDoor
) -> None:
    assert isinstance(fake.clock, Clock)
    assert door.abilities.window == 24
    fake.clock.move(hours=23.9)
    await door.show(HER, screen("In time"), None)
    fake.clock.move(hours=0.2)

    with pytest.raises(Refused):
        await door.show(HER, screen("Late"), None)


@pytest.mark.parametrize(
    ("refusal", "meant"),
    [
        (Refusal(551, 1545041), Unreachable),
        (Refusal(551), Unreachable),
        (Refusal(100, 2018001), Unreachable),
        (Refusal(200, 2018108, status=403), Unreachable),
        (Refusal(10, 2018278, status=403), Refused),
        (Refusal(100), Refused),
        (Refusal(613), TryLater),
        (Refusal(4, status=403), TryLater),
        (Refusal(80006), TryLater),
        (Refusal(10, status=403), ChannelError),
        (Refusal(190, status=401), ChannelError),
        (Refusal(2, status=500), ChannelError),
    ],
)
async def test_errors_mean_what_metas_page_says(
    fake: FakeMessenger, door: MessengerDoor, refusal: Refusal, meant: type[ChannelError]
) -> None:
    fake.fail_next(refusal)

    with pytest.raises(ChannelError) as raised:
        await door.show(HER, screen("Canary"), None)

    error = raised.value
    assert type(error) is meant
    assert (error.__cause__, error.__context__) == (None, None)
    assert not any(word in repr(error) for word in ("Canary", HER.id, fake.block["token"]))


async def test_a_recording_is_sent_where_messenger_can_fetch_it(
    fake: FakeMessenger, door: MessengerDoor
) -> None:
    sound = Sound(digest="d", content=b"", seconds=9, url="https://saphan.test/sounds/d.mp3")
    sent = await door.speak(HER, sound)
    nothing = await door.speak(HER, replace(sound, url=""))

    assert door.sounds == "mp3"
    assert sent.message_ids == (fake.visible(HER.id)[-1].id,)
    assert fake.visible(HER.id)[-1].sound == sound.url
    assert nothing.message_ids == ()


async def test_the_hook_is_set_asked_and_told_and_the_page_is_subscribed(
    fake: FakeMessenger, door: MessengerDoor
) -> None:
    await door.register("https://saphan.test/hooks/messenger")
    look = await door.look()

    assert look.hook == "https://saphan.test/hooks/messenger"
    assert (look.link, look.name) == ("https://m.me/info.mekong", "Info")
    assert fake.subscribed == FIELDS == "messages,messaging_postbacks"


async def test_a_hook_that_does_not_know_our_word_is_an_error(fake: FakeMessenger) -> None:
    other = MessengerDoor({**fake.block, "verify": "another"})
    with pytest.raises(ChannelError):
        await other.register("https://saphan.test/hooks/messenger")
    await other.close()

    assert fake.hook == ""


async def test_the_profile_has_get_started_and_a_menu_in_the_languages_messenger_knows(
    fake: FakeMessenger, door: MessengerDoor
) -> None:
    commands: dict[Command, str] = {"leave": "Leave", "menu": "Menu", "language": "x" * 31}
    one = Profile(name="Info", about="Info Mekong", commands=commands)
    await door.introduce(dict.fromkeys(["", "km", "lo", "my", "th", "vi", "en"], one))

    assert "ice_breakers" not in fake.profile
    assert fake.profile["get_started"] == {"payload": "start"}
    locales = [each["locale"] for each in fake.profile["greeting"]]
    assert locales == ["default", "th_TH", "vi_VN"]
    items = fake.profile["persistent_menu"][0]["call_to_actions"]
    assert [(each["title"], each["payload"]) for each in items] == [
        ("Leave", "leave"),
        ("Menu", "menu"),
    ]
    assert (await door.look()).about == "Info Mekong"


async def test_no_call_has_her_the_token_or_the_secret_in_its_address(
    fake: FakeMessenger, door: MessengerDoor
) -> None:
    await door.show(HER, screen("One"), None)
    await door.register("https://saphan.test/hooks/messenger")
    await door.look()

    assert {call.path for call in fake.calls} == {
        *("/me", "/me/messages", "/me/subscribed_apps", "/me/messenger_profile"),
        *("/app", f"/{APP}/subscriptions"),
    }


@pytest.mark.parametrize("name", ["token", "app_secret"])
def test_a_setting_of_the_wrong_form_is_named_without_its_value(name: str) -> None:
    with pytest.raises(ValueError, match=f"MESSENGER_{name.upper()}") as raised:
        DOOR.open({**FakeMessenger().block, name: "canary é"})

    assert "canary" not in str(raised.value)


async def test_the_code_of_a_poster_comes_along_with_get_started() -> None:
    referral = {"ref": "bcdfghjk", "source": "SHORTLINK", "type": "OPEN_THREAD"}
    said = {"postback": {"title": "x", "payload": "start", "referral": referral}}
    fake = FakeMessenger()
    [incoming] = messenger_reading.read(fake.brought(HER.id, "m_1", said))

    assert (incoming.said, incoming.campaign) == (Pressed("start"), "bcdfghjk")
