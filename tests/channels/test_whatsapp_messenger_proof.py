"""Who may knock at the two doors of Meta's: the signature over the raw body, and the question."""

import json
from hashlib import sha256

import pytest

from bot.door import Knock, Messenger
from bot.doors.messenger import MessengerDoor
from bot.doors.whatsapp import WhatsAppDoor
from tests.channels.fake_graph import SECRET, VERIFY, signature

BODY = b'{"object": "page", "entry": [{"id": "1", "messaging": []}]}'
SEAL = "x-hub-signature-256"


@pytest.fixture(params=["whatsapp", "messenger"])
def door(request: pytest.FixtureRequest) -> Messenger:
    block = {"token": "t", "app_secret": SECRET, "verify": VERIFY, "api": "http://127.0.0.1:9"}
    if request.param == "messenger":
        return MessengerDoor(block)
    return WhatsAppDoor({**block, "phone_id": "1"})


def _proven(door: Messenger, body: bytes, *seal: str) -> bool:
    return door.proven(Knock(headers=dict.fromkeys([SEAL], seal[0]) if seal else {}, body=body))


def test_what_meta_signed_is_proven(door: Messenger) -> None:
    assert _proven(door, BODY, signature(BODY))
    assert _proven(door, b"", signature(b""))


@pytest.mark.parametrize(
    "seal",
    [
        "",
        "sha256=",
        "sha1=" + "0" * 40,
        signature(BODY)[:-1],
        signature(BODY) + "0",
        signature(BODY).upper(),
        signature(BODY).removeprefix("sha256="),
        " " + signature(BODY),
        signature(BODY, "another secret"),
        "sha256=" + sha256(BODY).hexdigest(),
        "sha256=" + "é" * 64,
        "sha256=" + "\ud800" * 64,
    ],
)
def test_any_other_seal_proves_nothing(door: Messenger, seal: str) -> None:
    assert not _proven(door, BODY, seal)


def test_without_the_header_the_body_is_not_even_read(door: Messenger) -> None:
    assert not door.expected({"x-hub-signature": "sha1=…"})
    assert not _proven(door, BODY)


def test_a_body_that_was_written_anew_is_not_what_was_signed(door: Messenger) -> None:
    again = json.dumps(json.loads(BODY), separators=(",", ":")).encode()

    assert not _proven(door, again, signature(BODY))


def _asked(door: Messenger, **changed: str) -> str | None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"}
    return door.greeted(asked | {f"hub.{name}": value for name, value in changed.items()})


def test_the_question_whose_hook_this_is_gets_its_challenge_back(door: Messenger) -> None:
    assert _asked(door) == "1158201444"


@pytest.mark.parametrize(
    "changed",
    [
        {"mode": "unsubscribe"},
        {"mode": ""},
        {"verify_token": ""},
        {"verify_token": VERIFY[:-1]},
        {"verify_token": "é" * 48},
        {"verify_token": "\ud800"},
        {"challenge": ""},
        {"challenge": "<script>alert(1)</script>"},
        {"challenge": "១២៣"},
        {"challenge": "a b"},
        {"challenge": "1\r\nSet-Cookie: a=b"},
        {"challenge": "1" * 257},
    ],
)
def test_any_other_question_gets_nothing(door: Messenger, changed: dict[str, str]) -> None:
    assert _asked(door, **changed) is None


def test_a_question_without_its_parts_gets_nothing(door: Messenger) -> None:
    assert door.greeted({}) is None
