"""The doors of the app for the tests of safety: posts to the webhook without a client between."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson
from fastapi import FastAPI
from starlette.types import Message

from bot.doors.telegram import TelegramDoor
from tests.doubles import FakeChannel

SECRET = "s" * 43
HEADER = b"x-telegram-bot-api-secret-token"
TOKEN = "1:" + "t" * 35
HOOK = "/hooks/telegram"

Headers = Sequence[tuple[bytes, bytes]]


@dataclass
class FakeTelegramDoor(FakeChannel, TelegramDoor):
    """A channel that remembers what it shows, with Telegram's way in."""

    name: str = "telegram"

    def __post_init__(self) -> None:
        self._secrets = (SECRET.encode(),)


@dataclass
class Answer:
    """What the app answered: status, body, and how often it asked for the request's body."""

    status: int = 0
    body: bytes = b""
    read: int = field(default=0, compare=False)


async def post(app: FastAPI, path: str, body: bytes, headers: Headers) -> Answer:
    """One POST, straight to the app, so that any bytes may stand in a header."""
    answer = Answer()

    async def receive() -> Message:
        answer.read += 1
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
        answer.body += message.get("body", b"")

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": list(headers),
        "client": ("127.0.0.1", 5),
        "server": ("127.0.0.1", 80),
    }
    await app(scope, receive, send)
    return answer


async def push(app: FastAPI, update: object, *more: tuple[bytes, bytes]) -> Answer:
    """One update as Telegram pushes it, with the right secret."""
    body = update if isinstance(update, bytes) else orjson.dumps(update)
    return await post(app, HOOK, body, [(HEADER, SECRET.encode()), *more])


def says(number: int, words: str = "/start", chat: int = 700_001) -> dict[str, object]:
    """An update in which a person writes."""
    message = {"message_id": number, "chat": {"id": chat, "type": "private"}, "text": words}
    return {"update_id": number, "message": message}
