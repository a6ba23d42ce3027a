"""The code of a poster comes along where the platform brings it, and nothing else does."""

from typing import Any

import httpx
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import telegram_updates
from bot.door import Messenger
from bot.doors import doors, messenger_reading, viber_reading
from bot.doors.viber import ViberDoor
from bot.webchat import ABILITIES as WEB
from handlers.messages import Attachment, Pressed, Text
from tests.channels.fake_viber import TOKEN, FakeViber

CODE = "bcdfghjk"
HER = "fakeOfPosters+3b2Q=="


def telegram(text: str) -> str:
    message = {"message_id": 3, "chat": {"id": 7, "type": "private"}, "text": text}
    incoming = telegram_updates.read({"update_id": 1, "message": message})
    assert incoming is not None
    assert incoming.said == Pressed("start") or not incoming.campaign
    return incoming.campaign


def messenger(postback: dict[str, Any]) -> str:
    event = {"sender": {"id": "4242"}, "postback": {"mid": "m1", "payload": "start", **postback}}
    update = {"object": "page", "entry": [{"id": "1", "messaging": [event]}]}
    [incoming] = messenger_reading.read(update)
    assert incoming.said == Pressed("start")
    return incoming.campaign


def viber(**message: object) -> str:
    body = {"event": "message", "message_token": 5, "sender": {"id": HER}, "message": message}
    incoming = viber_reading.read(orjson.dumps(body))
    assert incoming is not None
    return incoming.campaign


def test_each_door_says_how_a_link_carries_a_code_or_that_it_carries_none() -> None:
    between = {name: door.abilities.poster for name, door in doors().items()}

    assert between == {
        "telegram": "?start=",
        "viber": "&context=",
        "messenger": "?ref=",
        "line": "",
        "whatsapp": "",
        "sms": "",
    }
    assert WEB.poster == "/p/"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"/start {CODE}", CODE),
        ("/start", ""),
        (f"/start {CODE}x", ""),
        ("/start my husband hits me", ""),
        (f"/leave {CODE}", ""),
        (CODE, ""),
    ],
)
def test_telegram_brings_it_behind_start(text: str, code: str) -> None:
    assert telegram(text) == code


def test_messenger_brings_it_with_get_started() -> None:
    assert messenger({"referral": {"ref": CODE, "source": "SHORTLINK"}}) == CODE
    assert messenger({"referral": {"ref": "her name"}}) == ""
    assert messenger({"referral": CODE}) == ""
    assert messenger({}) == ""


def test_viber_passes_back_what_we_sent_and_nothing_else_is_taken() -> None:
    assert viber(type="text", text="👋 0:!start", tracking_data=CODE) == CODE
    assert viber(type="text", text="hello", tracking_data="her name") == ""
    assert viber(type="picture", media="https://m", tracking_data=["x"]) == ""


@given(st.one_of(st.text(), st.integers(), st.none(), st.lists(st.text())))
def test_whatever_else_is_brought_is_dropped(brought: object) -> None:
    assert messenger({"referral": {"ref": brought}}) in ("", brought)
    assert telegram(f"/start {brought}") in ("", brought)


async def test_from_a_link_of_viber_it_comes_with_the_first_tap_only() -> None:
    found: list[tuple[object, str]] = []
    door: Messenger = ViberDoor(TOKEN)

    async def hook(request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        found.extend((one.said, one.campaign) for one in door.read(body))
        return httpx.Response(200, content=door.answer(body))

    async with FakeViber(transport=httpx.MockTransport(hook)) as fake:
        channel = ViberDoor(TOKEN, fake.base)
        await channel.register("https://x.test/hooks/viber")
        await fake.she_opens(HER, context=CODE)
        await fake.she_taps(HER, "▶")
        await fake.settled()
        await fake.she_opens(HER, context="her name")
        await fake.she_says(HER, "hello")
        await fake.she_sends(HER, "picture", media="https://m")
        await fake.settled()
        await channel.close()

    assert found == [(Pressed("start"), CODE), (Text("hello"), ""), (Attachment(), "")]
    assert fake.failed == []
