"""How the fake Bot API hands updates over: offsets that confirm, webhooks until they say 200."""

import asyncio

import httpx
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.channels.fake_telegram import FakeTelegram
from tests.channels.platforms import Clock
from tests.channels.telegram_server import call


async def test_an_offset_confirms_and_nothing_else_does(
    fake: FakeTelegram, http: httpx.AsyncClient
) -> None:
    await fake.user_says(7, "two")
    first = (await call(http, "getUpdates"))["result"]
    again = (await call(http, "getUpdates", limit=1))["result"]
    rest = (await call(http, "getUpdates", offset=first[0]["update_id"] + 1))["result"]

    assert [each["message"]["text"] for each in first] == ["/start", "two"]
    assert again == first[:1]
    assert rest == first[1:]


async def test_a_long_poll_ends_when_something_comes(
    fake: FakeTelegram, http: httpx.AsyncClient
) -> None:
    polling = asyncio.create_task(call(http, "getUpdates", offset=999_999, timeout=30))
    await fake.settled()
    await asyncio.sleep(0.05)
    fake.push({"update_id": 1_000_000, "message": {}})

    answer = await asyncio.wait_for(polling, 2)

    assert [each["update_id"] for each in answer["result"]] == [1_000_000]


async def test_a_second_poll_ends_the_first(fake: FakeTelegram, http: httpx.AsyncClient) -> None:
    first = asyncio.create_task(call(http, "getUpdates", offset=999_999, timeout=30))
    await fake.settled()
    await asyncio.sleep(0.05)

    await call(http, "getUpdates", offset=999_999)

    assert (await first)["error_code"] == 409


async def test_updates_older_than_a_day_are_forgotten(
    http: httpx.AsyncClient, clock: Clock
) -> None:
    clock.move(hours=25)

    assert (await call(http, "getUpdates"))["result"] == []


async def test_a_webhook_is_called_until_it_answers_200(clock: Clock) -> None:
    seen: list[tuple[str | None, str]] = []

    async def hook(request: Request) -> Response:
        secret = request.headers.get("x-telegram-bot-api-secret-token")
        seen.append((secret, (await request.json())["message"]["text"]))
        return Response(status_code=[503, 404, 200, 200][len(seen) - 1])

    app = Starlette(routes=[Route("/hooks/telegram", hook, methods=["POST"])])
    async with FakeTelegram(clock=clock, transport=httpx.ASGITransport(app=app)) as fake:
        bot = Bot(fake.token, AiohttpSession(api=TelegramAPIServer.from_base(fake.base)))
        await bot.set_webhook("http://app.test/hooks/telegram", secret_token="s3cret")
        await bot.session.close()
        await fake.user_says(7, "one")
        await fake.user_says(7, "two")
        await fake.settled()

    assert [status for _, status in fake.delivery.attempts] == [503, 404, 200, 200]
    assert seen == [("s3cret", "one")] * 3 + [("s3cret", "two")]


async def test_updates_wait_while_nobody_listens_at_the_webhook(
    fake: FakeTelegram, http: httpx.AsyncClient
) -> None:
    await call(http, "setWebhook", url="http://127.0.0.1:9/hooks/telegram")
    await fake.until(lambda: len(fake.delivery.attempts) >= 3)

    polled = await call(http, "getUpdates")

    assert polled["error_code"] == 409
    assert {status for _, status in fake.delivery.attempts} == {0}
    assert len(fake.delivery.pending) == 1
