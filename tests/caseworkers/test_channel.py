"""This bot's channel keeps the contract of all channels, over python-telegram-bot."""

import logging
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.caseworkers import CaseworkersChannel
from bot.caseworkers_updates import read
from bot.polling import Pace, Source, poll_from
from handlers.messages import Address, Button, ChannelError, Text, TryLater
from tests.channels.fake_telegram import FakeTelegram
from tests.channels.platforms import PERSON, Clock, TelegramPlatform
from tests.channels.screens import screen
from tests.channels.test_contract import *  # noqa: F403  # the same tests for this channel


@pytest.fixture
async def platform() -> AsyncIterator[TelegramPlatform]:
    clock = Clock()
    async with FakeTelegram(clock=clock) as fake:
        platform = TelegramPlatform(fake, clock)
        platform.channel = CaseworkersChannel(fake.token, fake.base)
        platform.address = Address("caseworkers", str(PERSON))
        await fake.user_says(PERSON, "/start")
        await fake.user_deletes(PERSON, fake.visible(PERSON)[0].id)
        yield platform
        await platform.channel.close()


def test_importing_the_door_does_not_load_the_library() -> None:
    code = "import sys, bot.caseworkers, bot.caseworkers_turn; sys.exit('telegram' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=False)

    assert done.returncode == 0


async def test_numbers_stand_side_by_side_and_a_notice_rings(platform: TelegramPlatform) -> None:
    numbers = tuple(Button(id=str(n), label=str(n)) for n in range(7))
    shown = replace(screen("Many"), choices=numbers, actions=())
    await platform.channel.show(platform.address, shown, None)
    await platform.channel.show(platform.address, replace(shown, neutral=True), None)
    card, notice = platform.fake.visible(PERSON)

    assert [len(row) for row in card.buttons] == [5, 2]
    assert (card.silent, notice.silent) == (True, False)


async def test_R21_its_errors_and_its_libraries_say_nothing(
    platform: TelegramPlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    handler = logging.StreamHandler(sys.stderr)
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)
    words = "Sokhavvatey"
    said = []
    try:
        for trouble in ({"code": 429, "retry_after": 7}, {"code": 502}, {"code": 403}):
            platform.fake.fail_next("sendMessage", **trouble)  # type: ignore[arg-type]
            with pytest.raises(ChannelError) as raised:
                await platform.channel.show(platform.address, screen(words), None)
            said.append(repr(raised.value))
            assert raised.value.__cause__ is None
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel(logging.WARNING)
    printed = capsys.readouterr()
    everything = f"{said}{printed.out}{printed.err}"

    assert not [
        one for one in (words, platform.fake.token, str(PERSON), "bot4242") if one in everything
    ]


async def test_a_pause_is_the_seconds_telegram_names(platform: TelegramPlatform) -> None:
    platform.pauses(9)
    with pytest.raises(TryLater) as pause:
        await platform.channel.show(platform.address, screen("x"), None)

    assert pause.value.seconds == 9


async def test_it_is_polled_and_each_update_confirmed(platform: TelegramPlatform) -> None:
    channel = platform.channel
    assert isinstance(channel, CaseworkersChannel)
    platform.fake.delivery.pending.clear()
    await platform.fake.user_says(PERSON, "/start AB12-CD34")
    await platform.fake.user_says(PERSON, "two")
    source = Source(channel.listen_by_polling, channel.updates)
    heard = []
    updates = poll_from(source, Pace(poll=1, first_pause=0.01))
    async for update in updates:
        found = read(update)
        assert found is not None
        heard.append(found.said)
        if len(heard) == 2:
            break
    await updates.aclose()

    assert heard == [Text("AB12-CD34"), Text("two")]


async def test_the_hook_is_registered_with_its_secret(platform: TelegramPlatform) -> None:
    channel = platform.channel
    assert isinstance(channel, CaseworkersChannel)
    await channel.listen_by_webhook("https://desk.test/hooks/caseworkers", "s" * 43)
    await channel.introduce("Support")

    assert platform.fake.delivery.webhook == {
        "url": "https://desk.test/hooks/caseworkers",
        "secret_token": "s" * 43,
    }
    assert platform.fake.profile["name", ""] == "Support"


def test_nothing_of_who_wrote_is_read() -> None:
    update = {
        "update_id": 5,
        "message": {
            "message_id": 3,
            "chat": {"id": 7, "type": "private", "first_name": "Firstname", "username": "nick"},
            "from": {"id": 7, "first_name": "Firstname", "language_code": "km"},
            "text": "/start abcd-efgh-jk",
        },
    }
    found = read(update)

    assert found is not None
    assert (found.address, found.said) == (Address("caseworkers", "7"), Text("abcd-efgh-jk"))
    assert not [one for one in ("Firstname", "nick", "km") if one in repr(found)]


async def test_what_is_refused_for_an_unknown_reason_is_to_be_deleted_again(
    platform: TelegramPlatform,
) -> None:
    fake = platform.fake
    ids = [str(await fake.user_says(PERSON, "K7Q2 M4TX")) for _ in range(3)]
    fake.fail_next("deleteMessages", code=400, description="Bad Request: odd")
    fake.fail_next("deleteMessage", code=400, description="Bad Request: odd")
    standing = await platform.channel.forget(platform.address, ids)
    again = await platform.channel.forget(platform.address, standing)

    assert (standing, again) == ((ids[0],), ())
    assert fake.visible(PERSON) == []
