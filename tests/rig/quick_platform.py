"""A Bot API that answers at once, for loads: what stands in each chat, and updates until 200.

Rules of the platform are kept by `tests/channels/fake_telegram.py`; this one only counts and is
quick enough for hundreds of updates a second beside the system on two cores.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

SECRET = "Lq7vX2mT9dR4kW8sB3nH6jF1pZ5cY0gQeUaVoItMxDw"
TOKEN = "1:" + "t" * 35
AGAIN = 0.2  # seconds until an update that was not answered with 200 is delivered again
KEPT = 60.0  # seconds a silent line is kept, as proxies do
LINES = 40  # updates on their way at a time, as Telegram's max_connections


@dataclass(slots=True)
class Chat:
    """What stands in one chat: the card, its buttons' data, how often and when it was shown."""

    card: int = 0
    buttons: tuple[str, ...] = ()
    shown: int = 0
    at: float = 0.0


@dataclass(slots=True)
class Delivered:
    """One update on its way: when it was due (perf_counter), and the seconds until its 200."""

    update: dict[str, Any]
    due: float
    took: float = 0.0
    tries: int = 0
    refused: list[int] = field(default_factory=list)


class QuickPlatform:
    """`hooks` are the addresses that updates are posted to, in turn: no chat sticks to one."""

    def __init__(self) -> None:
        self.chats: dict[int, Chat] = {}
        self.calls: Counter[str] = Counter()
        self.dropped_pending = 0  # calls that asked for waiting updates to be thrown away
        self.hooks: list[str] = []
        self.base = ""
        self._ids, self._updates = count(1_000), count(1)
        self._turn = count()
        self._lines = asyncio.Semaphore(LINES)
        self._idle: dict[str, list[Line]] = {}
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.base = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        for lines in self._idle.values():
            for line in lines:
                line.close()
        if self._server is not None:
            self._server.close()

    def says(self, chat: int, words: str = "/start") -> dict[str, Any]:
        """An update in which she writes."""
        number = next(self._ids)
        message = {"message_id": number, "chat": {"id": chat, "type": "private"}, "text": words}
        return {"update_id": next(self._updates), "message": message}

    def taps(self, chat: int, data: str) -> dict[str, Any]:
        """An update in which she taps a button of the card."""
        number = next(self._updates)
        card = {"message_id": self.chats[chat].card, "chat": {"id": chat, "type": "private"}}
        query = {"id": str(number * 7), "data": data, "message": card}
        return {"update_id": number, "callback_query": query}

    async def deliver(self, sent: Delivered, gives_up: Callable[[], bool] = lambda: False) -> None:
        """Post it, again and again, until it is answered with 200."""
        body = json.dumps(sent.update).encode()
        while not gives_up():
            sent.tries += 1
            hook = self.hooks[next(self._turn) % len(self.hooks)]
            status = await self._post(hook, body)
            if status == 200:
                sent.took = time.perf_counter() - sent.due
                return
            sent.refused.append(status)
            await asyncio.sleep(AGAIN)

    async def _post(self, hook: str, body: bytes) -> int:
        """The status, or 0 where nobody answered (Telegram waits for 60 s)."""
        idle = self._idle.setdefault(hook, [])
        async with self._lines:
            line = next(_fresh(idle), None) or Line(hook)
            try:
                async with asyncio.timeout(60):
                    status = await line.post(body)
            except (OSError, EOFError, TimeoutError, ValueError):
                line.close()
                return 0
            if line.stays:
                idle.append(line)
            else:
                line.close()
            return status

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                method = line.split(b" ")[1].rpartition(b"/")[2].decode()
                values = await _values(reader)
                self.calls[method] += 1
                answer = json.dumps({"ok": True, "result": self._done(method, values)}).encode()
                head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                writer.write(head + str(len(answer)).encode() + b"\r\n\r\n" + answer)
        except (OSError, EOFError, ValueError):
            pass
        finally:
            writer.close()

    def _done(self, method: str, values: dict[str, str]) -> object:
        match method:
            case "sendMessage" | "editMessageText":
                return self._shown(values)
            case "getUpdates":
                return []
            case "setWebhook" | "deleteWebhook":
                self.dropped_pending += values.get("drop_pending_updates") == "true"
                return True
            case "getMe":
                return {"id": 1, "is_bot": True, "first_name": "Bot", "username": "quick_bot"}
            case _:
                return True

    def _shown(self, values: dict[str, str]) -> object:
        number = int(values["chat_id"])
        chat = self.chats.setdefault(number, Chat())
        chat.card = int(values.get("message_id") or next(self._ids))
        keyboard = json.loads(values.get("reply_markup") or "{}").get("inline_keyboard", ())
        chat.buttons = tuple(key["callback_data"] for row in keyboard for key in row)
        chat.shown, chat.at = chat.shown + 1, time.perf_counter()
        return {
            "message_id": chat.card,
            "date": int(time.time()),
            "chat": {"id": number, "type": "private"},
        }


def _fresh(idle: list["Line"]) -> Iterator["Line"]:
    """Those that were used last, first; what was silent for too long is closed."""
    while idle:
        line = idle.pop()
        if time.perf_counter() - line.used < KEPT:
            yield line
        else:
            line.close()


class Line:
    """One connection to a hook, kept open as a platform keeps it."""

    def __init__(self, hook: str) -> None:
        where = urlsplit(hook)
        self._host, self._port = where.hostname or "", where.port or 80
        self._head = (
            f"POST {where.path} HTTP/1.1\r\nHost: {where.netloc}\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Type: application/json\r\n"
        )
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.stays, self.used = True, 0.0

    async def post(self, body: bytes) -> int:
        """The status of the answer. Raises OSError or EOFError where there is none."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        head = f"{self._head}Content-Length: {len(body)}\r\n\r\n".encode()
        writer.write(head + body)
        first = await reader.readline()
        if not first:
            raise EOFError
        length, self.stays = 0, True
        while (line := await reader.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            if name.lower() == "content-length":
                length = int(value)
            elif name.lower() == "connection" and value.strip().lower() == "close":
                self.stays = False
        await reader.readexactly(length)
        self.used = time.perf_counter()
        return int(first.split()[1])

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()


async def _values(reader: asyncio.StreamReader) -> dict[str, str]:
    """The fields of one call; aiogram sends them as a form."""
    length = 0
    while (line := await reader.readline()) not in (b"\r\n", b""):
        name, _, value = line.decode("latin-1").partition(":")
        if name.lower() == "content-length":
            length = int(value)
    body = (await reader.readexactly(length)).decode()
    if body.startswith("{"):
        return {name: str(value) for name, value in json.loads(body).items()}
    return {name: values[0] for name, values in parse_qs(body).items()}
