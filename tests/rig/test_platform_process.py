"""The fake platform as a process: what it does to a bot, and what it counts."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from bot.doors.telegram import TelegramDoor
from handlers.messages import Address, ChannelError, Outgoing, TryLater, Unreachable
from tests.rig.platform_process import PlatformProcess, platform_process
from tests.rig.trouble import Rule

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOUR = 3_600


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def telegram() -> AsyncIterator[PlatformProcess]:
    async with platform_process() as platform:
        yield platform


@pytest_asyncio.fixture(loop_scope="module")
async def door(telegram: PlatformProcess) -> AsyncIterator[TelegramDoor]:
    """A bot's door to it; the platform is well again afterwards."""
    door = TelegramDoor(telegram.token, telegram.base)
    yield door
    await telegram.rules()
    await telegram.limits()
    await door.close()


def plain(words: str) -> Outgoing:
    return Outgoing(step=1, locale="en", node="n", texts=(words,), neutral=True)


def chat(number: int) -> Address:
    return Address("telegram", str(number))


async def call(telegram: PlatformProcess, method: str, **values: object) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        url = f"{telegram.base}/bot{telegram.token}/{method}"
        return await client.post(url, json=values, timeout=3)


async def test_what_a_bot_sends_stands_in_the_chat_with_its_whole_history(
    telegram: PlatformProcess, door: TelegramDoor
) -> None:
    await telegram.says(1, "hello")
    sent = await door.show(chat(1), plain("Good day"), None)
    await door.show(chat(1), plain("Good night"), sent.message_ids[-1])
    found = await telegram.chat(1)

    assert [one["text"] for one in found["visible"]] == ["hello", "Good night"]
    assert [one["what"] for one in found["history"]] == ["sent", "sent", "edited"]


async def test_who_passes_a_limit_and_calls_inside_the_window_breaks_it(
    telegram: PlatformProcess, door: TelegramDoor
) -> None:
    await telegram.says(2, "hello")
    await telegram.limits(chat_seconds=8.0, penalty=2.0, retry_after=8)
    before = await telegram.figures()
    first = await call(telegram, "sendMessage", chat_id=2, text="one")
    second = await call(telegram, "sendMessage", chat_id=2, text="two")
    await asyncio.sleep(0.2)
    third = await call(telegram, "sendMessage", chat_id=2, text="three")
    after = await telegram.figures()

    assert [one.status_code for one in (first, second, third)] == [200, 429, 429]
    assert second.json()["parameters"]["retry_after"] == 8
    assert third.json()["parameters"]["retry_after"] > 8
    assert after["broken"] - before["broken"] == 1
    with pytest.raises(TryLater):
        await door.show(chat(2), plain("four"), None)


@pytest.mark.parametrize("what", ["blocked", "deactivated", "gone"])
async def test_who_is_out_of_reach_is_refused(
    telegram: PlatformProcess, door: TelegramDoor, what: str
) -> None:
    await telegram.says(3, "hello")
    await telegram.becomes(3, what)
    with pytest.raises(Unreachable):
        await door.show(chat(3), plain("you?"), None)
    await telegram.becomes(3, "back")

    assert (await door.show(chat(3), plain("you!"), None)).message_ids


@pytest.mark.parametrize("what", ["status", "cut"])
async def test_a_broken_answer_is_an_error_of_the_door(
    telegram: PlatformProcess, door: TelegramDoor, what: str
) -> None:
    await telegram.says(4, "hello")
    await telegram.rules(Rule(what=what, times=1))  # type: ignore[arg-type]
    with pytest.raises(ChannelError):
        await door.show(chat(4), plain("?"), None)

    assert (await door.show(chat(4), plain("!"), None)).message_ids


async def test_half_open_accepts_and_never_answers(telegram: PlatformProcess) -> None:
    await telegram.rules(Rule(what="hang", methods=("getMe",), times=1))
    with pytest.raises(httpx.ReadTimeout):
        await call(telegram, "getMe")

    assert (await call(telegram, "getMe")).status_code == 200


async def test_nobody_listens_while_it_refuses(telegram: PlatformProcess) -> None:
    await telegram.refuse(True)
    with pytest.raises(httpx.ConnectError):
        await call(telegram, "getMe")
    await telegram.refuse(False)

    assert (await call(telegram, "getMe")).status_code == 200


async def test_after_48_hours_nothing_can_be_deleted_and_a_hundred_ids_go_at_once(
    telegram: PlatformProcess,
) -> None:
    ids = [int(await telegram.says(5, str(number))) for number in range(101)]
    too_many = await call(telegram, "deleteMessages", chat_id=5, message_ids=ids)
    some = await call(telegram, "deleteMessages", chat_id=5, message_ids=ids[:100])
    await telegram.moves(48 * HOUR)
    late = await call(telegram, "deleteMessages", chat_id=5, message_ids=ids[100:])

    assert [one.status_code for one in (too_many, some, late)] == [400, 200, 400]
    assert len((await telegram.chat(5))["visible"]) == 1


async def test_updates_come_in_order_many_at_once_and_until_200(
    telegram: PlatformProcess,
) -> None:
    heard: list[tuple[str, int]] = []

    async def hook(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        body = await reader.readexactly(length)
        words = body.split(b'"text":"')[1].split(b'"')[0].decode()
        status = 503 if not heard else 200
        heard.append((words, status))
        ends = "Connection: close\r\nContent-Length: 0\r\n\r\n"
        writer.write(f"HTTP/1.1 {status} X\r\n{ends}".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(hook, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await telegram.hooks(f"http://127.0.0.1:{port}/hooks/telegram")
    await telegram.settled()
    heard.clear()
    await telegram.policy(copies=(2, 5), again=0.01)
    for words in ("one", "two", "three"):
        await telegram.says(6, words)
    await telegram.settled()
    server.close()
    await telegram.policy(copies=(1, 1))

    order = list(dict.fromkeys(words for words, _ in heard))
    assert order == ["one", "two", "three"]
    assert all(sum(words == each for words, _ in heard) > 1 for each in order)
