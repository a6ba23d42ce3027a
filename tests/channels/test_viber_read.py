"""The reader of Viber's callbacks: what was said, nothing about who said it, the SDK agreeing."""

from typing import Any

import orjson
import pytest
from viberbot import Api, BotConfiguration
from viberbot.api.viber_requests import ViberConversationStartedRequest, ViberMessageRequest

from bot.doors.viber import ViberDoor
from handlers.messages import (
    MAX_TYPED,
    Address,
    Attachment,
    Choice,
    Incoming,
    Pressed,
    Said,
    Text,
)
from tests.channels.fake_viber import TOKEN

TOKEN_OF_MESSAGE = 4_912_661_846_655_238_145
SENDER = {
    "id": "01234567890A=",
    "name": "Canary Name",
    "avatar": "https://canary.example",
    "country": "MM",
    "language": "my",
    "api_version": 10,
}
KHMER = "ខ្ញុំត្រូវការជំនួយ"


def callback(event: str = "message", **fields: Any) -> bytes:
    """A callback as in the REST API's examples; a field that is None is left out."""
    frame = {"event": event, "timestamp": 1_457_764_197_627, "message_token": TOKEN_OF_MESSAGE}
    whole = {**frame, "sender": SENDER, "message": {"type": "text", "text": "hello"}, **fields}
    return orjson.dumps({name: value for name, value in whole.items() if value is not None})


def read(body: bytes) -> Incoming | None:
    return next(iter(ViberDoor(TOKEN).read(body)), None)


def said(**message: object) -> Said | None:
    incoming = read(callback(message=message))
    return incoming.said if incoming else None


def oracle() -> Api:
    """The official SDK, which is no part of the product."""
    return Api(BotConfiguration(auth_token=TOKEN, name="Info", avatar=""))


def test_a_message_is_its_words_its_number_and_an_address() -> None:
    incoming = read(callback(message={"type": "text", "text": KHMER}))

    assert incoming == Incoming(
        address=Address("viber", "01234567890A="),
        said=Text(KHMER),
        event_id=str(TOKEN_OF_MESSAGE),
    )
    assert "Canary" not in repr(incoming)
    assert "01234567890A=" not in repr(incoming)


def test_the_sdk_reads_the_same_person_number_and_words() -> None:
    body = callback(message={"type": "text", "text": KHMER}, silent=False)
    theirs = oracle().parse_request(body)
    ours = read(body)

    assert isinstance(theirs, ViberMessageRequest)
    assert ours is not None
    assert ours.address.id == theirs.sender.id
    assert ours.event_id == str(theirs.message_token)
    assert ours.said == Text(theirs.message.text)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("👋 3:option2", Choice(3, "option2")),
        ("👋 12:!leave", Pressed("leave", 12)),
        ("👋 7:!back", Pressed("back", 7)),
        ("👋 0:!start", Pressed("start")),
        ("3:option2", Text("3:option2")),
        ("8:30", Text("8:30")),
        ("👋 8 30", Text("👋 8 30")),
        ("👋", Text("👋")),
        ("👋 3:!sing", Text("👋 3:!sing")),
        ("/start", Text("/start")),
    ],
)
def test_a_tap_is_told_from_words_by_the_sign_before_it(words: str, meant: Said) -> None:
    assert said(type="text", text=words) == meant


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert said(type="text", text="က" * 7_000) == Text("က" * MAX_TYPED)


@pytest.mark.parametrize(
    "message",
    [
        {"type": "picture", "media": "https://m", "text": "look"},
        {"type": "video", "media": "https://m", "size": 3},
        {"type": "file", "media": "https://m", "file_name": "voice.m4a", "size": 3},
        {"type": "sticker", "sticker_id": 40_133},
        {"type": "contact", "contact": {"name": "Canary", "phone_number": "+855"}},
        {"type": "location", "location": {"lat": 11.5, "lon": 104.9}},
        {"type": "url", "media": "https://m"},
        {"type": "rich_media", "rich_media": {}},
        {"type": "of a later year"},
    ],
)
def test_what_is_not_typed_is_an_attachment_and_nothing_more(message: dict[str, Any]) -> None:
    assert said(**message) == Attachment()


@pytest.mark.parametrize(
    "event",
    [
        *("webhook", "delivered", "seen", "failed", "subscribed", "unsubscribed"),
        *("conversation_started", "client_status", "action", "of a later year"),
    ],
)
def test_what_nobody_said_is_not_heard(event: str) -> None:
    body = callback(event, user_id=SENDER["id"], user=SENDER, desc="failure description")

    assert read(body) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"sender": None},
        {"sender": {}},
        {"sender": "01234567890A="},
        {"sender": {"id": ""}},
        {"sender": {"id": "a b"}},
        {"sender": {"id": "A" * 65}},
        {"sender": {"id": 7}},
        {"sender": {"id": "A=\n"}},
        {"message": None},
        {"message": []},
        {"message": {"type": "text"}},
        {"message": {"type": "text", "text": ""}},
        {"message": {"type": "text", "text": " \n"}},
        {"message": {"type": "text", "text": 7}},
        {"message": {"type": ["text"], "text": "hello"}},
        {"message_token": None},
        {"message_token": "4912661846655238145"},
        {"message_token": True},
        {"message_token": -1},
        {"message_token": 1.5},
        {"chat_id": "a-chat-with-others"},
        {"event": ["message"]},
    ],
)
def test_what_is_malformed_or_not_said_to_us_alone_is_not_heard(fields: dict[str, Any]) -> None:
    body = orjson.dumps({**orjson.loads(callback()), **fields})
    whole = {name: value for name, value in orjson.loads(body).items() if value is not None}

    assert read(orjson.dumps(whole)) is None


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b"[]", b"7", b"null", b'"message"', b"[" * 100_000, b'{"a":' * 40_000],
)
def test_what_cannot_be_read_is_neither_heard_nor_answered(body: bytes) -> None:
    door = ViberDoor(TOKEN)

    assert list(door.read(body)) == []
    assert door.answer(body) == b""


def test_who_opens_the_chat_is_greeted_in_the_answer_with_one_button_that_begins() -> None:
    body = callback(
        "conversation_started", user=SENDER, type="open", context="c7", subscribed=True
    )
    theirs = oracle().parse_request(body)
    greeting = orjson.loads(ViberDoor(TOKEN).answer(body))
    [button] = greeting["keyboard"]["Buttons"]

    assert isinstance(theirs, ViberConversationStartedRequest)
    assert read(body) is None
    assert (greeting["type"], greeting["text"]) == ("text", "👋")
    assert "receiver" not in greeting
    assert button["Text"] == "▶"
    assert said(type="text", text=button["ActionBody"]) == Pressed("start")
    assert b"Canary" not in ViberDoor(TOKEN).answer(body)


def test_nothing_else_is_answered_with_words() -> None:
    assert ViberDoor(TOKEN).answer(callback()) == b""
    assert ViberDoor(TOKEN).answer(callback("subscribed", user=SENDER)) == b""
