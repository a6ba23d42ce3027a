"""POST /hooks/telegram: who is let in, what is dropped, and when the answer is 200."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import orjson
import pytest
import pytest_asyncio
from sqlalchemy import text
from starlette.types import Message, Receive, Scope, Send

from app.public import public_app
from app.settings import Settings
from app.wiring import Data, build
from bot.doors.telegram import TelegramDoor
from handlers.desk import Desk
from storage.store import Store

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECRET = "s" * 43
HEADER = "X-Telegram-Bot-Api-Secret-Token"
TOKEN = "1:" + "t" * 35
PERSON = {"id": 700_001, "type": "private"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory, data: Data) -> AsyncIterator[Desk]:
    channel = TelegramDoor(TOKEN, "http://127.0.0.1:9", SECRET)
    settings = Settings(home=tmp_path_factory.mktemp("hooks"))
    async with build(settings, channels={"telegram": channel}, data=data) as desk:
        yield desk


def _client(desk: Desk) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=public_app(desk))
    return httpx.AsyncClient(transport=transport, base_url="http://chat.test")


async def _push(desk: Desk, update: object, secret: str = SECRET) -> httpx.Response:
    body = update if isinstance(update, bytes) else orjson.dumps(update)
    async with _client(desk) as client:
        return await client.post("/hooks/telegram", content=body, headers={HEADER: secret})


async def _letters(desk: Desk) -> int:
    async with desk.store.turn() as turn:
        return int((await turn.execute(text("select count(*) from mail"))).scalar_one())


def _says(number: int, words: str = "/start") -> dict[str, object]:
    message = {"message_id": number, "chat": PERSON, "from": {"id": 1}, "text": words}
    return {"update_id": number, "message": message}


async def test_an_update_is_answered_200_when_its_screen_is_in_the_outbox(desk: Desk) -> None:
    before = await _letters(desk)
    answer = await _push(desk, _says(1))

    assert (answer.status_code, answer.content) == (200, b"")
    assert await _letters(desk) > before


async def test_the_second_copy_is_answered_200_and_does_nothing(desk: Desk) -> None:
    await _push(desk, _says(2))
    before = await _letters(desk)
    answer = await _push(desk, _says(2))

    assert answer.status_code == 200
    assert await _letters(desk) == before


@pytest.mark.parametrize("given", ["", "wrong", SECRET[:-1], SECRET + "s", "\u00e9" * 43])
async def test_a_wrong_secret_is_an_empty_404_and_nothing_is_kept(desk: Desk, given: str) -> None:
    before = await _letters(desk)
    async with _client(desk) as client:
        answer = await client.post(
            "/hooks/telegram",
            content=orjson.dumps(_says(3)),
            headers=[(HEADER.encode(), given.encode("latin-1"))],
        )

    assert (answer.status_code, answer.content) == (404, b"")
    assert await _letters(desk) == before


async def test_without_the_header_the_body_is_not_even_read(desk: Desk) -> None:
    app = public_app(desk)
    asked: list[str] = []

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        async def counted() -> Message:
            asked.append("body")
            return await receive()

        await app(scope, counted, send)

    transport = httpx.ASGITransport(app=watched)
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
        answer = await client.post("/hooks/telegram", content=b"{}")

    assert answer.status_code == 404
    assert asked == []


async def test_without_a_secret_there_is_no_such_door(desk: Desk) -> None:
    shut = replace(desk, channels={"telegram": TelegramDoor(TOKEN, "http://127.0.0.1:9")})
    async with _client(shut) as client:
        answers = [
            await client.post("/hooks/telegram", content=b"{}", headers=headers)
            for headers in ({}, {HEADER: ""}, {HEADER: "None"})
        ]

    assert {(answer.status_code, answer.content) for answer in answers} == {(404, b"")}


async def test_without_telegram_there_is_no_such_door(desk: Desk) -> None:
    answer = await _push(replace(desk, channels={}), _says(4))

    assert (answer.status_code, answer.content) == (404, b"")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"7",
        b"null",
        b"[" * 100_000,
        b'{"a":' * 40_000,
        b"{}",
        b'{"update_id": 5, "poll": {"id": "1"}}',
        b'{"update_id": 5, "message": {"chat": {"id": -3, "type": "group"}, "text": "x"}}',
        b'{"update_id": "5", "message": 3}',
    ],
)
async def test_what_cannot_be_read_is_dropped_with_200(desk: Desk, body: bytes) -> None:
    before = await _letters(desk)
    answer = await _push(desk, body)

    assert (answer.status_code, answer.content) == (200, b"")
    assert await _letters(desk) == before


async def test_a_body_past_256_kb_is_dropped_without_being_parsed_or_read_on(desk: Desk) -> None:
    before = await _letters(desk)
    sent: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        yield orjson.dumps(_says(6))
        for _ in range(1_000):
            sent.append(1_024)
            yield b" " * 1_024

    async with _client(desk) as client:
        answer = await client.post("/hooks/telegram", content=endless(), headers={HEADER: SECRET})

    assert answer.status_code == 200
    assert sum(sent) <= 258 * 1_024
    assert await _letters(desk) == before


async def test_without_a_database_the_answer_is_503_so_that_it_comes_again(
    desk: Desk, tmp_path: Path
) -> None:
    store = Store(f"sqlite:///{tmp_path}/missing/saphan.db")
    answer = await _push(replace(desk, store=store), _says(7))
    await store.close()
    again = await _push(desk, _says(7))

    assert (answer.status_code, answer.content) == (503, b"")
    assert again.status_code == 200
    assert await _letters(desk) > 0
