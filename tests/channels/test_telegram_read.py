"""The reader of Telegram updates: what it takes, what it drops, and that nothing breaks it."""

import json
import re
from dataclasses import asdict
from typing import Any, get_args

import pytest
from aiogram.enums import ContentType
from aiogram.types import Update

from bot.telegram import read
from handlers.messages import (
    MAX_TYPED,
    Address,
    Attachment,
    Choice,
    Command,
    Incoming,
    Pressed,
    Text,
)
from tests.channels.fake_telegram import FakeTelegram
from tests.channels.telegram_contents import CONTENTS

CHAT = {"id": 7, "type": "private", "first_name": "Canaryname", "username": "canaryuser"}
SHE = {"id": 7, "is_bot": False, "first_name": "Canaryname", "language_code": "km"}


def message(**fields: object) -> dict[str, Any]:
    core = {"message_id": 31, "date": 1, "chat": CHAT, "from": SHE}
    return {"update_id": 5, "message": {**core, **fields}}


def tap(data: object, **fields: object) -> dict[str, Any]:
    card = {"message_id": 30, "date": 1, "chat": CHAT, "text": "Canarycard"}
    query = {"id": "99", "from": SHE, "chat_instance": "1", "message": card, "data": data}
    return {"update_id": 5, "callback_query": {**query, **fields}}


def test_a_typed_message_is_text_with_the_ids_to_answer_and_delete() -> None:
    assert read(message(text="hello")) == Incoming(
        address=Address("telegram", "7"), said=Text("hello"), event_id="5", message_id="31"
    )


def test_a_tap_is_a_choice_with_the_ids_of_receipt_and_card() -> None:
    assert read(tap("12:gh.f.ret")) == Incoming(
        address=Address("telegram", "7"),
        said=Choice(12, "gh.f.ret"),
        event_id="5",
        callback_id="99",
        card_id="30",
    )


def test_a_tap_on_a_card_too_old_for_telegram_still_counts() -> None:
    gone = {"message_id": 30, "date": 0, "chat": CHAT}

    incoming = read(tap("3:!leave", message=gone))

    assert incoming is not None
    assert incoming.said == Pressed("leave", 3)
    assert incoming.card_id == "30"


@pytest.mark.parametrize("command", get_args(Command))
def test_every_command_is_understood_typed_and_in_the_row(command: Command) -> None:
    typed, tapped = read(message(text=f"/{command}")), read(tap(f"40:!{command}"))

    assert typed is not None
    assert tapped is not None
    assert typed.said == Pressed(command)
    assert tapped.said == Pressed(command, 40)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/start poster17", "start"),
        ("/START", "start"),
        ("/leave@Info_bot now", "leave"),
        ("/stop", "leave"),
        ("  /menu", "menu"),
    ],
)
def test_what_follows_a_command_is_dropped(text: str, command: Command) -> None:
    incoming = read(message(text=text))

    assert incoming is not None
    assert incoming.said == Pressed(command)
    assert "poster17" not in repr(asdict(incoming))


@pytest.mark.parametrize("text", ["/nothing", "leave", "a /leave", "/", "//leave"])
def test_other_words_are_text(text: str) -> None:
    incoming = read(message(text=text))

    assert incoming is not None
    assert incoming.said == Text(text)


@pytest.mark.parametrize("kind", sorted(CONTENTS))
async def test_what_is_not_typed_is_an_attachment_dropped_unread(kind: str) -> None:
    fake = FakeTelegram()
    await fake.user_sends(7, kind)
    _, update = fake.delivery.pending[0]

    incoming = read(update)

    assert incoming is not None
    assert incoming.said == Attachment()
    assert incoming.message_id == str(fake.visible(7)[0].id)
    assert Update.model_validate(update).message is not None


# Of the kinds of content aiogram knows: what a person sends, and what only groups have.
BY_A_PERSON = {*CONTENTS, "checklist", "game", "invoice", "live_photo", "paid_media"}
ONLY_IN_GROUPS = re.compile(
    "forum_|general_forum_|video_chat_|giveaway|suggested_post_|community_|group_|supergroup_|"
    "channel_|migrate_|left_chat_|new_chat_members|chat_owner_|delete_chat_|direct_message_"
)


def test_every_kind_of_service_message_aiogram_knows_is_passed_over() -> None:
    known = {each.value for each in ContentType} - {"unknown", "any", "text", "rich_message"}
    service = {kind for kind in known - BY_A_PERSON if not ONLY_IN_GROUPS.match(kind)}

    answered = {kind for kind in service if read(message(**{kind: {}})) is not None}

    assert len(service) > 20
    assert answered == set()


def test_a_kind_of_message_not_known_yet_is_an_attachment() -> None:
    incoming = read(message(hologram={"file_id": "x"}))

    assert incoming is not None
    assert incoming.said == Attachment()


@pytest.mark.parametrize(
    "kind",
    ["edited_message", "my_chat_member", "channel_post", "inline_query", "business_message"],
)
def test_other_kinds_of_update_are_nothing(kind: str) -> None:
    assert read({"update_id": 5, kind: message(text="hello")["message"]}) is None


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel", None, 3])
def test_only_private_chats_are_heard(kind: object) -> None:
    chat = {**CHAT, "type": kind}

    assert read(message(text="hello", chat=chat)) is None
    assert read(tap("1:a", message={"message_id": 3, "chat": chat})) is None


def test_other_bots_are_not_heard() -> None:
    assert read(message(text="hello", **{"from": {**SHE, "is_bot": True}})) is None


@pytest.mark.parametrize(
    "data",
    [None, 7, "", ":", "1:", ":a", "1", "x:a", "-1:a", "1:!", "1:!!", "1:!nothing", "1:a b"],
)
def test_malformed_callback_data_is_nothing(data: object) -> None:
    assert read(tap(data)) is None


@pytest.mark.parametrize(
    "data", ["1:é", "1:" + "a" * 63, "1" * 10 + ":a", "١:a", "1:a\n", "1:\ud800"]
)
def test_callback_data_we_cannot_have_written_is_nothing(data: str) -> None:
    assert read(tap(data)) is None


@pytest.mark.parametrize(
    "update",
    [
        {},
        message(text="a") | {"update_id": True},
        message(text="a") | {"update_id": "5"},
        message(text="a") | {"update_id": -5},
        message(text=5),
        message(text=None),
        message(text=""),
        message(text="a", message_id=None),
        message(text="a", message_id=2**60),
        message(text="a", chat={"id": "7", "type": "private"}),
        message(text="a", chat=[]),
        {"update_id": 5, "message": []},
        {"update_id": 5, "callback_query": "x"},
        tap("1:a", id=99),
        tap("1:a", id="9" * 129),
        tap("1:a", message=None),
    ],
)
def test_a_malformed_field_makes_nothing_of_the_update(update: dict[str, object]) -> None:
    assert read(update) is None


def test_of_a_long_message_only_the_first_characters_are_looked_at() -> None:
    incoming = read(message(text="ก" * 4096))

    assert incoming is not None
    assert incoming.said == Text("ก" * MAX_TYPED)


def test_half_a_surrogate_pair_does_not_get_past_the_door() -> None:
    incoming = read(json.loads(json.dumps(message(text="a\ud800b"))))

    assert incoming is not None
    assert incoming.said == Text("ab")


def test_no_name_user_name_or_language_leaves_the_reader() -> None:
    for update in (message(text="hello"), tap("1:a"), message(photo=[], caption="Canary")):
        incoming = read(update)

        assert incoming is not None
        assert "canary" not in repr(asdict(incoming)).lower()
        assert "km" not in repr(asdict(incoming))


def test_her_id_and_her_words_are_in_no_repr() -> None:
    incoming = read({**message(text="Canarywords", chat={**CHAT, "id": 918273645})})

    assert incoming is not None
    assert "Canarywords" not in repr(incoming)
    assert "918273645" not in repr(incoming)
