"""R15 and R19: nobody but Telegram is heard, and nothing malformed does any harm."""

import ast
import gc
import inspect
import textwrap
import tracemalloc
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
import pytest_asyncio
import structlog
from fastapi import FastAPI
from sqlalchemy import text

from app.public import public_app
from app.settings import Settings
from app.wiring import Data, build
from bot.door import fits
from bot.doors.telegram import TelegramDoor
from bot.webchat import WebChannel
from handlers.desk import Desk
from handlers.messages import Channel
from tests.doubles import FakeClock
from tests.proving import Proof
from tests.safety import hostile
from tests.safety.doors import HEADER, HOOK, SECRET, TOKEN, post, push, says

pytestmark = pytest.mark.asyncio(loop_scope="module")

MOST_GROWN = 20_000_000  # bytes (R19)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory, data: Data) -> AsyncIterator[Desk]:
    channels: dict[str, Channel] = {
        "telegram": TelegramDoor(TOKEN, "http://127.0.0.1:9", SECRET),
        "web": WebChannel(),
    }
    settings = Settings(home=tmp_path_factory.mktemp("safety"))
    async with build(settings, channels=channels, data=data) as desk:
        yield desk


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    return public_app(desk)


async def _kept(desk: Desk) -> tuple[int, ...]:
    """How many rows of a person there are."""
    tables = ("mail", "conversations", "seen", "traces")
    async with desk.store.turn() as turn:
        counted = [await turn.execute(text(f"select count(*) from {one}")) for one in tables]
    return tuple(int(one.scalar_one()) for one in counted)


async def test_R15_no_call_without_the_secret_is_heard(
    app: FastAPI, desk: Desk, proof: Proof
) -> None:
    before, body = await _kept(desk), b'{"update_id": 1, "message": "\xff'
    statuses: Counter[int] = Counter()
    read = 0
    with structlog.testing.capture_logs() as logged:
        for given in hostile.secrets(SECRET, proof.count(10_000, quick=1_000)):
            answer = await post(app, HOOK, body, [(HEADER, given)])
            statuses[answer.status] += 1
            read += answer.read
        for headers in ([], [(HEADER, b"x"), (HEADER, SECRET.encode())]):
            answer = await post(app, HOOK, body, headers)
            statuses[answer.status] += 1
            read += answer.read
    heard = await push(app, says(1))

    proof.figure(f"{statuses.total() - statuses[404]} of {statuses.total():,} accepted")
    assert statuses.keys() == {404}
    assert read == 0, "the body is not looked at before the sender is proven"
    assert logged == []
    assert heard.status == 200
    assert await _kept(desk) != before


async def test_R15_the_secret_is_compared_in_one_place_in_constant_time(proof: Proof) -> None:
    used = _calls(TelegramDoor.expected, "_secrets")
    compared = _calls(fits, "given")

    proof.figure("1 place, secrets.compare_digest")
    assert used == ["fits(given, self._secrets)"]
    assert compared == [
        "any([secrets.compare_digest(given, one) for one in known])",
        "secrets.compare_digest(given, one)",
    ]


def _calls(function: Callable[..., object], about: str) -> list[str]:
    """Every call and comparison in a function that this name takes part in."""
    found = ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function))))
    written = [ast.unparse(one) for one in found if isinstance(one, ast.Call | ast.Compare)]
    return [one for one in written if about in one]


async def test_R19_nothing_malformed_is_kept_or_comes_again(
    app: FastAPI, desk: Desk, proof: Proof
) -> None:
    before = await _kept(desk)
    for body in hostile.malformed("warm", 200):
        await push(app, body)
    gc.collect()
    statuses: Counter[int] = Counter()
    tracemalloc.start()
    for body in hostile.malformed("R19", proof.count(100_000, quick=1_000)):
        statuses[(await push(app, body)).status] += 1
    for body in (b" " * 300_000, b'{"a":"' + b"x" * 1_000_000 + b'"}', b"[" * 300_000):
        statuses[(await push(app, body)).status] += 1
    gc.collect()
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    proof.figure(f"0 crashes of {statuses.total():,}; memory grew {grown / 1e6:.1f} MB")
    assert statuses.keys() == {200}
    assert grown < MOST_GROWN
    assert await _kept(desk) == before


async def test_R19_a_forged_origin_opens_and_closes_nothing(
    desk: Desk, clock: FakeClock, proof: Proof
) -> None:
    still = replace(desk, clock=clock)  # so that the limit on new talks is reached, and stays
    plain, forged = public_app(still), public_app(still)
    seen: set[int] = set()
    differ = 0
    number = proof.count(1_000, quick=300)
    for count in range(number):
        claims = [
            (name, b"127.0.0.1, 10.0.0.%d" % (count % 256))
            for name in (b"x-forwarded-for", b"x-real-ip", b"forwarded", b"x-forwarded-host")
        ]
        wrong = [(HEADER, b"x")]
        for path, body, headers in ((HOOK, b"{}", wrong), ("/chat", b"{}", [])):
            told = (await post(plain, path, body, headers)).status
            seen.add(told)
            differ += told != (await post(forged, path, body, [*headers, *claims])).status

    proof.figure(f"{differ} of {number:,} forged origins changed an answer")
    assert differ == 0
    assert seen == {200, 404, 429}
