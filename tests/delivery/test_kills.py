"""R05: a real process killed while it shows something, and how often that was shown."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.e2e.system import System, free_port, serving
from tests.proving import Proof
from tests.rig.platform_process import PlatformProcess
from tests.rig.trouble import Rule


@pytest.mark.timeout(3_600)
async def test_R05_a_kill_repeats_at_most_one_message_and_none_where_it_is_an_edit(
    tmp_path: Path, telegram: PlatformProcess, proof: Proof
) -> None:
    kills, repeated = proof.count(60, quick=2) // 2, 0
    for first in range(1, 2 * kills, 2):
        edited, sent = first, first + 1
        async with _system(tmp_path, telegram) as system:
            await telegram.says(edited, "/start")
            await telegram.until(edited, "Hello", 60)
            await telegram.rules(
                Rule(what="mute", methods=("editMessageText",), chats=(str(edited),), times=1),
                Rule(what="mute", methods=("sendMessage",), chats=(str(sent),), times=1),
            )
            await telegram.taps(edited, "English")
            await telegram.says(sent, "/start")
            await _more(telegram, edited, "edited")
            await _more(telegram, sent, "sent")
            system.process.kill()
            await system.process.wait()
        await telegram.rules()
        async with _system(tmp_path, telegram):
            await telegram.until(edited, "This is a free", 90)
            await telegram.until(sent, "Hello", 90)
            await asyncio.sleep(1)
        repeated += await _number(telegram, sent, "sent") - 1

        assert await _number(telegram, edited, "sent") == 1
        assert await _number(telegram, sent, "sent") <= 2
        for chat in (edited, sent):
            assert len(await _ours(telegram, chat)) == 1
    proof.figure(f"{2 * kills} kills: {repeated} messages of {kills}, no edit of {kills} repeated")


@asynccontextmanager
async def _system(home: Path, telegram: PlatformProcess) -> AsyncIterator[System]:
    """The real `saphan serve`, posted to by the platform."""
    port = free_port()
    given = {
        "telegram_token": telegram.token,
        "telegram_secret": telegram.secret,
        "telegram_api": telegram.base,
        "public_url": "https://chat.example",
    }
    async with serving(home, port, **given) as system:
        await telegram.hooks(f"http://127.0.0.1:{port}/hooks/telegram")
        yield system


async def _more(telegram: PlatformProcess, chat: int, what: str) -> None:
    """Wait until the platform has done it; its answer never comes."""
    async with asyncio.timeout(60):
        while not await _number(telegram, chat, what):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.01)


async def _number(telegram: PlatformProcess, chat: int, what: str) -> int:
    past = (await telegram.chat(chat))["history"]
    return sum(one["what"] == what and one["sender"] == "bot" for one in past)


async def _ours(telegram: PlatformProcess, chat: int) -> list[object]:
    return [one for one in (await telegram.chat(chat))["visible"] if one["sender"] == "bot"]
