"""The fake Bot API keeps Telegram's rules, so that tests over it mean something."""

import json
from typing import Any

import httpx
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Update

from tests.channels.fake_telegram import FakeTelegram
from tests.channels.platforms import Clock
from tests.channels.telegram_server import call

KEYS = {"inline_keyboard": [[{"text": "Yes", "callback_data": "1:yes"}]]}


async def send(http: httpx.AsyncClient, text: str = "Hello", **values: Any) -> int:
    answer = await call(http, "sendMessage", chat_id=7, text=text, **values)
    return int(answer["result"]["message_id"])


async def test_json_form_and_multipart_bodies_say_the_same(
    fake: FakeTelegram, http: httpx.AsyncClient
) -> None:
    fields = {"chat_id": "7", "text": "Hello", "reply_markup": json.dumps(KEYS)}

    await http.post("sendMessage", json={"chat_id": 7, "text": "Hello", "reply_markup": KEYS})
    await http.post("sendMessage", data=fields)
    await http.post("SENDMESSAGE", data=fields, files={"random-name": b"x"})

    shown = [(each.text, each.keys[0].data) for each in fake.visible(7) if each.sender == "bot"]
    assert shown == [("Hello", "1:yes")] * 3


async def test_a_wrong_token_or_method_is_refused(fake: FakeTelegram) -> None:
    async with httpx.AsyncClient(base_url=fake.base, trust_env=False) as client:
        wrong = await client.post("/bot1:other/getMe")
        unknown = await client.post(f"/bot{fake.token}/sendRocket")

    assert (wrong.status_code, unknown.status_code) == (401, 404)


@pytest.mark.parametrize(
    ("values", "description"),
    [
        ({"text": ""}, "Bad Request: message text is empty"),
        ({"text": " \n"}, "Bad Request: message text is empty"),
        ({"text": "😀" * 2049}, "Bad Request: message is too long"),
        (
            {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}},
            "Bad Request: BUTTON_DATA_INVALID",
        ),
        (
            {
                "text": "a",
                "reply_markup": {
                    "inline_keyboard": [[{"text": "a", "callback_data": "é" * 33}]],
                },
            },
            "Bad Request: BUTTON_DATA_INVALID",
        ),
        ({"text": "a", "chat_id": 8}, "Bad Request: chat not found"),
    ],
)
async def test_what_telegram_refuses_to_send_is_refused(
    fake: FakeTelegram, http: httpx.AsyncClient, values: dict[str, Any], description: str
) -> None:
    answer = await call(http, "sendMessage", **{"chat_id": 7, **values})

    assert answer == {"ok": False, "error_code": 400, "description": description}
    assert [each.sender for each in fake.visible(7)] == ["person"]


async def test_a_message_of_exactly_the_limit_is_taken(http: httpx.AsyncClient) -> None:
    assert await send(http, "😀" * 2048) > 0


async def test_editing_keeps_the_rules(fake: FakeTelegram, http: httpx.AsyncClient) -> None:
    hers, ours = fake.visible(7)[0].id, await send(http)
    edits = [
        {"message_id": ours, "text": "Hello"},
        {"message_id": hers, "text": "Other"},
        {"message_id": 999_999, "text": "Other"},
        {"message_id": ours, "text": "Other", "reply_markup": KEYS},
    ]

    answers = [await call(http, "editMessageText", chat_id=7, **each) for each in edits]

    said = [each.get("description", "")[:40] for each in answers]
    assert said[0] == "Bad Request: message is not modified: spe"[:40]
    assert said[1:3] == [
        "Bad Request: message can't be edited",
        "Bad Request: message to edit not found",
    ]
    assert answers[3]["ok"]
    assert fake.visible(7)[1].text == "Other"


async def test_buttons_alone_can_be_taken_away(
    fake: FakeTelegram, http: httpx.AsyncClient
) -> None:
    ours = await send(http, reply_markup=KEYS)

    await call(http, "editMessageReplyMarkup", chat_id=7, message_id=ours)

    assert (fake.visible(7)[1].text, fake.visible(7)[1].keys) == ("Hello", ())


async def test_only_messages_under_48_hours_are_deleted_hers_too(
    fake: FakeTelegram, http: httpx.AsyncClient, clock: Clock
) -> None:
    hers = fake.visible(7)[0].id
    clock.move(hours=47)
    ours = await send(http)
    clock.move(hours=1)

    old = await call(http, "deleteMessage", chat_id=7, message_id=hers)
    both = await call(http, "deleteMessages", chat_id=7, message_ids=[hers, ours])
    young = await call(http, "deleteMessages", chat_id=7, message_ids=[ours, 999_999])
    gone = await call(http, "deleteMessage", chat_id=7, message_id=ours)
    many = await call(http, "deleteMessages", chat_id=7, message_ids=list(range(1, 102)))

    assert [each["ok"] for each in (old, both, young, gone, many)] == [
        False,
        False,
        True,
        False,
        False,
    ]
    assert gone["description"] == "Bad Request: message to delete not found"
    assert [each.id for each in fake.visible(7)] == [hers]


async def test_a_tap_is_answered_once(fake: FakeTelegram, http: httpx.AsyncClient) -> None:
    await send(http, reply_markup=KEYS)
    query = await fake.user_taps(7, "Yes")

    first = await call(http, "answerCallbackQuery", callback_query_id=query)
    second = await call(http, "answerCallbackQuery", callback_query_id=query)

    assert (first["ok"], second["ok"]) == (True, False)


async def test_a_button_that_is_not_there_cannot_be_tapped(
    fake: FakeTelegram, http: httpx.AsyncClient
) -> None:
    await send(http, reply_markup=KEYS)

    with pytest.raises(LookupError, match="Yes"):
        await fake.user_taps(7, "No")


async def test_everything_it_sends_is_an_update_to_aiogram(
    fake: FakeTelegram, http: httpx.AsyncClient
) -> None:
    card = await send(http, reply_markup=KEYS)
    await fake.user_taps(7, "Yes")
    await fake.user_deletes(7, card)
    await fake.user_taps(7, "1:yes", on=card)

    updates = [Update.model_validate(update) for _, update in fake.delivery.pending]

    assert [each.event_type for each in updates] == ["message"] + ["callback_query"] * 2


async def test_everything_it_answers_is_read_by_aiogram(fake: FakeTelegram) -> None:
    await fake.user_says(7, "/start")
    server = TelegramAPIServer.from_base(fake.base)
    bot = Bot(fake.token, AiohttpSession(api=server))

    me = await bot.get_me()
    sent = await bot.send_message(7, "Hello")
    edited = await bot.edit_message_text("Bye", chat_id=7, message_id=sent.message_id)
    info = await bot.get_webhook_info()
    updates = await bot.get_updates()
    await bot.session.close()

    assert me.is_bot
    assert (sent.text, getattr(edited, "text", None)) == ("Hello", "Bye")
    assert info.pending_update_count == 1
    assert updates[0].message is not None


async def test_a_lost_answer_has_done_its_work(
    fake: FakeTelegram, http: httpx.AsyncClient
) -> None:
    fake.fail_next("sendMessage", after=True)

    answer = await http.post("sendMessage", json={"chat_id": 7, "text": "Hello"})

    assert answer.status_code == 502
    assert fake.visible(7)[-1].text == "Hello"


async def test_history_tells_how_many_messages_stood_at_each_moment(
    fake: FakeTelegram, http: httpx.AsyncClient
) -> None:
    first = await send(http, "One")
    await send(http, "Two", disable_notification=True, protect_content=True)
    await call(http, "deleteMessage", chat_id=7, message_id=first)

    changes = [(each.what, each.message.text, each.bots) for each in fake.history(7)]
    assert changes == [
        ("sent", "/start", 0),
        ("sent", "One", 1),
        ("sent", "Two", 2),
        ("deleted", "One", 1),
    ]
    assert (fake.visible(7)[-1].silent, fake.visible(7)[-1].protected) == (True, True)


async def test_two_bots_on_one_server_share_nothing(
    fake: FakeTelegram, http: httpx.AsyncClient
) -> None:
    staff = fake.beside("777:staff-token")
    await staff.user_says(7, "hello staff")

    async with httpx.AsyncClient(base_url=staff.base, trust_env=False) as other:
        updates = (await other.post("/bot777:staff-token/getUpdates")).json()["result"]

    assert [each["message"]["text"] for each in updates] == ["hello staff"]
    assert [each.text for each in fake.visible(7)] == ["/start"]


async def test_the_limit_of_one_message_a_second_is_kept_when_asked_for(
    fake: FakeTelegram, http: httpx.AsyncClient, clock: Clock
) -> None:
    fake.limit_per_chat(1)
    await send(http)

    refused = await call(http, "sendMessage", chat_id=7, text="Again")
    clock.move(seconds=1)
    later = await call(http, "sendMessage", chat_id=7, text="Again")

    assert refused["parameters"] == {"retry_after": 1}
    assert later["ok"]
