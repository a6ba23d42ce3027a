"""What WhatsApp's errors mean, when it takes nothing, and how the number is set up."""

from collections.abc import AsyncIterator

import pytest

from bot.door import Profile
from bot.doors.whatsapp import DOOR, WhatsAppDoor
from handlers.messages import (
    Address,
    ChannelError,
    Refused,
    Sound,
    TryLater,
    Unreachable,
)
from tests.channels.fake_graph import Hook, Refusal
from tests.channels.fake_whatsapp import PHONE_ID, FakeWhatsApp
from tests.channels.platform import Clock
from tests.channels.screens import screen

HER = Address("whatsapp", "66812345678")


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


async def test_the_neutral_line_is_the_last_that_stands(
    fake: FakeWhatsApp, door: WhatsAppDoor
) -> None:
    await door.show(HER, screen("Words"), None)
    await door.neutral(HER, "", "👋")

    assert [each.text for each in fake.visible(HER.id)] == ["Words", "👋"]
    assert fake.visible(HER.id)[-1].keys == ()


async def test_somebody_known_by_metas_id_is_answered_by_it(
    fake: FakeWhatsApp, door: WhatsAppDoor
) -> None:
    scoped = Address("whatsapp", "TH.13491208655302741918")
    fake.chat_of(scoped.id)
    await door.show(scoped, screen("One"), None)

    assert fake.calls[-1].body["recipient"] == scoped.id
    assert "to" not in fake.calls[-1].body


async def test_after_a_day_without_her_nothing_is_taken(
    fake: FakeWhatsApp, door: WhatsAppDoor
) -> None:
    assert isinstance(fake.clock, Clock)
    assert door.abilities.window == 24
    fake.clock.move(hours=23.9)
    await door.show(HER, screen("In time"), None)
    fake.clock.move(hours=0.2)

    with pytest.raises(Refused):
        await door.show(HER, screen("Late"), None)


async def test_too_much_at_once_to_one_person_waits_six_seconds(
    fake: FakeWhatsApp, door: WhatsAppDoor
) -> None:
    assert isinstance(fake.clock, Clock)
    for number in range(45):
        await door.show(HER, screen(f"No. {number}"), None)

    with pytest.raises(TryLater) as raised:
        await door.show(HER, screen("One more"), None)
    fake.clock.move(seconds=raised.value.seconds)
    await door.show(HER, screen("One more"), None)

    assert raised.value.seconds == 6


async def test_a_limit_of_one_chat_holds_up_no_other_whatever_status_it_comes_with(
    fake: FakeWhatsApp, door: WhatsAppDoor
) -> None:
    other = Address("whatsapp", "66812345679")
    fake.chat_of(other.id)
    fake.fail_next(Refusal(131056, status=429))
    with pytest.raises(TryLater) as raised:
        await door.show(HER, screen("One more"), None)
    await door.show(other, screen("Hello"), None)

    assert (raised.value.seconds, raised.value.whole) == (6, False)


@pytest.mark.parametrize(
    ("refusal", "meant"),
    [
        (Refusal(131026), Unreachable),
        (Refusal(131030), Unreachable),
        (Refusal(131047), Refused),
        (Refusal(131009), Refused),
        (Refusal(131051), Refused),
        (Refusal(130429), TryLater),
        (Refusal(80007), TryLater),
        (Refusal(131048), TryLater),
        (Refusal(4, status=403), TryLater),
        (Refusal(190, status=401), ChannelError),
        (Refusal(131000), ChannelError),
        (Refusal(131000, status=500), ChannelError),
        (Refusal(2, status=503), ChannelError),
    ],
)
async def test_errors_mean_what_metas_page_says(
    fake: FakeWhatsApp, door: WhatsAppDoor, refusal: Refusal, meant: type[ChannelError]
) -> None:
    fake.fail_next(refusal)

    with pytest.raises(ChannelError) as raised:
        await door.show(HER, screen("Canary"), None)

    error = raised.value
    assert type(error) is meant
    assert (error.__cause__, error.__context__) == (None, None)
    assert not any(word in repr(error) for word in ("Canary", HER.id, fake.block["token"]))


async def test_a_limit_that_tells_its_end_is_waited_for(
    fake: FakeWhatsApp, door: WhatsAppDoor
) -> None:
    told = Refusal(80007)
    told.headers = {"X-Business-Use-Case-Usage": '{"1": [{"estimated_time_to_regain_access": 5}]}'}
    garbled = Refusal(80007)
    garbled.headers = {"X-Business-Use-Case-Usage": '{"1": [7, {"estimated_time_to_regain_'}
    fake.fail_next(told)
    fake.fail_next(garbled)
    waits = []
    for _ in range(2):
        with pytest.raises(TryLater) as raised:
            await door.show(HER, screen("One"), None)
        waits.append(raised.value.seconds)

    assert waits == [300, 60]


async def test_a_long_screen_stops_at_the_part_that_fails(
    fake: FakeWhatsApp, door: WhatsAppDoor
) -> None:
    fake.fail_next(Refusal(2, status=503), after=1)
    with pytest.raises(ChannelError):
        await door.show(HER, screen("One", "Two", "Three"), None)

    assert [each.text for each in fake.visible(HER.id)] == ["One"]


async def test_a_recording_is_uploaded_byte_for_byte_and_sent_as_a_voice_message(
    fake: FakeWhatsApp, door: WhatsAppDoor
) -> None:
    content = b"OggS\x00\r\n--\r\n\xff" * 50
    sent = await door.speak(HER, Sound(digest="d", content=content, seconds=9))

    shown = fake.visible(HER.id)[-1]
    assert door.sounds == "ogg"
    assert sent.message_ids == (shown.id,)
    assert (shown.form, fake.media[shown.sound]) == ("audio", content)


async def test_a_recording_that_is_not_taken_is_an_error(
    fake: FakeWhatsApp, door: WhatsAppDoor
) -> None:
    fake.fail_next(Refusal(131053))

    with pytest.raises(Refused):
        await door.speak(HER, Sound(digest="d", content=b"Ogg", seconds=9))


async def test_the_hook_of_the_number_is_set_asked_and_told(
    fake: FakeWhatsApp, door: WhatsAppDoor
) -> None:
    await door.register("https://saphan.test/hooks/whatsapp")
    look = await door.look()

    assert look.hook == "https://saphan.test/hooks/whatsapp"
    assert (look.link, look.name) == ("https://wa.me/15550783881", "Info")


async def test_a_hook_that_does_not_know_our_word_is_an_error(fake: FakeWhatsApp) -> None:
    other = WhatsAppDoor({**fake.block, "verify": "another"})
    with pytest.raises(ChannelError):
        await other.register("https://saphan.test/hooks/whatsapp")
    await other.close()

    assert fake.hook == ""


async def test_the_line_under_the_name_is_set_and_told(
    fake: FakeWhatsApp, door: WhatsAppDoor
) -> None:
    await door.introduce({"": Profile(name="Info", about="Info Mekong", commands={})})
    await door.introduce({"": Profile(name="Info", about="x" * 140, commands={})})

    assert (await door.look()).about == fake.about == "Info Mekong"


async def test_no_call_has_her_or_the_token_in_its_address(
    fake: FakeWhatsApp, door: WhatsAppDoor
) -> None:
    await door.show(HER, screen("One"), None)
    await door.look()

    assert {call.path for call in fake.calls} == {
        f"/{PHONE_ID}/messages",
        f"/{PHONE_ID}",
        f"/{PHONE_ID}/whatsapp_business_profile",
    }


@pytest.mark.parametrize("name", ["token", "phone_id"])
def test_a_setting_of_the_wrong_form_is_named_without_its_value(name: str) -> None:
    block = {**FakeWhatsApp().block, name: "canary é"}

    with pytest.raises(ValueError, match=f"WHATSAPP_{name.upper()}") as raised:
        DOOR.open(block)

    assert "canary" not in str(raised.value)
