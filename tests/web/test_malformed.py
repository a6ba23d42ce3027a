"""R19 for the web chat: whatever is posted, it is refused in order, small, and changes nothing."""

import gc
from collections.abc import Callable
from pathlib import Path
from random import Random
from urllib.parse import quote_plus

import httpx
import pytest

import bot.webflood
from handlers.desk import Desk
from tests.proving import Proof
from tests.web.kept import conversations

pytestmark = pytest.mark.asyncio(loop_scope="package")

TOO_LONG = 32_769
FIELDS = ("conversation", "choice", "text", "place", "action", "locale", "proof", "x")
VALUES = (
    "", "1:3", "0:", "99999999999:1", "leave", "start", "\x00", "\ud800", "\u202e", "é" * 50,
    "a" * 43, "null", "{}", "[]", "-1", "1e999", "NaN", "<script>", "' or 1=1 --", "${7*7}", "၁",
)  # fmt: skip
PAGE = 4_096  # bytes


def _form(chance: Random) -> bytes:
    chosen = [(chance.choice(FIELDS), chance.choice(VALUES)) for _ in range(chance.randint(2, 8))]
    pairs = [f"{name}={quote_plus(value, errors='replace')}" for name, value in chosen]
    return "&".join([*pairs, pairs[0]]).encode()  # one field twice: never a form of ours


def _noise(chance: Random) -> bytes:
    return b"\xff%" + chance.randbytes(chance.randint(0, 400))


def _nested(chance: Random) -> bytes:
    depth = chance.randint(33, 5_000)
    return chance.choice([b"[", b'{"text":']) * depth


def _doubled(chance: Random) -> bytes:
    name = chance.choice(FIELDS)
    return f'{{"{name}": 1, "{name}": {{"text": "{chance.choice("abc")}"}}}}'.encode()


def _cut(chance: Random) -> bytes:
    whole = b'{"conversation": "%s", "text": "hello", "choice": null}' % (b"a" * 43)
    return whole[: chance.randrange(1, len(whole) - 1)]


def _long(chance: Random) -> bytes:
    return b"text=" + b"a" * (TOO_LONG + chance.randrange(64))


def _memory() -> int:
    """Bytes of this process that are in memory."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


KINDS: tuple[Callable[[Random], bytes], ...] = (_form, _noise, _nested, _doubled, _cut, _long)


async def test_R19_malformed_posts_crash_nothing_and_begin_nothing(
    client: httpx.AsyncClient, desk: Desk, proof: Proof
) -> None:
    chance = Random(19)
    before = await conversations(desk)
    statuses: dict[int, int] = {}
    held = 0
    tries = proof.count(100_000, quick=900)
    for number in range(tries):
        body = KINDS[number % len(KINDS)](chance)
        answer = await client.post("/chat" if chance.random() < 0.5 else "/", content=body)
        statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
        if number == tries // 10:
            held = _memory()
    grown = (_memory() - held) / 1e6
    proof.figure(f"0 crashes, memory grew by {max(grown, 0):.1f} MB")

    assert set(statuses) == {400, 413}
    assert grown < 20
    assert await conversations(desk) == before


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.webflood, "FREELY", (20.0, 5.0))


@pytest.mark.usefixtures("few_at_once")
async def test_R19_no_forged_sender_changes_a_limit_or_opens_a_conversation(
    client: httpx.AsyncClient, desk: Desk, proof: Proof
) -> None:
    chance = Random(91)
    begun = (await client.post("/chat", json={})).json()
    while (await client.post("/chat", json={})).status_code == 200:
        pass  # the clock stands still: from here on there is no place for anybody
    before = await conversations(desk)
    passed = 0
    tries = proof.count(1_000, quick=300)
    for _ in range(tries):
        address = ".".join(str(chance.randrange(256)) for _ in range(4))
        names = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP", "CF-Connecting-IP")
        headers = {name: address for name in names} | {"Host": "localhost"}
        body = {"conversation": "x" * 43} if chance.random() < 0.5 else {}
        answer = await client.post("/chat", json=body, headers=headers)
        passed += answer.status_code != 429
    own = await client.post("/chat", json={"conversation": begun["conversation"]})
    proof.figure(f"{passed} of {tries:,} forged senders let in")

    assert passed == 0
    assert own.status_code == 200
    assert await conversations(desk) == before
