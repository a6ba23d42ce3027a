"""Updates asked for or pushed: none lost, none confirmed too early."""

from collections.abc import AsyncIterator

import pytest

from bot.door import Profile
from bot.polling import Pace, delete_webhook, introduce, poll, register_webhook
from bot.telegram import TelegramChannel
from handlers.messages import ChannelError, TryLater
from tests.channels.fake_telegram import FakeTelegram

FAST = Pace(poll=1, first_pause=0.01, longest_pause=0.02)


async def take(updates: AsyncIterator[dict[str, object]], number: int) -> list[str]:
    """The texts of the next updates."""
    texts = []
    for _ in range(number):
        update = await anext(updates)
        message = update["message"]
        assert isinstance(message, dict)
        texts.append(message["text"])
    return texts


async def test_updates_that_waited_and_new_ones_come_in_order(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    for number in range(120):
        await fake.user_says(7, f"No. {number}")
    updates = poll(channel, FAST)

    texts = await take(updates, 120)
    await fake.user_says(7, "No. 120")
    texts += await take(updates, 1)
    await updates.aclose()

    assert texts == [f"No. {number}" for number in range(121)]


async def test_an_update_is_confirmed_only_when_the_next_is_asked_for(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    await fake.user_says(7, "one")
    first = poll(channel, FAST)
    await take(first, 1)
    await first.aclose()  # a crash before it was kept

    second = poll(channel, FAST)
    again = await take(second, 1)
    await fake.user_says(7, "two")
    await take(second, 1)
    await second.aclose()
    third = poll(channel, FAST)
    after = await take(third, 1)
    await third.aclose()

    assert again == ["one"]
    assert after == ["two"]


async def test_outages_and_pauses_are_waited_out_and_lose_nothing(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    await fake.user_says(7, "one")
    fake.fail_next("deleteWebhook", code=502)
    fake.fail_next("getUpdates", times=3, code=502)
    fake.fail_next("getUpdates", code=502, after=True)
    failures: list[int] = []
    updates = poll(channel, FAST, failures.append)

    texts = await take(updates, 1)
    await updates.aclose()

    assert texts == ["one"]
    assert failures == [1, 2, 3, 4, 5, 0]


async def test_the_pause_telegram_names_is_kept(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    await fake.user_says(7, "one")
    fake.fail_next("getUpdates", code=429, retry_after=1)
    updates = poll(channel, FAST)

    await take(updates, 1)
    await updates.aclose()

    called = [call.method for call in fake.calls]
    assert called == ["deleteWebhook", "getUpdates", "getUpdates"]


async def test_an_update_no_library_can_read_does_not_hold_up_the_others(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    fake.push({"message": {"odd": [1, 2, 3]}})
    await fake.user_says(7, "two")
    updates = poll(channel, FAST)

    odd = await anext(updates)
    texts = await take(updates, 1)
    await updates.aclose()

    assert odd["message"] == {"odd": [1, 2, 3]}
    assert texts == ["two"]


async def test_polling_takes_over_from_a_webhook_and_keeps_what_waited(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    await register_webhook(channel, "http://127.0.0.1:9/hooks/telegram", "a" * 43)
    await fake.user_says(7, "one")
    updates = poll(channel, FAST)

    texts = await take(updates, 1)
    await updates.aclose()

    assert texts == ["one"]
    assert fake.delivery.webhook == {}


async def test_only_messages_and_taps_are_asked_for(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    await register_webhook(channel, "http://127.0.0.1:9/hooks/telegram", "a" * 43)
    fake.push({"my_chat_member": {}})
    fake.push({"callback_query": {}})

    waiting = [set(update) - {"update_id"} for _, update in fake.delivery.pending]
    assert waiting == [{"callback_query"}]
    assert fake.delivery.webhook["secret_token"] == "a" * 43


async def test_deleting_the_webhook_keeps_what_waits(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    await register_webhook(channel, "http://127.0.0.1:9/hooks/telegram", "a" * 43)
    await fake.user_says(7, "one")

    await delete_webhook(channel)

    assert len(fake.delivery.pending) == 1
    assert fake.called("deleteWebhook")[0].values["drop_pending_updates"] == "false"


async def test_a_webhook_telegram_refuses_is_a_channel_error(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    with pytest.raises(ChannelError):
        await register_webhook(channel, "http://127.0.0.1:9/", "a secret with spaces")


async def test_the_bot_is_introduced_in_each_language(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    profiles = {
        "": Profile(name="Info", about="Information", commands={"leave": "Leave"}),
        "vi": Profile(name="Thông tin", about="Thông tin", commands={"leave": "Thoát"}),
    }

    await introduce(channel, profiles)

    assert fake.profile["name", ""] == "Info"
    assert fake.profile["name", "vi"] == "Thông tin"
    assert fake.profile["description", "vi"] == fake.profile["short_description", "vi"]
    assert fake.profile["commands", "vi"] == [{"command": "leave", "description": "Thoát"}]


async def test_a_name_changed_too_often_is_told_as_a_pause(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    fake.fail_next("setMyName", code=429, retry_after=3600)

    with pytest.raises(TryLater) as raised:
        await introduce(channel, {"": Profile(name="Info", about="Info", commands={})})

    assert raised.value.seconds == 3600
