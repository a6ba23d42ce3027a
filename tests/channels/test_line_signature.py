"""R18 for LINE: only what was signed with our secret, over these very bytes, is heard."""

import base64
import hashlib
import hmac
import json
import random

import pytest
from linebot.v3.webhook import SignatureValidator

from bot.door import Knock
from bot.doors.line import SEAL, LineDoor
from tests.channels.fake_line import SECRET, TOKEN, FakeLine
from tests.proving import Proof

CALL = {"destination": "U" + "b" * 32, "events": [{"type": "message", "é": "ကို 👋"}]}
BODY = json.dumps(CALL, ensure_ascii=False).encode()
DOOR = LineDoor(TOKEN, SECRET)


def knock(body: bytes, *given: str) -> Knock:
    return Knock(headers={SEAL: given[0]} if given else {}, body=body)


def signed(body: bytes, secret: str = SECRET) -> str:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def forged(number: int) -> Knock:
    """A call that LINE did not sign: eight ways, each at another place."""
    dice = random.Random(number)
    right = signed(BODY)
    at, bit = dice.randrange(len(BODY)), 1 << dice.randrange(8)
    flipped = BODY[:at] + bytes([BODY[at] ^ bit]) + BODY[at + 1 :]
    place = dice.randrange(len(right))
    other = dice.choice([c for c in "ABCabc019+/=" if c != right[place]])
    match number % 8:
        case 0:
            return knock(flipped, right)
        case 1:
            return knock(BODY, right[:place] + other + right[place + 1 :])
        case 2:
            return knock(BODY, signed(BODY, f"{dice.getrandbits(128):032x}"))
        case 3:
            return knock(json.dumps(CALL, indent=dice.randrange(1, 5)).encode(), right)
        case 4:
            return knock(BODY, right[: dice.randrange(len(right))])
        case 5:
            return knock(BODY)
        case 6:
            return knock(BODY, dice.choice(["é" * 44, "\ud800", "\x00", right + "=", f" {right}"]))
        case _:
            return knock(BODY, hmac.new(SECRET.encode(), BODY, "sha256").hexdigest())


def test_what_line_signed_is_proven() -> None:
    assert DOOR.proven(knock(BODY, signed(BODY)))
    assert DOOR.proven(knock(b"", signed(b"")))
    assert DOOR.proven(knock(b"\xff\x00", signed(b"\xff\x00")))


def test_the_fake_signs_as_the_official_validator_wants() -> None:
    assert SignatureValidator(SECRET).validate(BODY.decode(), FakeLine().sign(BODY))
    assert FakeLine().sign(BODY) == signed(BODY)


def test_without_the_header_the_body_is_not_even_read() -> None:
    assert not DOOR.expected({})
    assert DOOR.expected({SEAL: ""})


def test_R18_no_forged_call_is_heard(proof: Proof) -> None:
    accepted = sum(DOOR.proven(forged(number)) for number in range(10_000))

    proof.figure(f"LINE: {accepted} of 10,000 accepted")
    assert accepted == 0


@pytest.mark.parametrize("secret", ["", "ä", "a ä", "\n"])
def test_a_secret_or_token_with_blanks_is_refused_when_the_door_is_opened(secret: str) -> None:
    with pytest.raises(ValueError, match="LINE"):
        LineDoor(TOKEN, secret)
    with pytest.raises(ValueError, match="LINE"):
        LineDoor(secret, SECRET)
