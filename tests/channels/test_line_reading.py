"""The reader of LINE's events: what it takes, what it drops, and that nothing breaks it."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from linebot.v3 import WebhookParser
from linebot.v3.webhooks import FollowEvent, MessageEvent, PostbackEvent, TextMessageContent

from bot.doors.line_reading import read
from bot.taps import COMMANDS, tapped
from handlers.messages import MAX_TYPED, Address, Attachment, Choice, Incoming, Pressed, Text
from tests.channels.fake_line import SECRET, FakeLine
from tests.channels.line_platform import SHE
from tests.channels.test_telegram_read_fuzz import ANYTHING, mostly

SENT: list[dict[str, Any]] = [
    {"type": "image", "contentProvider": {"type": "line"}, "quoteToken": "q"},
    {"type": "video", "contentProvider": {"type": "line"}, "quoteToken": "q", "duration": 9},
    {"type": "audio", "contentProvider": {"type": "line"}, "duration": 9},
    {"type": "file", "fileName": "canary.pdf", "fileSize": 9},
    {"type": "location", "latitude": 1.5, "longitude": 2.5, "address": "Canarystreet"},
    {
        "type": "sticker",
        "packageId": "1",
        "stickerId": "2",
        "stickerResourceType": "MESSAGE",
        "quoteToken": "q",
        "text": "Canarywords",
    },
]
# What happens in a chat without her saying something to us.
QUIET: list[dict[str, Any]] = [
    {"type": "unsend", "unsend": {"messageId": "1"}},
    {"type": "unfollow"},
    {"type": "join"},
    {"type": "leave"},
    {"type": "memberJoined", "joined": {"members": [{"type": "user", "userId": SHE}]}},
    {"type": "memberLeft", "left": {"members": [{"type": "user", "userId": SHE}]}},
    {"type": "videoPlayComplete", "videoPlayComplete": {"trackingId": "t"}},
    {"type": "beacon", "beacon": {"hwid": "d41d8cd98f", "type": "enter"}},
    {"type": "accountLink", "link": {"result": "ok", "nonce": "n"}},
    {"type": "membership", "membership": {"type": "joined", "membershipId": 3189}},
    {"type": "something new", "news": 1},
    {"type": "postback", "postback": {"data": "no step"}},
    {"type": "postback", "postback": {}},
    {"type": "message", "message": {"type": "text", "id": "1", "text": ""}},
    {"type": "message", "message": {"id": "1"}},
    {"type": "message"},
    {},
]


def event(**what: Any) -> dict[str, Any]:
    made = FakeLine().event(SHE, {"type": "message", **what})
    return {**made, "webhookEventId": "01FZ74A0TDDPYRVKNK77XKC3ZR", "replyToken": "nHuyWiB7yP5"}


def call(*events: object) -> bytes:
    return json.dumps({"destination": "U" + "b" * 32, "events": events}).encode()


def typed(words: str, **more: Any) -> dict[str, Any]:
    return event(message={"type": "text", "id": "444", "quoteToken": "q", "text": words}, **more)


def incoming(said: Text | Choice | Pressed | Attachment) -> Incoming:
    return Incoming(
        address=Address("line", SHE),
        said=said,
        event_id="01FZ74A0TDDPYRVKNK77XKC3ZR",
        callback_id="nHuyWiB7yP5",
    )


def test_typed_words_come_with_the_reply_token_and_the_event_and_nothing_else() -> None:
    assert read(call(typed("hello"))) == (incoming(Text("hello")),)


def test_a_tap_is_a_choice() -> None:
    tap = event(type="postback", postback={"data": "12:gh.f.ret"})

    assert read(call(tap)) == (incoming(Choice(12, "gh.f.ret")),)


def test_a_tap_on_the_standard_row_is_a_command() -> None:
    tap = event(type="postback", postback={"data": "12:!leave"})

    assert read(call(tap)) == (incoming(Pressed("leave", 12)),)


@pytest.mark.parametrize("again", [True, False])
def test_adding_or_unblocking_the_bot_begins(again: bool) -> None:
    follow = event(type="follow", follow={"isUnblocked": again})

    assert read(call(follow)) == (incoming(Pressed("start")),)


@pytest.mark.parametrize("content", SENT, ids=lambda content: content["type"])
def test_what_is_not_typed_is_an_attachment(content: dict[str, Any]) -> None:
    assert read(call(event(message={"id": "444", **content}))) == (incoming(Attachment()),)


@pytest.mark.parametrize("what", QUIET, ids=lambda what: str(what.get("type")))
def test_what_nobody_said_to_us_is_nothing(what: dict[str, Any]) -> None:
    made = event(**what)
    made = made if "type" in what else {**made, "type": None}

    assert read(call(made)) == ()


@pytest.mark.parametrize(
    "source",
    [
        {"type": "group", "groupId": "C" + "1" * 32, "userId": SHE},
        {"type": "room", "roomId": "R" + "1" * 32, "userId": SHE},
        {"type": "user"},
        {"type": "user", "userId": "U123"},
        {"type": "user", "userId": 7},
        None,
    ],
)
def test_only_her_own_chat_with_us_is_read(source: object) -> None:
    assert read(call(typed("hello", source=source))) == ()


def test_a_chat_that_another_bot_answers_is_not_read() -> None:
    assert read(call(typed("hello", mode="standby"))) == ()


def test_several_events_of_one_call_come_in_order_and_a_broken_one_stops_none() -> None:
    events = [typed("one"), 7, {"type": "message"}, typed("two")]

    assert [each.said for each in read(call(*events))] == [Text("one"), Text("two")]


def test_a_second_delivery_has_the_id_of_the_first() -> None:
    again = typed("hello", deliveryContext={"isRedelivery": True})

    assert read(call(again)) == read(call(typed("hello")))


def test_a_long_or_odd_event_id_becomes_a_short_one_of_its_own() -> None:
    odd = [typed("a"), typed("a"), typed("a")]
    odd[0]["webhookEventId"] = "x" * 61
    odd[1]["webhookEventId"] = "é"
    odd[2]["webhookEventId"] = ""
    ids = [each.event_id or "" for each in read(call(*odd))]

    assert [len(each) for each in ids] == [64, 64]
    assert ids[0] != ids[1]


@pytest.mark.parametrize("token", [None, 7, "", "x" * 129, "two words", "é"])
def test_without_a_sound_reply_token_it_is_answered_by_push(token: object) -> None:
    [said] = read(call({**typed("hello"), "replyToken": token}))

    assert said.callback_id is None
    assert said.said == Text("hello")


def test_of_long_words_only_the_beginning_is_read() -> None:
    [said] = read(call(typed("x" * 5_000)))

    assert said.said == Text("x" * MAX_TYPED)


def test_no_repr_tells_who_said_what() -> None:
    [said] = read(call(typed("Canarywords")))

    assert "Canarywords" not in repr(said)
    assert SHE not in repr(said)
    assert "nHuyWiB7yP5" not in repr(said)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        b'{"events": {}}',
        b'{"events": [null]}',
        b'{"events": ["\\ud800"]}',
        b"[" * 100_000,
        b'{"events":' * 40_000,
    ],
)
def test_what_cannot_be_read_is_nothing(body: bytes) -> None:
    assert read(body) == ()


def test_we_read_what_the_official_parser_reads() -> None:
    events = [
        typed("hello ✋ မင်္ဂလာပါ"),
        event(type="postback", postback={"data": "3:!menu"}),
        event(type="follow", follow={"isUnblocked": False}),
        *(event(message=content | {"id": "444"}) for content in SENT),
        *(
            event(**what)
            for what in QUIET
            if what.get("type") not in ("message", "postback", None)
        ),
    ]
    body = call(*events)
    theirs = WebhookParser(SECRET).parse(body.decode(), FakeLine().sign(body))
    said: list[object] = []
    for each in theirs:
        match each:
            case MessageEvent(message=TextMessageContent(text=words)):
                said.append(Text(words))
            case MessageEvent():
                said.append(Attachment())
            case PostbackEvent():
                said.append(tapped(each.postback.data))
            case FollowEvent():
                said.append(Pressed("start"))

    assert len(theirs) == len(events)
    assert [each.said for each in read(body)] == said
    assert len(said) == 9


IDS = mostly(st.just(SHE))
SOURCES = st.fixed_dictionaries({"type": mostly(st.just("user")), "userId": IDS})
CONTENTS = st.fixed_dictionaries(
    {"type": mostly(st.sampled_from(["text", "image"])), "text": mostly(st.text())}
)
POSTBACKS = st.fixed_dictionaries(
    {"data": mostly(st.from_regex(r"[0-9]{1,10}:!?[a-z.]{1,70}", fullmatch=True))}
)
EVENTS = st.fixed_dictionaries(
    {
        "type": mostly(st.sampled_from(["message", "postback", "follow", "unsend"])),
        "source": mostly(SOURCES),
        "webhookEventId": mostly(st.text(max_size=90)),
        "replyToken": mostly(st.text(max_size=200)),
        "message": mostly(CONTENTS),
        "postback": mostly(POSTBACKS),
    },
    optional={"mode": ANYTHING, "deliveryContext": ANYTHING},
)


def check_bounds(each: Incoming) -> None:
    """Nothing but our own closed, bounded values."""
    assert each.address == Address("line", SHE)
    assert 0 < len(each.event_id or "") <= 64
    assert (each.message_id, each.card_id, each.going_on) == (None, None, False)
    assert each.callback_id is None or 0 < len(each.callback_id) <= 128
    match each.said:
        case Text(words):
            assert 0 < len(words) <= MAX_TYPED
            assert words.encode()
        case Choice(step, option):
            assert 0 <= step < 10**9
            assert option.isascii()
        case Pressed(command):
            assert command in COMMANDS.values()
        case Attachment():
            pass


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(found=st.lists(EVENTS | ANYTHING, max_size=3) | ANYTHING)
def test_no_call_whatever_raises_or_gives_more_than_the_allowed_fields(found: object) -> None:
    try:
        body = json.dumps({"events": found}).encode()
    except (TypeError, ValueError, UnicodeError):
        return
    for each in read(body):
        check_bounds(each)


@settings(max_examples=200, deadline=None)
@given(body=st.binary(max_size=400))
def test_no_bytes_whatever_raise(body: bytes) -> None:
    assert read(body) == () or body
