"""What Messenger's webhooks are read as, and what of them never passes the door."""

from typing import Any

import orjson
import pytest

from bot.doors.messenger import MessengerDoor
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
from tests.channels.fake_messenger import PAGE, FakeMessenger

HER = "1254477777772919"
MID = "m_AG5Hz2Uq7tuwNEhXfYYKj8mJEM_QPpz5jdCK48PnKAjSdjfipqxqMvK8ma6AC8fplwlqLP_5cgXIbu7I3rBN0P"

FAKE = FakeMessenger()
DOOR = MessengerDoor({**FAKE.block, "api": "http://127.0.0.1:9"})


def _read(update: object) -> list[Incoming]:
    return list(DOOR.read(orjson.dumps(update)))


def _event(**parts: Any) -> dict[str, Any]:
    return {"sender": {"id": HER}, "recipient": {"id": PAGE}, "timestamp": 1, **parts}


def _said(**message: Any) -> Said | None:
    found = _read(FAKE.batch([_event(message={"mid": MID, **message})]))
    return found[0].said if found else None


def _postback(payload: object) -> Said | None:
    found = _read(FAKE.batch([_event(postback={"mid": MID, "title": "x", "payload": payload})]))
    return found[0].said if found else None


def test_words_are_read_and_nothing_about_who_wrote_them() -> None:
    words = {"mid": MID, "text": "hello", "nlp": {"detected_locales": [{"locale": "km_KH"}]}}
    [incoming] = _read(FAKE.batch([_event(message=words)]))

    assert incoming.address == Address("messenger", HER)
    assert incoming.said == Text("hello")
    assert incoming.event_id is not None
    assert len(incoming.event_id) == 64
    rest = (incoming.message_id, incoming.callback_id, incoming.card_id, incoming.going_on)
    assert rest == (None, None, None, False)


def test_quick_replies_are_read_by_what_they_carry_and_not_by_their_title() -> None:
    assert _said(text="Leave", quick_reply={"payload": "7:yes"}) == Choice(7, "yes")
    assert _said(text="Yes", quick_reply={"payload": "7:!back"}) == Pressed("back", 7)
    assert _said(text="Yes", quick_reply={"payload": "none of ours"}) is None
    assert _said(text="Yes", quick_reply={}) is None


def test_get_started_and_the_menu_are_read_as_commands() -> None:
    assert _postback("start") == Pressed("start")
    assert _postback("leave") == Pressed("leave")
    assert _postback("7:yes") == Choice(7, "yes")
    assert _postback("GET_STARTED") is None
    assert _postback(None) is None
    assert _postback(["start"]) is None


@pytest.mark.parametrize("kind", ["audio", "file", "image", "location", "video", "template"])
def test_what_is_not_words_is_an_attachment_and_its_content_is_not_read(kind: str) -> None:
    assert _said(attachments=[{"type": kind, "payload": {"url": "https://x"}}]) == Attachment()


def test_a_link_she_typed_stays_words() -> None:
    fallback = [{"type": "fallback", "payload": {"url": "https://x", "title": "Canary"}}]

    assert _said(text="https://x", attachments=fallback) == Text("https://x")


def test_what_messenger_could_not_pass_on_begins_nothing() -> None:
    [incoming] = _read(FAKE.batch([_event(message={"mid": MID, "is_unsupported": True})]))

    assert (incoming.said, incoming.going_on) == (Attachment(), True)


@pytest.mark.parametrize("mark", ["is_echo", "is_deleted"])
def test_echoes_of_ours_and_what_she_takes_back_are_nothing(mark: str) -> None:
    assert _said(text="x", **{mark: True}) is None


@pytest.mark.parametrize(
    "part",
    ["delivery", "read", "reaction", "referral", "optin", "message_edit", "pass_thread"],
)
def test_what_she_did_not_say_is_nothing(part: str) -> None:
    assert _read(FAKE.batch([_event(**{part: {"mid": MID, "watermark": 7}})])) == []


def test_what_the_page_itself_wrote_or_another_app_got_is_not_ours() -> None:
    words = _event(message={"mid": MID, "text": "x"})
    own = FAKE.batch([{**words, "sender": {"id": PAGE}}])
    standby = {"object": "page", "entry": [{"id": PAGE, "standby": [words]}]}
    instagram = {**FAKE.batch([words]), "object": "instagram"}

    assert [_read(each) for each in (own, standby, instagram)] == [[], [], []]


def test_long_words_are_cut() -> None:
    said = _said(text="ក" * 5_000)

    assert isinstance(said, Text)
    assert len(said.words) == MAX_TYPED


def test_a_batch_is_read_in_order() -> None:
    events = [_event(message={"mid": f"m{n}", "text": str(n)}) for n in range(3)]
    batch = FAKE.batch(events)
    batch["entry"] = batch["entry"] * 2

    assert [each.said for each in _read(batch)] == [Text(n) for n in ("0", "1", "2")] * 2


@pytest.mark.parametrize(
    "changed",
    [
        {"sender": None},
        {"sender": {"id": 7}},
        {"sender": {"id": "x7"}},
        {"sender": {"id": "1" * 33}},
        {"sender": {"user_ref": "7"}},
        {"message": {"text": "x"}},
        {"message": {"mid": "", "text": "x"}},
        {"message": {"mid": 7, "text": "x"}},
        {"message": {"mid": MID, "text": ""}},
        {"message": {"mid": MID, "text": 7}},
        {"message": {"mid": MID, "attachments": []}},
        {"message": []},
        {"message": None, "postback": {"payload": "start"}},
    ],
)
def test_an_event_with_a_wrong_part_is_dropped(changed: dict[str, object]) -> None:
    event = {**_event(message={"mid": MID, "text": "x"}), **changed}

    assert _read(FAKE.batch([event])) == []


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[]", b"7", b"null", b"[" * 90_000])
def test_what_cannot_be_read_is_nothing(body: bytes) -> None:
    assert list(DOOR.read(body)) == []
