"""One module and one block of settings are a door: example_door.py, and nothing else changed."""

import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from aiohttp import web
from pydantic import SecretStr

from app.doctor_doors import of_doors
from app.public import public_app
from app.wiring import Data, build, channels_of
from bot.doors import doors
from handlers.deliver import deliver
from handlers.desk import Desk
from handlers.messages import WAVE
from tests.channels.example_door import DOOR, WithExample

TOKEN = "t" * 20
KNOWN = {**doors(), "example": DOOR}


@dataclass
class Seventh:
    """The messenger: what it was told to send, and a person on it."""

    settings: WithExample
    desk: Desk
    sent: list[dict[str, Any]] = field(default_factory=list)
    number: int = 0

    async def does(self, key: str = TOKEN, **event: str) -> int:
        self.number += 1
        body = orjson.dumps({"id": str(self.number), "from": "anna", **event})
        sign = hmac.new(key.encode(), body, sha256).hexdigest()
        transport = httpx.ASGITransport(app=public_app(self.desk))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            answer = await client.post(
                "/hooks/example", content=body, headers={"X-Example-Signature": sign}
            )
        await deliver(self.desk)
        return answer.status_code

    async def taps(self, face: str) -> None:
        data = next(data for row in self.sent[-1]["keys"] for at, data in row if face in at)
        await self.does(tap=data)


@pytest.fixture
async def seventh(tmp_path: Path, data: Data) -> AsyncIterator[Seventh]:
    sent: list[dict[str, Any]] = []

    async def send(request: web.Request) -> web.Response:
        sent.append(await request.json())
        return web.json_response({})

    async def me(request: web.Request) -> web.Response:
        return web.json_response({"name": "Info Mekong"})

    app = web.Application()
    app.add_routes([web.post("/send", send), web.get("/me", me)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    settings = WithExample(home=tmp_path, example_token=SecretStr(TOKEN), example_api=base)
    try:
        async with build(settings, channels=channels_of(settings, KNOWN), data=data) as desk:
            yield Seventh(settings, desk, sent)
    finally:
        await runner.cleanup()


async def test_a_talk_over_the_seventh_door(seventh: Seventh) -> None:
    await seventh.does(text="hello")
    hello = seventh.sent[-1]
    await seventh.taps("▶")
    await seventh.taps("English")
    first = seventh.sent[-1]
    await seventh.taps("I need help now")
    danger = seventh.sent[-1]
    await seventh.does(text="STOP")

    assert "👋" in hello["text"]
    assert "OK to read" in first["text"]
    assert danger["text"] != first["text"]
    assert (seventh.sent[-1]["keys"], {one["to"] for one in seventh.sent}) == ([], {"anna"})


async def test_what_is_typed_there_is_answered_by_a_neutral_sign_before_the_screen(
    seventh: Seventh,
) -> None:
    await seventh.does(text="hello")
    await seventh.taps("▶")
    await seventh.taps("English")
    await seventh.does(text="he hits me and says he will kill me")
    cover = seventh.sent[-1]
    await seventh.taps("▶")

    assert cover["text"] == WAVE
    assert seventh.sent[-1]["text"] != WAVE


async def test_its_forged_calls_are_an_empty_404(seventh: Seventh) -> None:
    assert await seventh.does(key="another", text="hello") == 404
    assert seventh.sent == []


async def test_doctor_tells_of_it(seventh: Seventh) -> None:
    found = [one async for one in of_doors(seventh.settings, known=KNOWN)]
    told = next(one for one in found if one.check == "example")

    assert "Info Mekong" in told.found
    assert "nobody can call us" in told.found
    assert {one.check for one in found} == set(KNOWN)
