"""Floors of `saphan bench web`: the least an answer to a webhook can cost, one small app each."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
from fastapi import FastAPI, Request

CONNECTIONS = 64  # of the floor to PostgreSQL, which takes a hundred in all
ROW = b"x" * 2048  # what one bare commit writes: as much as a conversation
TOKEN = "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawx"  # noqa: S105 - of nobody
_TABLE = "CREATE TABLE IF NOT EXISTS floor (chat text PRIMARY KEY, content {} NOT NULL)"
_UPSERT = (
    "INSERT INTO floor VALUES ({0}, {1}) ON CONFLICT (chat) DO UPDATE SET content=excluded.content"
)


def json_route(_: str) -> FastAPI:
    """A FastAPI route that parses JSON and answers {}: nothing is kept."""
    return _app(_nothing)


def sqlite_commit(folder: str) -> FastAPI:
    """The same, and one bare commit of 2 KB: SQLite, WAL, synchronous FULL, in the loop itself."""
    connection = sqlite3.connect(Path(folder) / "floor.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(_TABLE.format("blob"))
    statement = _UPSERT.format("?", "?")

    async def commit(update: dict[str, Any]) -> None:
        connection.execute(statement, (_chat(update), ROW))

    return _app(commit)


def postgresql_commit(url: str) -> FastAPI:
    """The same, and one bare commit of 2 KB on PostgreSQL, a connection for each that waits."""
    plain = url.replace("+psycopg", "")
    with psycopg.connect(plain) as first:
        first.execute(_TABLE.format("bytea"))
    free: list[psycopg.AsyncConnection[Any]] = []
    room = asyncio.Semaphore(CONNECTIONS)
    statement = _UPSERT.format("%s", "%b")

    async def commit(update: dict[str, Any]) -> None:
        async with room:
            if free:
                connection = free.pop()
            else:
                connection = await psycopg.AsyncConnection.connect(plain, autocommit=True)
            await connection.execute(statement, (_chat(update), ROW), prepare=True)
            free.append(connection)

    return _app(commit)


def aiogram_empty(_: str) -> FastAPI:
    """aiogram's dispatcher with a handler that does nothing, under FastAPI."""
    aiogram: Any = import_module("aiogram")  # only compared with; the door alone imports it
    bot, dispatcher, app = aiogram.Bot(TOKEN), aiogram.Dispatcher(), FastAPI()

    async def nothing(_: Any) -> None:
        return None

    dispatcher.message.register(nothing)
    dispatcher.callback_query.register(nothing)

    @app.post("/hooks/telegram")
    async def knocked(request: Request) -> dict[str, str]:
        await dispatcher.feed_raw_update(bot, await request.json())
        return {}

    return app


async def _nothing(_: dict[str, Any]) -> None:
    return None


def _app(work: Callable[[dict[str, Any]], Awaitable[None]]) -> FastAPI:
    app = FastAPI()

    @app.post("/hooks/telegram")
    async def knocked(request: Request) -> Any:
        await work(await request.json())
        return {}

    return app


def _chat(update: dict[str, Any]) -> str:
    return str(update["callback_query"]["from"]["id"])
