"""The Telegram channel's own ways: what it sends, how it erases, what its errors keep back."""

import asyncio
import logging
import subprocess
import sys
import traceback
from dataclasses import replace

import pytest

from bot.telegram import TelegramChannel
from handlers.messages import Address, Button, ChannelError, TryLater, Unreachable
from tests.channels.fake_telegram import FakeTelegram
from tests.channels.platforms import Clock
from tests.channels.screens import screen

SHE = Address("telegram", "7")
LONG = "word " * 1500  # two messages


@pytest.fixture(autouse=True)
async def started(fake: FakeTelegram) -> None:
    """A bot may write only to one who has written."""
    await fake.user_says(7, "/start")
    await fake.user_deletes(7, fake.visible(7)[0].id)


def test_importing_the_door_does_not_load_aiogram() -> None:
    code = "import sys, bot.telegram, bot.polling; sys.exit('aiogram' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], check=False)

    assert done.returncode == 0


async def test_every_message_is_silent_protected_plain_and_without_preview(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    sent = await channel.show(SHE, screen("<b>https://example.org</b> _x_"), None)
    await channel.show(SHE, screen("<i>2</i>"), sent.message_ids[-1])

    [message] = fake.visible(7)
    assert message.silent
    assert message.protected
    assert message.text == "<i>2</i>"
    for call in fake.calls:
        assert "is_disabled" in str(call.values["link_preview_options"])
        assert "parse_mode" not in call.values


async def test_a_choice_carries_step_and_option_and_the_row_its_command(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    await channel.show(SHE, screen("Hello", step=41, choices=1), None)

    data = [[key.data for key in row] for row in fake.visible(7)[0].buttons]
    assert data == [["41:option1"], ["41:!leave", "41:!back"], ["41:!menu", "41:!listen"]]


@pytest.mark.parametrize("option", ["x" * 63, "with space", "!leave", "é"])
async def test_an_option_that_does_not_fit_into_callback_data_is_named_by_place(
    fake: FakeTelegram, channel: TelegramChannel, option: str
) -> None:
    wrong = replace(screen("Hello"), choices=(Button(id=option, label="Canary"),))

    with pytest.raises(ValueError, match=r"test\.1") as raised:
        await channel.show(SHE, wrong, None)

    assert "Canary" not in str(raised.value)
    assert fake.calls == []


async def test_a_long_screen_begins_in_the_card_and_ends_in_a_new_one(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    card = (await channel.show(SHE, screen("One"), None)).message_ids[-1]

    sent = await channel.show(SHE, screen(LONG), card)

    first, second = fake.visible(7)
    assert sent.message_ids == (card, str(second.id))
    assert (str(first.id), first.keys) == (card, ())
    assert len(second.keys) == 6


async def test_what_was_sent_of_a_screen_that_fails_half_way_is_taken_back(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    fake.fail_next("editMessageText")

    with pytest.raises(ChannelError):
        await channel.show(SHE, screen(LONG), None)

    assert fake.visible(7) == []


async def test_in_a_pause_nothing_is_asked_and_what_is_left_is_said(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    fake.limit_per_chat(1)

    with pytest.raises(TryLater) as pause:
        await channel.show(SHE, screen(LONG), None)
    calls = len(fake.calls)
    with pytest.raises(TryLater):
        await channel.forget(SHE, pause.value.left)

    assert pause.value.left == tuple(str(each.id) for each in fake.visible(7))
    assert pause.value.left
    assert len(fake.calls) == calls


async def test_a_card_that_cannot_be_edited_is_deleted_and_sent_anew(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    card = (await channel.show(SHE, screen("One"), None)).message_ids[-1]
    fake.fail_next("editMessageText", code=400, description="Bad Request: message can't be edited")

    await channel.show(SHE, screen("Two"), card)

    assert [each.text for each in fake.visible(7)] == ["Two"]


async def test_a_card_of_another_week_is_still_edited(
    fake: FakeTelegram, channel: TelegramChannel, clock: Clock
) -> None:
    card = (await channel.show(SHE, screen("One"), None)).message_ids[-1]
    clock.move(days=7)

    await channel.neutral(SHE, card, "👋")

    assert [each.text for each in fake.visible(7)] == ["👋"]


async def test_a_card_that_cannot_be_made_neutral_is_deleted_instead(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    card = (await channel.show(SHE, screen("One"), None)).message_ids[-1]
    words = "Bad Request: message can't be edited"
    fake.fail_next("editMessageText", code=400, description=words)

    await channel.neutral(SHE, card, "👋")

    assert fake.visible(7) == []


async def test_a_card_left_as_it_was_for_an_unknown_reason_is_not_passed_over(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    card = (await channel.show(SHE, screen("One"), None)).message_ids[-1]
    fake.fail_next("editMessageText", code=400, description="Bad Request: odd")

    with pytest.raises(ChannelError):
        await channel.neutral(SHE, card, "👋")


async def test_two_hundred_and_fifty_messages_are_deleted_in_three_calls(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    ids = [str(await fake.user_says(7, "hello")) for _ in range(250)]

    standing = await channel.forget(SHE, ids)

    assert standing == ()
    assert fake.visible(7) == []
    assert [call.method for call in fake.calls] == ["deleteMessages"] * 3


async def test_one_message_too_old_costs_its_batch_single_deletes_and_no_more(
    fake: FakeTelegram, channel: TelegramChannel, clock: Clock
) -> None:
    old = await fake.user_says(7, "old")
    clock.move(hours=48)
    new = [await fake.user_says(7, "new") for _ in range(150)]

    standing = await channel.forget(SHE, [str(each) for each in (old, *new)])

    assert standing == ()
    assert [each.text for each in fake.visible(7)] == ["old"]
    assert len(fake.called("deleteMessages")) == 2
    assert len(fake.called("deleteMessage")) == 100


async def test_a_pause_after_the_first_batch_returns_the_rest_for_another_try(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    ids = [str(await fake.user_says(7, "hello")) for _ in range(150)]
    fake.fail_next("deleteMessages", after=True, code=400, description="Bad Request: odd")
    fake.fail_next("deleteMessages", code=429, description="Too Many", retry_after=1)

    standing = await channel.forget(SHE, ids)
    await asyncio.sleep(1)
    again = await channel.forget(SHE, standing)

    assert standing == tuple(ids[100:])
    assert again == ()
    assert fake.visible(7) == []


async def test_one_message_refused_for_an_unknown_reason_stands_and_stops_nothing(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    ids = [str(await fake.user_says(7, "hello")) for _ in range(3)]
    fake.fail_next("deleteMessages", code=400, description="Bad Request: odd")
    fake.fail_next("deleteMessage", code=400, description="Bad Request: odd")

    standing = await channel.forget(SHE, ids)

    assert standing == (ids[0],)
    assert [str(each.id) for each in fake.visible(7)] == [ids[0]]


async def test_a_receipt_answers_the_tap(fake: FakeTelegram, channel: TelegramChannel) -> None:
    await channel.show(SHE, screen("Hello"), None)
    tap = await fake.user_taps(7, "Choice 1")

    await channel.receipt(tap)

    assert fake.unanswered == []


@pytest.mark.parametrize(
    ("code", "description"),
    [
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: user is deactivated"),
        (403, "Forbidden: bot can't initiate conversation with a user"),
        (400, "Bad Request: chat not found"),
        (400, "Bad Request: PEER_ID_INVALID"),
    ],
)
async def test_nobody_there_is_unreachable_whatever_is_asked(
    fake: FakeTelegram, channel: TelegramChannel, code: int, description: str
) -> None:
    fake.fail_next(times=3, code=code, description=description)

    with pytest.raises(Unreachable):
        await channel.show(SHE, screen("Hello"), "5")
    with pytest.raises(Unreachable):
        await channel.neutral(SHE, "5", "👋")
    with pytest.raises(Unreachable):
        await channel.forget(SHE, ["5"])


@pytest.mark.parametrize(
    ("code", "description"),
    [
        (400, "Bad Request: odd"),
        (401, "Unauthorized"),
        (404, "Not Found"),
        (409, "Conflict"),
        (429, "Too Many Requests"),
        (500, "Internal Server Error"),
        (502, "Bad Gateway"),
    ],
)
async def test_no_error_carries_token_words_or_chat(
    fake: FakeTelegram, channel: TelegramChannel, code: int, description: str
) -> None:
    chat, words = 918273645, f"words{code}canary"
    said = f"{description} {words} {chat} {fake.token}"
    fake.fail_next(code=code, description=said, retry_after=9 if code == 429 else None)

    with pytest.raises(ChannelError) as raised:
        await channel.show(Address("telegram", str(chat)), screen(words), None)

    written = "".join(traceback.format_exception(raised.value)) + repr(raised.value.args)
    for secret in (words, str(chat), fake.token):
        assert secret not in written


async def test_nobody_listening_is_a_channel_error_without_the_url(fake: FakeTelegram) -> None:
    channel = TelegramChannel(fake.token, "http://127.0.0.1:9")

    with pytest.raises(ChannelError) as raised:
        await channel.show(SHE, screen("Hello"), None)
    await channel.close()

    written = "".join(traceback.format_exception(raised.value))
    assert fake.token not in written
    assert raised.value.__context__ is None


async def test_nothing_of_aiogram_is_logged_even_at_debug(
    fake: FakeTelegram, channel: TelegramChannel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    await channel.show(SHE, screen("Hello"), None)
    logging.getLogger("aiogram.event").error("Canary")
    logging.getLogger("aiohttp.client").error("Canary")

    assert [each for each in caplog.records if each.name.startswith("aio")] == []


@pytest.mark.parametrize("token", ["", "Canary", "12:", "12:a b", "12:a/b", ":Canary"])
def test_a_token_of_another_form_is_refused_and_not_shown(token: str) -> None:
    with pytest.raises(ValueError, match="token") as raised:
        TelegramChannel(token)

    assert "Canary" not in str(raised.value)


async def test_a_token_is_not_in_the_channels_repr(channel: TelegramChannel) -> None:
    assert "fake-token" not in repr(channel)


async def test_a_channel_closed_and_used_again_opens_new_connections(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    await channel.show(SHE, screen("One"), None)
    await channel.close()

    await channel.show(SHE, screen("Two"), None)

    assert [each.text for each in fake.visible(7)] == ["One", "Two"]
