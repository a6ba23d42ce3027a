"""Viber's signature: over the bytes as they came, the SDK agreeing."""

import hmac
import random
from collections.abc import AsyncIterator, Iterator
from hashlib import sha256

import httpx
import orjson
import pytest
import pytest_asyncio
from sqlalchemy import text

from app.public import public_app
from app.settings import Settings
from app.wiring import Data, build
from bot.door import Knock
from bot.doors.viber import SIGNATURE, ViberDoor
from handlers.desk import Desk
from tests.channels.fake_viber import TOKEN
from tests.channels.test_viber_read import KHMER, callback, oracle
from tests.proving import Proof

pytestmark = pytest.mark.asyncio(loop_scope="module")

BODY = callback(message={"type": "text", "text": KHMER})
TABLES = ("mail", "conversations", "seen", "traces")


def signature(body: bytes, key: str = TOKEN) -> str:
    return hmac.new(key.encode(), body, sha256).hexdigest()


def forged(number: int) -> Iterator[tuple[bytes, str]]:
    """Bodies and signatures that do not belong to each other, near and far."""
    chance, right = random.Random("viber"), signature(BODY)
    again = orjson.dumps(orjson.loads(BODY), option=orjson.OPT_INDENT_2)
    yield from ((again, right), (BODY + b" ", right), (BODY.replace(b":", b": ", 1), right))
    yield from ((BODY, ""), (BODY, " "), (BODY, right[:-1]), (BODY, right + "0"))
    yield from ((BODY, right.upper()), (BODY, f"sha256={right}"), (BODY, "é" * 64))
    yield from ((BODY, signature(BODY, TOKEN[:-1])), (BODY, signature(BODY, TOKEN.upper())))
    yield from ((BODY, sha256(BODY).hexdigest()), (BODY, signature(b"")), (b"", right))
    for _ in range(number - 15):
        kind, bit = chance.randrange(3), chance.randrange(8 * len(BODY))
        flipped = bytearray(BODY)
        flipped[bit // 8] ^= 1 << bit % 8
        place = chance.randrange(64)
        near = right[:place] + "0123456789abcdef"[chance.randrange(16)] + right[place + 1 :]
        if kind == 0:
            yield bytes(flipped), right
        elif kind == 1 and near != right:
            yield BODY, near
        else:
            yield BODY, signature(BODY, chance.randbytes(24).hex())


async def test_R18_no_forged_callback_is_proven(proof: Proof) -> None:
    door, theirs = ViberDoor(TOKEN), oracle()
    tried = accepted = differ = 0
    for body, given in forged(proof.count(10_000, quick=3_000)):
        ours = door.proven(Knock(headers={SIGNATURE: given}, body=body))
        tried += 1
        accepted += ours
        differ += ours is not theirs.verify_signature(body, given)

    proof.figure(f"{accepted} of {tried:,} accepted; {differ} judged otherwise by the SDK")
    assert (accepted, differ) == (0, 0)
    assert door.proven(Knock(headers={SIGNATURE: signature(BODY)}, body=BODY))
    assert theirs.verify_signature(BODY, signature(BODY))


async def test_a_missing_header_is_no_proof_and_is_not_even_expected() -> None:
    door = ViberDoor(TOKEN)

    assert not door.expected({})
    assert not door.proven(Knock(headers={}, body=BODY))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory, data: Data) -> AsyncIterator[Desk]:
    channel = ViberDoor(TOKEN, "http://127.0.0.1:9")
    settings = Settings(home=tmp_path_factory.mktemp("viber"))
    async with build(settings, channels={"viber": channel}, data=data) as desk:
        yield desk


async def _kept(desk: Desk) -> tuple[int, ...]:
    async with desk.store.turn() as turn:
        counted = [await turn.execute(text(f"select count(*) from {one}")) for one in TABLES]
    return tuple(int(one.scalar_one()) for one in counted)


async def _push(desk: Desk, body: bytes, given: str | None = None) -> httpx.Response:
    headers = {SIGNATURE: signature(body) if given is None else given}
    transport = httpx.ASGITransport(public_app(desk))
    async with httpx.AsyncClient(transport=transport, base_url="https://chat.test") as client:
        return await client.post("/hooks/viber", content=body, headers=headers)


async def test_a_forged_call_is_an_empty_404_and_nothing_is_kept(desk: Desk) -> None:
    before = await _kept(desk)
    body = callback(message_token=7)
    answers = [await _push(desk, body, given) for given in ("", "0" * 64, signature(BODY))]

    assert {(answer.status_code, answer.content) for answer in answers} == {(404, b"")}
    assert await _kept(desk) == before


async def test_opening_the_chat_is_greeted_at_once_and_keeps_nothing(desk: Desk) -> None:
    before = await _kept(desk)
    answer = await _push(desk, callback("conversation_started", user={"id": "A="}, type="open"))

    assert answer.status_code == 200
    assert answer.json()["text"] == "👋"
    assert await _kept(desk) == before
