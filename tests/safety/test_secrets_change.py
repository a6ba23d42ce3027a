"""R17: secrets are changed while people write; each door takes the old and the new meanwhile."""

import asyncio
import base64
import hashlib
import hmac
import time
from collections.abc import Mapping

import httpx
import pytest
from pydantic import SecretStr

from app.jobs import running
from app.public import public_app
from app.settings import Settings
from app.wiring import Data, build
from bot.door import Knock, Messenger
from bot.doors import doors
from bot.doors.sms import SIGNATURE
from bot.doors.telegram import SECRET_HEADER, TelegramDoor
from handlers.desk import Desk
from tests.channels.fake_telegram import FakeTelegram
from tests.proving import Proof, on_one
from tests.safety.doors import TOKEN

OLD, NEW = "old_" + "abcdefghijklm" * 3, "new_" + "nopqrstuvwxyz" * 3
RATE = 30  # updates a second (R17)
STEPS = (OLD, f"{OLD} {NEW}", f"{NEW} {OLD}", NEW)
"""What stands in the file of the secret, one restart after the other."""


class Restarting(httpx.AsyncBaseTransport):
    """The way to a process that finishes what it has in hand and ends; then nobody listens."""

    inside: httpx.AsyncBaseTransport | None = None
    busy = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.inside is None:
            raise httpx.ConnectError("nobody listens")
        self.busy += 1
        try:
            return await self.inside.handle_async_request(request)
        finally:
            self.busy -= 1

    async def stops(self) -> None:
        self.inside = None
        while self.busy:  # noqa: ASYNC110 - a counter tells it
            await asyncio.sleep(0.01)


@on_one("postgresql")
async def test_R17_the_webhook_secret_changes_under_load_and_nothing_is_lost(
    settings: Settings, data: Data, proof: Proof
) -> None:
    number, door = proof.count(1_800, quick=24), Restarting()
    async with FakeTelegram(transport=door) as fake:
        given = {"public_url": "http://saphan.test", "telegram_token": fake.token}
        began, refused = time.monotonic(), 0
        typing = None
        for step, secret in enumerate(STEPS):
            fresh = settings.model_copy(update=given | {"telegram_secret": SecretStr(secret)})
            channel = TelegramDoor(fake.token, fake.base, secret)
            async with build(fresh, channels={"telegram": channel}, data=data) as desk:
                door.inside = httpx.ASGITransport(public_app(desk))
                async with running(desk, fresh):
                    await _registered(fake, secret.split()[0])
                    typing = typing or asyncio.create_task(_everybody(fake, number))
                    await asyncio.sleep(number / RATE / len(STEPS))
                    if step == len(STEPS) - 1:
                        await typing
                        for chat in range(number):
                            await _greeted(fake, 10_000 + chat)
                        refused = await _knocks(desk, OLD)
                    await door.stops()
    took = time.monotonic() - began
    proof.figure(f"0 of {number} lost in {took:.0f} s over {len(STEPS)} restarts")

    assert refused == 404
    assert took < 600


async def _registered(fake: FakeTelegram, secret: str) -> None:
    """Until the platform knows this secret."""
    await fake.until(
        lambda: any(
            call.values.get("secret_token") == secret for call in fake.called("setWebhook")
        ),
        seconds=30,
    )


async def _greeted(fake: FakeTelegram, chat: int) -> None:
    await fake.until(
        lambda: any("Hello" in message.text for message in fake.visible(chat)), seconds=120
    )


async def _everybody(fake: FakeTelegram, number: int) -> None:
    for chat in range(number):
        await fake.user_says(10_000 + chat, "/start")
        await asyncio.sleep(1 / RATE)


async def _knocks(desk: Desk, secret: str) -> int:
    transport = httpx.ASGITransport(public_app(desk))
    async with httpx.AsyncClient(transport=transport, base_url="http://saphan.test") as client:
        answer = await client.post("/hooks/telegram", headers={SECRET_HEADER: secret}, json={})
    return answer.status_code


def _digest(secret: str, body: bytes) -> hmac.HMAC:
    return hmac.new(secret.encode(), body, hashlib.sha256)


def _proofs(secret: str, body: bytes) -> Mapping[str, tuple[str, str]]:
    """Door -> the header and value by which its platform proves this body."""
    digest = _digest(secret, body)
    meta = ("x-hub-signature-256", f"sha256={digest.hexdigest()}")
    return {
        "telegram": (SECRET_HEADER, secret),
        "line": ("x-line-signature", base64.b64encode(digest.digest()).decode()),
        "whatsapp": meta,
        "messenger": meta,
        "sms": (SIGNATURE, digest.hexdigest()),
    }


BLOCKS: Mapping[str, dict[str, str]] = {
    "telegram": {"token": TOKEN, "secret": ""},
    "line": {"token": "t" * 50, "secret": ""},
    "whatsapp": {"token": "t" * 50, "phone_id": "1", "app_secret": "", "verify": "v" * 43},
    "messenger": {"token": "t" * 50, "app_secret": "", "verify": "v" * 43},
    "sms": {
        "gateway_url": "http://127.0.0.1:9",
        "gateway_secret": "",
        "address": "http://saphan.test",
    },
}


@pytest.mark.parametrize("name", BLOCKS)
async def test_while_it_is_changed_a_door_takes_both_and_no_third(name: str) -> None:
    body = b'{"events": []}'
    block = {key: value or f"{NEW} {OLD}" for key, value in BLOCKS[name].items()}
    made = doors()[name].open({**block, "api": "http://127.0.0.1:9"})
    assert isinstance(made, Messenger)
    taken = []
    for secret in (NEW, OLD, f"{NEW} {OLD}", "third", ""):
        header, value = _proofs(secret, body)[name]
        taken.append(made.proven(Knock(headers={header: value}, body=body)))
    await made.close()

    assert taken == [True, True, False, False, False]


@pytest.mark.parametrize("given", ["   ", f"{NEW} {OLD} {OLD}x"])
def test_no_secret_at_all_and_a_third_one_are_refused(given: str) -> None:
    with pytest.raises(ValueError, match="TELEGRAM_SECRET holds the secret"):
        Settings(telegram_secret=SecretStr(given))


def test_a_weak_secret_is_refused_beside_a_strong_one() -> None:
    with pytest.raises(ValueError, match="TELEGRAM_SECRET has under 43"):
        Settings(telegram_secret=SecretStr(f"{NEW} short"))
