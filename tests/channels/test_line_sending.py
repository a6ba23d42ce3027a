"""What LINE is sent: within its limits, silent, no label cut, by reply token while it lives."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from linebot.v3.messaging import AudioMessage, FlexMessage, PushMessageRequest

from bot.doors.line import ABILITIES, LEAST_PAUSE, LineDoor
from bot.doors.line_bubbles import BUBBLE_BYTES, drawn
from bot.taps import tapped
from handlers.messages import (
    Address,
    Button,
    ChannelError,
    Choice,
    Outgoing,
    Pressed,
    Refused,
    Sound,
    TryLater,
    Unreachable,
)
from tests.channels.fake_line import SECRET, TOKEN, FakeLine
from tests.channels.line_platform import SHE
from tests.channels.line_rules import check
from tests.channels.platform import Clock
from tests.channels.screens import LINES, ROW, screen

HER = Address("line", SHE)
LONG = "နေရာတစ်ခုသို့ ချက်ချင်းသွားရန် လိုအပ်သူများအတွက် ရွေးချယ်စရာ"  # far over 20 characters
CARD = "● A place\nLegal help\n☎ +66 2 123-4567\n☎ 1300\n💬 @info\nAsk first"


@pytest.fixture
async def fake(clock: Clock) -> AsyncIterator[FakeLine]:
    async with FakeLine(clock=clock) as fake:
        await fake.user_follows(SHE)
        yield fake


@pytest.fixture
async def door(fake: FakeLine) -> AsyncIterator[LineDoor]:
    door = LineDoor(fake.token, fake.secret, fake.base)
    yield door
    await door.close()


def parts(raw: Any) -> list[dict[str, Any]]:
    """Every component of a bubble, however deep."""
    if isinstance(raw, list):
        return [found for each in raw for found in parts(each)]
    if not isinstance(raw, dict):
        return []
    inside = [found for each in raw.values() for found in parts(each)]
    return [raw, *inside]


def wide(choices: int) -> Outgoing:
    """A screen with labels far longer than LINE's own buttons take."""
    buttons = tuple(Button(id=f"o{n}", label=f"{LONG} {n}", icon="🏠") for n in range(choices))
    return Outgoing(
        step=7, locale="my", node="test.1", texts=("မင်္ဂလာပါ",), choices=buttons, actions=ROW
    )


async def test_long_labels_stand_whole_in_rows_that_wrap(fake: FakeLine, door: LineDoor) -> None:
    await door.show(HER, wide(6), None)
    [message] = fake.visible(SHE)

    assert message.faces[:6] == tuple(f"🏠 {LONG} {n}" for n in range(6))
    texts = [part for part in parts(message.raw) if part.get("type") == "text"]
    assert all(part["wrap"] and part["scaling"] for part in texts)
    assert not any("maxLines" in part or "adjustMode" in part for part in texts)


async def test_a_tap_puts_no_word_into_the_chat(fake: FakeLine, door: LineDoor) -> None:
    await door.show(HER, wide(3), None)
    for words in fake.visible(SHE)[0].faces:
        await fake.user_taps(SHE, words)

    assert len(fake.visible(SHE)) == 1
    assert "displayText" not in json.dumps(fake.visible(SHE)[0].raw)


async def test_every_button_comes_back_as_what_it_is(fake: FakeLine, door: LineDoor) -> None:
    await door.show(HER, wide(2), None)
    found = [tapped(action["data"]) for _, action in fake.visible(SHE)[0].keys]

    assert found[:2] == [Choice(7, "o0"), Choice(7, "o1")]
    assert found[2] == Pressed("leave", 7)
    assert len(found) == 2 + len(ROW)


async def test_a_notification_shows_a_wave_and_makes_no_sound(
    fake: FakeLine, door: LineDoor
) -> None:
    await door.show(HER, screen("Canarywords", "Canaryline"), None)
    await door.neutral(HER, "1", "Canaryline")

    assert [message.preview for message in fake.visible(SHE)] == ["👋"] * 3
    assert all(message.silent for message in fake.visible(SHE))
    assert fake.visible(SHE)[-1].faces == ()


async def test_a_number_to_call_is_tapped_to_call(fake: FakeLine, door: LineDoor) -> None:
    await door.show(HER, screen(CARD), None)
    [message] = fake.visible(SHE)
    calls = [
        (part["text"], part["action"]["uri"])
        for part in parts(message.raw)
        if part.get("type") == "text" and "action" in part
    ]

    assert message.text == CARD
    assert calls == [("☎ +66 2 123-4567", "tel:+6621234567"), ("☎ 1300", "tel:1300")]


@pytest.mark.parametrize("line", ["☎ no number yet", "☎", "☎ 1300 or 191", "call 1300", "☎ 12a4"])
def test_a_line_that_is_no_number_is_words(line: str) -> None:
    [message] = drawn(screen(line, choices=0), ABILITIES)

    assert "tel:" not in json.dumps(message)


def test_the_fullest_screen_stays_under_the_limit_even_if_all_letters_were_escaped() -> None:
    buttons = tuple(Button(id=f"o{n}", label="က" * 118, icon="🏠") for n in range(10))
    full = Outgoing(
        step=10**9 - 1,
        locale="my",
        node="test.1",
        texts=("က" * ABILITIES.text,),
        choices=buttons,
        actions=ROW,
    )
    [message] = drawn(full, ABILITIES)

    assert len(json.dumps(message["contents"]).encode()) < BUBBLE_BYTES
    check([message])


def test_more_than_a_bubble_takes_is_an_error_before_it_is_sent() -> None:
    buttons = tuple(Button(id=f"o{n}", label="👋" * 117, icon="🏠") for n in range(39))
    full = Outgoing(step=1, locale="en", node="test.1", texts=("👋" * 900,), choices=buttons)
    roomy = type(ABILITIES)(text=2_000, unit="utf16", label=120, rows=40)

    with pytest.raises(ValueError, match="more than LINE takes"):
        drawn(full, roomy)


@pytest.mark.parametrize("locale", sorted(LINES))
def test_the_official_models_know_every_property_we_send(locale: str) -> None:
    long = LINES[locale] * (ABILITIES.text // len(LINES[locale]) + 1)
    messages = list(drawn(screen(long, CARD, locale=locale), ABILITIES))
    request = {"to": SHE, "messages": messages, "notificationDisabled": True}

    assert [FlexMessage.from_dict(each).to_dict() for each in messages] == messages
    assert PushMessageRequest.from_dict(request).to_dict() == request
    check(messages)


# Reply tokens.


async def test_an_answer_takes_the_reply_token_and_is_not_pushed(
    fake: FakeLine, door: LineDoor
) -> None:
    sent = await door.show(HER, screen("One", "Two"), None, fake.talks.token(SHE))

    assert [path for path, _, _ in fake.calls] == ["/v2/bot/message/reply"]
    assert sent.message_ids == tuple(message.id for message in fake.visible(SHE))


async def test_a_token_that_was_used_is_no_loss(fake: FakeLine, door: LineDoor) -> None:
    token = fake.talks.token(SHE)
    for words in ("One", "Two"):
        await door.show(HER, screen(words), None, token)

    assert [message.text for message in fake.visible(SHE)] == ["One", "Two"]
    assert [(path[-5:], status) for path, _, status in fake.calls] == [
        ("reply", 200),
        ("reply", 400),
        ("/push", 200),
    ]


@pytest.mark.parametrize(("seconds", "path"), [(59, "reply"), (61, "/push")])
async def test_a_token_lives_a_minute(
    fake: FakeLine, door: LineDoor, clock: Clock, seconds: int, path: str
) -> None:
    token = fake.talks.token(SHE)
    clock.move(seconds=seconds)
    await door.show(HER, screen("One"), None, token)

    assert [message.text for message in fake.visible(SHE)] == ["One"]
    assert fake.calls[-1][0][-5:] == path


async def test_a_reply_that_fails_for_another_reason_is_not_pushed_behind_it(
    fake: FakeLine, door: LineDoor
) -> None:
    token = fake.talks.token(SHE)
    for status, error in ((400, Refused), (500, ChannelError), (401, ChannelError)):
        fake.fail_next(status, "The request body has 1 error(s)")
        with pytest.raises(error):
            await door.show(HER, screen("One"), None, token)

    assert fake.called("/push") == []
    assert fake.visible(SHE) == []


async def test_six_messages_are_one_reply_and_one_push_in_order(
    fake: FakeLine, door: LineDoor
) -> None:
    texts = [f"Card {number}" for number in range(6)]
    await door.show(HER, screen(*texts), None, fake.talks.token(SHE))

    assert [message.text for message in fake.visible(SHE)] == texts
    assert [len(body["messages"]) for _, body, _ in fake.calls] == [5, 1]
    assert [bool(message.faces) for message in fake.visible(SHE)] == [False] * 5 + [True]


# Refusals.


async def test_a_user_of_no_such_channel_is_unreachable(fake: FakeLine, door: LineDoor) -> None:
    for stranger in ("U" + "0" * 32, "nobody"):
        with pytest.raises(Unreachable):
            await door.show(Address("line", stranger), screen("One"), None)


async def test_who_blocked_us_is_sent_nothing_and_we_are_not_told(
    fake: FakeLine, door: LineDoor
) -> None:
    await fake.user_blocks(SHE)
    sent = await door.show(HER, screen("One"), None)

    assert len(sent.message_ids) == 1
    assert fake.visible(SHE) == []


async def test_a_stranger_can_be_written_to_for_the_window_and_no_longer(
    fake: FakeLine, door: LineDoor, clock: Clock
) -> None:
    fake.talks.friends.clear()
    await fake.user_says(SHE, "hello")
    for hours in (ABILITIES.window or 0, 1):
        clock.move(hours=hours)
        await door.show(HER, screen(f"After {hours}"), None)

    assert [message.text for message in fake.visible(SHE)] == ["hello", "After 168.0"]


@pytest.mark.parametrize(("named", "seconds"), [(None, LEAST_PAUSE), (1, LEAST_PAUSE), (30, 30)])
async def test_a_limit_of_rate_is_waited_for(
    fake: FakeLine, door: LineDoor, named: int | None, seconds: float
) -> None:
    fake.fail_next(429, retry_after=named)

    with pytest.raises(TryLater) as raised:
        await door.show(HER, screen("One"), None, fake.talks.token(SHE))
    assert raised.value.seconds == seconds
    assert raised.value.__context__ is None


async def test_a_wrong_token_is_an_error_that_says_nothing(fake: FakeLine) -> None:
    door = LineDoor("Canarytoken", SECRET, fake.base)

    with pytest.raises(ChannelError) as raised:
        await door.show(HER, screen("Canarywords"), None)
    await door.close()
    assert "anary" not in repr(raised.value)


async def test_nothing_is_logged_of_what_is_sent(
    fake: FakeLine, door: LineDoor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    token = fake.talks.token(SHE)
    await door.show(HER, screen("Canarywords"), None, token)
    await door.show(HER, screen("Canarywords"), None, token)

    for secret in (TOKEN, SHE, token, "Canarywords"):
        assert secret not in caplog.text


# Sound.


async def test_a_recording_is_the_native_sound_message(fake: FakeLine, door: LineDoor) -> None:
    url = "https://saphan.test/sounds/ab12.mp3"
    sound = Sound(digest="ab12", content=b"", seconds=9, url=url)
    sent = await door.speak(HER, sound, fake.talks.token(SHE))
    [message] = fake.visible(SHE)

    assert sent.message_ids == (message.id,)
    assert message.raw == {"type": "audio", "originalContentUrl": url, "duration": 9_000}
    assert AudioMessage.from_dict(message.raw).to_dict() == message.raw
    assert message.silent
    assert fake.called("/push") == []


@pytest.mark.parametrize("url", ["", "http://saphan.test/sounds/ab12.mp3"])
async def test_without_an_address_that_line_fetches_nothing_is_sent(
    fake: FakeLine, door: LineDoor, url: str
) -> None:
    sent = await door.speak(HER, Sound(digest="ab12", content=b"x", seconds=9, url=url))

    assert sent.message_ids == ()
    assert fake.calls == []
