"""What WhatsApp's webhooks are read as, and what of them never passes the door."""

from typing import Any

import orjson
import pytest

from bot.doors.whatsapp import WhatsAppDoor
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
from tests.channels.fake_graph import HER_NAME
from tests.channels.fake_whatsapp import PHONE_ID, FakeWhatsApp

HER = "66812345678"
SCOPED = "TH.13491208655302741918"
WAMID = "wamid.HBgLNjY4MTIzNDU2NzgVAgASGBQzQTdCNTg5RjY1MEMyRjlGMjRGNgA="

FAKE = FakeWhatsApp()
DOOR = WhatsAppDoor({**FAKE.block, "api": "http://127.0.0.1:9"})


def _read(update: object) -> list[Incoming]:
    return list(DOOR.read(orjson.dumps(update)))


def _message(**parts: Any) -> dict[str, Any]:
    return {"from": HER, "id": WAMID, "timestamp": "1504902988", **parts}


def _said(**parts: Any) -> Said | None:
    found = _read(FAKE.batch([_message(**parts)]))
    return found[0].said if found else None


def _tapped(kind: str, data: object) -> Said | None:
    interactive = {"type": kind, kind: {"id": data, "title": "Yes"}}
    return _said(type="interactive", interactive=interactive)


def test_words_are_read_and_nothing_about_who_wrote_them() -> None:
    contacts = [{"profile": {"name": HER_NAME, "username": "canary"}, "wa_id": HER}]
    words = _message(type="text", text={"body": "hello"})
    [incoming] = _read(FAKE.batch([words], contacts=contacts))

    assert incoming.address == Address("whatsapp", HER)
    assert incoming.said == Text("hello")
    assert HER not in repr(incoming)
    assert incoming.event_id is not None
    rest = (incoming.message_id, incoming.callback_id, incoming.card_id, incoming.going_on)
    assert rest == (None, None, None, False)


def test_metas_id_of_her_is_taken_before_her_number() -> None:
    words = _message(type="text", text={"body": "x"}, from_user_id=SCOPED)
    [incoming] = _read(FAKE.batch([words]))

    assert incoming.address == Address("whatsapp", SCOPED)


def test_somebody_whose_number_is_hidden_is_read_too() -> None:
    words = {"id": WAMID, "type": "text", "text": {"body": "x"}, "from_user_id": SCOPED}
    [incoming] = _read(FAKE.batch([words]))

    assert incoming.address.id == SCOPED


def test_the_name_of_an_event_does_not_hold_her_number_as_whatsapps_does() -> None:
    first, again, other = (
        _read(FAKE.batch([_message(id=each, type="text", text={"body": "x"})]))[0].event_id
        for each in (WAMID, WAMID, WAMID + "x")
    )

    assert first == again != other
    assert first is not None
    assert len(first) == 64
    assert "HBgLNjY4MTIzNDU2Nzg" not in first


@pytest.mark.parametrize("kind", ["button_reply", "list_reply"])
def test_taps_are_read_by_what_the_key_carries(kind: str) -> None:
    assert _tapped(kind, "7:yes") == Choice(7, "yes")
    assert _tapped(kind, "7:!leave") == Pressed("leave", 7)


@pytest.mark.parametrize("data", ["", "yes", "7", "7:!unknown", "7:" + "x" * 70, 7, None, {}])
def test_a_tap_that_is_none_of_ours_is_nothing(data: object) -> None:
    assert _tapped("list_reply", data) is None


def test_a_form_that_was_filled_in_is_no_tap() -> None:
    assert _tapped("nfm_reply", "7:yes") is None


@pytest.mark.parametrize(
    "kind", ["audio", "contacts", "document", "image", "location", "order", "sticker", "video"]
)
def test_what_is_not_words_is_an_attachment_and_its_content_is_not_read(kind: str) -> None:
    assert _said(type=kind, **{kind: {"id": "1", "url": "https://x", "caption": "c"}}) == (
        Attachment()
    )


@pytest.mark.parametrize("mark", ["forwarded", "frequently_forwarded"])
def test_words_passed_on_are_not_hers(mark: str) -> None:
    assert _said(type="text", text={"body": "x"}, context={mark: True}) == Attachment()


def test_what_whatsapp_could_not_pass_on_begins_nothing() -> None:
    [incoming] = _read(FAKE.batch([_message(type="unsupported", errors=[{"code": 131051}])]))

    assert (incoming.said, incoming.going_on) == (Attachment(), True)


@pytest.mark.parametrize("kind", ["reaction", "system", "request_welcome", "button", "new", 3])
def test_what_she_did_not_say_is_nothing(kind: object) -> None:
    assert _said(type=kind, text={"body": "x"}) is None


def test_long_words_are_cut() -> None:
    said = _said(type="text", text={"body": "ក" * 5_000})

    assert isinstance(said, Text)
    assert len(said.words) == MAX_TYPED


def test_a_batch_is_read_in_order() -> None:
    both = [_message(id=f"w{n}", type="text", text={"body": str(n)}) for n in range(3)]
    batch = FAKE.batch(both)
    batch["entry"] = batch["entry"] * 2

    assert [each.said for each in _read(batch)] == [Text(n) for n in ("0", "1", "2")] * 2


@pytest.mark.parametrize("status", ["sent", "delivered", "read", "failed", "deleted", "played"])
def test_statuses_are_nothing(status: str) -> None:
    batch = FAKE.batch([], statuses=[{"id": WAMID, "status": status, "recipient_id": HER}])

    assert _read(batch) == []


def test_what_came_to_another_number_or_a_group_is_not_ours() -> None:
    words = _message(type="text", text={"body": "x"})
    other = FAKE.batch([words])
    other["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = PHONE_ID + "1"
    group = FAKE.batch([{**words, "group_id": "g"}])
    field = FAKE.batch([words])
    field["entry"][0]["changes"][0]["field"] = "calls"
    page = {**FAKE.batch([words]), "object": "page"}

    assert [_read(each) for each in (other, group, field, page)] == [[], [], [], []]


@pytest.mark.parametrize(
    "changed",
    [
        {"from": None},
        {"from": ""},
        {"from": "+66812345678"},
        {"from": "1" * 21},
        {"from": 66812345678},
        {"id": ""},
        {"id": None},
        {"id": "x" * 513},
        {"text": None},
        {"text": {"body": ""}},
        {"text": {"body": 7}},
        {"text": []},
    ],
)
def test_a_message_with_a_wrong_part_is_dropped(changed: dict[str, object]) -> None:
    words = {**_message(type="text", text={"body": "x"}), **changed}

    assert _read(FAKE.batch([words])) == []


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[]", b"7", b"null", b"[" * 90_000])
def test_what_cannot_be_read_is_nothing(body: bytes) -> None:
    assert list(DOOR.read(body)) == []
