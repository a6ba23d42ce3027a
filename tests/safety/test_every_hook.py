"""R15, R18, R19 at the hook of every door: nothing forged is heard, nothing is heard twice."""

import base64
import hmac
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass

import orjson
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import text

from app.public import public_app
from app.settings import Settings
from app.wiring import Data, build
from bot.doors import doors
from bot.doors.line import LineDoor
from bot.doors.messenger import MessengerDoor
from bot.doors.telegram import TelegramDoor
from bot.doors.viber import ViberDoor
from bot.doors.whatsapp import WhatsAppDoor
from handlers.desk import Desk
from tests.channels import fake_line, fake_viber
from tests.channels.fake_graph import signature
from tests.channels.fake_messenger import PAGE, FakeMessenger
from tests.channels.fake_whatsapp import FakeWhatsApp
from tests.channels.line_platform import SHE
from tests.channels.test_viber_read import callback
from tests.proving import Proof
from tests.safety.doors import SECRET, TOKEN, Answer, post, says

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOWHERE = "http://127.0.0.1:9"
# Messages held back are put up for deletion, also when they came before: no answer, no state.
TABLES = ("mail WHERE kind <> 'forget'", "conversations", "seen", "traces")
WHATSAPP, MESSENGER = FakeWhatsApp(), FakeMessenger()
EVENT = {
    "type": "message",
    "mode": "active",
    "timestamp": 1,
    "webhookEventId": "01FZ74A0TDDPYRVKNK77XKC3ZR",
    "deliveryContext": {"isRedelivery": False},
    "source": {"type": "user", "userId": SHE},
    "replyToken": "r" * 32,
    "message": {"type": "text", "id": "1", "quoteToken": "q", "text": "សួស្តី"},
}


def in_base64(body: bytes, secret: str = fake_line.SECRET) -> str:
    """As LINE signs."""
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


def in_hex(body: bytes, secret: str = fake_viber.TOKEN) -> str:
    """As Viber signs."""
    return hmac.new(secret.encode(), body, "sha256").hexdigest()


def as_header(body: bytes, secret: str = SECRET) -> str:
    """Telegram does not sign: the secret itself comes with each call."""
    return secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A true call at one door: its body, the header that proves it, and how that is made."""

    body: bytes
    header: str
    seal: Callable[..., str]


HOOKS: Mapping[str, Hook] = {
    "line": Hook(
        body=orjson.dumps({"destination": "U" + "b" * 32, "events": [EVENT]}),
        header="x-line-signature",
        seal=in_base64,
    ),
    "messenger": Hook(
        body=orjson.dumps(
            MESSENGER.batch(
                [
                    {
                        "sender": {"id": "1254477777772919"},
                        "recipient": {"id": PAGE},
                        "timestamp": 1,
                        "message": {"mid": "m_" + "A" * 60, "text": "សួស្តី"},
                    }
                ]
            )
        ),
        header="x-hub-signature-256",
        seal=signature,
    ),
    "telegram": Hook(
        body=orjson.dumps(says(1)),
        header="x-telegram-bot-api-secret-token",
        seal=as_header,
    ),
    "viber": Hook(body=callback(), header="x-viber-content-signature", seal=in_hex),
    "whatsapp": Hook(
        body=orjson.dumps(
            WHATSAPP.batch(
                [
                    {
                        "from": "66812345678",
                        "id": "wamid." + "A" * 60,
                        "timestamp": "1504902988",
                        "type": "text",
                        "text": {"body": "សួស្តី"},
                    }
                ]
            )
        ),
        header="x-hub-signature-256",
        seal=signature,
    ),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory, data: Data) -> AsyncIterator[Desk]:
    channels = {
        "line": LineDoor(fake_line.TOKEN, fake_line.SECRET, NOWHERE),
        "messenger": MessengerDoor({**MESSENGER.block, "api": NOWHERE}),
        "telegram": TelegramDoor(TOKEN, NOWHERE, SECRET),
        "viber": ViberDoor(fake_viber.TOKEN, NOWHERE),
        "whatsapp": WhatsAppDoor({**WHATSAPP.block, "api": NOWHERE}),
    }
    settings = Settings(home=tmp_path_factory.mktemp("hooks"))
    async with build(settings, channels=channels, data=data) as desk:
        yield desk


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def app(desk: Desk) -> FastAPI:
    return public_app(desk)


async def test_no_door_with_a_hook_is_left_out() -> None:
    assert set(HOOKS) | {"sms"} == set(doors())


@pytest.fixture(params=sorted(HOOKS))
def door(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_R15_nothing_forged_is_heard_at_any_door(
    app: FastAPI, desk: Desk, door: str, proof: Proof
) -> None:
    before, statuses = await _kept(desk), Counter[tuple[int, bytes]]()
    for body, given in forged(HOOKS[door], proof.count(10_000, quick=300)):
        headers = [] if given is None else [(HOOKS[door].header.encode(), given)]
        answer = await post(app, f"/hooks/{door}", body, headers)
        statuses[answer.status, answer.body] += 1

    others = statuses.total() - statuses[404, b""]
    proof.figure(f"{door}: {others} of {statuses.total():,} accepted or in error")
    assert statuses.keys() == {(404, b"")}
    assert await _kept(desk) == before


async def test_R18_what_comes_again_changes_nothing_at_any_door(
    app: FastAPI, desk: Desk, door: str, proof: Proof
) -> None:
    empty = await _kept(desk)
    first = await _knocks(app, door)
    before = await _kept(desk)
    number = proof.count(10_000, quick=25)
    statuses = {(await _knocks(app, door)).status for _ in range(number)}
    after = await _kept(desk)

    changed = sum(abs(one - other) for one, other in zip(before, after, strict=True))
    proof.figure(f"{door}: {changed} rows changed by {number:,} replays")
    assert (first.status, statuses) == (200, {200})
    assert before != empty
    assert after == before


async def test_R19_what_is_malformed_but_sealed_keeps_nothing_at_any_door(
    app: FastAPI, desk: Desk, door: str, proof: Proof
) -> None:
    chance, hook = random.Random(door), HOOKS[door]
    before, statuses = await _kept(desk), Counter[int]()
    for _ in range(proof.count(10_000, quick=150)):
        cut = chance.randrange(len(hook.body))
        body = hook.body[:cut] + chance.randbytes(chance.randrange(9))
        seal = hook.seal(body).encode()
        answer = await post(app, f"/hooks/{door}", body, [(hook.header.encode(), seal)])
        statuses[answer.status] += 1

    proof.figure(f"{door}: {statuses.total() - statuses[200]} of {statuses.total():,} in error")
    assert statuses.keys() == {200}
    assert await _kept(desk) == before


async def _knocks(app: FastAPI, door: str) -> Answer:
    """The true call."""
    hook = HOOKS[door]
    proven = (hook.header.encode(), hook.seal(hook.body).encode())
    return await post(app, f"/hooks/{door}", hook.body, [proven])


async def _kept(desk: Desk) -> tuple[int, ...]:
    async with desk.store.turn() as turn:
        counted = [await turn.execute(text(f"select count(*) from {one}")) for one in TABLES]
    return tuple(int(one.scalar_one()) for one in counted)


def forged(hook: Hook, number: int) -> Iterator[tuple[bytes, bytes | None]]:
    """Bodies and seals that do not belong together, near and far; None is no header at all."""
    chance, right = random.Random(hook.header), hook.seal(hook.body).encode()
    signs = hook.seal is not as_header
    again = orjson.dumps(orjson.loads(hook.body), option=orjson.OPT_INDENT_2)
    seals = (b"", b" ", right[:-1], right + b"0", right.swapcase(), b"\xff" * 64, right * 99)
    yield from ((hook.body, seal) for seal in (None, *seals) if seal != right)
    if signs:
        yield from ((again, right), (hook.body + b" ", right), (b"", right))
    for turn in range(number - 11):
        body, seal = bytearray(hook.body), bytearray(right)
        changed = body if signs and turn % 3 == 0 else seal
        if turn % 3 == 1:
            seal[:] = hook.seal(hook.body, chance.randbytes(24).hex()).encode()
        else:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        yield bytes(body), bytes(seal)
